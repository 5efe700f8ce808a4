"""A pair of codes that is changed says nothing new of a check that the platform has (七(二)-h, decision 0117)."""

from datetime import date, timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts import benxi, unit_actions
from benxi_shuangsuiji.accounts.models import ChangeKind, Unit
from benxi_shuangsuiji.accounts.roles import Role
from inspections.exchange import actions, pages
from inspections.models import Outcome, PlatformCode
from tests.factories import make_lead_office, make_user
from tests.inspections.exchange.factories import dispatched_now, told
from tests.inspections.factories import answer_all, finish, start

pytestmark = [pytest.mark.django_db, pytest.mark.clause("七(二)-h")]


@pytest.fixture
def change(at):
    """The platform's code of ours is another one from an hour later on; without one, none."""
    return lambda *said: _change(at, *said)


def _change(at, kind, ours, theirs="") -> None:
    at(clock.now() + timedelta(hours=1))
    by = make_lead_office()
    actions.end_code(code=PlatformCode.objects.get(kind=kind, ours=ours, ended_at__isnull=True), by=by)
    if theirs:
        PlatformCode.objects.create(kind=kind, ours=ours, theirs=theirs, entered_by=by, entered_at=clock.now())


def waiting(unit) -> list[str]:
    return [row.kinds for row in pages.queue(unit, clock.today()).waiting]


@pytest.fixture
def sent(unit, planner):
    """A check that was seen to the end and lies there."""
    check = finish(answer_all(start(dispatched_now(unit))))
    package, _ = actions.make(unit=unit, by=planner)
    return check, package


CHANGES = (("ITEM", "B01", "SX-302"), ("OUTCOME", Outcome.NO_ISSUE, "JG-99"), ("UNIT", "210504", "DW-NEW"))


@pytest.mark.parametrize(("kind", "ours", "theirs"), CHANGES)
def test_what_the_platform_took_does_not_wait_again_under_another_code(kind, ours, theirs, sent, change, unit, planner):
    """Every check that it had accepted in all the years went back into 待上传."""
    _, package = sent
    actions.answer(package=package, accepted=True, reason="", by=planner)
    change(kind, ours, theirs)
    assert waiting(unit) == []
    assert pages.queue(unit, clock.today()).why_not_make == "没有待上传的内容，不用导出。"


def test_it_does_not_stop_the_unit_either_where_the_pair_has_no_successor(sent, change, unit, planner):
    _, package = sent
    actions.answer(package=package, accepted=True, reason="", by=planner)
    change("OUTCOME", Outcome.NO_ISSUE)
    dispatched_now(unit)  # nobody has been there yet, so no outcome is told
    assert pages.queue(unit, clock.today()).why_not_make == ""
    _, content = actions.make(unit=unit, by=planner)
    assert [len(told(content, kind)) for kind in ("tasks", "results")] == [1, 0]


def test_what_goes_again_for_another_reason_has_the_new_code_in_the_next_version(sent, change, unit, planner):
    """The same version would be REUSED there: what it says is compared with the code (docs/exchange/ 4)."""
    _, package = sent
    result, task = (package.lines.get(kind=kind) for kind in ("results", "tasks"))
    for record in (task, package.lines.get(kind="teams")):
        actions.settle(record=record, accepted=True, number="PT-1", reason="", by=planner)
    actions.settle(record=result, accepted=False, number="", reason="编号停用了", by=planner)
    change("OUTCOME", Outcome.NO_ISSUE, "JG-99")
    assert waiting(unit) == ["检查情况"]
    _, content = actions.make(unit=unit, by=planner)
    (record,) = told(content, "results")
    assert (record["outcome"]["mep"], record["record_version"]) == ("JG-99", 2)
    assert told(content, "tasks") == []


def test_a_lost_package_is_made_again_in_the_next_version_where_its_codes_are_others(sent, change, unit, planner):
    _, package = sent
    change("ITEM", "B01", "SX-302")
    assert waiting(unit) == []  # it is on its way
    _, content = actions.make_again(package=package, by=planner)
    versions = {kind: told(content, kind)[0]["record_version"] for kind in ("tasks", "teams", "results")}
    assert versions == {"tasks": 2, "teams": 1, "results": 2}


def test_what_a_check_says_anew_waits_whatever_became_of_the_codes(sent, change, unit, planner):
    check, package = sent
    actions.answer(package=package, accepted=True, reason="", by=planner)
    change("ITEM", "B01", "SX-302")
    check.finish_by = check.finish_by.replace(day=1)
    check.save(update_fields=["finish_by"])
    assert "任务" in waiting(unit)[0]


def test_a_unit_that_is_called_otherwise_says_nothing_new_of_its_checks(city_by_data, sent, unit, planner, at):
    """The name beside its code is for people, and is that of the day of the dispatch."""
    units = benxi.establish()
    _, package = sent
    actions.answer(package=package, accepted=True, reason="", by=planner)
    asked = unit_actions.ask(
        kind=ChangeKind.RENAME,
        unit=unit,
        values={
            "name": "本溪市生态环境局溪山分局",
            "short_name": "溪山分局",
            "seal_name": "",
            "division_code": "210504",
        },
        effective_from=date(2027, 1, 1),
        document="示例编〔2026〕7 号",
        by=make_user((Role.ADMIN_SYSTEM, units["2105SJ"])),
    )
    unit_actions.approve(change=asked, by=make_user((Role.ADMIN_GRANTS, units["2105SJ"])))
    at("2027-01-04 09:00")
    assert unit_actions.carry_out_due() == 1
    assert waiting(Unit.objects.get(pk=unit.pk)) == []
