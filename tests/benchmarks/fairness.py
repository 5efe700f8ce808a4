"""公平性监测 of a whole city and of one unit, with eight units and with a hundred: page and workbook.

    .venv/bin/python -m tests.benchmarks.fairness                 # some minutes; 100,000 facilities
    .venv/bin/python -m tests.benchmarks.fairness --sizes 8x719

The world is that of `city`, with every draw released, its sealed lists written (a line for each facility), and every check public, with two of
the unit's six inspectors each. There is no peer. The goal is the one that issue 16 has for the dashboard of the city: 30 queries for what is
counted, at any size, and 300 ms with 8 units.
"""

import sys

from tests.benchmarks import city, lists
from tests.benchmarks.big import counting

GOAL_QUERIES = 30
REQUEST = 9  # of every export: session, person, rights, units, the trail
LISTS = """
    INSERT INTO plans_drawdocument (draw_id, kind, number, run, text, digest)
    SELECT draw, 'FRAME', number, 1, text, encode(sha256(convert_to(text, 'UTF8')), 'hex') FROM (
        SELECT d.id AS draw, (CASE f.category WHEN 'general' THEN 1 WHEN 'key' THEN 2 ELSE 3 END) AS number,
            E'SSJ1\tFRAME\ndraw\t' || d.draw_id || E'\nstratum\t' || u.code || E'\t' || f.category || E'\n'
            || string_agg(E'obj\t' || f.code || E'\t' || f.name || E'\t-\tonsite\t0\t0\tin', E'\n' ORDER BY f.code) AS text
        FROM registry_facility f JOIN plans_draw d ON d.unit_id = f.unit_id AND d.draw_id LIKE '2199%'
        JOIN accounts_unit u ON u.id = d.unit_id GROUP BY d.id, d.draw_id, u.code, f.category
    ) written
"""
CHANGES = (
    "UPDATE plans_draw SET status = 'RELEASED', released_at = '2026-07-02' WHERE draw_id LIKE '2199%'",
    "UPDATE inspections_inspection SET status = 'PUBLISHED', published_at = '2026-07-30', started_at = '2026-07-02',"
    " ended_at = timestamptz '2026-07-02' + (id % 90) * interval '1 minute',"
    " outcome = CASE WHEN id % 4 = 0 THEN 'RECTIFY_ORDERED' ELSE 'NO_ISSUE' END",
    "ALTER TABLE inspections_visitmember DISABLE TRIGGER USER",
    "INSERT INTO inspections_visitmember (inspection_id, inspector_id, is_leader, certificate_no, certificate_to, arrived_at)"
    " SELECT c.id, i.id, n = 0, '', '2030-01-01', c.started_at FROM inspections_inspection c, generate_series(0, 1) n,"
    " LATERAL (SELECT id FROM registry_inspector WHERE unit_id = c.unit_id ORDER BY id OFFSET (c.id + n * (1 + c.id % 5)) % 6 LIMIT 1) i"
    " WHERE c.no LIKE 'C%'",
    "VACUUM ANALYZE",
)


def main() -> None:
    city.run(__doc__, measure, report, repeat=3)


def measure(name: str, units: int, size: int, repeat: int, profiled: str = "") -> dict[str, tuple[float, float, int]]:
    return counting(name, lambda: _world(name, units, size), repeat, profiled)


def _world(name: str, units: int, size: int) -> dict[str, tuple]:
    """Label → (who asks, address)."""
    from benxi_shuangsuiji.accounts.models import Unit
    from plans.models import DrawDocument
    from tests import database, factories

    pages = city._world(name, units, size)
    supervisor, lead = pages["全市进度, supervisor"][0], pages["全市进度, lead office"][0]
    for unit in Unit.objects.filter(code__startswith="2199"):
        for _ in range(6):
            factories.make_inspector(unit)
    with database.owner_connection(name=name) as cursor:
        for change in (LISTS, *CHANGES):
            cursor.execute(change)
        cursor.execute(
            "SELECT d.id, u.code, f.category, count(*) FROM registry_facility f JOIN plans_draw d ON d.unit_id = f.unit_id"
            " JOIN accounts_unit u ON u.id = d.unit_id WHERE d.draw_id LIKE '2199%' GROUP BY 1, 2, 3 ORDER BY 1, 3"
        )
        strata: dict[int, list[str]] = {}
        for draw, code, category, n in cursor.fetchall():
            numbers = (f"{code}.{category}", "0" * 64, 1250, 8000, "-", 0, 0, n, n, n, max(n // 8, 1), n // 10)
            strata.setdefault(draw, []).append("\t".join(map(str, ("stratum", *numbers))))
        for draw, text in DrawDocument.objects.filter(kind="MANIFEST", draw__in=strata).values_list("draw", "text"):
            told = text.split("\n")
            at = next(n for n, line in enumerate(told) if line.startswith("stratum\t"))
            rest = [line for line in told if not line.startswith("stratum\t")]
            made = [*rest[:at], *strata[draw], *rest[at:]]
            last = next(n for n, line in enumerate(made) if line.startswith("end\t"))
            more = len(made) - len(told)
            made[last] = f"end\t{int(made[last].partition(chr(9))[2]) + more}"
            written = "\n".join(made)
            cursor.execute(
                "UPDATE plans_drawdocument SET text = %s, digest = encode(sha256(convert_to(%s, 'UTF8')), 'hex')"
                " WHERE kind = 'MANIFEST' AND draw_id = %s",
                [written, written, draw],
            )
    one = next(iter(Unit.objects.filter(code__startswith="2199"))).code
    return {
        "whole city, supervisor": (supervisor, "/desk/fairness/?scope=city&quarter=2026Q3"),
        "whole city, lead office": (lead, "/desk/fairness/?scope=city&quarter=2026Q3"),
        "one unit": (supervisor, f"/desk/fairness/?unit={one}&quarter=2026Q3"),
        "workbook": (supervisor, "/desk/fairness/export.xlsx?scope=city&quarter=2026Q3"),
    }


def report(sizes: dict[int, int], measured: dict) -> None:
    heads = "".join(f"{f'{units} x {n:,}':>20}" for n, units in sizes.items())
    lists.out(f"\n{'公平性监测, p50 in s (python)':28}{heads}{'queries':>12}")
    for label in measured[next(iter(sizes))]:
        row = [measured[n][label] for n in sizes]
        shown = "".join(f"{f'{seconds:.2f} ({busy:.2f})':>20}" for seconds, busy, _ in row)
        lists.out(f"{label:28}{shown}{'/'.join(str(n) for *_, n in row):>12}")
    lists.out(f"goal: ≤ {GOAL_QUERIES} queries without the {REQUEST} of every export; pages have those of their frame")


if __name__ == "__main__":
    sys.exit(main())
