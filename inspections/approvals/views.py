"""Pages of 检查审批: a list decided at once, one check asked for and decided, what was made up late (`/desk/approvals/`)."""

from functools import partial

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts import fresh
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.forms.pages import APPROVE, REJECT, Ask, Decide, act_page, decision_page
from benxi_shuangsuiji.notices.agenda import badge_of
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.web.chips import Chip, query_with
from inspections.exchange import leading
from inspections.models import ApprovalChain, ApprovalState, CheckApproval, Inspection, TargetedCheck

from . import actions, days, duties, pages, rules
from .forms import AskForm, ChainForm, DayForm, DecisionForm, ListForm
from .models import offices_of

PER_PAGE = 50  # ui.md 4.5
WHO = [
    ("组长、本单位计划员", "报批，改期重新报批"),
    (
        "科室负责人",
        "按审批层级先写意见的，在分管负责人之前审核；科室没有负责人，或者由本人报批、本人去查的，直接报分管负责人",
    ),
    ("本单位分管负责人", "批准，或者退回；本人是组员的，由另一名分管负责人审批"),
    ("市局分管负责人", "按审批层级需要市局批准的，在分管负责人之后批准"),
]
WITH = ("inspection__facility", "inspection__unit", "inspection__draw", "decided_in", "asked_by", "decided_by")


@requires(P.SEE_SEALED, P.APPROVE_CHECK, P.REVIEW_CHECK)
def approval_list(request):
    """What waits for my word, decided as one list; then the requests of the unit's quarter."""
    user, unit, quarter = request.user, shell.current_unit(request), shell.current_quarter(request)
    waiting = CheckApproval.objects.to_decide(user)
    if no := request.GET.get("no", ""):
        waiting = waiting.filter(no=no)
    form = ListForm(request.POST or None, waiting=waiting) if waiting.exists() else None
    # What is wrong in the form is said first: to return something asks for no password.
    approves = request.POST.get("decision") == APPROVE and form is not None and form.is_valid()
    if approves and (page := fresh.between(request)):
        return page

    def facts():
        mine = pages.dressed(waiting.select_related(*WITH).order_by("inspection__planned_on", "inspection__no"))
        others = CheckApproval.objects.visible_to(user).exclude(pk__in=[row.pk for row in mine])
        others = others.filter(no=no) if no else _of_quarter(others, unit, quarter)
        counts = dict(others.order_by().values_list("state").annotate(n=Count("pk", distinct=True)))
        if wanted := chips.asked(request, "state", ApprovalState.values):
            others = others.filter(state=wanted)
        page = Paginator(others.select_related(*WITH), PER_PAGE).get_page(request.GET.get("page"))
        page.object_list = pages.dressed(page.object_list)
        if seen := len(mine) + len(page.object_list):
            trail.record("inspections.sealed.viewed", by=user, unit=unit, page="approval-list", tasks=seen)
        return {
            "proposals": leading.proposals_among(row.inspection for row in [*mine, *page.object_list]),
            "waiting": mine,
            "page": page,
            "chips": _chips(request, counts, wanted),
            "tones": pages.TONES,
            "may_see_late": bool(unit) and any(user.may(p, unit) for p in (P.SEE_SEALED, P.APPROVE_CHECK)),
            "may_set_chain": bool(user.units_with(P.KEEP_VOCABULARIES)),
        }

    return act_page(
        request,
        "inspections/approvals/approval_list.html",
        form,
        partial(_decide_list, request),
        request.get_full_path(),
        lambda rows: f"已{rows[0].get_state_display()[1:]} {len(rows)} 件检查。",
        late="这些检查已经审批过，下面是结果。",
        facts=facts,
        unit=unit,
        quarter=quarter,
        no=no,
    )


def _chips(request, counts: dict[str, int], wanted: str) -> list[Chip]:
    found = [(s.value, s.label, counts[s]) for s in ApprovalState if counts.get(s)]
    rows = [("", "全部", sum(counts.values())), *found]
    return chips.choices(rows, wanted, lambda state: query_with(request, state=state))


