"""信用修复: how far it has come for what one result led to; the repair itself is decided elsewhere (八(二)-h; domain.md 7.7)."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.workdays.days import full_date, months_after
from inspections.models import CaseActKind, CaseState, FollowUpStep, Inspection, RectificationState, Verdict


@dataclass(frozen=True)
class Repair:
    tone: str  # of components/status.html
    words: str
    why: str = ""


NOTHING = Repair("ok", "没有失信", "没有发现问题，或者没有公开的处罚")


def repair_of(check: Inspection, today: date) -> Repair:
    """By what is public: mended, decided, fulfilled, the least term over; the commitment is made where repair is asked.

    The check comes with its `rectification`, `cases__acts` and `followups` fetched. An order that was handed over to a case is
    fulfilled when the case is ended. What no step has made public is no evidence, and is not told here either.
    """
    case = next((c for c in check.cases.all() if c.state != CaseState.RETURNED), None)
    decided = in_public(check, FollowUpStep.CASE_DECIDED)
    verdict = case.verdict if case and decided else None
    ended = case and case.last(CaseActKind.ENDING)
    if in_public(check, FollowUpStep.CASE_OPENED) and not decided and not ended:
        return Repair("warn", "案件办理中", f"{case.no}，还没有公开决定")
    order = getattr(check, "rectification", None)
    handed = order and order.state == RectificationState.HANDED and not in_public(check, FollowUpStep.TO_CASE)
    if order and (handed or order.state in (RectificationState.OPEN, RectificationState.HALTED)):
        return Repair("warn", "整改未办结", f"{full_date(order.due)}前改正")
    mended = order and order.state == RectificationState.CLOSED
    if mended and not in_public(check, FollowUpStep.MENDED):
        return Repair("warn", "整改未办结", "办结还没有公开")
    if verdict is None and in_public(check, FollowUpStep.TO_CASE) and not ended:
        return Repair("warn", "整改没有改好", "已转立案，还没有公开立案")
    if verdict is None or verdict.verdict != Verdict.PENALTY:
        return Repair("ok", "已改正", f"{full_date(localtime(order.closed_at).date())}整改办结") if mended else NOTHING
    if not ended:
        return Repair("warn", "处罚没有履行完毕", f"{verdict.document_no}，结案以后才能申请修复")
    term = next(t for t in policy.on(today).other_law.public_terms if t.degree == verdict.degree)
    since = localtime(decided.published_at).date()
    first, last = months_after(since, term.least), months_after(since, term.most)
    if today >= last:
        return Repair("ok", "公示期满", f"{full_date(last)}期满，由公示员撤下")
    if today < first:
        return Repair("wait", "最短公示期未满", f"{full_date(first)}以后可以申请修复")
    return Repair("run", "可以申请修复", f"已改正、已履行，最短公示期 {full_date(first)}已满，另需信用承诺")


def in_public(check: Inspection, step: str):
    """The last of these steps that is public."""
    found = [f for f in check.followups.all() if f.step == step and f.published_at]
    return found[-1] if found else None
