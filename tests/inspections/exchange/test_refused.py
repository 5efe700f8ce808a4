"""A package of the platform that was not taken here is answered: once, with its code and sentence, in the next package (issue 17)."""

import pytest
from django.db import connection, transaction
from django.db.utils import Error

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents.packages import BadPackage
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from inspections.exchange import acks, actions, incoming, pages, records, refusing, rules, taking
from inspections.models import PackageRefusal, PlatformTask
from tests.browsing import post, signed_in, text_of
from tests.factories import make_facility
from tests.inspections.exchange.factories import number, opened, pack, task_there, told
from tests.inspections.exchange.test_back import REFUSALS, changed
from tests.inspections.exchange.test_documents import validator
from tests.inspections.factories import make_inspection
from tests.platform.stand_in import Platform

pytestmark = pytest.mark.django_db
# No number that could be answered: nothing that says one, or of a unit for which this planner does not exchange.
NOT_ANSWERED = {"no zip", "an encrypted file", "no manifest", "a strange file", "a bomb", "of another unit"}


def refused(content, by) -> BadPackage:
    with pytest.raises(BadPackage) as found:
        incoming.take(content=content, by=by)
    return found.value


def to_do():
    return Duty.objects.open().filter(rule="PANSWER")


def test_each_refusal_whose_number_can_be_read_is_answered_with_its_code_and_sentence(unit, planner):
    facility = make_facility(unit)
    said = {}
    for name, (content, code, _) in REFUSALS.items():
        before = PackageRefusal.objects.count()
        why = refused(content(unit, facility), planner)
        row = PackageRefusal.objects.first()
        if name in NOT_ANSWERED:
            assert PackageRefusal.objects.count() == before, name
            continue
        assert (row.reason_code, row.reason, row.unit) == (code, str(why)[:500], unit), name
        said[row.number] = (code, str(why))
    _, content = actions.make(unit=unit, by=planner)
    rows = told(content, "acks")
    assert {r["package"]: (r["reason_code"], r["reason"]) for r in rows} == said and len(said) == 3
    for row in rows:
        validator("acks").validate(row)
        assert (row["state"], row["kind"], row["record_version"]) == ("REFUSED", None, 1)


def test_the_answer_waits_for_the_planner_until_it_is_made_and_says_nothing_twice(unit, planner):
    content = pack(unit, 2, tasks=[task_there(unit)])
    for _ in range(3):
        refused(content, planner)
    assert PackageRefusal.objects.count() == 1 and AuditEntry.objects.filter(verb="inspections.exchange.refused")
    assert to_do().get().role == "PLANNER" and acks.owed(unit)
    page = text_of(signed_in(planner).get(f"/desk/exchange/?unit={unit.code}"))
    assert "没有导入的平台数据包" in page and number(unit, 2) in page and "待告知" in page
    ours, _ = actions.make(unit=unit, by=planner)
    assert not to_do().exists() and not acks.owed(unit)
    refused(content, planner)  # the same words again: it has been told
    assert not acks.owed(unit)
    _, again = actions.make_again(package=ours, by=planner)  # ours was lost: what it said is said again, in its version
    assert [(r["package"], r["record_version"]) for r in told(again, "acks")] == [(number(unit, 2), 1)]


def test_answers_in_a_package_that_was_refused_wait_again_as_the_next_will_hold_them(unit, planner):
    """A refused package of answers alone said 没有待上传的内容, and yet the next one held them."""
    refused(pack(unit, 2, tasks=[task_there(unit)]), planner)
    first, _ = actions.make(unit=unit, by=planner)
    incoming.take(content=pack(unit, 1, tasks=[task_there(unit, number="PT-2")]), by=planner)
    actions.make(unit=unit, by=planner)  # after it, and lost with it
    actions.answer(package=first, accepted=False, reason="前面还缺包", by=planner)
    shown = acks.records(unit, rules.lost(unit))
    assert pages.queue(unit, clock.today()).why_not_make == ""
    _, content = actions.make(unit=unit, by=planner)
    assert {row["key"] for row in shown} == {row["key"] for row in told(content, "acks")} and len(shown) == 2


def test_what_the_page_and_the_table_show_is_what_the_next_package_holds(unit, planner):
    """Records of a package after the refused one stood under 已导出 and went out again all the same."""
    first = make_inspection(unit, dispatched_at=clock.now(), accepted_at=clock.now())
    refusable, _ = actions.make(unit=unit, by=planner)
    second = make_inspection(unit, dispatched_at=clock.now(), accepted_at=clock.now())
    actions.make(unit=unit, by=planner)
    assert not pages.queue(unit, clock.today()).waiting
    actions.answer(package=refusable, accepted=False, reason="前面还缺包", by=planner)
    queue = pages.queue(unit, clock.today())
    assert {row.no for row in queue.waiting} == {first.no, second.no} and not queue.sent
    shown = {(line.kind, line.key) for line in records.waiting(unit, records.Codes(), rules.lost(unit))}
    _, content = actions.make(unit=unit, by=planner)
    assert shown == {(kind, row["key"]) for kind in ("tasks", "teams") for row in told(content, kind)}


