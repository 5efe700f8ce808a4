"""A quarter played by both sides: this system with its acts, the platform by the stand-in (issue 17).

Whoever leads, every task, number, team and result is equal on both sides at the end; whatever happens to a package on
its way costs a sentence, loses nothing and doubles nothing.
"""

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents.packages import BadPackage
from benxi_shuangsuiji.refusal import Refused
from inspections.exchange import actions, taking_up
from inspections.models import ExchangePackage, ExchangeRecord, Inspection, PlatformDifference, PlatformTask
from tests.factories import make_facility
from tests.inspections.exchange.both import Both, open_result, visited
from tests.inspections.factories import make_dispatched, make_inspection, ready, start
from tests.inspections.targeted.factories import make_approved
from tests.platform import faults
from tests.platform.package import open_package
from tests.platform.reader import Year

pytestmark = pytest.mark.django_db
SIDES = ("BXS", "MEP")


@pytest.mark.parametrize("lead", SIDES)
def test_a_quarter_is_the_same_on_both_sides_whoever_leads(lead, at, tmp_path):
    at(clock.now())
    both = Both(tmp_path, lead, late=2)
    drawn = make_dispatched(both.unit)
    ready(*drawn)
    place = make_facility(both.unit)
    both.begin(place)
    both.out()
    if lead == "MEP":
        with pytest.raises(Refused, match="派发只是建议"):
            start(drawn[0])
    both.back()  # its own task; what it got it acknowledges one turn later
    assert PlatformTask.objects.get().state == "WAITING"
    begun = make_approved(both.unit, facility=place).inspection
    taking_up.take_up(task=PlatformTask.objects.get(), check=begun, by=both.planner)
    for difference in PlatformDifference.objects.all():  # it was raised here with other items and another day
        assert difference.kind == "tasks" and difference.field in ("检查事项", "完成不晚于")
        actions.decide(difference=difference, ours=True, words="照批准的办理，平台改任务", by=both.planner)
    both.back()
    assert PlatformTask.objects.count() == len(drawn) + 1
    both.out()  # the other number of its task, and what became ISSUED
    checks = list(Inspection.objects.filter(unit=both.unit).order_by("no"))
    ready(*checks)
    visited(checks)
    both.platform.refusals["results", checks[0].no] = ("OTHER", "电子签名没有上传")
    both.out()
    both.back()
    both.back()
    back = ExchangeRecord.objects.get(state="REFUSED")
    assert (back.kind, back.key, back.reason) == ("results", checks[0].no, "电子签名没有上传")
    both.out()  # with it again
    told = {number: row["BXS"]["outcome"]["bxs"] for number, row in both.theirs().items()}
    assert sorted(told.values()) == sorted(Inspection.objects.values_list("outcome", flat=True))
    if lead == "MEP":  # its officers enter the results there, one of them otherwise
        for number in told:
            ours = open_result(both, number)
            both.platform.say(both.unit.code, "results", number, **ours)
        both.platform.say(both.unit.code, "results", number, finding="台账不全")
    both.back()
    both.back()
    assert both.ours() == both.theirs()
    if lead == "MEP":
        difference = PlatformDifference.objects.get(kind="results")
        assert (difference.field, difference.theirs) == ("发现的问题", "台账不全")
        actions.decide(difference=difference, ours=True, words="现场记录没有这个问题", by=both.planner)
        both.platform.say(both.unit.code, "results", number, finding=difference.ours)
        both.back()
        assert not PlatformDifference.objects.filter(state="OPEN").exists()
    still = ExchangeRecord.objects.exclude(kind="acks").exclude(state__in=["ACCEPTED", "TAKEN"])
    assert [(row.state, row.pk) for row in still] == [("AGAIN", back.pk)]
    totals = Year(tmp_path / "road").totals()
    assert totals["tasks"] == {"ISSUED": len(checks)} and totals["sources"] == {"COMPLAINT": 1, "DRAW": len(drawn)}
    assert totals["numbers"] == dict(PlatformTask.objects.values_list("inspection__no", "number"))
    assert sum(totals["results"]["BXS"].values()) == len(checks)
    assert totals["results"]["MEP"] == (totals["results"]["BXS"] if lead == "MEP" else {})
    assert totals["refused"] == [f"{back.package.number}/results/{back.key}"]
    assert (totals["different"], totals["missing"], totals["faults"]) == ([], [], [])


