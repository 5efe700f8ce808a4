"""Where the platform leads results, what was written there is taken over by the team: once, whole, with its source (issue 17)."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from inspections.exchange import comparing, incoming, results
from inspections.models import Answer, Conclusion, Inspection, PlatformDifference, PlatformResult, PlatformTask
from inspections.paperwork.check_papers import CheckFacts
from inspections.trace import events
from inspections.visits import actions, adopting
from tests.browsing import post, signed_in, text_of
from tests.factories import make_inspector, make_unit
from tests.inspections.exchange.factories import ITEMS, connect, dispatched_now, map_codes, member, pack, task_there
from tests.inspections.factories import answer_all, finish, start, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    unit = make_unit()
    connect(results="MEP")
    map_codes(unit)
    return unit


def said_at(check, minutes) -> str:
    """So long after our team came; the clocks of the two sides may be ten minutes apart."""
    began = localtime(check.there_since or check.dispatched_at)
    return (began + timedelta(minutes=minutes)).isoformat(timespec="seconds")


def result_there(check, version=1, *, found=1, **changes) -> dict:
    """The platform's result of a check: a problem at the first points, the rest without."""
    answers = [
        {
            "item": {"bxs": None, "mep": ITEMS[point.item_code], "name": ""},
            "number": point.number,
            "text": point.text,
            "answer": "FOUND" if at < found else "NONE_FOUND",
            "words": "台账没有七月的记录" if at < found else "",
        }
        for at, point in enumerate(check.answers.order_by("item_code", "number"))
    ]
    return {
        "key": "PT-1",
        "record_version": version,
        "task": check.no,
        "platform_task": "PT-1",
        "started_at": said_at(check, 0),
        "ended_at": said_at(check, 1),
        "mode": "ONSITE",
        "outcome": {"bxs": None, "mep": "JG-2", "name": "当场改正"},
        "finding": "台账没有七月的记录",
        "measures": "当场补记",
        "rectify_by": None,
        "answers": answers,
        "handed_in_at": said_at(check, 2),
        **changes,
    }


def bring(unit, planner, n, check, *args, **changes) -> incoming.Taken:
    return incoming.take(content=pack(unit, n, results=[result_there(check, *args, **changes)]), by=planner)


def adopt(check, version=1):
    return adopting.adopt(inspection=check, version=version, by=team_of(check)[0].user)


def test_the_team_reads_takes_over_and_hands_in_what_was_written_on_the_platform(unit, planner):
    check = start(dispatched_now(unit))
    bring(unit, planner, 1, check)
    member = team_of(check)[0].user
    assert Message.objects.filter(user=member, title__contains="从移动执法平台来了").count() == 1
    difference = PlatformDifference.objects.get()
    page = text_of(signed_in(planner).get(reverse("inspections:platform-difference", args=[difference.pk])))
    assert "检查组在检查清单上采用平台结果" in page
    browser, way = signed_in(member), reverse("inspections:field-adopt", args=[check.no])
    assert way in browser.get(reverse("inspections:field-checklist", args=[check.no])).content.decode()
    page = text_of(browser.get(way))
    assert "当场改正" in page and "台账没有七月的记录" in page and "PT-1" in page
    answer = post(browser, way, version=1)
    assert answer.status_code == 302 and answer["Location"] == reverse("inspections:field-finish", args=[check.no])
    given = [(p.answer, p.words) for p in check.answers.order_by("item_code", "number")]
    assert given[0] == ("FOUND", "台账没有七月的记录") and {answer for answer, _ in given[1:]} == {"NONE_FOUND"}
    assert Inspection.objects.get(pk=check.pk).outcome == "" and not Conclusion.objects.exists()  # a draft, no result
    form = browser.get(answer["Location"]).context["form"]
    assert (form["outcome"].value(), form["measures"].value()) == ("ON_SITE_FIXED", "当场补记")
    difference.refresh_from_db()
    assert (difference.state, difference.decided_by) == ("THEIRS", member)
    assert not Duty.objects.open().filter(rule="PDIFF").exists()
    assert way not in browser.get(reverse("inspections:field-checklist", args=[check.no])).content.decode()

    done = finish(check, outcome="ON_SITE_FIXED", finding="台账没有七月的记录", measures="当场补记")
    assert (done.outcome, done.recorded_by) == ("ON_SITE_FIXED", member)
    assert "采用移动执法平台 PT-1 的检查结果（MEP-210504-000001 第 1 版）" in CheckFacts(done).of("remark")
    (told,) = [e for e in events.of(done) if e.what == "采用移动执法平台的结果"]
    assert told.note == "PT-1　MEP-210504-000001 第 1 版" and told.who == member.full_name
    entry = AuditEntry.objects.get(verb="inspections.exchange.adopted")
    assert (entry.about_key, entry.details["package"], entry.details["version"]) == (check.no, "MEP-210504-000001", 1)


