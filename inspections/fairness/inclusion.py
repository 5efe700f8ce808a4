"""How often the draws took a group of facilities, beside what a fair draw would take (七(一)1-a, 2-a; SSJ1 6.2).

Who took part is counted by the database in the sealed lists of released draws; the groups are those of today's registry.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

from django.db import connection

from benxi_shuangsuiji.accounts.models import Unit
from inspections.oversight.analysis import FEW
from plans.draw import evenness, ssj1
from plans.draw.evenness import Band, Part
from plans.models import DrawDocument, DrawStatus
from registry.models import HazwasteKind, PermitCategory, PollutionType

# Group → its name, the condition of SQL that gives its value, and the words of the values.
GROUPS: dict[str, tuple[str, str, dict[str, str]]] = {
    "industry": ("行业", "CASE WHEN f.is_natural_person THEN '' ELSE f.industry_name END", {}),
    "permit": ("排污许可管理类别", "f.permit_category", dict(PermitCategory.choices)),
    "hazwaste": ("危险废物管理", "f.hazwaste", dict(HazwasteKind.choices)),
    "pollution": ("污染类型", "unnest(f.pollution_types)", dict(PollutionType.choices)),
}
# Of each line of a sealed list: its draw and category, the group, whether it was seen, and whether the draw took it.
# The lists are read once each: a category beside every line would unpack the whole text for every line.
ROWS = """
    WITH list AS MATERIALIZED (
        SELECT d.draw_id, w.run, d.text, substring(d.text from E'\\nstratum\\t[^\\t\\n]*\\t([^\\n]*)') AS category
        FROM plans_drawdocument d JOIN plans_draw w ON w.id = d.draw_id
        WHERE d.kind = 'FRAME' AND d.draw_id = ANY(%s)
    ), line AS MATERIALIZED (
        SELECT o.draw_id, o.run, o.category, l.fields[2] AS code, l.fields[7] = '1' AS seen
        FROM list o CROSS JOIN LATERAL ssj1_lines(o.text, 'obj') l WHERE l.fields[8] = 'in'
    )
    SELECT draw, category, grouped, seen, count(*), count(pick) FROM (
        SELECT o.draw_id AS draw, o.category, {group} AS grouped, o.seen, p.id AS pick
        FROM line o JOIN registry_facility f ON f.code = o.code
        LEFT JOIN plans_pick p
            ON p.draw_id = o.draw_id AND p.run = o.run AND p.amendment = 0 AND p.facility_id = f.id
    ) found WHERE grouped <> '' GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True)
class Inclusion:
    by: str
    draws: int
    bands: list[Band]
    few: int  # groups that took part too seldom for a range
    exact: bool

    SHOWN = 12

    @property
    def name(self) -> str:
        return GROUPS[self.by][0]

    @property
    def outside(self) -> list[Band]:
        return [band for band in self.bands if band.outside]

    @property
    def first(self) -> list[Band]:
        """Those at the head, and every outlier wherever it stands."""
        return [band for n, band in enumerate(self.bands) if n < self.SHOWN or band.outside]

    @cached_property
    def rest(self) -> list[Band]:
        shown = {band.label for band in self.first}
        return [band for band in self.bands if band.label not in shown]

    @property
    def by_chance(self) -> str:
        return evenness.by_chance(band.by_chance for band in self.bands)


def of(units: Collection[Unit], year: int, by: str) -> Inclusion:
    """Two queries, whatever the number of draws and facilities."""
    manifests = DrawDocument.objects.filter(
        kind="MANIFEST", draw__status=DrawStatus.RELEASED, draw__unit__in=units, draw__year=year
    )
    strata = {
        (draw, line.stratum.rpartition(".")[2]): line
        for draw, text in manifests.order_by("draw").values_list("draw", "text")
        for line in ssj1.parse_manifest(text).strata
    }
    draws = sorted({draw for draw, _ in strata})
    _, group, words = GROUPS[by]
    members: dict[tuple[str, int, str], list[int]] = defaultdict(lambda: [0, 0])
    drawn: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format(group=group), [draws])
        for draw, category, value, seen, n, taken in cursor.fetchall():
            if strata[draw, category].K:
                members[value, draw, category][seen] += n
                drawn[value] += taken
    parts: dict[str, list[Part]] = defaultdict(list)
    for (value, draw, category), (unseen, seen) in members.items():
        line = strata[draw, category]
        parts[value].append(Part(line.A, line.U, line.K, line.u, unseen, seen))
    enough = {value: found for value, found in parts.items() if sum(part.took for part in found) >= FEW}
    exact = evenness.is_exact(enough.values())
    bands = [Band.of_parts(words.get(v, v), drawn[v], found, exact=exact) for v, found in enough.items()]
    most = max((max(band.high, band.drawn) for band in bands), default=0) or 1
    bands = sorted((replace(band, most=most) for band in bands), key=lambda band: (-band.expected, band.label))
    return Inclusion(by, len(draws), bands, len(parts) - len(enough), exact)
