"""What goes out is taken by the stand-in, also after it was refused once, twice and three times (五-4h, docs/exchange/ 2, 5)."""

import pytest

from benxi_shuangsuiji.refusal import Refused
from inspections.evidence.actions import keep_photo, strike
from inspections.exchange import actions
from inspections.models import ExchangePackage, ExchangeRecord, PackageState
from tests.inspections.evidence.pictures import photo
from tests.inspections.exchange.both import Both
from tests.inspections.exchange.factories import dispatched_now, told
from tests.inspections.factories import answer_all, finish, start
from tests.platform import faults
from tests.platform.package import open_package

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(tmp_path):
    return Both(tmp_path)


@pytest.mark.clause("五-4h")
def test_the_same_photograph_at_two_points_is_one_record_that_the_platform_takes(both):
    check = answer_all(start(dispatched_now(both.unit)))
    by, picture = check.members.get(is_leader=True).inspector.user, photo()
    pieces = [
        keep_photo(inspection=check, name="a.jpg", content=picture, by=by, point=point, words=words)
        for point, words in zip(check.answers.all()[:2], ("排口", "台账"), strict=True)
    ]
    strike(inspection=check, thing=pieces[0], by=by, reason="拍错了地方")
    finish(check)
    content = both.make()
    (found,) = [row for row in told(content, "evidence") if row["sha256"] == pieces[0].sha256]
    assert found["key"] == f"{check.no}:{pieces[0].sha256[:16]}"
    assert (found["words"], found["struck"]) == ("台账", False)
    assert both.platform.take(content).state == "TAKEN"


def spoilt(both, content) -> ExchangePackage:
    """It arrives with a changed byte, is refused as a whole, and the platform says so."""
    assert both.platform.take(faults.changed_byte(content)).state == "CHANGED"
    both.back()
    row = ExchangePackage.objects.get(number=open_package(content).number)
    assert (row.state, row.reason) == (PackageState.REFUSED, row.reason) and row.reason
    return row


def again(both, package) -> bytes:
    made, content = actions.make_again(package=package, by=both.planner)
    return both.keep(made.number, content)


def supersedes(content) -> list[int]:
    return [int(number[-6:]) for number in open_package(content).manifest["supersedes"]]


def is_all_there(both, *checks) -> None:
    assert {row["task"] for row in both.theirs().values()} == {check.no for check in checks}
    both.back()
    standing = ExchangeRecord.objects.filter(kind="tasks", package__sender="BXS").exclude(state="AGAIN")
    assert set(standing.values_list("state", flat=True)) == {"ACCEPTED"}


@pytest.mark.clause("五-4h")
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_retransmission_that_is_refused_itself_is_made_again_from_the_first_lost_number(both, times):
    first = dispatched_now(both.unit)
    both.out()
    both.back()
    second = dispatched_now(both.unit)
    content = both.make()
    for n in range(times):
        refused = spoilt(both, content)
        content = again(both, refused)
        assert supersedes(content) == list(range(2, 3 + n))
    assert both.platform.take(content).state == "TAKEN"
    is_all_there(both, first, second)


@pytest.mark.clause("五-4h")
@pytest.mark.parametrize("times", [1, 2, 3])
def test_an_export_after_a_whole_refusal_is_a_retransmission(both, times):
    first, content = dispatched_now(both.unit), both.make()
    checks = [first]
    for n in range(times):
        spoilt(both, content)
        checks.append(dispatched_now(both.unit))
        content = both.make()
        assert supersedes(content) == list(range(1, 2 + n))
    assert {task["task"] for task in told(content, "tasks")} == {check.no for check in checks}
    assert both.platform.take(content).state == "TAKEN"
    is_all_there(both, *checks)
    last = ExchangePackage.objects.filter(sender="BXS").latest("number")
    with pytest.raises(Refused, match=f"已由 {last.number} 代替"):
        actions.make_again(package=ExchangePackage.objects.get(number=last.number[:-6] + "000001"), by=both.planner)


def test_what_was_still_on_its_way_behind_a_refused_package_goes_out_with_it(both):
    first, content = dispatched_now(both.unit), both.make()
    second = dispatched_now(both.unit)
    both.make()  # lost, and nobody knows yet
    spoilt(both, content)
    third = dispatched_now(both.unit)
    content = both.make()
    assert supersedes(content) == [1, 2]
    assert both.platform.take(content).state == "TAKEN"
    is_all_there(both, first, second, third)


def test_a_retransmission_that_is_lost_is_made_again_with_what_it_stood_for(both):
    first, content = dispatched_now(both.unit), both.make()
    lost = again(both, spoilt(both, content))
    assert supersedes(lost) == [1]
    second = dispatched_now(both.unit)
    early = both.platform.take(both.make())
    assert early.state == "ORDER"
    both.back()  # the third came too early: made again by itself it would be too early again
    content = again(both, ExchangePackage.objects.get(number=open_package(lost).number))
    assert supersedes(content) == [1, 2, 3]
    assert both.platform.take(content).state == "TAKEN"
    is_all_there(both, first, second)


def test_what_the_platform_took_since_is_not_sent_again(both):
    """Too early, then taken after all: nothing is lost, and the next package stands for nothing."""
    first, content = dispatched_now(both.unit), both.make()
    second = dispatched_now(both.unit)
    assert both.platform.take(both.make()).state == "ORDER"
    both.back()
    assert both.platform.take(content).state == "TAKEN"
    both.back()
    third = dispatched_now(both.unit)
    content = both.make()
    assert supersedes(content) == []
    assert both.platform.take(content).state == "TAKEN"
    is_all_there(both, first, second, third)
