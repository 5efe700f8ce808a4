"""The guards that no room has to remember: every table of a `Decision` is decided once (decision 0056, reliability.md P02).

`rules.apply` lays them down behind the files; what a room guards besides stands in its own `rules.sql`, with the functions of
`guards.sql`. `tests/foundation/test_guards.py` finds a table with a state that nothing guards.
"""

from django.apps import apps
from django.db import models

NAME = "stays_decided"  # behind the room's own rules by its name, whose sentences know more


def lay(cursor) -> None:
    """Put `decided_once` before each table; `cursor` belongs to the owner."""
    for model in decisions():
        table = model._meta.db_table
        later = " ".join(model._meta.get_field(name).column for name in model.later)
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER {NAME} BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION decided_once('{later}', '{'rewritten' if model.rewritten else ''}')"
        )
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {NAME}")


def decisions() -> list[type[models.Model]]:
    """Every table of a request that one asks and another decides."""
    from benxi_shuangsuiji.forms.decision import Decision

    return [model for model in apps.get_models() if issubclass(model, Decision)]
