"""整改 in each of its states, made through the actions. Set the clock before: `at("2026-07-09 10:00")`."""

from datetime import timedelta

from benxi_shuangsuiji import clock
from disclosure.publishing.actions import publish_result
from inspections.models import Answer, Inspection, Outcome, Rectification, RectificationReport, TargetedCheck
from inspections.rectification import actions, reports
from inspections.review import actions as review_actions
from inspections.visits import actions as visits_actions
from tests.factories import make_approver, make_disclosure_officer, make_planner
from tests.inspections.factories import answer_all, finish, make_started, ready, start, team_of
from tests.inspections.targeted.factories import approve
from tests.inspections.targeted.factories import make_complaint as complain
from tests.plans.draw.factories import make_item_list

POINTS = [
    ("A01", "污染防治设施运行情况", 1, "污染防治设施是否正常运行"),
    ("A01", "污染防治设施运行情况", 2, "运行台账是否完整"),
]
WORDS = ("污水站 7 月 3 日至 9 日没有加药记录", "事故应急池堆放杂物，容积不够")


def ordered_check(unit=None, *, days=14, told=True, **fields) -> Inspection:
    """A finished check with two problems to be put right in so many days."""
    check = make_started(unit, points=POINTS, **fields)
    answer_all(check)
    for point, words in zip(check.answers.all(), WORDS, strict=True):
        visits_actions.answer_point(
            inspection=check, pk=point.pk, answer=Answer.FOUND, words=words, by=team_of(check)[0].user
        )
    return finish(
        check,
        told=told,
        outcome=Outcome.RECTIFY_ORDERED,
        finding="；".join(WORDS),
        rectify_by=clock.today() + timedelta(days=days),
    )


def make_rectification(unit=None, *, published=True, **fields) -> Rectification:
    """Opened by the review of its result, which is public."""
    check = ordered_check(unit, **fields)
    check = review_actions.review_result(inspection=check, by=make_approver(check.unit))
    if published:
        publish_result(inspection=check, by=make_disclosure_officer(check.unit))
    return Rectification.objects.select_related("inspection__unit", "inspection__facility").get(inspection=check)


def make_complained(facility) -> TargetedCheck:
    return complain(facility)


def leader_of(rectification) -> object:
    """Of the team: who asks."""
    return team_of(rectification.inspection)[0].user


def report(rectification, **changes) -> RectificationReport:
    """Handed in by the address of the notice: the first mended, the second on the way."""
    said = {
        "lines": {1: ("DONE", "已专设加药记录本，每 4 小时记一次"), 2: ("DOING", "应急池已清空")},
        "files": {},
        "by_name": "齐某",
    }
    draft, _ = reports.keep_report(rectification=rectification, **said | changes)
    return reports.send_report(report=draft)


def ask(rectification, kind, **changes):
    days = {"until": rectification.due + timedelta(days=14)} if kind in ("EXTEND", "AGAIN") else {}
    said = {"points": [2]} if kind == "EXTEND" else {}
    said |= {"on": clock.today()} if kind in ("HALT", "RESUME") else {}
    words = {"reason": "照片和施工合同对得上，建议同意", "by": leader_of(rectification), **days, **said}
    return actions.ask(rectification=rectification, kind=kind, **words | changes)


def decided(rectification, kind, **changes):
    act = ask(rectification, kind, **changes)
    return actions.approve(act=act, by=make_approver(act.decided_in))


def check_again(rectification, *, mended=(True, True), outcome=None) -> Inspection:
    """Asked for, approved, gone to, recorded and reviewed: what it found is in the 整改 again."""
    check, unit = rectification.inspection, rectification.inspection.unit
    team = team_of(check)
    asked = actions.check_again(
        rectification=rectification,
        by=make_planner(unit),
        items=make_item_list(clock.today().year).items.all(),
        leader=team[0],
        members=team[1:],
        mode=check.mode,
        finish_by=clock.today() + timedelta(days=5),
    )
    again = approve(asked).inspection
    ready(again)
    start(again)
    good = all(mended)
    answer_all(again) if good else answer_all(again, Answer.FOUND, "应急池仍堆放杂物")
    again = finish(
        again,
        outcome=outcome or (Outcome.NO_ISSUE if good else Outcome.PENDING),
        finding="" if good else "应急池仍堆放杂物",
    )
    return review_actions.review_result(inspection=again, by=make_approver(unit))
