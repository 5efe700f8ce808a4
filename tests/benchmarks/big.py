"""Pages about one unit as a whole, where it has 719 and where it has 200,000 facilities: plan, 试抽, list to seal, audit, coverage.

    .venv/bin/python -m tests.benchmarks.big                      # some minutes; 200,000 rows
    .venv/bin/python -m tests.benchmarks.big --sizes 719,20000

The facilities are those of `lists`; the unit has forty inspectors, one of them with a certificate that leaves radiation out, three conflicts of
interest, a draft of the next quarter's plan and a public plan whose list waits for its seal. Each page is asked for through the whole server side
by whom it is for; printed are the median of the server's time, how long this process was busy, and its queries. There is no peer: nothing else
known reckons a quarterly plan. The goal is one second a page on a machine that does nothing else.

On 1 December 2026, two cores with nothing else to do, seconds and of them those of this process:

                                      719 facilities       200,000
    plan editor                          0.12 (0.09)   0.72 (0.34)
    plan                                 0.04 (0.04)   0.29 (0.15)
    试抽, before it is pressed           0.05 (0.04)   0.32 (0.11)
    试抽                                 0.08 (0.07)   0.97 (0.67)
    list to seal                         0.09 (0.07)   0.81 (0.48)
    who takes no part                    0.05 (0.04)   0.27 (0.11)
    每月审核                             0.05 (0.04)   0.40 (0.07)
    覆盖情况                             0.03 (0.03)   0.52 (0.03)
    home of the planner                  0.05 (0.04)   0.35 (0.12)

Pressed, 试抽 tickets every object that can be drawn: most of its time is that.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, datetime

from tests.benchmarks import lists

GOAL_S = 1.0
NOW = datetime.fromisoformat("2026-07-02T09:00:00+08:00")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="719,200000")
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--profile", default="", help="the page whose functions are listed by their time")
    asked = options.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    report(sizes, lists.at_each(sizes, lambda name, size: measure(name, size, asked.repeat, asked.profile)))


def measure(name: str, size: int, repeat: int, profiled: str) -> dict[str, tuple[float, float, int]]:
    return counting(name, lambda: _world(name, size), repeat, profiled)


def counting(name: str, world: Callable[[], dict], repeat: int, profiled: str) -> dict[str, tuple[float, float, int]]:
    """Label → (median of the server's time, how long this process was busy, queries) of each page of a world."""
    from django.db import connections
    from django.db.backends.signals import connection_created
    from django.test import Client
    from django.test.utils import override_settings

    from tests import database, putting

    connection_created.connect(putting.on_connection)

    connection = connections["default"]
    connection.close()
    connection.settings_dict["NAME"] = name
    database.set_clock(name, NOW)
    pages = world()
    found = {}
    with override_settings(ALLOWED_HOSTS=["*"], FRESH_SIGN_IN_MINUTES=600):
        for label, (user, address) in pages.items():
            client = Client()
            client.force_login(user)
            count = _Counter()
            if profiled == label:
                _profile(client, address)
            with connection.execute_wrapper(count):
                answer = client.get(address)
            if answer.status_code != 200:
                sys.exit(f"{address}: {answer.status_code}")
            times, busy = [], []
            for _ in range(repeat):
                start, cpu = time.perf_counter(), time.process_time()
                client.get(address)
                times.append(time.perf_counter() - start)
                busy.append(time.process_time() - cpu)
            found[label] = statistics.median(times), statistics.median(busy), count.queries
    connection.close()
    return found


def _world(name: str, size: int) -> dict[str, tuple]:
    """The unit, and label → (who asks, address)."""
    from benxi_shuangsuiji.workdays.days import Quarter
    from plans.draw import actions as draws
    from registry.models import Facility
    from tests import database, factories
    from tests.plans.draw.factories import make_published_plan
    from tests.plans.factories import make_plan

    unit = factories.make_unit()
    registrar, planner = factories.make_registrar(unit), factories.make_planner(unit)
    begun = time.perf_counter()
    with database.owner_connection(name=name) as cursor:
        lists.fill(cursor, unit.pk, size)
    lists.out(f"{size:,} rows written in {time.perf_counter() - begun:.0f} s")
    people = [factories.make_inspector(unit) for _ in range(40)]
    _conflicts(people, list(Facility.objects.order_by("code")[:3]), registrar)
    waiting = make_published_plan(unit, key=0, general=0, special=0, inspectors=0)
    draft = make_plan(unit, quarter=Quarter(2026, 4), by=planner)
    draw = draws.prepare_draw(plan=waiting, by=planner)
    plan = f"/desk/plans/{unit.code}/{str(draft.quarter).lower()}"
    return {
        "plan editor": (planner, f"{plan}/edit/"),
        "plan": (planner, f"{plan}/"),
        "试抽, before it is pressed": (planner, f"{plan}/rehearse/"),
        "试抽": (planner, f"{plan}/rehearse/?run"),
        "list to seal": (planner, f"/desk/draws/{draw.draw_id}/prepare/"),
        "who takes no part": (planner, f"/desk/draws/{draw.draw_id}/ledger/"),
        "每月审核": (registrar, f"/desk/objects/audit/?unit={unit.code}"),
        "覆盖情况": (registrar, f"/desk/objects/coverage/?unit={unit.code}"),
        "home of the planner": (planner, "/desk/"),
    }


def _conflicts(people, facilities, by) -> None:
    from registry.models import ConflictOfInterest

    for person, facility in zip(people, facilities, strict=False):
        ConflictOfInterest.objects.create(
            inspector=person,
            facility=facility,
            kind="RELATIVE",
            valid_from=date(2026, 1, 1),
            asked_by=by,
            asked_at=NOW,
            reason="亲属",
        )


class _Counter:
    queries = 0

    def __call__(self, execute, *given):
        self.queries += 1
        return execute(*given)


def _profile(client, address: str) -> None:
    import cProfile
    import pstats

    profile = cProfile.Profile()
    profile.runcall(client.get, address)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


def report(sizes: list[int], measured: dict) -> None:
    lists.out(f"\n{'p50 in s (python) at':28}{''.join(f'{size:>20,}' for size in sizes)}{'queries':>12}")
    for label in measured[sizes[0]]:
        row = [measured[size][label] for size in sizes]
        shown = "".join(f"{f'{seconds:.2f} ({busy:.2f})':>20}" for seconds, busy, _ in row)
        lists.out(f"{label:28}{shown}{'/'.join(str(n) for *_, n in row):>12}")
    lists.out(f"goal: ≤ {GOAL_S:.0f} s")


if __name__ == "__main__":
    main()
