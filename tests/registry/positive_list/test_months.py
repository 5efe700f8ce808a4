"""在线监控超标 by month from a workbook: counted once, corrected by a later one, a ground to leave the 正面清单 (七(三)-d, domain.md 7.4)."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from registry import tasks
from registry.imports import actions as importing
from registry.models import BatchKind, BatchState, EventKind, ImportBatch, MonitoringMonth, PositiveExit
from registry.positive_list import actions, exits, months
from registry.proposals import actions as proposals
from tests.browsing import post, refused, signed_in, text_of
from tests.factories import make_city_team, make_facility, make_lead_office, make_registrar, make_unit, make_user
from tests.registry.factories import entered_in_positive_list
from tests.registry.workbooks import credit_code, workbook

pytestmark = pytest.mark.django_db
JULY = {"year": 2026, "month": 7, "source": "自动监控平台，8 月 3 日导出"}


@pytest.fixture(autouse=True)
def in_august(at):
    at("2026-08-19 09:00")


@pytest.fixture
def place():
    unit = make_unit()
    facility = make_facility(unit, uscc=credit_code())
    entered_in_positive_list(facility, by=make_registrar(unit))
    return facility


def check(place, times, asked=JULY, by=None, **more):
    rows = [{"名称": place.name, "统一社会信用代码": place.uscc, "超标次数": times, **more}]
    said = {"file_name": "表.xlsx", "kind": BatchKind.MONITORING, "unit": place.unit, "asked": asked}
    return importing.check_workbook(content=workbook(rows), by=by or make_registrar(place.unit), **said)


def imported(place, times, asked=JULY, by=None):
    by = by or make_registrar(place.unit)
    return importing.confirm_import(batch=check(place, times, asked, by), by=by)


def counts(place):
    return [(row.month, row.times) for row in months.standing([place.pk])]


@pytest.mark.clause("七(三)-d")
def test_a_month_is_counted_once_corrected_by_a_later_workbook_and_taken_back_with_it(place):
    imported(place, 3)
    again = check(place, "3次")
    assert (again.counts["changed"], again.counts["unchanged"]) == (0, 1)
    with refused("没有要写入的行"):
        importing.confirm_import(batch=again, by=make_registrar(place.unit))
    corrected = imported(place, 2)
    assert counts(place) == [(date(2026, 7, 1), 2)] and MonitoringMonth.objects.count() == 2
    importing.withdraw_import(batch=corrected, by=make_registrar(place.unit))
    assert counts(place) == [(date(2026, 7, 1), 3)]


@pytest.mark.clause("七(三)-d")
def test_months_join_the_grounds_and_a_single_one_of_the_same_month_is_not_added(place):
    by = make_registrar(place.unit)
    imported(place, 1, JULY | {"month": 6})
    event = {"kind": EventKind.MONITORING, "source": "自动监控平台", "by": by}
    actions.enter_event(facility=place, day=date(2026, 7, 8), number="超标 1 号", **event)
    imported(place, 1)
    assert not PositiveExit.objects.exists()  # 2, the single one of July among them
    imported(place, 2)
    assert exits.propose_exits(clock.now()) == 0  # proposed with the import, once
    asked = PositiveExit.objects.get()
    assert asked.words == "12 个月内在线监控超标 3 次"
    actions.decide_exit(proposal=asked, approve=False, opinion="校准期间的数据", by=make_lead_office())
    assert exits.propose_exits(clock.now()) == 0  # until something new is said
    imported(place, 9, JULY | {"year": 2025, "month": 7})  # before the months that count
    assert exits.propose_exits(clock.now()) == 0
    imported(place, 4)
    assert PositiveExit.objects.filter(decided_at=None).count() == 1


@pytest.mark.clause("七(三)-d")
def test_a_month_that_says_fewer_than_its_single_ones_takes_none_of_them_away(place):
    imported(place, 1)
    said = {"kind": EventKind.MONITORING, "source": "自动监控平台", "by": make_registrar(place.unit)}
    for day in (3, 8, 21):
        actions.enter_event(facility=place, day=date(2026, 7, day), number=f"超标 {day} 号", **said)
    found = exits.signs([place.pk], clock.today())
    assert [(sign.kind, sign.times) for sign in found] == [(EventKind.MONITORING, 1)] * 3
    assert exits.propose_exits(clock.now()) == 1


@pytest.mark.clause("七(三)-d")
@pytest.mark.parametrize(
    ("day", "counts"), [("2026-07-30", True), ("2026-07-31", False), ("2026-08-30", False), ("2026-06-30", True)]
)
def test_a_month_counts_until_its_last_day_is_out_of_the_window(place, at, day, counts):
    imported(place, 3, JULY | {"year": 2025})
    at(f"{day} 09:00")
    assert bool(exits.signs([place.pk], date.fromisoformat(day))) is counts
    assert exits.propose_exits(clock.now()) == counts


@pytest.mark.clause("七(三)-d")
def test_a_corrected_month_leaves_the_proposal_with_what_counts_now(place):
    imported(place, 5)
    exits.propose_exits(clock.now())
    leader = make_lead_office()
    imported(place, 4)
    page = text_of(signed_in(leader).get(f"/desk/objects/positive/?unit={place.unit.code}"))
    assert "现在是：12 个月内在线监控超标 4 次" in page
    actions.decide_exit(proposal=PositiveExit.objects.get(), approve=True, opinion="同意移出", by=leader)
    assert place.positive_entries.get().exit_reason == "12 个月内在线监控超标 4 次"


@pytest.mark.clause("七(三)-d")
@pytest.mark.parametrize("mended", ["withdrawn", "none", "expired"])
def test_a_proposal_without_its_ground_ends_with_why_and_may_be_made_again(place, at, mended):
    elsewhere = make_facility(place.unit, uscc=credit_code())
    entered_in_positive_list(elsewhere, by=make_registrar(place.unit))
    fine = {
        "kind": EventKind.PENALTY,
        "number": "本环罚〔2026〕8号",
        "source": "法制科",
        "by": make_registrar(place.unit),
    }
    actions.enter_event(facility=elsewhere, day=date(2026, 8, 18), **fine)
    batch, leader = imported(place, 5), make_lead_office()
    assert exits.propose_exits(clock.now()) == 1  # the other place's, in the month's round
    asked = PositiveExit.objects.get(facility=place)
    if mended == "withdrawn":
        importing.withdraw_import(batch=batch, by=make_registrar(place.unit))
    elif mended == "none":
        imported(place, 0)
    else:
        at("2027-08-01 09:00")
        tasks.positive_monthly(force=True)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by, asked.decided_at) == ("ENDED", None, clock.now())
    assert "达不到移出的条件，这条建议自行终止" in asked.opinion and place.positive_entries.get().valid_to is None
    (told,) = AuditEntry.objects.filter(verb="registry.positive_list.ended")
    assert told.details["why"] == asked.opinion and PositiveExit.objects.get(facility=elsewhere).waits
    browser, here = signed_in(leader), f"/desk/objects/positive/?unit={place.unit.code}"
    page = text_of(browser.get(here))
    assert "已终止" in page and asked.opinion in page
    with refused("已终止，不用再办"):
        actions.decide_exit(proposal=asked, approve=True, opinion="同意移出", by=leader)
    if mended == "none":
        # The correction is taken back: the first count holds again, and nobody had turned it down.
        importing.withdraw_import(batch=ImportBatch.objects.latest("pk"), by=make_registrar(place.unit))
        assert exits.propose_exits(clock.now()) == 1


@pytest.mark.clause("七(三)-e")
def test_a_proposal_ends_when_the_place_leaves_the_list_another_way(place):
    imported(place, 5)
    exits.propose_exits(clock.now())
    asked = actions.ask_to_leave(facility=place, reason="企业主动退出", by=make_registrar(place.unit))
    proposals.approve_proposals(proposals=[asked], by=make_lead_office())
    ended = PositiveExit.objects.get()
    assert ended.state == "ENDED" and "已经由另一项决定移出" in ended.opinion
    assert place.positive_entries.get().exit_reason == "企业主动退出"


def test_the_database_ends_nothing_without_words_and_names_nobody_who_did(place):
    imported(place, 5)
    exits.propose_exits(clock.now())
    for values in ({"opinion": ""}, {"opinion": "够了", "decided_by": make_lead_office()}):
        with pytest.raises(DatabaseError), transaction.atomic():
            PositiveExit.objects.update(state="ENDED", decided_at=clock.now(), **values)


@pytest.mark.clause("七(三)-d")
def test_an_import_proposes_the_exits_of_its_own_places_at_once(place):
    other = make_facility(place.unit, uscc=credit_code())
    entered_in_positive_list(other, by=make_registrar(place.unit))
    said = {"kind": EventKind.MONITORING, "source": "自动监控平台", "by": make_registrar(place.unit)}
    for day in (3, 8, 21):
        actions.enter_event(facility=other, day=date(2026, 7, day), number=f"超标 {day} 号", **said)
    imported(place, 0)
    page = text_of(signed_in(make_registrar(place.unit)).get(f"/desk/objects/positive/?unit={place.unit.code}"))
    assert not PositiveExit.objects.exists() and "导入后达到移出条件的，当时提出" in page
    assert f"{place} 2026-07 0 自动监控平台" in " ".join(page.split())  # a month of none is shown
    imported(place, 3)
    assert PositiveExit.objects.get().facility == place
    assert exits.propose_exits(clock.now()) == 1


def test_who_imported_the_correction_does_not_approve_on_it(place):
    both = make_user((Role.REGISTRAR, place.unit), (Role.LEAD_OFFICE, make_city_team()))
    imported(place, 5)
    exits.propose_exits(clock.now())
    imported(place, 4, by=both)
    with refused("录入依据的人不能自己决定"):
        actions.decide_exit(proposal=PositiveExit.objects.get(), approve=True, opinion="同意移出", by=both)


def test_who_imported_the_counts_does_not_decide(place):
    both = make_user((Role.REGISTRAR, place.unit), (Role.LEAD_OFFICE, make_city_team()))
    imported(place, 5, by=both)
    exits.propose_exits(clock.now())
    with refused("录入依据的人不能自己决定"):
        actions.decide_exit(proposal=PositiveExit.objects.get(), approve=True, opinion="同意移出", by=both)


def test_refusals_say_what_to_mend_and_a_marked_copy_goes_back(place):
    with refused("2026 年 8 月还没有过完"):
        check(place, 1, JULY | {"month": 8})
    batch = check(place, "三次")
    (line,) = batch.lines.all()
    assert [p["problem"] for p in line.problems] == ["超标次数不是整数"] and line.content is None
    browser = signed_in(make_registrar(place.unit))
    page = text_of(browser.get(f"/desk/objects/import/{batch.pk}/"))
    assert "填 0 到 9999 的整数" in page
    assert browser.get(f"/desk/objects/import/{batch.pk}/marked.xlsx").status_code == 200
    elsewhere = make_facility(make_unit("210503"), uscc=credit_code())
    foreign = check(place, 1, 名称=elsewhere.name, 统一社会信用代码=elsewhere.uscc)
    assert (foreign.counts["foreign"], foreign.lines.count()) == (1, 0)


def test_by_the_page_from_the_list_and_shown_there(place):
    browser = signed_in(make_registrar(place.unit))
    here = f"/desk/objects/positive/?unit={place.unit.code}"
    assert "导入在线监控超标" in text_of(browser.get(here))
    upload = browser.get(f"/desk/objects/import/?kind=MONITORING&unit={place.unit.code}")
    assert "一个月一份" in text_of(upload) and upload.context["form"]["month"].value() == 7
    batch = check(place, 2)
    page = text_of(browser.get(f"/desk/objects/import/{batch.pk}/"))
    assert "在线监控超标 2026-07" in page and "2 次" in page
    assert post(browser, f"/desk/objects/import/{batch.pk}/confirm/", {}).status_code == 302
    batch.refresh_from_db()
    assert batch.state == BatchState.CONFIRMED
    page = text_of(browser.get(here))
    assert "2026-07" in page and "自动监控平台，8 月 3 日导出" in page


def test_the_database_keeps_counts_as_they_were_imported(place):
    batch = imported(place, 2)
    copied = (
        "INSERT INTO registry_monitoringmonth (facility_id, month, times, source, batch_id, entered_by_id, entered_at)"
        " SELECT %s, %s, times, source, batch_id, entered_by_id, entered_at FROM registry_monitoringmonth WHERE batch_id = %s"
    )
    other = make_facility(make_unit("210503"))
    for facility, month, sentence in (
        (place, "2026-08-01", "还没有过完"),
        (other, "2026-06-01", "随本单位的导入登记"),
        (place, "2026-06-02", "a_month_is_its_first_day"),
        (place, "2026-06-01", "a_workbook_counts_a_month_of_a_place_once"),
    ):
        with pytest.raises(DatabaseError, match=sentence), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(copied, [facility.pk, month, batch.pk])
    for words in ("UPDATE registry_monitoringmonth SET times = 0", "DELETE FROM registry_monitoringmonth"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words)
