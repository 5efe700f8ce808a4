"""全市进度 with eight units and with a hundred, a quarter of whose checks are done: page, one unit, workbook.

    .venv/bin/python -m tests.benchmarks.city                     # some minutes; 100,000 facilities
    .venv/bin/python -m tests.benchmarks.city --sizes 8x719

The facilities are those of `lists`, shared out among the units; each unit has a public plan, a list that was drawn with an eighth of its
facilities, and checks in every state: of four one is public, one ended, two wait. Each page is asked for through the whole server side by
the supervisor, who is told of everything, and by the lead office, which is told what is public; printed are the median of the server's time,
how long this process was busy, and the queries. There is no peer. The goal (issue 16): at most 30
queries at any size, 300 ms with 8 units, one second with 100 units and 100,000 facilities.

On 1 December 2026, on two cores that did nothing else; seconds, and of them those of this process:

                                     8 x 719      100 x 100,000
    全市进度, supervisor         0.13 (0.11)        0.79 (0.47)
    全市进度, lead office        0.15 (0.12)        0.76 (0.53)
    one unit                     0.11 (0.09)        0.15 (0.10)
    workbook                     0.10 (0.08)        0.54 (0.27)

With its frame the page of the supervisor makes 27 queries and that of the lead office 30, one more while a unit's plan is missing.
"""

import argparse
import sys
import time

from tests.benchmarks import lists
from tests.benchmarks.big import counting

GOAL_QUERIES, GOALS = 30, {8: 0.3, 100: 1.0}
ROWS = (
    (
        "plans_draw",
        "draw_id, year, number, serial, status, prepared_at, frozen_at, drawn_at, release_at, prepared_by_id, unit_id, plan_id,"
        " registry_audits, registry_reason, late_reason, run",
        "SELECT u.code || '-2026Q3-01', 2026, 3, 1, 'DRAWN', '2026-07-01', '2026-07-01', '2026-07-02', '2026-09-25', 1, u.id,"
        " 100000 + u.id, '', '', '', 1 FROM accounts_unit u WHERE u.code LIKE '2199%%'",
    ),
    (
        "plans_drawdocument",
        "draw_id, kind, number, run, text, digest",
        "SELECT d.id, 'MANIFEST', 0, 1, %(manifest)s, %(digest)s FROM plans_draw d WHERE d.draw_id LIKE '2199%%'",
    ),
    (
        "plans_pick",
        "category, no, slot, ticket, mode, draw_id, facility_id, amendment, run",
        "SELECT f.category, row_number() OVER (), '', md5(f.id::text), 'ONSITE', d.id, f.id, 0, 1"
        " FROM registry_facility f JOIN plans_draw d ON f.unit_id = d.unit_id AND f.id %% 8 = 0 AND d.draw_id LIKE '2199%%'",
    ),
    (
        "inspections_inspection",
        "no, source, mode, category, year, number, status, visit_code, dispatched_at, finish_by, recorder_no, contact_person,"
        " outcome, finding, measures, enterprise_opinion, opinion, version, dispatched_by_id, executing_unit_id,"
        " facility_id, unit_id, offsite_evidence, offsite_means, policy_version, draw_id, pick_id, started_at, ended_at,"
        " publish_by, published_at, cancelled_because, no_recorder_because",
        "SELECT 'C' || p.id, 'DRAW', 'ONSITE', p.category, 2026, 3,"
        " (ARRAY['PUBLISHED', 'FINISHED', 'DISPATCHED', 'DISPATCHED'])[1 + p.no %% 4], 'C' || p.id, '2026-07-02', '2026-09-20',"
        " '', '', CASE WHEN p.no %% 4 < 2 THEN 'NO_ISSUE' ELSE '' END, '', '', '', '', 1, 1, d.unit_id, p.facility_id, d.unit_id,"
        " '', '', 'trial-2025', d.id, p.id, '2026-07-02', CASE WHEN p.no %% 4 < 2 THEN timestamptz '2026-07-02' END,"
        " CASE WHEN p.no %% 4 < 2 THEN date '2026-07-30' END, CASE WHEN p.no %% 4 = 0 THEN timestamptz '2026-07-02' END, '', ''"
        " FROM plans_pick p JOIN plans_draw d ON d.id = p.draw_id AND d.draw_id LIKE '2199%%'",
    ),
)


