"""Which issue is drawn when, and which one a plan names (六(一)2-f, SSJ1 14.3)."""

import re
from datetime import date, datetime, time, timedelta

import pytest

from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import SHANGHAI
from plans.draw import actions as draw_actions
from plans.lottery import actions as lottery_actions
from plans.lottery import schedule as lottery
from plans.lottery.schedule import Break, Schedule
from plans.models import LotteryBreak, LotteryGame, LotterySchedule, PlanSource, SourceKind
from plans.quarterly import actions
from tests.factories import make_approver, make_lead_office, make_planner
from tests.plans.factories import make_branch, make_plan

DAILY = Schedule("K8", (1, 2, 3, 4, 5, 6, 7), time(21, 30), date(2026, 4, 9), 2026087)
TWICE = Schedule("SSQ", (2, 4, 7), time(21, 15))
SPRING = Break("", date(2026, 2, 15), date(2026, 2, 23))
db = pytest.mark.django_db


def moment(day, hour=9, minute=30):
    return datetime.combine(day, time(hour, minute), SHANGHAI)


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2026, 4, 9), 2026087),
        (date(2026, 4, 10), 2026088),
        (date(2026, 7, 9), 2026178),
        (date(2026, 4, 1), 2026079),
        (date(2026, 2, 14), 2026042),  # 44 days in between without their nine of the break
        (date(2027, 1, 3), None),  # the count begins anew with the year
    ],
)
def test_issues_count_on_from_day_to_day_and_not_over_a_break(day, number):
    assert lottery.issue_number(DAILY, [SPRING], day) == number


def test_the_issue_before_the_draw_is_proposed_and_another_games_next_one_as_fallback():
    found = lottery.propose(
        [DAILY, TWICE], [], after=moment(date(2026, 7, 2)), before=moment(date(2026, 7, 10)), game="K8"
    )

    assert (found.first.label, found.first.at) == ("快乐8 第 2026178 期", moment(date(2026, 7, 9), 21, 30))
    assert (found.fallback.label, found.fallback.at) == (
        "双色球 7 月 12 日开奖的一期",
        moment(date(2026, 7, 12), 21, 15),
    )


def test_over_a_break_no_issue_is_proposed():
    golden = [Break("", date(2026, 10, 1), date(2026, 10, 8))]
    before = moment(date(2026, 10, 9))

    assert lottery.propose([DAILY], golden, after=moment(date(2026, 10, 1)), before=before) is None
    assert lottery.propose([DAILY], [], after=moment(date(2026, 10, 1)), before=before).first.day == date(2026, 10, 8)


@db
@pytest.mark.clause("六(一)2-f")
def test_the_editor_names_an_issue_of_the_kept_schedule_and_its_fallback(at):
    at("2026-07-02 09:00")
    lottery_actions.save_schedule(
        game="K8",
        weekdays=[1, 2, 3, 4, 5, 6, 7],
        drawn_at=time(21, 30),
        valid_from=date(2026, 7, 2),
        base_day=date(2026, 4, 9),
        base_issue=2026087,
        source_document="开奖公告（2026 年 4 月 9 日）",
        by=make_lead_office(),
    )

    plan = make_plan()

    source = plan.sources.get()
    assert (source.label, source.due) == ("快乐8 第 2026178 期", moment(date(2026, 7, 9), 21, 30))
    assert (plan.fallback_label, plan.fallback_due) == (
        "七乐彩 7 月 10 日开奖的一期",
        moment(date(2026, 7, 10), 21, 15),
    )


@db
def test_when_the_day_of_the_draw_moves_the_sources_are_proposed_again_and_dice_stay(at):
    at("2026-07-02 09:00")
    plan = make_plan()
    by = make_planner(plan.unit)
    dice = {"kind": SourceKind.DICE, "label": "司法局见证人", "due": moment(date(2026, 7, 7), 15)}
    old = [{"kind": s.kind, "label": s.label, "due": s.due} for s in plan.sources.all()]
    data = {"draw_at": moment(date(2026, 7, 8)), "sources": [dice, *old]}
    plan = actions.save_plan(plan=plan, by=by, data=data)

    plan = actions.propose_sources(plan=plan, by=by)

    assert [s.label for s in plan.sources.order_by("position")] == ["司法局见证人", "快乐8 7 月 7 日开奖的一期"]


