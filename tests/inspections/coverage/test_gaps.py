"""What was not checked: the drawn of a quarter, the key facilities of a year, and why (六(一)2-g, 七(一)1-b)."""

import io
import re

import openpyxl
import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import duties
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter
from inspections import tasks
from inspections.coverage import actions as gap_actions
from inspections.coverage import pace
from inspections.coverage.gaps import CoverageList, DrawnList, Gaps
from inspections.dispatch import actions as dispatch_actions
from inspections.models import CoverageReason, Outcome, Source, UnfinishedReason
from registry.models import Category, Facility, OperatingStatus
from tests.browsing import enter, html_of, post_and_follow, queries, refused
from tests.factories import (
    add_key_ground,
    make_approver,
    make_city_team,
    make_facility,
    make_lead_office,
    make_listed,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import answer_all, finish, make_dispatched, make_finished, ready, start
from tests.plans.draw.factories import make_held_draw

pytestmark = pytest.mark.django_db
Q3 = Quarter(2026, 3)
QUARTER = "/desk/tasks/unfinished/?unit=210504&quarter=2026Q3"
YEAR = "/desk/tasks/coverage/?unit=210504&quarter=2026Q4"


def decide(client, url, act, **data):
    """As a browser does: what stands on the page goes back with the form."""
    return post_and_follow(client, url, act=act, seen=seen_on(client, url), **data)


def seen_on(client, url) -> list[str]:
    return re.findall(r'name="seen" value="([^"]+)"', html_of(client.get(url)))


def rows_of(client, url) -> list:
    book = openpyxl.load_workbook(io.BytesIO(client.get(url).content))
    return list(book.active.iter_rows(min_row=3, values_only=True))


# --- the quarter ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(一)2-g")
def test_who_is_not_checked_by_the_25th_is_explained_by_the_planner_and_approved_by_the_leader(at, client):
    unit = make_unit()
    at("2026-07-06 09:00")
    done, *left = make_dispatched(unit, key=0, general=20, special=0, inspectors=6)
    ready(done)
    finish(answer_all(start(done)))
    total = len(left) + 1
    first, others = left[0], left[1:]

    page = html_of(enter(client, make_planner(unit)).get(QUARTER))
    assert f"1 / {total}<small>家</small>" in page and first.facility.name in page and done.facility.name not in page
    assert "也没有写原因" not in page  # D-5 is not over

    at("2026-09-26 09:00")
    assert f"还有 {len(left)} 家没有查完，也没有写原因" in html_of(client.get(QUARTER))
    post_and_follow(client, QUARTER, act="enter", chosen=[i.pick_id for i in left], words="企业停产，十月复工后检查")
    assert "也没有写原因" not in html_of(client.get(QUARTER))
    given = {"chosen": first.pick_id, "opinion": "同意，下季度补查"}
    decide(enter(client, make_approver(unit)), QUARTER, "approve", **given)

    reason = UnfinishedReason.objects.get(pick=first.pick_id)
    assert (reason.decided_at, reason.opinion) == (clock.now(), "同意，下季度补查")
    rows = rows_of(client, QUARTER.replace("?", "export.xlsx?"))
    assert len(rows) == len(left) == len(others) + 1
    (row,) = [row for row in rows if row[0] == first.facility.code]
    assert row[3:5] == ("待检查", "企业停产，十月复工后检查")
    assert (row[6], row[8]) == ("已批准", "同意，下季度补查")
    trailed = AuditEntry.objects.filter(verb="inspections.sealed.viewed")
    assert trailed.filter(details__page="unfinished").exists()


@pytest.mark.clause("六(一)2-g")
def test_a_pick_that_was_never_sent_out_is_left_too(at):
    unit = make_unit()
    at("2026-07-06 09:00")
    draw = make_held_draw(unit, key=0, general=6, special=0)

    found = DrawnList(unit, Q3).found(make_planner(unit), clock.today())

    assert (found.done, found.total) == (0, draw.picks.count())
    assert {line.about for line in found.lines} == {"待派发"}


@pytest.mark.clause("六(一)2-g")
def test_nobody_approves_his_own_reason_and_an_approved_one_stands(at):
    unit = make_unit()
    at("2026-07-06 09:00")
    pick = make_held_draw(unit, key=0, general=6, special=0).picks.first()
    both = make_user((Role.PLANNER, unit), (Role.APPROVER, unit))
    of = {"listing": DrawnList(unit, Q3), "keys": [pick.pk]}
    with refused("由本单位的计划员写原因"):
        gap_actions.explain(**of, words="企业停产", by=make_approver(unit))
    with refused("原因写得太短"):
        gap_actions.explain(**of, words=" ", by=both)
    with refused("没有选中企业"):
        gap_actions.explain(listing=of["listing"], keys=[], words="企业停产", by=both)
    with refused("还没有写原因"):
        gap_actions.approve(**of, opinion="同意", by=make_approver(unit))
    (reason,) = gap_actions.explain(**of, words="企业停产", by=both)
    for decide in (gap_actions.approve, gap_actions.give_back):
        with refused("不能自己批准或退回"):
            decide(**of, opinion="同意", by=both)
        with refused("写明意见"):
            decide(**of, opinion=" ", by=make_approver(unit))
        with refused("由本单位的分管负责人审批"):
            decide(**of, opinion="同意", by=make_planner(unit))
    for state in ("APPROVED", "RETURNED"):
        with pytest.raises(IntegrityError), transaction.atomic():
            UnfinishedReason.objects.update(state=state, decided_by=both, decided_at=clock.now(), opinion="同意")
    gap_actions.approve(**of, opinion="同意", by=make_approver(unit))
    with refused("已经批准，不能再改"):
        gap_actions.explain(**of, words="另一个原因", by=both)
    with refused("已批准，不用再办"):
        gap_actions.give_back(**of, opinion="再想想", by=make_approver(unit))
    assert UnfinishedReason.objects.get().pk == reason.pk


@pytest.mark.clause("六(一)2-g")
def test_a_reason_that_comes_back_is_written_anew_and_waits_again(at, client):
    unit = make_unit()
    planner, leader = make_planner(unit), make_approver(unit)
    at("2026-07-06 09:00")
    first, second, *_ = make_held_draw(unit, key=0, general=12, special=0).picks.all()
    at("2026-09-28 09:00")
    enter(client, planner)
    post_and_follow(client, QUARTER, act="enter", chosen=[first.pk, second.pk], words="来不及，十月再查")
    asked = Duty.objects.get(rule="REASON")
    assert (asked.role, asked.unit, asked.title) == (Role.APPROVER, unit, "审批 2026 年第三季度没有查完的原因")
    told = {m.user for m in Message.objects.filter(title=f"{unit}：{asked.title}")}
    assert leader in told and all(user.has_role(Role.APPROVER) for user in told)

    enter(client, leader)
    answer = decide(client, QUARTER, "return", chosen=first.pk, opinion=" ")
    assert "写明意见" in html_of(answer) and f'value="{first.pk}"' in html_of(answer)
    assert html_of(client.get(QUARTER)).count('name="chosen"') == 2  # those that wait
    page = html_of(decide(client, QUARTER, "return", chosen=first.pk, opinion="停产的附现场照片说明"))
    assert "已退回 1 条原因" in page
    reason = UnfinishedReason.objects.get(pick=first)
    assert (reason.decided_by, reason.state, reason.opinion) == (leader, "RETURNED", "停产的附现场照片说明")
    mend = Duty.objects.get(rule="REASONR")
    assert (mend.role, mend.closed_at) == (Role.PLANNER, None) and "quarter=2026Q3" in mend.url
    (told,) = Message.objects.filter(user=planner, title__contains="退回")
    assert told.title == f"{unit}：1 条原因被退回" and first.facility.name not in told.title + told.body
    assert DrawnList(unit, Q3).found(leader, clock.today()).without_reason >= 1  # returned is not explained

    page = html_of(enter(client, planner).get(f"{QUARTER}&edit={first.pk}"))
    assert "停产的附现场照片说明" in page and ">来不及，十月再查</textarea>" in " ".join(page.split()).replace(
        "> ", ">"
    )
    post_and_follow(client, QUARTER, act="enter", chosen=first.pk, words="九月三日起停产，见现场照片")
    reason.refresh_from_db()
    assert (reason.waits, reason.opinion) == (True, "")
    assert Duty.objects.get(rule="REASONR").closed_at and not Duty.objects.get(rule="REASON").closed_at
    both = {"chosen": [first.pk, second.pk], "opinion": "属实"}
    decide(enter(client, leader), QUARTER, "approve", **both)
    assert Duty.objects.get(rule="REASON").closed_at
    trailed = AuditEntry.objects.filter(verb__startswith="inspections.gap.")
    assert set(trailed.values_list("verb", flat=True)) == {
        f"inspections.gap.{v}" for v in ("entered", "returned", "approved")
    }
    assert not any(first.facility.code in str(e.details) for e in trailed)


@pytest.mark.clause("六(一)2-g")
def test_nobody_decides_on_a_reason_that_was_written_over_since_he_read_it(at, client):
    unit = make_unit()
    planner, leader = make_planner(unit), make_approver(unit)
    at("2026-07-06 09:00")
    pick = make_held_draw(unit, key=0, general=6, special=0).picks.first()
    post_and_follow(enter(client, planner), QUARTER, act="enter", chosen=pick.pk, words="企业停产，十月复工")
    read = seen_on(enter(client, leader), QUARTER)
    at("2026-07-06 09:05")
    post_and_follow(enter(client, planner), QUARTER, act="enter", chosen=pick.pk, words="人手不够，没有去查")

    enter(client, leader)
    for act in ("approve", "return"):
        for seen in (read, []):
            answer = post_and_follow(client, QUARTER, act=act, chosen=pick.pk, opinion="属实", seen=seen)
            assert answer.status_code == 409
            assert "的原因刚才改过，看过新的再批准或退回。" in html_of(answer) and "人手不够" in html_of(answer)
    assert UnfinishedReason.objects.get(pick=pick).waits
    assert "已批准 1 条原因" in html_of(decide(client, QUARTER, "approve", chosen=pick.pk, opinion="属实"))


def test_errors_keep_what_was_chosen_and_written(at, client):
    unit = make_unit()
    at("2026-07-06 09:00")
    first, second, *_ = make_held_draw(unit, key=0, general=12, special=0).picks.all()
    enter(client, make_planner(unit))
    page = html_of(post_and_follow(client, QUARTER, act="enter", words="企业停产，十月复工"))
    assert "没有选中企业。先在名单里勾选。" in page and "企业停产，十月复工</textarea>" in page
    page = html_of(post_and_follow(client, QUARTER, act="enter", chosen=[first.pk, second.pk], words="停"))
    assert "原因写得太短" in page and page.count("checked") == 2
    assert not UnfinishedReason.objects.exists()
    assert "已不在名单里" in html_of(post_and_follow(client, QUARTER, act="enter", chosen=999, words="企业停产了"))


@pytest.mark.clause("六(一)2-g")
def test_the_quarters_duty_ends_with_the_last_approved_reason_after_the_25th(at):
    unit = make_unit()
    planner, leader = make_planner(unit), make_approver(unit)
    at("2026-07-06 09:00")
    picks = list(make_held_draw(unit, key=0, general=12, special=0).picks.all())
    duty = duties.ensure("D-5", unit, "2026Q3")
    of = {"listing": DrawnList(unit, Q3), "keys": [p.pk for p in picks]}
    at("2026-09-24 09:00")
    gap_actions.explain(**of, words="全部停产", by=planner)
    gap_actions.approve(**of, opinion="属实", by=leader)
    duty.refresh_from_db()
    assert not duty.closed_at  # there is still a day
    at("2026-09-26 09:00")
    tasks.coverage_daily()
    duty.refresh_from_db()
    assert duty.closed_by == "没有查完的已写明原因并批准"


@pytest.mark.clause("七(一)1-a")
def test_the_page_says_which_share_of_the_key_facilities_was_drawn(at, client):
    unit = make_unit()
    at("2026-07-06 09:00")
    make_held_draw(unit, key=10, general=0, special=0)
    share = pace.key_share(DrawnList(unit, Q3))
    assert (share.total, share.done) == (10, 0) and share.percent >= 25  # K5
    page = html_of(enter(client, make_planner(unit)).get(QUARTER))
    assert f"抽取 {share.drawn} / 10 家，不低于 25%；已查完 0 家" in page


# --- the year ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(一)1-b")
def test_places_are_kept_for_the_unseen_and_from_october_the_rest_is_listed_with_reasons(at, client):
    unit = make_unit()
    at("2026-07-06 09:00")
    draw = make_held_draw(unit, key=4, general=0, special=0, inspectors=6)
    assert draw.picks.filter(category=Category.KEY, slot="R").exists()  # draw specification 4
    drawn, *_ = dispatch_actions.dispatch(draw=draw, by=make_planner(unit))
    ready(drawn)
    special, visited = (make_facility(unit, category=Category.SPECIAL) for _ in range(2))
    add_key_ground(special, visited)
    make_facility(unit, category=Category.SPECIAL)  # without a key ground: not in K6
    make_finished(unit, no="210504-2026Q3-T001", facility=visited, source=Source.SPECIAL_FACILITY)
    unseen = Facility.objects.filter(unit=unit, category=Category.KEY).exclude(pk=drawn.facility_id)
    make_finished(unit, no="210504-2026Q3-T002", facility=unseen[0])  # a complaint: neither drawn nor 七(一)3
    finish(answer_all(start(drawn)))
    planner = make_planner(unit)

    at("2026-09-30 09:00")
    listing = CoverageList.of_key(unit, 2026)
    found = listing.found(planner, clock.today())
    assert (found.done, found.total, found.lines) == (2, 6, [])  # K6
    with refused("不在没有检查的名单里"):
        gap_actions.explain(listing=listing, keys=[special.pk], kind="STOPPED", words="企业停产", by=planner)

    at("2026-10-01 09:00")
    page = html_of(enter(client, planner).get(YEAR))
    assert "2 / 6" in page and "33.3%" in page and "还有 4 家本年没有检查，也没有写原因" in page
    assert page.count("发起针对性检查</a>（七(一)3）") == 1
    assert f"source=SPECIAL_FACILITY&amp;object={special.code}" in page
    with refused("从列表里选情形"):
        gap_actions.explain(listing=listing, keys=[special.pk], kind="", words="三月起停产", by=planner)
    with refused(f"^{special.name}在名录里现在是在产，不能写“停产”"):
        gap_actions.explain(listing=listing, keys=[special.pk], kind="STOPPED", words="三月起停产", by=planner)
    Facility.objects.filter(pk=special.pk).update(status=OperatingStatus.SUSPENDED)
    page = html_of(client.get(YEAR))
    assert 'value="STOPPED"' in page and 'value="CLOSED"' not in page and 'value="POSITIVE_LIST"' not in page
    post_and_follow(client, YEAR, act="enter", chosen=special.pk, kind="STOPPED", words="三月起停产")
    decide(enter(client, make_approver(unit)), YEAR, "approve", chosen=special.pk, opinion="属实")
    assert "还有 3 家本年没有检查" in html_of(client.get(YEAR))
    assert CoverageReason.objects.get().decided_at == clock.now()
    exported = rows_of(client, YEAR.replace("?", "export.xlsx?"))
    assert [row[4] for row in exported if row[0] == special.code] == ["停产：三月起停产"]


@pytest.mark.clause("七(一)1-b", "七(一)2-b")
def test_a_kind_of_reason_is_what_the_registry_says_when_it_is_written_and_when_it_is_approved(at):
    unit = make_unit()
    at("2026-10-08 09:00")
    planner, place = make_planner(unit), make_facility(unit, category=Category.KEY)
    of = {"listing": CoverageList.of_key(unit, 2026), "keys": [place.pk]}
    for kind, match in (
        ("STOPPED", "现在是在产"),
        ("CLOSED", "现在是在产"),
        ("POSITIVE_LIST", "不在正面清单"),
        ("NEW", "的纳入日期是 2025 年 1 月 1 日，不能写“年内新纳入”。先在名录里变更，或者选“其他”写明。$"),
    ):
        with refused(match):
            gap_actions.explain(**of, kind=kind, words="本年没有查到", by=planner)
    entry = make_listed(place)
    gap_actions.explain(**of, kind="POSITIVE_LIST", words="纳入正面清单", by=planner)
    entry.delete()
    make_listed(place, valid_to=clock.today())
    with refused("不在正面清单"):
        gap_actions.approve(**of, opinion="属实", by=make_approver(unit))
    gap_actions.give_back(**of, opinion="已移出正面清单，改写原因", by=make_approver(unit))


@pytest.mark.clause("七(一)1-b")
def test_a_visit_that_found_the_place_shut_is_not_a_check(at):
    unit = make_unit()
    at("2026-10-08 09:00")
    place = make_facility(unit, category=Category.SPECIAL)
    add_key_ground(place)
    shut = make_finished(unit, facility=place, source=Source.SPECIAL_FACILITY)
    listing = CoverageList.of_key(unit, 2026)
    assert listing.found(make_planner(unit), clock.today()).done == 1
    type(shut).objects.update(outcome=Outcome.NOT_OPERATING)

    found = listing.found(make_planner(unit), clock.today())

    assert (found.done, [line.facility for line in found.lines]) == (0, [place])


# --- who sees it ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(一)2-g", "七(一)1-b")
def test_only_the_circle_of_the_unit_sees_a_name_or_a_number(at, client):
    unit = make_unit()
    at("2026-10-06 09:00")
    draw = make_held_draw(unit, key=8, general=0, special=0)
    pick, drawn = draw.picks.first(), draw.picks.count()
    pages = ["/desk/tasks/unfinished/", "/desk/tasks/coverage/"]
    pages += [page + "export.xlsx" for page in pages]
    asked = "?unit=210504&quarter=2026Q4"

    for user in (make_planner(unit), make_approver(unit), make_supervisor()):
        assert pick.facility.name in html_of(enter(client, user).get(pages[0] + asked))
    other = [make_planner(make_unit("210503")), make_planner(make_city_team()), make_lead_office()]
    for user in [*other, make_registrar(unit)]:
        enter(client, user)
        for page in pages:
            text = words_if_any(client.get(page + asked))
            assert pick.facility.code not in text and not any(f"/ {n} 家" in text for n in (8, drawn))
        lists = [DrawnList(unit, Quarter(2026, 4)), CoverageList.of_key(unit, 2026)]
        assert [listing.found(user, clock.today()) for listing in lists] == [Gaps(), Gaps()]
        for act in (gap_actions.approve, gap_actions.give_back):
            with pytest.raises(Refused):
                act(listing=lists[0], keys=[pick.pk], opinion="同意", by=user)
        with pytest.raises(Refused):
            gap_actions.explain(listing=lists[0], keys=[pick.pk], words="企业停产", by=user)


def words_if_any(response) -> str:
    if response.status_code == 200 and "spreadsheet" in response["Content-Type"]:
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        return str(list(book.active.iter_rows(values_only=True)))
    return html_of(response)


def test_the_lists_ask_no_more_for_many_rows_than_for_one(at, client):
    unit = make_unit()
    at("2026-10-06 09:00")
    draw = make_held_draw(unit, key=12, general=20, special=0, inspectors=6)
    pages = [QUARTER.replace("Q3", "Q4"), YEAR]
    planner = make_planner(unit)
    places = list(Facility.objects.filter(category=Category.KEY).values_list("pk", flat=True))

    def explain(picks, facilities):
        given = {"by": planner, "words": "企业停产"}
        gap_actions.explain(listing=DrawnList(unit, Quarter(2026, 4)), keys=[p.pk for p in picks], **given)
        gap_actions.explain(listing=CoverageList.of_key(unit, 2026), keys=facilities, kind="OTHER", **given)

    picks = list(draw.picks.all())
    assert len(picks) > 3
    explain(picks[:1], places[:1])
    enter(client, planner)
    few = [queries(client, page) for page in pages]
    explain(picks[1:], places[1:])

    assert [queries(client, page) for page in pages] == few
