"""Pages of the 检查对象 registry (ui.md 4.4, 7.2). Nothing here depends on what a draw picked (decisions.md 3)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from benxi_shuangsuiji import clock, shell
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused

from . import actions, categories, history, past_views, proposal_rules, rules, sheets, wording
from .forms import (
    FacilityFilter,
    FacilityForm,
    PositiveEntryForm,
    PositiveExitForm,
)
from .models import (
    BatchKind,
    Category,
    CategoryGround,
    ChangeProposal,
    Facility,
    FacilityChange,
    Ground,
    OperatingStatus,
    PositiveListEntry,
)

PER_PAGE = 50
MOST_ROWS_EXPORTED = 5000
SORTS = {
    "code": ("code",),
    "name": ("name", "code"),
    "industry": ("industry_name", "code"),
    "status": ("status", "code"),
    "changed": ("changed_at", "code"),
}
STOPPED = (OperatingStatus.SUSPENDED, OperatingStatus.SEASONAL)
_LISTED = PositiveListEntry.objects.filter(facility=OuterRef("pk"), valid_to__isnull=True)
_PENDING = ChangeProposal.objects.pending().filter(facility=OuterRef("pk"))
VIEWS = {
    "all": ("全部", Q()),
    "key": ("重点", Q(category=Category.KEY)),
    "general": ("一般", Q(category=Category.GENERAL)),
    "special": ("特殊", Q(category=Category.SPECIAL)),
    "listed": ("正面清单", Q(listed=True)),
    "stopped": ("停产待核", Q(status__in=STOPPED)),
    "pending": ("待批准", Q(pending=True)),
}


def _chosen_facilities(request):
    """What the address asks for: (unit or None for all units in sight, base rows, filtered rows, form, view, sort)."""
    unit = shell.current_unit(request)
    form = FacilityFilter(request.GET)
    chosen = form.chosen()
    rows = Facility.objects.visible_to(request.user).annotate(listed=Exists(_LISTED), pending=Exists(_PENDING))
    # A search from the top bar names no unit: it looks through every unit in sight.
    everywhere = bool(chosen["q"]) and "unit" not in request.GET and len(shell.my_units(request.user)) > 1
    if everywhere:
        unit = None
    else:
        rows = rows.filter(unit=unit)
    found = rows
    for word in chosen["q"].lower().split():
        found = found.filter(search_text__contains=word)
    if chosen["district"]:
        found = found.filter(division_code=chosen["district"])
    if chosen["permit"]:
        found = found.filter(permit_category=chosen["permit"])
    if chosen["status"]:
        found = found.filter(status=chosen["status"])
    if chosen["tag"]:
        open_ground = CategoryGround.objects.filter(facility=OuterRef("pk"), kind=chosen["tag"], valid_to__isnull=True)
        found = found.filter(Exists(open_ground))
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "all"
    sort = request.GET.get("sort", "")
    sort = sort if sort.removeprefix("-") in SORTS else "code"
    return unit, found, form, view, sort


def _ordered(rows, sort):
    if sort.endswith("changed"):
        last = FacilityChange.objects.filter(facility=OuterRef("pk")).order_by("-at").values("at")[:1]
        rows = rows.annotate(changed_at=Subquery(last))
    minus = "-" if sort.startswith("-") else ""
    first, *rest = SORTS[sort.removeprefix("-")]
    return rows.order_by(minus + first, *rest)


@requires(P.SEE_FACILITIES)
def facility_list(request):
    """The registry with saved views, filters, sorting and pages; with `?on=2026-03-31` as it was on that day."""
    if "on" in request.GET:
        return past_views.roster(request)
    unit, found, form, view, sort = _chosen_facilities(request)
    # Aggregates are named apart from the annotations that the conditions use.
    wanted = {f"n_{name}": Count("pk", filter=condition) for name, (_, condition) in VIEWS.items() if condition}
    counted = found.aggregate(n_all=Count("pk"), **wanted)
    figures = {name: counted[f"n_{name}"] for name in VIEWS}
    rows = _ordered(found.filter(VIEWS[view][1]), sort).select_related("unit").prefetch_related(_open_grounds())
    page = Paginator(rows, PER_PAGE)
    page.count = figures[view]  # counted above already
    page = page.get_page(request.GET.get("page"))
    last = dict(
        FacilityChange.objects.filter(facility__in=[f.pk for f in page])
        .order_by("facility_id", "-at")
        .distinct("facility_id")
        .values_list("facility_id", "at")
    )
    for facility in page:
        facility.tone = wording.status_tone(facility)
        facility.tags = [wording.GROUND_TAGS[g.kind] for g in facility.open_grounds if categories.counts(g)]
        facility.last_change = last.get(facility.pk)
    asked = any(form.chosen().values())
    context = {
        "unit": unit,
        "page": page,
        "total": figures["all"],
        "form": form,
        "asked": asked,
        "sort": sort,
        "chips": _chips(request, figures, view),
        "picked": _picked(request, form),
        "kept_names": [n for n in ("unit", "quarter", "view", "sort") if request.GET.get(n)],
        "reset_url": _query(request, keep=("unit", "quarter")),
        "export_query": request.GET.urlencode(),
        "may_edit": unit is not None and request.user.may(P.EDIT_FACILITIES, unit),
    }
    return TemplateResponse(request, "registry/facility_list.html", context)


def _open_grounds():
    open_ = CategoryGround.objects.filter(valid_to__isnull=True).order_by("kind")
    return Prefetch("grounds", open_, to_attr="open_grounds")


def _chips(request, figures, view):
    return [
        {
            "label": label,
            "count": figures[name],
            "current": name == view,
            "url": _query(request, view="" if name == "all" else name),
        }
        for name, (label, _) in VIEWS.items()
    ]


def _picked(request, form):
    """The active filters as chips that can be taken off one by one."""
    chosen = form.chosen()
    return [
        {
            "label": f"{form.fields[name].label}：{_choice_label(form.fields[name], value)}",
            "url": _query(request, **{name: ""}),
            "remove": True,
        }
        for name, value in chosen.items()
        if value
    ]


def _choice_label(field, value):
    return dict(getattr(field, "choices", ())).get(value, value)


def _query(request, keep=None, **changes) -> str:
    data = request.GET.copy()
    data.pop("page", None)
    if keep is not None:
        for name in [n for n in data if n not in keep]:
            del data[name]
    for name, value in changes.items():
        if value:
            data[name] = value
        else:
            data.pop(name, None)
    return "?" + data.urlencode()


@requires(P.SEE_FACILITIES)
def facility_export(request):
    """The current filter as a workbook; personal data only for those who keep the registry, and noted."""
    if "on" in request.GET:
        return past_views.roster_export(request)
    unit, found, _, view, sort = _chosen_facilities(request)
    rows = _ordered(found.filter(VIEWS[view][1]), sort)
    if rows.count() > MOST_ROWS_EXPORTED:
        messages.error(request, f"超过 {MOST_ROWS_EXPORTED:,} 家，先用县区、类别等条件筛选，再导出。")
        return redirect(reverse("registry:facility-list") + "?" + request.GET.urlencode())
    rows = rows.select_related("unit").prefetch_related("grounds", "positive_entries")
    personal = unit is not None and request.user.may(P.EDIT_FACILITIES, unit)
    content = sheets.facility_export(rows, with_personal_data=personal)
    trail.record("registry.facilities.exported", by=request.user, unit=unit, rows=len(rows), personal=personal)
    name = f"本溪双随机_检查对象_{unit.short_name if unit else '查询'}_{clock.today():%Y%m%d}.xlsx"
    return files.attachment(content, name=name, content_type=files.XLSX)


def _facility(request, code):
    return get_object_or_404(Facility.objects.visible_to(request.user).select_related("unit"), code=code)


@requires(P.SEE_FACILITIES)
def facility_detail(request, code):
    """Identity, basic data, why this category, history. Personal data masked until asked for."""
    facility = _facility(request, code)
    if "on" in request.GET:
        return past_views.facility(request, facility)
    return TemplateResponse(request, "registry/facility_detail.html", _detail_context(request, facility))


@requires(P.SEE_FACILITIES)
def facility_personal(request, code):
    """Show names and telephone numbers once, and note who looked."""
    if request.method != "POST":
        return redirect("registry:facility-detail", code)
    facility = _facility(request, code)
    actions.show_personal_data(facility=facility, by=request.user)
    context = {**_detail_context(request, facility), "personal": True}
    return TemplateResponse(request, "registry/facility_detail.html", context)


def _detail_context(request, facility):
    grounds = list(facility.grounds.select_related("entered_by", "approved_by"))
    open_ = [g for g in grounds if g.valid_to is None]
    changes = facility.changes.select_related("entered_by", "approved_by")[:60]
    entry = facility.positive_entries.filter(valid_to__isnull=True).first()
    user = request.user
    verdict = history.check(facility)
    return {
        "facility": facility,
        "tone": wording.status_tone(facility),
        "tags": [wording.GROUND_TAGS[g.kind] for g in open_ if categories.counts(g)],
        "criteria": _criteria(open_),
        "pending": _pending(request, facility),
        "ended": [g for g in grounds if g.valid_to is not None],
        "derived": categories.DERIVED,
        "entry": entry,
        "past_entries": facility.positive_entries.filter(valid_to__isnull=False).order_by("-valid_to")[:5],
        "entries": wording.facility_history(changes),
        "may_edit": verdict.whole and user.may(P.EDIT_FACILITIES, facility.unit_id),
        "may_approve": verdict.whole and user.may(P.APPROVE_REGISTRY, facility.unit_id),
        "masked": {
            "legal_person": wording.masked_person(facility.legal_person),
            "contact_name": wording.masked_person(facility.contact_name),
            "contact_phone": wording.masked_phone(facility.contact_phone),
        },
        "has_personal": any(getattr(facility, n) for n in wording.PERSONAL),
        "division": sheets.DIVISIONS.get(facility.division_code, facility.division_code),
        "pollution": wording.value_text("pollution_types", facility.pollution_types),
        "scopes": wording.value_text("scopes", facility.scopes),
        "verdict": verdict,
        "asked_to_verify": "verify" in request.GET,
    }


def _criteria(grounds):
    """Every ground that makes 特殊 or 重点, held or not, with what it rests on (六(二)-t … -ak)."""
    held = {g.kind: g for g in grounds if categories.counts(g)}
    for ground in held.values():
        ground.last_day = categories.last_day(ground.kind, ground.year)
    return [
        {
            "label": category.label,
            "lines": [
                {"kind": g.value, "label": g.label, "ground": held.get(g)} for g in Ground if g.makes == category
            ],
            "held": sum(1 for kind in held if Ground(kind).makes == category),
        }
        for category in (Category.SPECIAL, Category.KEY)
    ]


def _pending(request, facility):
    """Proposals that wait for a decision: old → new, and what this reader may do about each."""
    waiting = list(facility.proposals.pending().select_related("unit", "proposed_by"))
    units = dict(Unit.objects.values_list("code", "short_name")) if waiting else {}
    for proposal in waiting:
        proposal.facility = facility
        proposal.what = wording.proposal_text(proposal, units)
        proposal.may_decide = not proposal_rules.why_not_decide(proposal, request.user)
    return waiting


def _edit(request, form, act, facility, done):
    """Carry out a form on a facility; a refusal is shown on the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(facility)
    return None