@db
def test_games_with_few_numbers_are_refused_and_only_the_lead_office_keeps_the_days():
    lead = make_lead_office()
    fields = {
        "weekdays": [1],
        "drawn_at": time(21, 15),
        "valid_from": date(2026, 7, 6),
        "source_document": "开奖公告",
    }

    with pytest.raises(Refused, match="号码太少"):
        lottery_actions.save_schedule(game="3D", by=lead, **fields)
    with pytest.raises(Refused, match="起算日不是开奖日"):
        lottery_actions.save_schedule(game="SSQ", by=lead, base_day=date(2026, 4, 9), base_issue=2026040, **fields)
    with pytest.raises(Refused, match="由牵头部门维护"):
        lottery_actions.save_schedule(game="SSQ", by=make_planner(make_branch()), **fields)
    with pytest.raises(Refused, match="起始日不能早于今天"):
        lottery_actions.save_schedule(game="SSQ", by=lead, **fields | {"valid_from": date(2020, 1, 1)})
    with pytest.raises(Refused, match="一次最多登记 60 天"):
        lottery_actions.add_break(
            game="", starts_on=date(2026, 1, 1), ends_on=date(2036, 11, 1), source_document="休市公告", by=lead
        )
    with pytest.raises(Refused, match="早于开始"):
        lottery_actions.add_break(
            game="", starts_on=date(2026, 2, 23), ends_on=date(2026, 2, 15), source_document="休市公告", by=lead
        )
    assert LotterySchedule.objects.filter(entered_by__isnull=False).count() == 0
    assert LotteryBreak.objects.count() == 0
    assert {row.game for row in LotterySchedule.objects.all()} == set(LotteryGame.values)


@db
def test_a_break_that_is_entered_takes_its_days_out_of_the_proposal(at):
    at("2026-07-02 09:00")
    lead = make_lead_office()
    row = lottery_actions.add_break(
        game="", starts_on=date(2026, 7, 8), ends_on=date(2026, 7, 9), source_document="休市公告", by=lead
    )
    draw = moment(date(2026, 7, 10))
    assert lottery.proposal_for(draw, now=moment(date(2026, 7, 2))).first.day == date(2026, 7, 7)

    lottery_actions.remove_break(row=row, by=lead)

    assert lottery.proposal_for(draw, now=moment(date(2026, 7, 2))).first.day == date(2026, 7, 9)


@db
@pytest.mark.parametrize(
    ("label", "after", "sentence"),
    [
        ("福彩3D第2026180期", timedelta(days=1), "3D、排列三、排列五的号码太少，备用的一期换用快乐8、双色球或大乐透"),
        ("", timedelta(days=1), "备用的一期与原定的相同，换一期"),
        ("双色球第2026080期", timedelta(hours=-1), "备用的一期在原定的一期之后开出，换晚一期"),
        ("快乐8第2027009期", timedelta(days=184), "备用的一期要在检查完成的那天（9 月 25 日）之前开出，换早一期"),
        ("双色球第2026081期", timedelta(days=1), "备用的一期：双色球周五不开奖（7 月 10 日），换一期"),
    ],
)
def test_a_fallback_is_another_issue_later_and_with_enough_numbers(at, label, after, sentence):
    at("2026-07-02 09:00")
    plan = make_plan()
    source = plan.sources.get()
    data = {"fallback_label": label or source.label, "fallback_due": source.due + after}

    plan = actions.save_plan(plan=plan, by=make_planner(plan.unit), data=data)

    with pytest.raises(Refused, match=sentence.split("，")[0]):
        actions.submit_plan(plan=plan, by=make_planner(plan.unit))


@db
@pytest.mark.clause("六(一)2-f")
def test_a_day_without_drawing_stops_the_plan_at_submission_approval_and_seal(at):
    at("2026-07-02 09:00")
    drafted, submitted = make_plan(), make_plan(make_branch(code="210503"), upto="SUBMITTED")
    public = make_plan(make_branch(code="210502"), upto="PUBLISHED")
    draw = draw_actions.prepare_draw(plan=public, by=make_planner(public.unit))
    lottery_actions.add_break(
        game="K8",
        starts_on=date(2026, 7, 8),
        ends_on=date(2026, 7, 9),
        source_document="休市公告",
        by=make_lead_office(),
    )
    closed = "快乐8 7 月 9 日休市，没有开奖"

    with pytest.raises(Refused, match=closed):
        actions.submit_plan(plan=drafted, by=make_planner(drafted.unit))
    with pytest.raises(Refused, match=closed):
        actions.approve_plan(plan=submitted, by=make_approver(submitted.unit))
    with pytest.raises(Refused, match=closed):
        draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))