def dispatched(unit, **fields):
    return make_inspection(unit, dispatched_at=clock.now(), accepted_at=clock.now(), **fields)


ON_THE_WAY = {
    "killed in the middle": (faults.half, "BROKEN", "完整的 zip"),
    "a changed byte": (faults.changed_byte, "CHANGED", "与清单不符|和清单里的指纹不符"),
    "an older version": (lambda data: faults.manifest(data, version=0), "VERSION", "BXS-EXCHANGE 1"),
    "an unknown code": (faults.unknown_code, "UNKNOWN_CODE", "不在对照表里|没有对照"),
}


def test_what_happens_to_our_packages_on_their_way_loses_and_doubles_nothing(tmp_path):
    both = Both(tmp_path)
    checks = [dispatched(both.unit)]
    first = both.make()
    for name, (fault, code, words) in ON_THE_WAY.items():
        answer = both.platform.take(fault(first))
        assert answer.state == code and any(word in answer.words for word in words.split("|")), name
        assert both.platform.ledger(both.unit.code) == {}
    checks.append(dispatched(both.unit))
    second = both.make()
    early = both.platform.take(second)
    assert (early.state, early.words) == ("ORDER", "前面还缺 BXS-210504-000001。")
    both.back()  # what came was refused, and so the queue has it
    assert set(ExchangePackage.objects.filter(sender="BXS").values_list("state", flat=True)) == {"REFUSED"}
    both.platform.take(first)  # it was only late: both are taken now
    assert [both.platform.take(data).state for data in (first, second)] == ["REPEATED", "REPEATED"]
    assert len(both.platform.ledger(both.unit.code)) == 2
    both.back()
    ours = ExchangePackage.objects.filter(sender="BXS")
    assert set(ours.values_list("state", flat=True)) == {"ACCEPTED"}  # what came too early is taken after all
    checks.append(dispatched(both.unit))
    lost = both.make()  # what was refused goes with it again, in its version
    package = ExchangePackage.objects.get(number=open_package(lost).number)
    _, again = actions.make_again(package=package, by=both.planner)
    both.keep(open_package(again).number, again)
    assert both.platform.take(again).state == "TAKEN"
    late = both.platform.take(lost)
    assert (late.state, late.words) == ("REPLACED", "BXS-210504-000003 已由 BXS-210504-000004 代替。")
    both.back()
    assert both.ours() == both.theirs() and len(both.ours()) == 3
    with pytest.raises(Refused, match="没有待上传的内容"):
        both.make()


def test_what_happens_to_packages_of_the_platform_on_their_way_loses_and_doubles_nothing(tmp_path):
    both = Both(tmp_path)
    both.begin(make_facility(both.unit))
    first = both.sent()
    both.begin(make_facility(both.unit), "DEMO-2026-0902")
    second = both.sent()
    before = both.everything()
    for name, (fault, code, words) in ON_THE_WAY.items():
        refused = refusal(both, fault(first))
        assert refused.code == code and any(word in str(refused) for word in words.split("|")), name
    early = refusal(both, second)
    assert (early.code, "MEP-210504-000001 还没有导入" in str(early)) == ("ORDER", True)
    assert both.everything() == before
    assert both.take(first).tasks == both.take(second).tasks == 1
    before = both.everything()
    assert "已经导入过" in str(refusal(both, first))
    assert both.everything() == before
    both.begin(make_facility(both.unit), "DEMO-2026-0903")
    lost = both.sent()
    both.platform.lost(both.unit.code)
    again = both.sent()  # nothing was acknowledged yet: it holds the first two as well
    taken = both.take(again)
    assert (taken.tasks, taken.skipped) == (1, 2)
    assert "已由 MEP-210504-000004 代替" in str(refusal(both, lost))
    assert sorted(PlatformTask.objects.values_list("number", flat=True)) == [f"DEMO-2026-090{n}" for n in (1, 2, 3)]
    for task in PlatformTask.objects.all():
        check = dispatched(both.unit, facility=task.facility)
        taking_up.take_up(task=task, check=check, by=both.planner)
    both.out()
    both.back()
    assert both.ours() == both.theirs() and len(both.ours()) == 3
    assert Year(tmp_path / "road").totals()["tasks"] == {"ISSUED": 3}


def refusal(both, content) -> BadPackage:
    with pytest.raises(BadPackage) as refused:
        both.take(content)
    assert str(refused.value).endswith("。") and "\n" not in str(refused.value)
    return refused.value
