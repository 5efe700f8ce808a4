"""What pages show of approvals: how many wait, one of them in words, what was made up late (N-6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.forms.pages import Row
from benxi_shuangsuiji.subject import Waiting
from benxi_shuangsuiji.workdays.days import short_date, weekday
from inspections.models import ApprovalState, CheckApproval, Mode, Source, TargetedCheck

from .days import minutes_words

TONES = {
    ApprovalState.ASKED: "warn",
    ApprovalState.APPROVED: "ok",
    ApprovalState.RETURNED: "bad",
    ApprovalState.TAKEN_BACK: "wait",
}


def waiting(user, unit, quarter):
    """The checks that wait for this person's word."""
    return Waiting((CheckApproval.objects.to_decide(user),))


def days_words(asked: CheckApproval) -> str:
    return f"{short_date(asked.first_day)}至 {short_date(asked.last_day)}，约 {minutes_words(asked.minutes)}"


def planned_words(inspection) -> str:
    """8 月 19 日 周三 9:00 到，约 2 小时 30 分."""
    if inspection.planned_on is None:
        return ""
    return f"{arrival_words(inspection)}，约 {minutes_words(inspection.planned_minutes)}"


def arrival_words(inspection) -> str:
    """8 月 19 日 周三 9:00 到."""
    if inspection.planned_on is None:
        return ""
    hour = f" {_hour_words(inspection)}" if inspection.planned_from else ""
    return f"{short_date(inspection.planned_on)} {weekday(inspection.planned_on)}{hour}"


def _hour_words(inspection) -> str:
    """9:00 到; nobody goes to a place that is looked at from outside (N-14)."""
    return f"{inspection.planned_from:%-H:%M} {'到' if inspection.mode == Mode.ONSITE else '开始'}"


def card_words(inspection, today) -> str:
    """On the list of a day: of today's the hour and how long, of a later one the day (28a)."""
    if inspection.planned_on == today and inspection.planned_from:
        return f"{_hour_words(inspection)}，约 {minutes_words(inspection.planned_minutes)}"
    return suggested_words(inspection, today)


def suggested_words(inspection, today) -> str:
    """建议 8 月 19 日 周三 9:00 到; a day that is over is said to be over, with the last one that is left (七(五)-q)."""
    if inspection.planned_on is None:
        return ""
    words = arrival_words(inspection)
    if inspection.planned_on >= today:
        return f"建议 {words}"
    left = f"最迟 {short_date(inspection.finish_by)}" if inspection.finish_by and inspection.finish_by >= today else ""
    return "，".join(filter(None, [f"建议的 {short_date(inspection.planned_on)}已过", left]))


def approved_words(inspection, day) -> str:
    """已批准　本环检审…: the approval under which the team arrives that day (29d)."""
    given = inspection.approvals.final().filter(first_day__lte=day, last_day__gte=day).first()
    return f"已批准　{given.no}" if given else ""


def people_words(asked: CheckApproval) -> str:
    return "、".join(p["name"] + ("（组长）" if p["is_leader"] else "") for p in asked.facts["people"])


def notice_words(asked: CheckApproval) -> str:
    return f"提前送达：{asked.notice_reason}" if asked.notice_beforehand else "到场时送达"


def earlier(rows: Iterable[CheckApproval]) -> dict[int, list[str]]:
    """Of each of these requests what was said at the steps before: whoever decides next reads it."""
    found: dict[int, list[str]] = {row.pk: [] for row in rows}
    of = {"no__in": {row.no for row in rows}, "inspection__in": {row.inspection_id for row in rows}}
    passed = CheckApproval.objects.approved().filter(**of, then_in__isnull=False).order_by("pk")
    for step in passed.select_related("inspection", "decided_in", "asked_by", "decided_by"):
        said = f"{step.asked_by.full_name}报批，{step.decider}{step.decided_by.full_name}同意"
        said += f"：{step.opinion}" if step.opinion else ""
        for row in rows:
            if (row.no, row.inspection_id) == (step.no, step.inspection_id) and row.pk > step.pk:
                found[row.pk].append(said)
    return found


def row_of(asked: CheckApproval, said: Iterable[str] = ()) -> Row:
    """One request as the page of its check shows it, with what was said at the steps before."""
    facts = asked.facts
    notes = [
        f"编号 {asked.no}，由{asked.decided_in.short_name}审批" + ("（补办）" if asked.made_up else ""),
        f"检查小组：{people_words(asked)}",
        *([f"协助检查人员：{facts['assistants']}"] if facts.get("assistants") else []),
        f"检查事项：{'、'.join(facts['items'])}",
        *([f"进现场的原因：{facts['onsite_why']}"] if facts.get("onsite_why") else []),
        f"通知书：{notice_words(asked)}",
        *said,
    ]
    return Row(asked, TONES[asked.state], days_words(asked), notes=notes)


def dressed(rows: Iterable[CheckApproval]) -> list[CheckApproval]:
    """With the words of the list's cells."""
    found = list(rows)
    before = earlier(found)
    for row in found:
        row.earlier = before[row.pk]
        goes_on = row.state == ApprovalState.APPROVED and row.then_in_id
        row.state_words = f"{row.decider}已同意" if goes_on else row.get_state_display()
        row.tone, row.days_words, row.n_items = TONES[row.state], days_words(row), len(row.facts["items"])
    return found


@dataclass(frozen=True)
class MadeUp:
    """One emergency: when its team was sent, until when the approval had to be made up, and when it was (N-6)."""

    asked: TargetedCheck
    until: datetime
    decided_at: datetime | None
    is_late: bool

    @property
    def hours(self) -> str:
        end = self.decided_at
        return "" if end is None else f"{(end - self.asked.asked_at).total_seconds() / 3600:.1f}"


def hours_for(day) -> int:
    return policy.on(day).recommended.retro_approval_within_hours


def made_up(rows, now: datetime) -> list[MadeUp]:
    """Of targeted checks, the emergencies and whether their approval came in time."""
    found = []
    for asked in rows.filter(source=Source.EMERGENCY):
        sent = localtime(asked.asked_at)
        until = sent + timedelta(hours=hours_for(sent.date()))
        found.append(MadeUp(asked, until, asked.decided_at, (asked.decided_at or now) > until))
    return found