def test_what_the_platform_says_otherwise_of_the_task_or_the_team_stays_to_be_decided(unit, planner):
    check = start(dispatched_now(unit))
    person = member(make_inspector(unit))
    ids = {"key": "PT-1", "record_version": 1, "task": check.no, "platform_task": "PT-1"}
    team = {**ids, "state": "ISSUED", "members": [person]}
    incoming.take(content=pack(unit, 1, teams=[team], results=[result_there(check)]), by=planner)
    adopt(check)
    states = dict(PlatformDifference.objects.values_list("kind", "state"))
    assert states == {"results": "THEIRS", "teams": "OPEN"}
    assert Duty.objects.open().filter(rule="PDIFF").exists()


def test_an_outcome_that_cannot_stand_is_named_on_the_last_page_with_the_text_open(unit, planner):
    check = start(dispatched_now(unit))
    order = {"outcome": {"bxs": None, "mep": "JG-3", "name": ""}, "finding": "台账缺页", "rectify_by": "2027-07-20"}
    told = result_there(check, found=0, **order)
    told["answers"] = told["answers"][:1]
    incoming.take(content=pack(unit, 1, results=[told]), by=planner)
    browser = signed_in(team_of(check)[0].user)
    page = text_of(browser.get(reverse("inspections:field-adopt", args=[check.no])))
    here, there = (f"{localtime(at):%Y-%m-%d %H:%M}" for at in (check.there_since, results.newest(check).ended_at))
    assert f"至 {there}" in page and f"{here} 至 没有结束" in page
    adopt(check)
    left = check.answers.filter(answer="").count()
    answer = browser.get(reverse("inspections:field-finish", args=[check.no]))
    page = text_of(answer)
    assert f"平台的检查结果是“责令限期改正”，这里没有检查点发现问题，还有 {left} 点没有答，不能照着选" in page and left
    html = " ".join(answer.content.decode().split())
    assert '<details class="mt4" open> <summary>检查情况和现场处理' in html and "台账缺页" in html


def test_it_is_taken_over_once_and_only_as_it_was_read(unit, planner):
    check = start(dispatched_now(unit))
    with pytest.raises(Refused, match="没有发来这次检查的结果"):
        adopt(check)
    bring(unit, planner, 1, check)
    bring(unit, planner, 2, check, 2, measures="当场补记，拍照")
    with pytest.raises(Refused, match="又发来新的一版"):
        adopt(check)
    adopt(check, 2)
    before = list(check.answers.values())
    with pytest.raises(Refused, match=r"第 2 版已由.*采用，没有新的内容"):
        adopt(check, 2)
    assert list(check.answers.values()) == before
    bring(unit, planner, 3, check, 3, found=3, measures="又改")
    with pytest.raises(Refused, match="只有这次检查的检查小组成员"):
        adopting.adopt(inspection=check, version=3, by=planner)
    adopt(check, 3)  # what stood there was the platform's own version before
    assert check.answers.filter(answer="FOUND").count() == min(3, check.answers.count())


def test_only_the_team_of_an_open_check_is_offered_it(unit, planner):
    check = start(dispatched_now(unit))
    other = start(dispatched_now(unit))
    bring(unit, planner, 1, check)
    member, way = team_of(check)[0].user, reverse("inspections:field-adopt", args=[check.no])
    assert adopting.offered(check, member).version == 1
    for stranger in (planner, team_of(other)[0].user):
        assert adopting.offered(check, stranger) is None
        assert signed_in(stranger).get(way).status_code in (403, 404)
        assert post(signed_in(stranger), way, version=1).status_code in (403, 404)
    finish(answer_all(check))
    assert adopting.offered(Inspection.objects.get(pk=check.pk), member) is None


def test_a_newer_version_gives_way_to_what_the_team_changed_since(unit, planner):
    check = start(dispatched_now(unit))
    by = team_of(check)[0].user
    bring(unit, planner, 1, check)
    adopt(check)
    first = check.answers.order_by("item_code", "number").first()
    actions.answer_point(inspection=check, pk=first.pk, answer=Answer.NONE_FOUND, by=by)
    bring(unit, planner, 2, check, 2, measures="又改")
    page = text_of(signed_in(by).get(reverse("inspections:field-adopt", args=[check.no])))
    assert f"“{first.text}”已经答过，和平台的不一样" in page and "不能采用" in page  # said before anybody presses
    with pytest.raises(Refused, match="已经答过"):
        adopt(check, 2)