@db
@pytest.mark.parametrize(
    ("hour", "sentence"), [(23, "快乐8 7 月 9 日 21:30 就开出"), (12, "快乐8 7 月 9 日 21:30 才开出")]
)
def test_an_issue_is_said_to_come_out_when_it_does(at, hour, sentence):
    """If later, the list could be sealed when its number is known already; if earlier, people wait for nothing."""
    at("2026-07-02 09:00")
    plan = make_plan()
    data = {"sources": [{"kind": "LOTTERY", "label": "快乐8第2026177期", "due": moment(date(2026, 7, 9), hour)}]}

    plan = actions.save_plan(plan=plan, by=make_planner(plan.unit), data=data)

    with pytest.raises(Refused, match=sentence):
        actions.submit_plan(plan=plan, by=make_planner(plan.unit))


@pytest.mark.parametrize(
    ("label", "wrong"),
    [
        ("快乐8第2026262期", ""),
        ("快乐８ 第 ２０２６２６２ 期", ""),
        ("中国福利彩票快乐8 2026262", ""),
        ("快乐8第26262期", ""),
        ("快乐8第262期", ""),
        ("快乐8 10 月 9 日第 2026262 期", ""),
        ("快乐8 10 月 9 日开奖的一期", ""),
        ("七星彩第2026266期", ""),  # not kept
        ("快乐8第2026266期", "2026266"),
        ("快 乐 8 第 2026200 期", "2026200"),
        ("快乐8 2026266", "2026266"),
        ("快乐8第2025262期", "2025262"),
        ("快乐8第266期", "266"),
    ],
)
def test_the_number_of_an_issue_is_that_of_its_day_however_it_is_written(label, wrong):
    golden = Break("", date(2026, 10, 1), date(2026, 10, 8))
    kept = lottery.Kept(((date(2026, 1, 1), DAILY),), (golden,))
    reason = f"按开奖日程，10 月 9 日开奖的是快乐8第 2026262 期，现在写的是第 {wrong} 期"

    assert kept.why_not_drawn(label, moment(date(2026, 10, 9), 21, 30)) == (reason if wrong else "")


@db
@pytest.mark.clause("六(一)2-f")
def test_an_issue_of_another_day_stops_the_plan_at_submission_approval_and_seal(at):
    """快乐8 第 2026200 期, drawn long ago, stood in a plan as the one of 9 October; it could be known before the seal."""
    at("2026-07-02 09:00")
    drafted, submitted = make_plan(), make_plan(make_branch(code="210503"), upto="SUBMITTED")
    public = make_plan(make_branch(code="210502"), upto="PUBLISHED")
    draw = draw_actions.prepare_draw(plan=public, by=make_planner(public.unit))
    PlanSource.objects.update(label="快乐8第2026150期")
    lottery_actions.save_schedule(
        game="K8",
        weekdays=[1, 2, 3, 4, 5, 6, 7],
        drawn_at=time(21, 30),
        valid_from=date(2026, 7, 2),
        base_day=date(2026, 4, 9),
        base_issue=2026087,
        source_document="开奖公告（2026 年 4 月 9 日）",
        by=make_lead_office(),
    )
    another = "7 月 9 日开奖的是快乐8第 2026178 期，现在写的是第 2026150 期"

    with pytest.raises(Refused, match=another):
        actions.submit_plan(plan=drafted, by=make_planner(drafted.unit))
    with pytest.raises(Refused, match=another):
        actions.approve_plan(plan=submitted, by=make_approver(submitted.unit))
    with pytest.raises(Refused, match=another):
        draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))


@db
def test_a_new_schedule_is_a_version_and_the_old_one_stays_to_be_read(client, at):
    at("2026-07-02 09:00")
    lead = make_lead_office()
    for issue in (2026087, 2026088):
        lottery_actions.save_schedule(
            game="K8",
            weekdays=[1, 2, 3, 4, 5, 6, 7],
            drawn_at=time(21, 30),
            valid_from=date(2026, 7, 2),
            base_day=date(2026, 4, 9),
            base_issue=issue,
            source_document="开奖公告",
            by=lead,
        )
    client.force_login(lead)

    page = re.sub(r"<[^>]+>", " ", client.get("/desk/lottery/").content.decode())

    assert "2026087" in page
    assert [row.standing for row in client.get("/desk/lottery/").context["rows"] if row.one.game == "K8"] == [
        "现在有效",
        "已由新的一版代替",
        "已由新的一版代替",
    ]
    assert lottery.proposal_for(moment(date(2026, 7, 10)), now=moment(date(2026, 7, 2))).first.number == 2026179
