"""What the pages of item lists and of quarterly plans have in common."""

from types import SimpleNamespace

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.notices.agenda import left_of_due
from benxi_shuangsuiji.workdays.days import Quarter, full_date, short_date

from .models import PlanStatus, QuarterlyPlan
from .states import EDITABLE

P = Permission
TONES = {"DRAFT": "wait", "SUBMITTED": "warn", "RETURNED": "warn", "APPROVED": "run", "PUBLISHED": "ok"}


def unit_and_quarter(request, unit, quarter, permission=P.SEE_PLANS):
    try:
        wanted = Quarter.parse(quarter)
    except ValueError:
        raise Http404 from None
    found = get_object_or_404(Unit.objects.drawing().filter(pk__in=request.user.units_with(permission)), code=unit)
    return found, wanted


def plan_of(request, unit, quarter, permission=P.SEE_PLANS) -> QuarterlyPlan:
    found, wanted = unit_and_quarter(request, unit, quarter, permission)
    plans = QuarterlyPlan.objects.visible_to(request.user).of(wanted).whole().select_related("unit__serves")
    return get_object_or_404(plans, unit=found)


def plan_frame(plan, user, today, calendar):
    due = plan.quarter.plan_due(calendar)
    return {
        "plan": plan,
        "quarter_path": str(plan.quarter).lower(),
        "tone": TONES[plan.status],
        "due": due_badge(due, today, done=plan.approved_at is not None or plan.is_being_changed),
        "due_day": short_date(due.date) + due.mark,
        "may_edit": plan.status in EDITABLE and user.may(P.EDIT_PLANS, plan.unit),
        "may_decide": plan.status == PlanStatus.SUBMITTED and user.may(P.APPROVE_PLANS, plan.unit),
        "saved": localtime(plan.saved_at),
    }


def due_badge(due, today, *, done=False, calendar=None):
    """`calendar`: from who shows many rows, and has read it once for all."""
    if done:
        return SimpleNamespace(text="已完成", state="done", title=full_date(due.date))
    text, tone = left_of_due(due, today, calendar or workdays.calendar())
    return SimpleNamespace(text=text, state=tone, title=f"{full_date(due.date)}前完成{due.mark}")


def steps_taken(record):
    """Who did what with a list or a plan, newest first."""
    revision, why = getattr(record, "revision", 1), getattr(record, "revision_reason", "")
    steps = [
        (
            getattr(record, "created_at", None),
            f"更改，编制第 {revision} 版" if revision > 1 else "编制",
            record.created_by,
            why,
        ),
        (record.submitted_at, "提交审核", record.submitted_by, getattr(record, "late_reason", "")),
        (record.approved_at, "批准", record.approved_by, record.opinion),
        (record.published_at, "公开", None, ""),
        (getattr(record, "received_at", None), "市执法队签收", None, ""),
    ]
    return [
        {
            "what": what,
            "who": "　".join(str(part) for part in (who, why) if part),
            "when": f"{localtime(at):%Y-%m-%d %H:%M}",
            "state": "g" if what in ("批准", "公开") else "",
        }
        for at, what, who, why in reversed(steps)
        if at
    ]