def test_nothing_that_was_written_here_is_overwritten(unit, planner):
    check = start(dispatched_now(unit))
    by = team_of(check)[0].user
    first = check.answers.order_by("item_code", "number").first()
    actions.answer_point(inspection=check, pk=first.pk, answer=Answer.NONE_FOUND, by=by)
    bring(unit, planner, 1, check)
    with pytest.raises(Refused, match=f"“{first.text}”已经答过，和平台的不一样，没有采用"):
        adopt(check)
    assert check.answers.exclude(answer="").count() == 1
    actions.answer_point(inspection=check, pk=first.pk, answer=Answer.FOUND, words="台账没有七月的记录", by=by)
    stamp = check.answers.get(pk=first.pk).answered_at
    adopt(check)
    assert check.answers.get(pk=first.pk).answered_at == stamp and not check.answers.filter(answer="").exists()


def test_what_is_no_point_of_this_check_or_was_concluded_already_is_refused(unit, planner):
    check = start(dispatched_now(unit))
    told = result_there(check)
    told["answers"].append(told["answers"][0] | {"number": 99})
    incoming.take(content=pack(unit, 1, results=[told]), by=planner)
    with pytest.raises(Refused, match="第 99 点不是这次检查的检查点，不能采用"):
        adopt(check)
    bring(
        unit,
        planner,
        2,
        check,
        2,
        found=0,
        finding="",
        measures="",
        outcome={"bxs": "NO_ISSUE", "mep": None, "name": ""},
    )
    answer_all(check)
    actions.conclude(
        inspection=check,
        by=team_of(check)[0].user,
        outcome="NO_ISSUE",
        finding="",
        measures="",
        rectify_by=None,
    )
    with pytest.raises(Refused, match="已经写了检查结果“未发现问题”，不再采用"):
        adopt(check, 2)


def test_where_ours_is_handed_in_or_we_lead_it_stays_a_difference(unit, planner):
    ours = finish(answer_all(start(dispatched_now(unit))))
    bring(unit, planner, 1, ours)
    assert not PlatformResult.objects.exists() and PlatformDifference.objects.filter(state="OPEN").count() > 1
    with pytest.raises(Refused, match="没有发来这次检查的结果"):
        adopt(ours)
    connect(results="BXS")
    check = start(dispatched_now(unit))
    incoming.take(
        content=pack(unit, 2, results=[result_there(check) | {"key": "PT-2", "platform_task": "PT-2"}]), by=planner
    )
    assert results.newest(check) is None
    assert PlatformDifference.objects.get(inspection=check).field == comparing.OUTCOME


def test_the_planner_is_led_to_the_swap_where_the_platform_sends_others(unit, planner):
    connect(dispatch="MEP")
    check = dispatched_now(unit)
    person = member(make_inspector(unit))
    ids = {"key": "PT-1", "record_version": 1, "task": check.no, "platform_task": "PT-1"}
    incoming.take(content=pack(unit, 1, teams=[{**ids, "state": "ISSUED", "members": [person]}]), by=planner)
    way = reverse("inspections:platform-difference", args=[PlatformDifference.objects.get().pk])
    page = signed_in(planner).get(way).content.decode()
    assert "派发以移动执法平台为准" in page and reverse("inspections:task-swaps", args=[check.no]) in page


@pytest.mark.parametrize(
    "change", ["content = '{}'", "version = 9", "adopted_at = now()", "adopted_at = NULL, adopted_by_id = NULL"]
)
def test_the_database_keeps_what_came_and_who_took_it_over(unit, planner, change):
    check = start(dispatched_now(unit))
    bring(unit, planner, 1, check)
    adopt(check)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE inspections_platformresult SET {change}")


@pytest.mark.clause("七(五)-n")
def test_each_look_at_a_page_that_names_a_place_of_the_platform_is_in_the_trail_and_says_no_name(unit, planner):
    """A task of the platform names its firm and people, a difference what was found: each opening leaves its line."""
    bring(unit, planner, 1, start(dispatched_now(unit)))
    incoming.take(content=pack(unit, 2, tasks=[task_there(unit)]), by=planner)
    task, browser = PlatformTask.objects.get(content__isnull=False), signed_in(planner)
    for name, arg in (
        ("platform-task", task.number),
        ("platform-task-decline", task.number),
        ("platform-difference", PlatformDifference.objects.get().pk),
    ):
        looks = AuditEntry.objects.filter(
            verb="inspections.sealed.viewed", details__page=name.replace("platform", "exchange")
        )
        for n in (1, 2):
            assert browser.get(reverse(f"inspections:{name}", args=[arg])).status_code == 200
            assert looks.count() == n, name
        assert {look.unit_id for look in looks} == {unit.pk} and task.facility.name not in str(list(looks.values()))