def _of_quarter(rows, unit, quarter):
    mine = rows.filter(inspection__year=quarter.year, inspection__number=quarter.number)
    return mine.filter(inspection__unit=unit) if unit else mine


def _decide_list(request, *, rows, opinion: str):
    chosen = request.POST.get("decision")
    refuse_if("" if chosen in (APPROVE, REJECT) else "没有办理，重新打开页面。")
    return actions.decide(asked=rows, approve=chosen == APPROVE, opinion=opinion, by=request.user)


def _check(request, no) -> Inspection:
    """A check of the circle, or one that has come to this person's office for approval (decisions.md 3)."""
    user = request.user
    mine = Q(unit__in=user.units_with(P.SEE_SEALED)) | Q(approvals__decided_in__in=offices_of(user))
    found = Inspection.objects.filter(mine).distinct().select_related("facility", "unit", "draw")
    return get_object_or_404(found, no=no)


@requires(P.SEE_SEALED, P.APPROVE_CHECK, P.REVIEW_CHECK)
def task_approval(request, no):
    """The approval of one check: the planner asks, the leader decides."""
    user, inspection = request.user, _check(request, no)
    asked = list(
        CheckApproval.objects.visible_to(user)
        .filter(inspection=inspection)
        .select_related(*WITH)
        .order_by("-asked_at", "-pk")
    )
    pending = next((row for row in asked if row.waits), None)
    may_ask = not rules.why_not_asker(inspection, user)
    before = pages.earlier(asked)
    decides = pending is not None and pending.decided_in_id in offices_of(user)

    def facts():
        trail.record("inspections.sealed.viewed", by=user, about=inspection, page="task-approval")
        proposal = leading.why_not_begin(inspection)
        return {"proposal": proposal, "may_change": may_ask and pending is not None and not decides}

    return decision_page(
        request,
        about=inspection,
        template="inspections/approvals/task_approval.html",
        pending=None if pending and may_ask and not decides else pending,
        rows=[pages.row_of(row, before[row.pk]) for row in asked],
        ask=_ask(inspection, user, pending) if may_ask and not decides else None,
        decide=_decide(pending, user) if decides else None,
        nobody=(rules.why_nobody(pending, clock.today()) or f"由{pending.decider}审批。") if pending else "",
        who=WHO,
        due=badge_of(duties.open_of(pending), clock.today()) if pending else None,
        facts=facts,
        inspection=inspection,
        decider=pending.decider if pending else "分管负责人",
        pdf_missing="" if pdf.available() else pdf.MISSING,
    )


def _decide(pending: CheckApproval, user) -> Decide:
    decide = partial(actions.decide, asked=[pending], by=user)
    return Decide(
        DecisionForm,
        partial(decide, approve=True),
        partial(decide, approve=False),
        approved="已批准检查。",
        rejected="已退回。",
        obstacle=rules.why_not_decide(pending, user),
        title=f"批准以后，报{_next_of(pending)}审批" if pending.then_in_id else "批准以后，检查小组可以到场",
        reject_button="退回",
    )


def _next_of(pending: CheckApproval) -> str:
    return "分管负责人" if pending.then_in_id == pending.inspection.unit_id else "市局"


def _ask(inspection: Inspection, user, pending: CheckApproval | None) -> Ask:
    stuck = rules.why_nobody(pending, clock.today()) if pending else ""
    return Ask(
        partial(AskForm, initial=plan_of(inspection)),
        partial(actions.ask, inspection=inspection, by=user),
        _asked_words,
        obstacle=rules.why_not_ask(inspection, user),
        title="报批",
        button=_ask_button(inspection, user),
        notes=[*filter(None, [stuck]), "没有批准不能到场。已经报批的，改了再报，以最后一次为准。"],
    )


