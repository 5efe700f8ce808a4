"""数据交换 of one unit with 10⁵ records of earlier packages, 200 checks that went out and 30 of everything that waits.

    .venv/bin/python -m tests.benchmarks.exchange                 # a minute or two

Printed is the median of the whole server side for the planner, the statements of each page, and what the door of every page counts.
"""

import argparse
import resource
import statistics
import time
from functools import partial

from tests.benchmarks.lists import at_each, out

FILL = """
INSERT INTO inspections_exchangerecord
    (package_id, unit_id, inspection_id, kind, key, version, digest, state, reason_code, reason, settled_at, settled_by_id)
SELECT %(package)s, %(unit)s, %(check)s, (ARRAY['tasks', 'teams', 'notices', 'results', 'evidence'])[n %% 5 + 1], 'earlier-' || n, 1,
       repeat('0', 64), 'ACCEPTED', '', '', now(), %(by)s
FROM generate_series(1, %(size)s) n
"""
CHECKS, WAIT = 200, 30
PAGES = {"the queue": "exchange", "before a package is made": "exchange-make", "as a workbook": "exchange-sheet"}
OTHERS = {"to-dos": "/desk/todo/", "home, with the door": "/desk/"}


def measure(
    name: str, size: int, repeat: int = 5, checks: int = CHECKS, wait: int = WAIT
) -> dict[str, tuple[float, int]]:
    from django.db import connections
    from django.db.backends.signals import connection_created

    from tests import database, putting
    from tests.factories import make_planner, make_unit
    from tests.inspections.exchange.factories import connect, map_codes

    connection_created.connect(putting.on_connection, dispatch_uid="putting")
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name
    unit = make_unit()
    planner = make_planner(unit)
    connect()
    map_codes(unit)
    package = fill(unit, planner, 1, checks, wait)
    check = package.lines.first().inspection_id
    with database.owner_connection(name=name) as cursor:
        cursor.execute("ALTER TABLE inspections_exchangerecord DISABLE TRIGGER USER")
        cursor.execute(FILL, {"package": package.pk, "unit": unit.pk, "check": check, "by": planner.pk, "size": size})
        cursor.execute("ALTER TABLE inspections_exchangerecord ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")
    found = timed(unit, planner, repeat, wait)
    connections["default"].close()
    return found


def more(wait: int) -> dict[str, tuple[float, int]]:
    """So many more of everything that waits, in the same database."""
    from inspections.models import ExchangePackage

    package = ExchangePackage.objects.filter(sender="BXS").select_related("unit", "by").first()
    fill(package.unit, package.by, 2, wait, wait)
    return timed(package.unit, package.by, 1, wait)


def timed(unit, planner, repeat: int, wait: int) -> dict[str, tuple[float, int]]:
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from inspections.exchange import duties

    client = Client()

    def door() -> None:
        assert sum(rows.count() for rows in duties.waiting(planner, unit, None).rows) >= wait

    ways = {label: f"{reverse(f'inspections:{name}')}?unit={unit.code}" for label, name in PAGES.items()} | OTHERS
    asked = {label: partial(client.get, way) for label, way in ways.items()} | {"the count at the door": door}
    found = {}
    with override_settings(ALLOWED_HOSTS=["*"]):
        client.force_login(planner)
        for label, ask in asked.items():
            times, own = [], 0
            ask()  # what is made once is made
            for _ in range(repeat):
                start = time.perf_counter()
                with CaptureQueriesContext(connection) as seen:
                    answer = ask()
                times.append(time.perf_counter() - start)
                own = len(seen)
                assert answer is None or answer.status_code == 200, label
            found[label] = (statistics.median(times) * 1000, own)
    return found


def fill(unit, planner, nth: int, checks: int, wait: int):
    """So many checks that went out, and of everything that waits so many: to be sent, given back, told otherwise, begun there."""
    from benxi_shuangsuiji import clock
    from inspections.exchange import actions, incoming
    from tests.factories import make_facility
    from tests.inspections.exchange.factories import ack, pack, task_there, told
    from tests.inspections.factories import make_inspection

    now = clock.now()
    for _ in range(checks):
        make_inspection(unit, dispatched_at=now, accepted_at=now)
    package, content = actions.make(unit=unit, by=planner)
    tasks, teams, place = told(content, "tasks")[-wait:], told(content, "teams")[-wait:], make_facility(unit)
    ids = [{"key": f"PT-{nth}-{n}", "platform_task": f"PT-{nth}-{n}", "record_version": 1} for n in range(wait)]
    there = [row | own | {"finish_by": "2030-12-30"} for row, own in zip(tasks, ids, strict=True)]
    begun = [task_there(unit, place, number=f"PX-{nth}-{n}") for n in range(wait)]
    back = [ack(package.number, kind="teams", record=r["key"], version=1, refused="证件照片没有上传") for r in teams]
    incoming.take(content=pack(unit, nth, tasks=[*there, *begun], acks=[ack(package.number), *back]), by=planner)
    for _ in range(wait):
        make_inspection(unit, dispatched_at=now, accepted_at=now)
    return package


def report(measured: dict[int, dict[str, tuple[float, int]]]) -> None:
    """Growth is that of the time from the first size to the last; the memory that of this process, which is the web's part."""
    out(f"\n{'p50 in ms (statements) at':28}" + "".join(f"{size:>18,}" for size in measured) + f"{'growth':>9}")
    for label in next(iter(measured.values())):
        row = [found[label] for found in measured.values()]
        growth = row[-1][0] / row[0][0]
        out(f"{label:28}" + "".join(f"{ms:11.1f} ({own:4})" for ms, own in row) + f"{growth:9.2f}")
    out(f"peak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="1000,100000")
    asked = options.parse_args()
    report(at_each([int(size) for size in asked.sizes.split(",")], measure))


if __name__ == "__main__":
    main()
