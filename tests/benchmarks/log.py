"""操作记录 at 10⁵ and 10⁶ entries: the newest page, one person, a kind, a unit, a thing, a period, changes of rows, a page far back.

    .venv/bin/python -m tests.benchmarks.log                      # two minutes and 1 GB of disk at 10⁶

One entry in ten is an act, the rest changes of rows as imports leave them; one person in two hundred did three acts only. Printed is
the median of the whole server side for an observer.
"""

import argparse
import statistics
import time

from tests.benchmarks.lists import at_each, out

FILL = """
INSERT INTO audit_auditentry (at, verb, actor_id, login, unit_id, about_type, about_key, details, xid)
SELECT '2025-01-01'::timestamptz + n * interval '40 seconds',
       CASE WHEN n %% 10 > 0 THEN 'row.update' WHEN n %% 50 = 0 THEN 'inspections.sealed.viewed'
            WHEN n %% 70 = 0 THEN 'registry.facility.personal_shown' ELSE 'registry.facility.changed' END,
       CASE WHEN n %% (%(size)s / 3) = 10 THEN %(rare)s ELSE %(often)s END, 'sj_web', %(unit)s,
       CASE WHEN n %% 10 > 0 THEN 'registry_facility' ELSE 'registry.Facility' END,
       CASE WHEN n %% 10 > 0 THEN n::text ELSE 'BX-' || n END, '{}', 1
FROM generate_series(1, %(size)s) n
"""
PAGES = {
    "newest": "",
    "one person, many acts": "&who=常办的",
    "one person, few acts": "&who=少办的",
    "查看的记录": "&kind=look",
    "one kind of work": "&kind=检查对象",
    "one unit": "&office=210504",
    "one thing": "&about=BX-1000",
    "things that begin so": "&about=BX-10",
    "a week": "&since=2025-01-10&until=2025-01-16",
    "changes of rows, a week": "&kind=row&since=2025-01-10&until=2025-01-16",
    "one row": "&kind=row&since=2025-01-01&about=1001",
    "a page far back": "&before=1000",
}


def measure(name: str, size: int, repeat: int = 9) -> dict[str, float]:
    from django.db import connections
    from django.test import Client, override_settings

    from tests import database
    from tests.factories import make_observer, make_planner, make_unit

    connection = connections["default"]
    connection.close()
    connection.settings_dict["NAME"] = name
    unit, by = make_unit(), make_observer()
    who = {"rare": make_planner(unit, name="少办的").pk, "often": make_planner(unit, name="常办的").pk, "unit": unit.pk}
    with database.owner_connection(name=name) as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        cursor.execute(FILL, {"size": size, **who})
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")
    found = {}
    with override_settings(ALLOWED_HOSTS=["*"]):
        client = Client()
        client.force_login(by)
        for label, query in PAGES.items():
            times = []
            for _ in range(repeat):
                start = time.perf_counter()
                assert client.get(f"/desk/log/?x=1{query}").status_code == 200
                times.append(time.perf_counter() - start)
            found[label] = statistics.median(times) * 1000
    connection.close()
    return found


def report(measured: dict[int, dict[str, float]]) -> None:
    out(f"\n{'p50 in ms at':28}" + "".join(f"{size:>12,}" for size in measured))
    for label in PAGES:
        out(f"{label:28}" + "".join(f"{found[label]:12.1f}" for found in measured.values()))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="100000,1000000")
    asked = options.parse_args()
    report(at_each([int(size) for size in asked.sizes.split(",")], measure))


if __name__ == "__main__":
    main()