def _form_page(request, facility, form, *, heading, button="", text="", obstacle="", danger=False):
    context = {
        "facility": facility,
        "form": form,
        "heading": heading,
        "button": button,
        "text": text,
        "obstacle": obstacle,
        "danger": danger,
        "waits": not button,  # for another person's approval
    }
    return TemplateResponse(request, "registry/facility_form.html", context)


@requires(P.EDIT_FACILITIES)
def facility_new(request):
    """Enter one new facility of the chosen unit."""
    unit = shell.current_unit(request)
    form = FacilityForm(request.POST or None, new=True, initial={"division_code": unit.division_code if unit else ""})
    obstacle = rules.why_not_import(BatchKind.FACILITY, unit, request.user) if unit else "没有可以维护的单位。"
    if request.method == "POST" and form.is_valid():
        try:
            facility = actions.add_facility(
                unit=unit, values=form.values(), reason=form.cleaned_data["reason"], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已新增 {facility.name}，编号 {facility.code}")
            return redirect(facility)
    context = {"unit": unit, "form": form, "obstacle": obstacle}
    return TemplateResponse(request, "registry/facility_change.html", context)


@requires(P.EDIT_FACILITIES)
def facility_change(request, code):
    """Change the basic data; two people editing at once get both versions, not the last one (reliability.md P15)."""
    facility = _facility(request, code)
    form = FacilityForm.of(facility, request.POST or None)
    obstacle = rules.why_not_edit_facility(facility, request.user)

    def act():
        data = form.cleaned_data
        actions.change_facility(
            facility=facility,
            values=form.values(),
            version=data["version"] or 0,
            reason=data["reason"],
            evidence=data["evidence"],
            by=request.user,
        )

    done = _edit(request, form, act, facility, "变更已登记")
    if done:
        return done
    theirs = _their_changes(facility, form) if form.is_bound and form.errors else []
    context = {"facility": facility, "unit": facility.unit, "form": form, "obstacle": obstacle, "theirs": theirs}
    return TemplateResponse(request, "registry/facility_change.html", context)


def _their_changes(facility, form) -> list[dict]:
    """When somebody else saved first: what he changed, beside what is typed here."""
    seen = form.data.get("version", "")
    if not seen.isdigit() or int(seen) == facility.version:
        return []
    changes = facility.changes.select_related("entered_by")[: max(facility.version - int(seen), 0)]
    return wording.facility_history(changes)


@requires(P.EDIT_FACILITIES)
def positive_enter(request, code):
    """纳入正面清单 (七(三)-e)."""
    facility = _facility(request, code)
    form = PositiveEntryForm(request.POST or None, initial={"on": clock.today()})
    act = lambda: actions.enter_positive_list(facility=facility, by=request.user, **form.cleaned_data)  # noqa: E731
    return _edit(request, form, act, facility, "已纳入正面清单") or _form_page(
        request,
        facility,
        form,
        heading="纳入正面清单",
        button="纳入正面清单",
        text="正面清单内的企业，除信访举报外优先用非现场方式检查，原则上不进行现场检查。",
        obstacle=rules.why_not_edit_facility(facility, request.user),
    )


@requires(P.EDIT_FACILITIES)
def positive_leave(request, code):
    """移出正面清单, with the reason (七(三)-d, -e)."""
    facility = _facility(request, code)
    form = PositiveExitForm(request.POST or None, initial={"on": clock.today()})
    act = lambda: actions.leave_positive_list(facility=facility, by=request.user, **form.cleaned_data)  # noqa: E731
    return _edit(request, form, act, facility, "已移出正面清单") or _form_page(
        request,
        facility,
        form,
        heading="移出正面清单",
        button="移出正面清单",
        text="移出以后按一般方式检查。原来的批次和起止日期留在历史里。",
        obstacle=rules.why_not_edit_facility(facility, request.user),
        danger=True,
    )
