"""Pages of 统筹指导: the log, a new instruction, its answer and decision (/desk/coordination/, 五-1a, 五-2b, 八(一)-a)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell
from inspections.models import ADDRESSEES, Instruction, InstructionKind, InstructionState
from inspections.oversight import progress

from . import actions, log, rules
from .forms import AnswerForm, InstructionForm, LogFilterForm, OpinionForm

PER_PAGE = 50  # ui.md 4.5
REFUSED = 409


def waiting_for_me(user, unit, quarter):
    """How many answers wait for the office's decision, for the navigation."""
    offices = rules.offices_that_decide(user) if user.units_with(P.INSTRUCT) else []
    if not offices:
        return None, False
    waiting = Instruction.objects.visible_to(user).filter(office__in=offices, state=InstructionState.ANSWERED)
    return waiting.count() or None, False


def _asked(request):
    """The lines that the address asks for."""
    units = list(Unit.objects.drawing().visible_to(request.user, P.SEE_PROGRESS))
    quarter = shell.current_quarter(request)
    form = LogFilterForm(request.GET, units=units)
    wanted = form.cleaned_data if form.is_valid() else {}
    chosen = next((u for u in units if u.code == wanted.get("of")), None)
    found = log.lines(
        request.user,
        quarter=quarter,
        whole_year=wanted.get("period") == "year",
        unit=chosen and chosen.pk,
        kind=wanted.get("kind", ""),
        state=wanted.get("state", ""),
    )
    period = f"{quarter.year} 年" if wanted.get("period") == "year" else quarter.label
    return quarter, period, form, found


@requires(P.SEE_PROGRESS)
@require_GET
def coordination_list(request):
    """统筹指导台账: what was told, answered and given back, by unit, quarter, kind and state."""
    quarter, period, form, found = _asked(request)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "quarter": quarter,
        "period": period,
        "form": form,
        "page": page,
        "entries": log.entries(request.user, list(page), clock.today()),
        "may_instruct": bool(request.user.units_with(P.INSTRUCT)),
        "filtered": any(request.GET.get(name) for name in ("of", "kind", "state")),
    }
    return TemplateResponse(request, "inspections/coordination/coordination_list.html", context)


@requires(P.SEE_PROGRESS)
@require_GET
def coordination_export(request):
    """The same lines as a workbook, all of them, with answers and opinions."""
    quarter, period, _, found = _asked(request)
    rows = log.entries(request.user, list(found), clock.today())
    trail.record("inspections.coordination.exported", by=request.user, period=period, rows=len(rows))
    return files.attachment(log.workbook(rows), name=f"统筹指导台账_{quarter}.xlsx", content_type=files.XLSX)


@requires(P.INSTRUCT)
def coordination_new(request):
    """Tell units something about a quarter. From 全市进度 the unit and what is late there are already filled in."""
    quarter, today, calendar = shell.current_quarter(request), clock.today(), workdays.calendar()
    units = Unit.objects.drawing().visible_to(request.user, P.INSTRUCT)
    suggested = _suggested(request, quarter, today, calendar)
    form, status = InstructionForm(request.POST or None, units=units, initial=suggested), 200
    if request.method == "POST" and form.is_valid():
        try:
            sent = actions.send_instructions(quarter=quarter, by=request.user, **form.request())
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
        else:
            messages.success(request, f"已发出 {len(sent)} 件。")
            return redirect(f"{reverse('inspections:coordination-list')}?quarter={quarter}")
    context = {"quarter": quarter, "form": form, "office": Role(rules.offices_of(request.user)[0]).label}
    return TemplateResponse(request, "inspections/coordination/coordination_new.html", context, status=status)


def _suggested(request, quarter, today, calendar) -> dict:
    days = policy.on(today).recommended.instruction_answer_within_workdays
    found = {
        "kind": InstructionKind.REMIND,
        "to_role": ADDRESSEES[0][0],
        "due": calendar.within_workdays(today, days).date,
    }
    code = request.GET.get("of", "")
    if code and request.method == "GET":
        for row in progress.city(request.user, quarter, today, calendar):
            if row.unit.code == code:
                found["units"] = [code]
                if late := log.behind_words(zip(progress.STEPS, row.cells, strict=True)):
                    found["title"] = f"{quarter.label}工作逾期"
                    found["text"] = f"{late}。尽快办理，并回复办理情况和原因。"
    return found


@requires(P.SEE_PROGRESS)
def coordination_detail(request, instruction_no):
    """One instruction with its answers; the unit answers here, the office accepts or gives back."""
    instruction = get_object_or_404(
        Instruction.objects.visible_to(request.user).select_related("unit", "sent_by"), no=instruction_no
    )
    may_answer = not rules.why_not_answer(instruction, request.user)
    may_decide = not rules.why_not_decide(instruction, request.user)
    form = AnswerForm(request.POST or None) if may_answer else OpinionForm(request.POST or None) if may_decide else None
    status = 200
    if request.method == "POST" and form is None:
        messages.error(request, rules.why_not_answer(instruction, request.user))
        return redirect(instruction)
    if request.method == "POST" and form.is_valid():
        try:
            done = _act(request, instruction, may_answer, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
        else:
            messages.success(request, done)
            return redirect(instruction)
    context = {
        "instruction": instruction,
        "tone": log.TONES[InstructionState(instruction.state)],
        "late": rules.late_words(instruction, clock.today()),
        "answers": instruction.answers.select_related("answered_by", "decided_by"),
        "form": form,
        "may_answer": may_answer,
    }
    return TemplateResponse(request, "inspections/coordination/coordination_detail.html", context, status=status)


def _act(request, instruction, answers, given) -> str:
    if answers:
        actions.answer_instruction(instruction=instruction, by=request.user, **given)
        return f"已回复，等{instruction.get_office_display()}审定。"
    if request.POST.get("decision") == "return":
        actions.return_answer(instruction=instruction, by=request.user, **given)
        return f"已退回{instruction.unit.short_name}重新回复。"
    actions.accept_answer(instruction=instruction, by=request.user, **given)
    return "已办结。"
