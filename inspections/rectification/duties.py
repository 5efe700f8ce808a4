"""整改 in to-dos: the re-inspection by its day (D-21), a leader's word, what the team has to say or ask next (八(二)-e)."""

from datetime import datetime

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import tell_people
from inspections.checks.duties import of_the_leader
from inspections.followups.duties import decided as answered
from inspections.followups.duties import our_days, to_decide
from inspections.models import ActState, Rectification, RectificationAct, RectificationReport, RectificationState

from . import clock

AGAIN = Step("D-21", button="办理整改", stage="处理")
DECISION = Step("MENDASK", "审批整改的申请", button="审批整改", noun="整改审批", stage="处理")
NEXT = Step("MENDNEXT", "提出整改的下一步", button="提出下一步", noun="整改下一步", stage="处理")


def opened(rectification: Rectification) -> None:
    """From the review on; while the place stands still it waits, and another day is another day of the duty."""
    check, due = rectification.inspection, clock.check_again_by(rectification)
    title = f"复查整改 {check.no}"
    AGAIN.open(
        check.unit,
        check.no,
        **of_the_leader(check),
        title=title,
        due=due,
        url=rectification.get_absolute_url(),
        consequence="没有复查记录，整改不能办结。",
    )
    duty = AGAIN.duties.filter(unit=check.unit, period=check.no).first()
    if duty and (duty.due != due.date or duty.closed_at):
        AGAIN.give_back(check.unit, check.no, title=title, due=due)


def stopped(rectification: Rectification, event: str, at: datetime) -> None:
    """No re-inspection is owed now."""
    AGAIN.close(rectification.inspection.unit, rectification.inspection.no, event, at)


def nothing_is_owed(rectification: Rectification, unanswered: list[RectificationAct], event: str, at: datetime) -> None:
    """The order stands no more: neither the team nor whoever was asked has anything left to do; who asked is told."""
    stopped(rectification, event, at)
    keep_next(rectification, False, event, at)
    for act in unanswered:
        DECISION.close(act.decided_in, period_of(act), event, at)
        words = f"{act.get_kind_display()}的申请{act.get_state_display()}"
        tell_people([act.asked_by_id], words, f"{event}。", rectification.get_absolute_url())


def keep_next(rectification: Rectification, wanted: bool, words: str, at: datetime) -> None:
    """The team has it to ask for what comes next: an opinion on the enterprise's wish, the end, or another way."""
    check = rectification.inspection
    came = NEXT.keep(
        check.unit,
        check.no,
        wanted=wanted,
        **of_the_leader(check),
        title=f"{words} {check.no}",
        due=our_days(at),
        event=words,
        at=at,
        url=rectification.get_absolute_url(),
        consequence="企业在等答复。",
    )
    if came:
        team = check.members.values_list("inspector__user_id", flat=True)
        duty = NEXT.duties.open().filter(unit=check.unit_id, period=check.no).first()
        tell_people(team, words, f"检查 {check.no}。", rectification.get_absolute_url(), duty)


def asked(act: RectificationAct, by: User) -> None:
    title, url = f"审批{act.get_kind_display()} {act.rectification.inspection.no}", act.rectification.get_absolute_url()
    about = {"url": url, "consequence": "决定以前期限不变。"}
    to_decide(DECISION, act.decided_in, period_of(act), title, by=by, at=act.asked_at, **about)


def decided(act: RectificationAct) -> None:
    words, url = f"{act.get_kind_display()}{act.get_state_display()}", act.rectification.get_absolute_url()
    answered(DECISION, act.decided_in, period_of(act), act, words, url)


def period_of(act: RectificationAct) -> str:
    return f"{act.rectification.inspection.no}:{act.pk}"


def wish_of(rectification: Rectification) -> RectificationReport | None:
    """The enterprise's wish for more time that the team has not passed on."""
    if rectification.state != RectificationState.OPEN:
        return None
    last = rectification.reports.filter(sent_at__isnull=False, wish_until__isnull=False).last()
    passed_on = last and last.acts.exclude(state=ActState.OVER).exists()
    return last if last and not passed_on and last.wish_until > rectification.due else None
