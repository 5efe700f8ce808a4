"""Pages of 统筹指导: the log, a new instruction, its answer and decision (/desk/coordination/, 五-1a, 五-2b, 八(一)-a)."""

from dataclasses import dataclass
from functools import partial

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import Confirm, act_page
from benxi_shuangsuiji.subject import Waiting
from benxi_shuangsuiji.web import frame as shell
from inspections.models import ADDRESSEES, Instruction, InstructionKind, InstructionState
from inspections.oversight import progress
from inspections.oversight.pages import Alert, City

from . import actions, log, matters, rules, urging
from .forms import ALL, AnswerForm, InstructionForm, LogFilterForm, OpinionForm

PER_PAGE = 50  # ui.md 4.5


def waiting_for_me(user, unit, quarter):
    """The answers that wait for the office's decision, for the navigation."""
    offices = rules.offices_that_decide(user) if user.units_with(P.INSTRUCT) else []
    if not offices:
        return None
    answered = Instruction.objects.visible_to(user).filter(office__in=offices, state=InstructionState.ANSWERED)
    return Waiting((answered,))


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
@require_safe
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
@require_safe
def coordination_export(request):
    """The same lines as a workbook, all of them, with answers and opinions."""
    quarter, period, _, found = _asked(request)
    today = clock.today()
    rows = log.entries(request.user, list(found), today)
    trail.record("inspections.coordination.exported", by=request.user, period=period, rows=len(rows))
    return files.attachment(log.workbook(rows, today), name=f"统筹指导台账_{quarter}.xlsx", content_type=files.XLSX)


@requires(P.INSTRUCT)
def coordination_new(request):
    """Tell units something about a quarter. From 全市进度 the unit and what is late there are already filled in."""
    quarter, today, calendar = shell.current_quarter(request), clock.today(), workdays.calendar()
    units = Unit.objects.drawing().visible_to(request.user, P.INSTRUCT)
    asked = _asked_about(request, quarter, calendar)
    last, again = None, ""
    if asked and asked.alert:
        told = Instruction.objects.visible_to(request.user).filter(unit=asked.row.unit, kind=InstructionKind.REMIND)
        same = matters.told_of(asked.alert.key, asked.alert.title, told.of(quarter).select_related("duty"))
        last = max(same, key=lambda one: (one.sent_at, one.pk), default=None)
        again = urging.again_words(last, today, calendar)
    started = _suggested(asked, last, quarter, today, calendar)
    form = InstructionForm(request.POST or None, units=units, initial=started)

    def once_more(*, kind, units, **_):
        if not again or kind != InstructionKind.REMIND or not {ALL, asked.row.unit.code} & set(units):
            return []
        return [urging.twice_words(asked.row.unit, last)]

    return act_page(
        request,
        "inspections/coordination/coordination_new.html",
        form,
        lambda **_: actions.send_instructions(
            quarter=quarter, by=request.user, matter=asked.alert.key if asked and asked.alert else "", **form.request()
        ),
        f"{reverse('inspections:coordination-list')}?quarter={quarter}",
        lambda sent: f"已发出 {len(sent)} 件。",
        confirm=Confirm(again, "再发一次", once_more),
        quarter=quarter,
        office=Role(rules.offices_of(request.user)[0]).label,
    )


@dataclass(frozen=True)
class _Asked:
    """The unit, and the alert, that the address of 督办 names."""

    row: progress.Row
    alert: Alert | None
    key: str = ""


def _asked_about(request, quarter, calendar) -> _Asked | None:
    code = request.GET.get("of", "")
    # Whoever follows the progress of the unit reads what is sent: nothing that the sender alone may know is put into it.
    city = City(request.user.outside(), quarter, clock.now(), calendar, only=code)
    if not code or not city.rows:
        return None
    key = request.GET.get("matter", "")
    return _Asked(city.rows[0], city.matter(key), key)


def _suggested(asked: _Asked | None, last: Instruction | None, quarter, today, calendar) -> dict:
    """What has a day of its own is filled in as on the home; the rest says what the alert says."""
    found = {
        "kind": InstructionKind.REMIND,
        "to_role": ADDRESSEES[0][0],
        "due": urging.answered_by(today, calendar),
    }
    if asked is None:
        return found
    found["units"] = [asked.row.unit.code]
    if asked.key and asked.alert is None:  # done since, or never one: nothing is said of the unit that no alert says
        return found
    if asked.alert and (duty := matters.duty_of(asked.alert.key, asked.row.unit, quarter, today)):
        return found | urging.filled(urging.said_of(duty, asked.alert.title), duty, last, today, calendar)
    if alert := asked.alert:
        found["title"] = f"{quarter.label}{alert.title}"
        # Of late results everybody may know by then the page's hint to whom the names are told is no matter of the unit.
        said = alert.text.rstrip("。").replace("。", "；")  # its sentences stand within one of ours
        more = "" if alert.key == "results" else f"（{said}）"
        found["text"] = f"{alert.title}{more}。尽快办理，并回复办理情况和原因。"
    elif late := log.behind_words(asked.row.named):
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
    form = None
    if may_answer:
        form = AnswerForm(request.POST or None)
    elif not rules.why_not_decide(instruction, request.user):
        form = OpinionForm(request.POST or None)
    if may_answer:
        act, done = actions.answer_instruction, f"已回复，等{instruction.get_office_display()}审定。"
    elif request.POST.get("decision") == "return":
        act, done = actions.return_answer, f"已退回{instruction.unit.short_name}重新回复。"
    else:
        act, done = actions.accept_answer, "已办结。"
    return act_page(
        request,
        "inspections/coordination/coordination_detail.html",
        form,
        partial(act, instruction=instruction, by=request.user),
        instruction,
        done,
        late=rules.why_not_answer(instruction, request.user),
        instruction=instruction,
        tone=log.TONES[InstructionState(instruction.state)],
        behind=rules.late_words(instruction, clock.today()),
        answers=instruction.answers.select_related("answered_by", "decided_by"),
        may_answer=may_answer,
    )