def test_a_package_that_came_too_early_is_taken_in_its_turn_and_the_last_word_counts(unit, planner):
    first, second = pack(unit, 1, tasks=[task_there(unit)]), pack(unit, 2, tasks=[task_there(unit, number="PT-2")])
    refused(second, planner)
    _, content = actions.make(unit=unit, by=planner)
    assert [(r["reason_code"], r["record_version"]) for r in told(content, "acks")] == [("ORDER", 1)]
    taken = incoming.take(content=first, by=planner)
    assert taken.words.endswith(f"先前早到的 {number(unit, 2)} 现在可以导入。")
    assert "现在可以导入" in text_of(signed_in(planner).get(f"/desk/exchange/?unit={unit.code}"))
    assert incoming.take(content=second, by=planner).early == "" and PlatformTask.objects.count() == 2
    _, content = actions.make(unit=unit, by=planner)
    rows = {r["package"]: (r["state"], r["record_version"]) for r in told(content, "acks")}
    assert rows == {number(unit, 1): ("ACCEPTED", 1), number(unit, 2): ("ACCEPTED", 2)}


@pytest.mark.clause("七(二)-h")
def test_what_is_still_missing_before_it_is_reckoned_when_it_is_told(unit, planner):
    """The platform was asked to send again what had been taken since."""
    one, two, four = (pack(unit, n, tasks=[task_there(unit, number=f"PT-{n}")]) for n in (1, 2, 4))
    refused(four, planner)
    for content, missing in ((one, number(unit, 2)), (two, number(unit, 3))):
        incoming.take(content=content, by=planner)
        page = text_of(signed_in(planner).get(f"/desk/exchange/?unit={unit.code}"))
        assert f"前面的包 {missing} 还没有导入" in page
    assert f"前面的包 {number(unit, 1)} 还没有导入" in PackageRefusal.objects.get().reason  # as it was said then
    _, content = actions.make(unit=unit, by=planner)
    said = {row["package"]: row["reason"] for row in told(content, "acks") if row["state"] == "REFUSED"}
    assert said == {number(unit, 4): f"前面的包 {number(unit, 3)} 还没有导入，先导入它；找不到的，让对方重传。"}
    incoming.take(content=pack(unit, 3, tasks=[task_there(unit, number="PT-3")]), by=planner)
    _, content = actions.make_again(
        package=actions.ExchangePackage.objects.get(number=number(unit, 1, "BXS")), by=planner
    )
    (row,) = (row for row in told(content, "acks") if row["package"] == number(unit, 4))
    assert (row["reason"], row["record_version"]) == (taking.TURN, 2)


def test_a_package_that_names_another_before_it_never_has_its_turn(unit, planner):
    first, wrong = pack(unit, 1, tasks=[task_there(unit)]), pack(unit, 2, previous=number(unit, 7))
    assert refused(wrong, planner).code == "ORDER"
    assert incoming.take(content=first, by=planner).early == ""
    page = text_of(signed_in(planner).get(f"/desk/exchange/?unit={unit.code}"))
    assert number(unit, 2) in page and "现在可以导入" not in page


def test_what_was_taken_before_is_never_refused_afterwards(unit, planner):
    content = pack(unit, 1, tasks=[task_there(unit)])
    incoming.take(content=content, by=planner)
    for other in (content, changed(content), pack(unit, 1)):
        refused(other, planner)
    assert not PackageRefusal.objects.exists()


def test_the_platform_hears_why_and_sends_it_again_in_a_new_package(unit, planner, tmp_path):
    """The stand-in, written from the document alone, understands the answer: nothing is typed or told by telephone."""
    platform = Platform(tmp_path, units=(unit.code,), now=clock.now)
    place = task_there(unit)
    keep = ("source", "facility", "unit", "items", "year", "quarter", "dispatched_at", "finish_by", "reason")
    platform.begin(unit.code, "PT-0815", **{key: place[key] for key in keep})
    spoiled = changed(platform.send(unit.code))
    assert refused(spoiled, planner).code == "CHANGED"
    _, content = actions.make(unit=unit, by=planner)
    assert platform.take(content).state == "TAKEN"
    again = platform.send(unit.code)
    assert (
        b'"MEP-210504-000001"' in opened(again)["manifest.json"] and incoming.take(content=again, by=planner).tasks == 1
    )
    assert platform.take(actions.make(unit=unit, by=planner)[1]).state == "TAKEN" and platform.send(unit.code) is None


def test_a_file_that_the_platform_never_sent_is_not_spoken_of_again(unit, planner):
    refused(pack(unit, 9), planner)
    ours, _ = actions.make(unit=unit, by=planner)
    row = PackageRefusal.objects.get()
    with pytest.raises(Refused, match=f"已经随 {ours.number} 告诉平台"):
        refusing.drop(refusal=row, by=planner)
    actions.answer(package=ours, accepted=False, reason="没有发过 MEP-210504-000009", by=planner)
    browser = signed_in(planner)
    assert post(browser, f"/desk/exchange/refusals/{row.pk}/drop/").status_code == 302
    assert "没有导入的平台数据包" not in text_of(browser.get(f"/desk/exchange/?unit={unit.code}"))
    with pytest.raises(Refused, match="已经登记不回复"):
        refusing.drop(refusal=row, by=planner)
    with pytest.raises(Refused, match="没有待上传的内容"):
        actions.make_again(package=ours, by=planner)
    for change in ("reason = 'other'", "dropped_at = now()", "number = 'MEP-210504-000001'"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE inspections_packagerefusal SET {change}")  # nosec
