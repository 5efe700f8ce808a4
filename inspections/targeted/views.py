"""Pages of targeted checks: raised, approved, joined, counted (/desk/tasks/targeted/, 三, 七(一)3)."""

from functools import partial

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import Decide, Row, act_page, decision_page, press
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.web.chips import Chip, query_with
from inspections.checks import badges
from inspections.checks.listed import entry_on
from inspections.exchange import begun, leading
from inspections.frequency import counts as frequency
from inspections.frequency.pages import note_view
from inspections.models import Inspection, Source, TargetedCheck, TargetedKind

from . import actions, going, joining, pages, rules
from .forms import KindForm, RaiseForm, TargetedDecisionForm, TargetedFilterForm, WhomForm
from .pages import SEES

PER_PAGE = 50  # ui.md 4.5
MOST_FOUND = 20


def _of_unit(request):
    """The targeted checks of the chosen unit and year, as far as the user may see them."""
    unit, year = shell.current_unit(request), shell.current_quarter(request).year
    found = TargetedCheck.objects.visible_to(request.user).filter(unit=unit, year=year)
    return (
        unit,
        year,
        found.select_related("facility", "unit", "asked_by", "decided_by", "campaign", "kind", "complaint"),
    )


@requires(*SEES)
@require_safe
def targeted_list(request):
    """针对性检查 of one unit and year, by source, with their own statistics."""
    unit, year, checks = _of_unit(request)
    totals = pages.totals(checks, request.user)
    form = TargetedFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(_wanted(checks, wanted).select_related("inspection"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "proposals": leading.proposals_among(
            asked.inspection for asked in page if asked.inspection and not asked.merged_at
        ),
        "unit": unit,
        "year": year,
        "page": page,
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
@require_safe
def targeted_export(request):
    """The same rows as a workbook, with their references."""
    unit, year, checks = _of_unit(request)
    form = TargetedFilterForm(request.GET)
    rows = list(_wanted(checks, form.cleaned_data if form.is_valid() else {}))
    trail.record("inspections.targeted.exported", by=request.user, unit=unit, year=year, rows=len(rows))
    name = f"针对性检查_{unit.code if unit else ''}_{year}.xlsx"
    return files.attachment(pages.workbook(rows, unit, year, clock.today()), name=name, content_type=files.XLSX)


@requires(P.RAISE_CHECK)
def targeted_new(request):
    """Raise a check: first whom and from which source, then the request with what is near and what the cap leaves."""
    unit, today = shell.current_unit(request), clock.today()
    if unit not in rules.units_raising(request.user):
        unit = rules.units_raising(request.user).first()
    said = {
        "source": Source.COMPLAINT
    } | request.GET.dict()  # the page of a facility names it and leaves the source open
    whom = WhomForm(said if "object" in said else None, initial=said)  # with a unit alone nothing was asked yet
    context = {"unit": unit, "whom": whom, "facilities": [], "facility": None}
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
    user = request.user

    def facts():
        note_view(request, "targeted-new", facility.unit)
        return {
            "near": frequency.near(facility, user, today, today),
            "listed": entry_on(facility, today),
            **pages.frequency_of(facility, today.year, user),
        }

    said = begun.said_for(request.GET.get("task", ""), facility, user)
    whom = {"unit": unit, "facility": facility, "source": source, "user": user, "day": today}
    form = RaiseForm(request.POST or None, initial=said, **whom)
    emergency = source == Source.EMERGENCY
    days = frequency.margin_days(today)
    return act_page(
        request,
        "inspections/targeted/targeted_new.html",
        form,
        lambda **_: actions.raise_check(request=form.request(unit), by=user),
        lambda asked: asked,
        "已派发检查小组，等分管负责人补办批准。" if emergency else "已提交，等分管负责人批准。",
        facts=facts,
        **context
        | {
            "facility": facility,
            "source": Source(source).label,
            "reference": [form[name] for name in form.reference_names],
            "days": days,
            "near_title": f"{days} 天内有别的检查。",
        },
    )


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
    asked, user = _check(request, check_no), request.user
    may_decide = asked.waits and user.may(P.APPROVE_CHECK, asked.unit)

    def facts():
        today, visit = clock.today(), pages.visit_of(asked, user)
        note_view(request, "targeted-detail", asked.facility.unit)
        return {
            "reference": pages.reference_of(asked, user),
            "listed": going.listed_words(asked, today),
            "members": asked.members.select_related("inspector"),
            "items": asked.items.all(),
            "visit": visit,
            "proposal": leading.proposals_among([visit]).get(visit.pk, "") if visit else "",
            "shape": badges.SHAPES[visit.status] if visit else "",
            "near": frequency.near(asked.facility, user, today, max(today, asked.finish_by), without=asked),
            "days": frequency.margin_days(today),
            "joinable": joining.joinable(asked, user),
            "timeline": pages.timeline(asked, visit),
            **pages.frequency_of(asked.facility, asked.year, user),
        }

    return decision_page(
        request,
        about=asked,
        template="inspections/targeted/targeted_detail.html",
        pending=asked if asked.waits else None,
        rows=[Row(asked, pages.TONES[asked.state], asked.reason)],
        decide=_decide(asked, user) if may_decide else None,
        nobody="由本单位分管负责人批准。" if asked.waits else "",
        facts=facts,
        asked=asked,
        tone=pages.TONES[asked.state],
    )


def _decide(asked: TargetedCheck, user) -> Decide:
    return Decide(
        TargetedDecisionForm,
        partial(actions.approve_check, asked=asked, by=user),
        partial(actions.refuse_check, asked=asked, by=user),
        approved="已批准。",
        rejected="已退回，没有批准。",
        obstacle=rules.why_not_decide(asked, user),
        title="补办批准" if asked.inspection_id else "批准",
        reject_button="不批准",
    )


@requires(P.RAISE_CHECK)
@require_POST
def targeted_join(request, check_no):
    """综合查一次: join the visit that was chosen. One that is unknown to the user is as good as none."""
    asked = _check(request, check_no)
    into = joining.joinable(asked, request.user).filter(no=request.POST.get("into", "")).first()
    act = partial(actions.join, asked=asked, into=into, by=request.user)
    return press(request, act, asked, "已合并为一次检查，两边的事项一并检查。")


@requires(P.RAISE_CHECK)
@require_POST
def task_join(request, no):
    """综合查一次 over units: the planner of a visit takes another unit's approved check into it (一-d)."""
    known = Inspection.objects.filter(unit__in=request.user.units_with(P.SEE_SEALED)).select_related("unit")
    into = get_object_or_404(known, no=no)
    asked = get_object_or_404(joining.offered(into, request.user), no=request.POST.get("asked", ""))
    act = partial(actions.join, asked=asked, into=into, by=request.user)
    return press(request, act, into, "已合并为一次检查，两边的事项一并检查。")


@requires(*SEES)
def targeted_kinds(request):
    """其他针对性检查的种类: the list behind 等, lengthened by the lead office (三-m)."""
    if "retire" in request.POST:
        kind = get_object_or_404(TargetedKind, code=request.POST["retire"])
        act = partial(actions.retire_kind, kind=kind, by=request.user)
        return press(request, act, "inspections:targeted-kinds", "已停用，已有的检查不变。")
    return act_page(
        request,
        "inspections/targeted/targeted_kinds.html",
        KindForm(request.POST or None) if request.user.units_with(P.KEEP_VOCABULARIES) else None,
        partial(actions.make_kind, by=request.user),
        "inspections:targeted-kinds",
        "已登记种类。",
        facts=lambda: {"kinds": TargetedKind.objects.select_related("made_by")},
    )