def main() -> None:
    run(__doc__, measure, report, repeat=5)


def run(about: str, measure, report, *, repeat: int) -> None:
    """Of so many units with so many facilities each, as the command says."""
    options = argparse.ArgumentParser(description=about)
    options.add_argument("--sizes", default="8x719,100x100000")
    options.add_argument("--repeat", type=int, default=repeat)
    options.add_argument("--profile", default="", help="the page whose functions are listed by their time")
    asked = options.parse_args()
    sizes = {facilities: units for units, facilities in (map(int, size.split("x")) for size in asked.sizes.split(","))}
    report(sizes, lists.at_each(list(sizes), lambda name, n: measure(name, sizes[n], n, asked.repeat, asked.profile)))


def measure(name: str, units: int, size: int, repeat: int, profiled: str = "") -> dict[str, tuple[float, float, int]]:
    return counting(name, lambda: _world(name, units, size), repeat, profiled)


def _world(name: str, units: int, size: int) -> dict[str, tuple]:
    """Label → (who asks, address)."""
    from benxi_shuangsuiji.policy import first_use
    from tests import database, factories
    from tests.plans.draw.factories import make_held_draw

    first_use.use(None)  # the first day of the plan
    supervisor, lead = factories.make_supervisor(), factories.make_lead_office()
    some = [factories.make_unit(f"2199{n:03d}", name=f"试验{n}分局") for n in range(units - 1)]
    begun = time.perf_counter()
    with database.owner_connection(name=name) as cursor:
        lists.fill(cursor, some[0].pk, size)
    manifest = make_held_draw(factories.make_unit("210503")).documents.get(kind="MANIFEST")
    with database.owner_connection(name=name) as cursor:
        cursor.execute("ALTER TABLE registry_facility DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE registry_facility SET unit_id = (%(units)s::bigint[])[1 + id %% %(n)s] WHERE code LIKE 'BX-%%'",
            {"units": [u.pk for u in some], "n": len(some)},
        )
        for table, columns, rows in ROWS:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'", [table])
            for (constraint,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
            cursor.execute(
                f"INSERT INTO {table} ({columns}) {rows}", {"manifest": manifest.text, "digest": manifest.digest}
            )
        cursor.execute("VACUUM ANALYZE")
    lists.out(f"{size:,} facilities in {units} units written in {time.perf_counter() - begun:.0f} s")
    city, one = "/desk/city/?quarter=2026Q3", f"/desk/city/units/{some[0].code}/?quarter=2026Q3"
    return {
        "全市进度, supervisor": (supervisor, city),
        "全市进度, lead office": (lead, city),
        "one unit": (supervisor, one),
        "workbook": (supervisor, "/desk/city/export.xlsx?quarter=2026Q3"),
    }


def report(sizes: dict[int, int], measured: dict) -> None:
    heads = "".join(f"{f'{units} x {n:,}':>20}" for n, units in sizes.items())
    lists.out(f"\n{'p50 in s (python)':28}{heads}{'queries':>12}")
    for label in measured[next(iter(sizes))]:
        row = [measured[n][label] for n in sizes]
        shown = "".join(f"{f'{seconds:.2f} ({busy:.2f})':>20}" for seconds, busy, _ in row)
        lists.out(f"{label:28}{shown}{'/'.join(str(n) for *_, n in row):>12}")
    lists.out(f"goal: ≤ {GOAL_QUERIES} queries; ≤ {GOALS[8]} s with 8 units, ≤ {GOALS[100]} s with 100")


if __name__ == "__main__":
    sys.exit(main())