def _ask_button(inspection: Inspection, user) -> str:
    (first,) = rules.starts_in([inspection], user, clock.today())
    return f"报{'分管负责人' if first == inspection.unit else '科室负责人'}审批"


def _asked_words(asked: CheckApproval) -> str:
    return f"已报批，等{asked.decider}审批。"


def plan_of(inspection: Inspection) -> dict:
    """What the form begins with: as asked before, else the days that are left."""
    today = clock.today()
    before = rules.standing(inspection)
    last = days.last_day_of(inspection, today)
    on = inspection.planned_on if inspection.planned_on and inspection.planned_on >= today else last
    return {
        "first_day": today,
        "last_day": max(before.last_day, last) if before else last,
        "planned_on": on,
        "minutes": before.minutes if before else days.minutes_for(inspection.answers.count()),
        "assistants": before.facts.get("assistants", "") if before else "",
        "notice_beforehand": before.notice_beforehand if before else False,
        "notice_reason": before.notice_reason if before else "",
    }


@requires(P.FIELD_WORK)
def field_approval(request, no):
    """The leader of the team asks for his check, or for other days, on the phone."""
    inspection = _of_my_team(request, no)
    obstacle = rules.why_not_ask(inspection, request.user)
    return act_page(
        request,
        "inspections/approvals/field_approval.html",
        None if obstacle else AskForm(request.POST or None, initial=plan_of(inspection)),
        partial(actions.ask, inspection=inspection, by=request.user),
        inspection.field_url,
        _asked_words,
        late=obstacle,
        inspection=inspection,
        button=_ask_button(inspection, request.user),
        obstacle=obstacle,
        asked=rules.standing(inspection),
    )


@requires(P.FIELD_WORK)
def field_day(request, no):
    """The leader goes on another of the approved days (七(五)-q)."""
    inspection = _of_my_team(request, no)
    return act_page(
        request,
        "inspections/approvals/field_day.html",
        DayForm(request.POST or None, initial=_day_of(inspection)),
        partial(actions.plan_day, inspection=inspection, by=request.user),
        inspection.field_url,
        "到场时间已改。",
        inspection=inspection,
        asked=rules.standing(inspection),
    )


def _day_of(inspection: Inspection) -> dict:
    hour = inspection.planned_from
    return {"planned_on": inspection.planned_on, "planned_from": f"{hour:%H:%M}" if hour else ""}


def _of_my_team(request, no) -> Inspection:
    found = Inspection.objects.in_my_team(request.user).select_related("facility", "unit", "draw")
    return get_object_or_404(found, no=no)


@requires(P.SEE_SEALED, P.APPROVE_CHECK)
@require_safe
def approval_late(request):
    """Emergencies whose approval was made up, and when it was too late (N-6)."""
    unit, quarter = shell.unit_or_404(request, P.SEE_SEALED, P.APPROVE_CHECK), shell.current_quarter(request)
    rows = TargetedCheck.objects.visible_to(request.user).filter(unit=unit, year=quarter.year)
    found = pages.made_up(rows.select_related("decided_by", "inspection").order_by("-asked_at"), clock.now())
    context = {
        "unit": unit,
        "year": quarter.year,
        "rows": found,
        "late": sum(row.is_late for row in found),
        "hours": pages.hours_for(clock.today()),
    }
    return TemplateResponse(request, "inspections/approvals/approval_late.html", context)


@requires(P.SEE_CITY)
def approval_chains(request):
    """Who approves the checks of each unit, since when, by which document."""
    may_set = bool(request.user.units_with(P.KEEP_VOCABULARIES))
    return act_page(
        request,
        "inspections/approvals/approval_chains.html",
        ChainForm(request.POST or None) if may_set else None,
        partial(actions.set_chain, by=request.user),
        reverse("inspections:approval-chains"),
        "审批层级已登记。",
        facts=lambda: {"rows": ApprovalChain.objects.select_related("unit", "entered_by")},
    )
