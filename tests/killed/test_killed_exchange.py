"""kill -9 of the web while a package goes out and while one comes in: nothing is lost, nothing is there twice (issue 17, P13, P14).

The platform stands in, so at the end both sides are compared. A package is handed over once: who lost it when the server went
after it was written down has it made anew, and the number of the lost one is superseded.
"""

from itertools import count

import pytest

from benxi_shuangsuiji import clock
from inspections.models import ExchangePackage, ExchangeRecord, PlatformTask
from tests.factories import make_facility
from tests.inspections.exchange.both import Both
from tests.inspections.factories import make_inspection
from tests.killed.harness import Sending, Site, state
from tests.platform.package import open_package
from tests.platform.reader import Year

pytestmark = [pytest.mark.commits, pytest.mark.slow("killed")]


@pytest.fixture
def site(own_database, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    made = Site(own_database, tmp_path)
    made.start()
    yield made
    made.end()


@pytest.fixture
def both(site, tmp_path):
    return Both(tmp_path)


def moments(steps: list[str]) -> list[int]:
    """The first step, those around each commit, some between, and the answer itself."""
    at = {1, len(steps), *range(12, len(steps), 12)}
    return sorted(at | {n for n, label in enumerate(steps, 1) if "commit" in label})


def dispatched(both):
    return make_inspection(both.unit, dispatched_at=clock.now(), accepted_at=clock.now())


def ours():
    return ExchangePackage.objects.filter(sender="BXS")


def test_a_package_goes_out_once_whenever_the_server_is_killed(site, both):
    address = f"/desk/exchange/make/?unit={both.unit.code}"
    dispatched(both)
    straight = site.send(Sending(both.planner, address, outbox=False))
    assert straight.status == 200, straight.body.decode(errors="replace")[:2000]
    both.platform.take(both.keep(ours().get().number, straight.body))
    lost = 0
    for at in moments(straight.steps):
        dispatched(both)
        what, before, made = Sending(both.planner, address, outbox=False), state(site.name), ours().count()
        if (answer := site.send(what, die_at=at)) is None:
            if ours().count() == made:  # gone before it was written down: as if nobody had pressed
                assert state(site.name) == before, at
                answer = site.send(what)
            else:
                lost += 1
                assert site.send(what).body[:2] != b"PK" and ours().count() == made + 1, at
                package = ours().order_by("number").last()
                again = f"/desk/exchange/packages/{package.number}/again/"
                answer = site.send(Sending(both.planner, again, outbox=False))
        assert answer.status == 200, (at, answer.body.decode(errors="replace")[:2000])
        number = open_package(answer.body).number
        assert both.platform.take(both.keep(number, answer.body)).state == "TAKEN", at
    assert lost  # the answer itself, at least
    both.back()
    assert both.ours() == both.theirs() and len(both.ours()) == len(moments(straight.steps)) + 1
    read = Year(both.folder / "road").totals()
    assert (read["missing"], read["faults"], read["refused"]) == ([], [], [])
    assert set(ours().values_list("state", flat=True)) <= {"ACCEPTED", "REPLACED"}


def test_a_package_comes_in_once_whenever_the_server_is_killed(site, both):
    numbers = (f"DEMO-2026-{n}" for n in count(901))

    def sending():
        both.begin(make_facility(both.unit), next(numbers))
        return Sending(both.planner, "/desk/exchange/import/", file=("package", both.sent()), outbox=False)

    straight = site.send(sending())
    assert straight.status == 302, straight.body.decode(errors="replace")[:2000]
    steps = moments(straight.steps)
    for n, at in enumerate(steps, 2):
        what, before = sending(), state(site.name)
        answer = site.send(what, die_at=at)
        if answer is None and PlatformTask.objects.count() == n - 1:
            assert state(site.name) == before, at
            answer = site.send(what)
            assert answer.status == 302, (at, answer.body.decode(errors="replace")[:2000])
        elif answer is None:  # all of it is there; sent again it changes nothing
            before = state(site.name)
            site.send(what)
            now = state(site.name)
            assert all(now[table] == before[table] for table in now if table.startswith("inspections_")), at
        assert PlatformTask.objects.count() == n, at
    assert PlatformTask.objects.filter(state="WAITING").count() == len(steps) + 1
    assert ExchangeRecord.objects.filter(kind="tasks").count() == len(steps) + 1
    assert ExchangePackage.objects.filter(sender="MEP", state="TAKEN").count() == len(steps) + 1
