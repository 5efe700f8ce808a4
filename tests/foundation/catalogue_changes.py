"""What differs from `catalogue_before.txt`, and why: the written table of issue 9.

One line says one thing. `where` is a table, a view, a function with `()`, or one whole entry such as
`column plans_draw.status`; in all that the catalogue tells of it the word `old` stands as `new` today. Names that nobody
chose (of keys and of the indexes of foreign keys) follow by themselves.
"""

from typing import NamedTuple


class Renamed(NamedTuple):
    where: str
    old: str
    new: str
    why: str


# One way to decide: the columns of `forms.decision.Decision` (issue 9).
REGISTRY: list[Renamed] = []
PLANS: list[Renamed] = []
INSPECTIONS: list[Renamed] = []
RENAMED = [*REGISTRY, *PLANS, *INSPECTIONS]
# Tables, views, functions or whole entries that were not there.
NEW: dict[str, str] = {
    "rules_in_force": "which rules `migrate` wrote, so that a change by hand is seen",
}
# … or are there no more.
GONE: dict[str, str] = {}
