"""Pages of targeted checks: raised, approved, joined, counted (/desk/tasks/targeted/, 三, 七(一)3)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_POST

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.web.chips import Chip, query_with
from inspections.checks import badges
from inspections.checks.forms import DecisionForm
from inspections.frequency import counts as frequency
from inspections.frequency.pages import note_view
from inspections.models import Source, TargetedCheck, TargetedKind

from . import actions, pages, rules
from .forms import KindForm, RaiseForm, TargetedFilterForm, WhomForm
from .pages import SEES

PER_PAGE = 50  # ui.md 4.5


MOST_FOUND = 20


REFUSED = 409


def _of_unit(request):
    """The targeted checks of the chosen unit and year, as far as the user may see them."""
    unit, year = shell.current_unit(request), shell.current_quarter(request).year
    found = TargetedCheck.objects.visible_to(request.user).filter(unit=unit, year=year)
    return unit, year, found.select_related("facility", "unit", "asked_by", "decided_by", "campaign", "kind")


@requires(*SEES)
@require_GET
def targeted_list(request):
    """针对性检查 of one unit and year, by source, with their own statistics."""
    unit, year, checks = _of_unit(request)
    totals = pages.totals(checks, request.user)
    form = TargetedFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    checks = _wanted(checks, wanted)
    context = {
        "unit": unit,
        "year": year,
        "page": Paginator(checks, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "totals": totals,
        "chips": _chips(request, totals, wanted.get("source", "")),
        "may_raise": unit in rules.units_raising(request.user),
        "tones": pages.TONES,
    }
    return TemplateResponse(request, "inspections/targeted/targeted_list.html", context)


def _wanted(checks, wanted):
    if text := wanted.get("q"):
        checks = checks.filter(
            Q(facility__name__icontains=text) | Q(facility__code__iexact=text) | Q(no__icontains=text)
        )
    for name, column in (("status", "state"), ("source", "source")):
        if wanted.get(name):
            checks = checks.filter(**{column: wanted[name]})
    return checks


def _chips(request, totals, current) -> list[Chip]:
    rows = [("", "全部", sum(t["asked"] for t in totals)), *((t["source"], t["label"], t["asked"]) for t in totals)]
    return chips.choices(rows, current, lambda source: query_with(request, source=source))


@requires(*SEES)
@require_GET
def targeted_export(request):
    """The same rows as a workbook, with their references."""
    unit, year, checks = _of_unit(request)
    form = TargetedFilterForm(request.GET)
    rows = list(_wanted(checks, form.cleaned_data if form.is_valid() else {}))
    trail.record("inspections.targeted.exported", by=request.user, unit=unit, year=year, rows=len(rows))
    name = f"针对性检查_{unit.code if unit else ''}_{year}.xlsx"
    return files.attachment(pages.workbook(rows), name=name, content_type=files.XLSX)


@requires(P.RAISE_CHECK)
def targeted_new(request):
    """Raise a check: first whom and from which source, then the request with what is near and what the cap leaves."""
    unit, today = shell.current_unit(request), clock.today()
    if unit not in rules.units_raising(request.user):
        unit = rules.units_raising(request.user).first()
    whom = WhomForm(request.GET or None, initial={"source": request.GET.get("source", Source.COMPLAINT)})
    context = {"unit": unit, "whom": whom, "facilities": [], "facility": None, "form": None}
    if unit is None:
        context["obstacle"] = "没有可以发起检查的单位。"
    elif request.GET.get("object") and whom.is_valid():
        found = _facilities(unit, whom.cleaned_data["object"])
        context["facilities"] = found
        source = whom.cleaned_data["source"]
        if len(found) == 1 or (found and found[0].code == whom.cleaned_data["object"]):
            return _request_page(request, unit, found[0], source, today, context)
    return TemplateResponse(request, "inspections/targeted/targeted_new.html", context)


def _facilities(unit, text) -> list:
    """By code, or by a part of the name."""
    everybody = rules.facilities_for(unit).select_related("unit")
    exact = list(everybody.filter(code=text))
    return exact or list(everybody.filter(name__icontains=text).order_by("code")[:MOST_FOUND])


def _request_page(request, unit, facility, source, today, context):
    form = RaiseForm(request.POST or None, unit=unit, facility=facility, source=source, user=request.user, day=today)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.raise_check(unit=unit, facility=facility, source=source, by=request.user, **form.request())
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
        else:
            words = (
                "已派发检查小组，等分管负责人补办批准。" if source == Source.EMERGENCY else "已提交，等分管负责人批准。"
            )
            messages.success(request, words)
            return redirect(asked)
    note_view(request, facility.unit, "targeted-new")
    context |= {
        "facility": facility,
        "source": Source(source).label,
        "form": form,
        "reference": [form[name] for name in form.reference_names],
        "near": frequency.near(facility, request.user, today, today),
        "days": frequency.margin_days(today),
        "near_title": f"{frequency.margin_days(today)} 天内有别的检查。",
        **pages.frequency_of(facility, today.year, request.user),
    }
    return TemplateResponse(request, "inspections/targeted/targeted_new.html", context, status=status)


def _check(request, check_no) -> TargetedCheck:
    related = (
        "unit",
        "facility__unit",
        "asked_by",
        "decided_by",
        "merged_by",
        "campaign",
        "kind",
        "original",
        "inspection__unit",
    )
    return get_object_or_404(TargetedCheck.objects.visible_to(request.user).select_related(*related), no=check_no)


@requires(*SEES)
def targeted_detail(request, check_no):
    """One request: its reference, who asked, who approved; the visit for those who may know it."""
    asked = _check(request, check_no)
    today = clock.today()
    form, status = DecisionForm(request.POST or None), 200
    form.fields["document_no"].help_text = "批准时填写。"
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("decision") == "approve":
                actions.approve_check(asked=asked, by=request.user, **form.cleaned_data)
                messages.success(request, "已批准。")
            else:
                actions.refuse_check(asked=asked, by=request.user, opinion=form.cleaned_data["opinion"])
                messages.success(request, "已退回，没有批准。")
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
        else:
            return redirect(asked)
    visit = pages.visit_of(asked, request.user)
    note_view(request, asked.facility.unit, "targeted-detail")
    context = {
        "asked": asked,
        "tone": pages.TONES[asked.state],
        "reference": pages.reference_of(asked, request.user),
        "members": asked.members.select_related("inspector"),
        "items": asked.items.all(),
        "visit": visit,
        "shape": badges.SHAPES[visit.status] if visit else "",
        "form": form if not rules.why_not_decide(asked, request.user) else None,
        "near": frequency.near(asked.facility, request.user, today, max(today, asked.finish_by), without=asked),
        "days": frequency.margin_days(today),
        "joinable": rules.joinable(asked, request.user),
        "timeline": pages.timeline(asked, visit),
        **pages.frequency_of(asked.facility, asked.year, request.user),
    }
    return TemplateResponse(request, "inspections/targeted/targeted_detail.html", context, status=status)


@requires(P.RAISE_CHECK)
@require_POST
def targeted_join(request, check_no):
    """综合查一次: join the visit that was chosen. One that is unknown to the user is as good as none."""
    asked = _check(request, check_no)
    into = rules.joinable(asked, request.user).filter(no=request.POST.get("into", "")).first()
    try:
        actions.join(asked=asked, into=into, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已合并为一次检查，两边的事项一并检查。")
    return redirect(asked)


@requires(*SEES)
def targeted_kinds(request):
    """其他针对性检查的种类: the list behind 等, lengthened by the lead office (三-m)."""
    may_keep = bool(request.user.units_with(P.KEEP_VOCABULARIES))
    adding = request.POST if "retire" not in request.POST else None
    form, status = KindForm(adding or None) if may_keep else None, 200
    if request.method == "POST" and form is not None:
        try:
            if "retire" in request.POST:
                kind = get_object_or_404(TargetedKind, code=request.POST["retire"])
                actions.retire_kind(kind=kind, by=request.user)
                messages.success(request, "已停用，已有的检查不变。")
                return redirect("inspections:targeted-kinds")
            if form.is_valid():
                actions.make_kind(by=request.user, **form.cleaned_data)
                messages.success(request, "已登记种类。")
                return redirect("inspections:targeted-kinds")
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
    kinds = TargetedKind.objects.select_related("made_by")
    context = {"kinds": kinds, "form": form}
    return TemplateResponse(request, "inspections/targeted/targeted_kinds.html", context, status=status)
