"""Pages of 改为现场检查: the team or the planner asks, the leader decides (七(三)-a, -c)."""

from functools import partial

from django.shortcuts import get_object_or_404

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, act_page, decision_page
from benxi_shuangsuiji.notices.agenda import badge_of
from inspections.models import Inspection, Mode, OnsiteReason, OnsiteRequest, OnsiteState
from inspections.offsite import pages as look_pages

from . import actions, duties, rules
from .forms import OnsiteDecisionForm, OnsiteForm

TONES = {
    OnsiteState.ASKED: "warn",
    OnsiteState.APPROVED: "ok",
    OnsiteState.RETURNED: "bad",
    OnsiteState.OVER: "wait",
}
FIRST_OFFSITE = "正面清单企业除信访举报外，优先用非现场方式，原则上不进现场。要进现场的写明原因，由分管负责人批准。"
FROM_OUTSIDE = "这次检查用非现场方式，不进现场。要进现场的写明原因，由分管负责人批准。"
WHO = [
    ("检查小组、本单位计划员", "申请改为现场检查"),
    ("本单位分管负责人", "批准，或者退回；不能批准本人的申请"),
]


@requires(P.FIELD_WORK)
def field_onsite(request, no):
    """A member of the team asks."""
    inspection = get_object_or_404(
        Inspection.objects.in_my_team(request.user).select_related("facility", "unit"), no=no
    )
    return act_page(
        request,
        "inspections/onsite/field_onsite.html",
        OnsiteForm(request.POST or None, initial=_initial(inspection), reasons=rules.reasons(inspection)),
        partial(actions.ask, inspection=inspection, by=request.user),
        inspection.field_url,
        "申请已提交。批准以前，仍用非现场方式。",
        facts=lambda: {
            "obstacle": rules.why_not_ask_onsite(inspection, request.user),
            "asked": actions.latest(inspection),
            "rows": look_pages.rows_of(inspection.looks.with_clue(), inspection.no),
            "first_offsite": _first(inspection),
        },
        inspection=inspection,
    )


@requires(P.SEE_SEALED)
def task_onsite(request, no):
    """The requests of one check; the planner asks, the leader decides."""
    user = request.user
    inspection = get_object_or_404(
        Inspection.objects.visible_to(user)
        .filter(unit__in=user.units_with(P.SEE_SEALED))
        .select_related("facility", "unit", "draw"),
        no=no,
    )
    rows = [_row(asked) for asked in inspection.onsite_requests.select_related("asked_by", "decided_by", "inspection")]
    pending = next((row.asked for row in rows if row.asked.waits), None)

    def facts():
        trail.record("inspections.sealed.viewed", by=user, about=inspection, page="task-onsite")
        attached = pending.looks.all() if pending else inspection.looks.with_clue()
        return {"looks": look_pages.rows_of(attached, inspection.no)}

    return decision_page(
        request,
        about=inspection,
        template="inspections/onsite/task_onsite.html",
        pending=pending,
        rows=rows,
        ask=None if rows and inspection.mode != Mode.OFFSITE else _ask(inspection, user),
        decide=_decide(pending, user) if pending and user.may(P.APPROVE_AMENDMENT, inspection.unit) else None,
        nobody="由本单位的分管负责人批准。" if pending else "",
        who=WHO,
        due=badge_of(duties.open_of(pending), clock.today()) if pending else None,
        facts=facts,
        inspection=inspection,
    )


def _first(inspection: Inspection) -> str:
    return FIRST_OFFSITE if rules.is_listed(inspection) else FROM_OUTSIDE


def _initial(inspection: Inspection) -> dict:
    """Of a clue that came up while it was looked at, reason and words stand ready (N-14)."""
    clues = list(inspection.looks.with_clue())
    if not clues:
        return {}
    numbers = "、".join(str(look.number) for look in clues)
    words = "；".join(look.clue for look in clues)
    return {"reason": OnsiteReason.CLUE, "reference": f"非现场查看第 {numbers} 次", "words": words[:300]}


def _row(asked: OnsiteRequest) -> Row:
    return Row(asked, TONES[asked.state], asked.get_reason_display(), notes=[f"编号 {asked.reference}", asked.words])


def _ask(inspection: Inspection, user) -> Ask:
    return Ask(
        partial(OnsiteForm, initial=_initial(inspection), reasons=rules.reasons(inspection)),
        partial(actions.ask, inspection=inspection, by=user),
        "申请已提交，等分管负责人批准。",
        obstacle=rules.why_not_ask_onsite(inspection, user),
        title="申请改为现场检查",
        notes=[_first(inspection)],
    )


def _decide(pending: OnsiteRequest, user) -> Decide:
    decide = partial(actions.decide, request=pending, by=user)
    return Decide(
        OnsiteDecisionForm,
        partial(decide, approve=True),
        partial(decide, approve=False),
        approved="已批准，改为现场检查。",
        rejected="未批准，仍用非现场方式。",
        obstacle=rules.why_not_open_onsite(pending, user),
        title="批准以后改为现场检查，不能撤回",
        approve_button="批准现场检查",
        reject_button="不批准",
    )
