"""Pages of the 检查人员 registry; an inspector sees his own record and declarations (六(三), ui.md 7.2)."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock, policy, shell
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused

from . import actions, book, history, rules, sheets, wording
from .forms import AbsenceForm, ConflictForm, InspectorFilter, InspectorForm, ReasonForm
from .models import BatchKind, ConflictOfInterest, Employment, Inspector, InspectorAbsence, Scope
from .views import PER_PAGE, _query

SORTS = {"name": ("name", "code"), "code": ("code",), "until": ("certificate_to", "code")}
SOON = timedelta(days=183)  # ui.md 7.2: certificate ends within half a year


def _today_facts(today):
    absent = InspectorAbsence.objects.filter(inspector=OuterRef("pk"), starts_on__lte=today).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    )
    conflicts = Q(conflicts__valid_from__lte=today) & (
        Q(conflicts__valid_to__isnull=True) | Q(conflicts__valid_to__gte=today)
    )
    return {"absent": Exists(absent), "n_conflicts": Count("conflicts", filter=conflicts, distinct=True)}


def _views(today):
    certified = Q(certificate_from__lte=today, certificate_to__gte=today) & ~Q(certificate_no="")
    here = Q(absent=False, left_on__isnull=True) & ~Q(employment=Employment.OFF_POST)
    return {
        "all": ("全部", Q()),
        "drawable": ("可参加抽取", certified & here),
        "soon": ("证件半年内到期", Q(certificate_to__gte=today, certificate_to__lte=today + SOON)),
        "none": ("证件到期或没有", ~certified),
        "conflicts": ("有回避", Q(n_conflicts__gt=0)),
    }


def _chosen(request, unit, today):
    form = InspectorFilter(request.GET)
    chosen = form.chosen()
    rows = Inspector.objects.visible_to(request.user)
    rows = rows.filter(pk__in=book.inspectors_of(unit)) if unit else rows.none()
    rows = rows.annotate(**_today_facts(today)).distinct()
    for word in chosen["q"].lower().split():
        rows = rows.filter(search_text__contains=word)
    if chosen["scope"]:
        rows = rows.filter(scopes__contains=[chosen["scope"]])
    if chosen["employment"]:
        rows = rows.filter(employment=chosen["employment"])
    view = request.GET.get("view", "")
    sort = request.GET.get("sort", "")
    views = _views(today)
    return rows, form, view if view in views else "all", sort if sort.removeprefix("-") in SORTS else "code", views


@requires(P.SEE_INSPECTORS, P.FIELD_WORK)
def inspector_list(request):
    """Who checks: certificate, scope, on duty or not, declared interests. An inspector is taken to his own record."""
    if not request.user.units_with(P.SEE_INSPECTORS):
        own = Inspector.objects.filter(user=request.user).first()
        if own is None:
            raise Http404
        return redirect(own)
    unit, today = shell.current_unit(request), clock.today()
    rows, form, view, sort, views = _chosen(request, unit, today)
    figures = Inspector.objects.filter(pk__in=rows.values("pk")).annotate(**_today_facts(today))
    facts = list(
        figures.values(
            "pk",
            "absent",
            "n_conflicts",
            "certificate_no",
            "certificate_from",
            "certificate_to",
            "left_on",
            "employment",
        )
    )
    counts = {name: sum(1 for f in facts if _fits(name, f, today)) for name in views}
    minus = "-" if sort.startswith("-") else ""
    first, *rest = SORTS[sort.removeprefix("-")]
    found = rows.filter(views[view][1]).select_related("unit").order_by(minus + first, *rest)
    paginator = Paginator(found, PER_PAGE)
    paginator.count = counts[view]
    page = paginator.get_page(request.GET.get("page"))
    for inspector in page:
        inspector.certificate = certificate_state(inspector, today)
        inspector.duty = duty_state(inspector, inspector.absent)
        inspector.scope_names = [Scope(s).label for s in inspector.scopes]
    context = {
        "unit": unit,
        "page": page,
        "counts": counts,
        "team_size": policy.on(today).min_team_size,
        "form": form,
        "asked": any(form.chosen().values()),
        "sort": sort,
        "chips": [
            {
                "label": label,
                "count": counts[name],
                "current": name == view,
                "url": _query(request, view="" if name == "all" else name),
            }
            for name, (label, _) in views.items()
        ],
        "kept_names": [n for n in ("unit", "quarter", "view", "sort") if request.GET.get(n)],
        "reset_url": _query(request, keep=("unit", "quarter")),
        "export_query": request.GET.urlencode(),
        "may_edit": unit is not None and request.user.may(P.EDIT_INSPECTORS, unit),
    }
    return TemplateResponse(request, "registry/inspector_list.html", context)


def _fits(name, f, today) -> bool:
    certified = bool(f["certificate_no"] and f["certificate_from"] <= today <= f["certificate_to"])
    match name:
        case "drawable":
            return certified and not f["absent"] and f["left_on"] is None and f["employment"] != Employment.OFF_POST
        case "soon":
            return bool(f["certificate_to"]) and today <= f["certificate_to"] <= today + SOON
        case "none":
            return not certified
        case "conflicts":
            return f["n_conflicts"] > 0
    return True


def certificate_state(inspector, today) -> dict:
    """How the certificate stands: (text, tone)."""
    if not inspector.certificate_no:
        return {"text": "没有执法证，不参加抽取", "bad": True}
    until = f"{inspector.certificate_to:%Y-%m-%d}"
    if inspector.certificate_to < today:
        return {"text": f"已于 {until} 到期，不参加抽取", "bad": True}
    if inspector.certificate_from > today:
        return {"text": f"{inspector.certificate_from:%Y-%m-%d} 起有效", "bad": True}
    if inspector.certificate_to <= today + SOON:
        return {"text": f"有效期至 {until}，将到期", "bad": True}
    return {"text": f"有效期至 {until}", "bad": False}


def duty_state(inspector, absent) -> dict:
    if inspector.left_on:
        return {"text": "已调离", "tone": "wait"}
    if inspector.employment == Employment.OFF_POST:
        return {"text": "不在岗", "tone": "wait"}
    return {"text": "离岗", "tone": "wait"} if absent else {"text": "在岗", "tone": "ok"}


@requires(P.SEE_INSPECTORS)
def inspector_export(request):
    """The current filter as a workbook with the columns of the import."""
    unit, today = shell.current_unit(request), clock.today()
    rows, _, view, sort, views = _chosen(request, unit, today)
    minus = "-" if sort.startswith("-") else ""
    first, *rest = SORTS[sort.removeprefix("-")]
    people = list(rows.filter(views[view][1]).select_related("unit").order_by(minus + first, *rest))
    trail.record("registry.inspectors.exported", by=request.user, unit=unit, rows=len(people))
    name = f"本溪双随机_检查人员_{unit.short_name if unit else ''}_{today:%Y%m%d}.xlsx"
    return files.attachment(sheets.inspector_export(people), name=name, content_type=files.XLSX)


def _inspector(request, code):
    rows = Inspector.objects.visible_to(request.user).select_related(
        "unit", "unit__serves", "unit__parent", "unit__section", "user"
    )
    return get_object_or_404(rows, code=code)


def _sees_conflicts(user, inspector) -> bool:
    """The person himself, who keeps the list, who approves, and the supervisors (ui.md mock-up 09)."""
    unit = inspector.unit.drawing_unit
    return inspector.user_id == user.pk or any(
        user.may(p, unit) for p in (P.EDIT_INSPECTORS, P.APPROVE_REGISTRY, P.SEE_LOG)
    )


@requires(P.SEE_INSPECTORS, P.FIELD_WORK)
def inspector_detail(request, code):
    """One person: certificate, absences, declared interests, history."""
    inspector, today = _inspector(request, code), clock.today()
    may_edit = rules.may_edit_inspector(inspector, request.user)
    conflicts = list(
        inspector.conflicts.select_related("facility", "declared_by").order_by("valid_to", "-declared_at")
        if _sees_conflicts(request.user, inspector)
        else ()
    )
    absences = list(inspector.absences.order_by("-starts_on"))
    absent = any(a.starts_on <= today and (a.ends_on is None or a.ends_on >= today) for a in absences)
    changes = inspector.changes.select_related("entered_by")[:60]
    entries = wording.inspector_history(changes, wording.section_names())
    years = None
    if inspector.entered_service_on:
        start = inspector.entered_service_on
        years = today.year - start.year - ((today.month, today.day) < (start.month, start.day))
    own = inspector.user_id == request.user.pk
    inspector.scope_names = [Scope(s).label for s in inspector.scopes]
    verdict = history.check(inspector)
    may_edit = may_edit and verdict.whole
    context = {
        "inspector": inspector,
        "certificate": certificate_state(inspector, today),
        "duty": duty_state(inspector, absent),
        "absences": absences,
        "conflicts": [{"c": c, "open": c.valid_to is None or c.valid_to >= today} for c in conflicts],
        "sees_conflicts": _sees_conflicts(request.user, inspector),
        "entries": entries,
        "years": years,
        "scopes": wording.value_text("scopes", inspector.scopes),
        "may_edit": may_edit,
        "own": own,
        "may_declare": own or may_edit,
        "verdict": verdict,
        "asked_to_verify": "verify" in request.GET,
    }
    return TemplateResponse(request, "registry/inspector_detail.html", context)


def _finish(request, form, act, inspector, done):
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(inspector)
    return None


def _form_page(request, inspector, form, *, heading, button, text="", obstacle="", danger=False):
    context = {
        "inspector": inspector,
        "form": form,
        "heading": heading,
        "button": button,
        "text": text,
        "obstacle": obstacle,
        "danger": danger,
    }
    return TemplateResponse(request, "registry/inspector_form.html", context)


@requires(P.EDIT_INSPECTORS)
def inspector_new(request):
    """Enter somebody, with a certificate or without."""
    unit = shell.current_unit(request)
    if unit is None:
        raise Http404
    form = InspectorForm(
        request.POST or None,
        drawing_unit=unit,
        new=True,
        initial={"unit": book.sections_of(unit)[-1], "employment": Employment.IN_POST},
    )
    if request.method == "POST" and form.is_valid():
        try:
            inspector = actions.add_inspector(unit=unit, values=form.values(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已新增 {inspector.name}，编号 {inspector.code}")
            return redirect(inspector)
    obstacle = rules.why_not_import(BatchKind.INSPECTOR, unit, request.user)
    context = {"unit": unit, "form": form, "obstacle": obstacle}
    return TemplateResponse(request, "registry/inspector_change.html", context)


@requires(P.EDIT_INSPECTORS)
def inspector_change(request, code):
    """Change somebody's data."""
    inspector = _inspector(request, code)
    form = InspectorForm.of(inspector, request.POST or None)

    def act():
        data = form.cleaned_data
        actions.change_inspector(
            inspector=inspector,
            values=form.values(),
            version=data["version"] or 0,
            reason=data["reason"],
            by=request.user,
        )

    done = _finish(request, form, act, inspector, "变更已登记")
    if done:
        return done
    obstacle = rules.why_not_edit_inspector(inspector, request.user)
    context = {"inspector": inspector, "unit": inspector.unit.drawing_unit, "form": form, "obstacle": obstacle}
    return TemplateResponse(request, "registry/inspector_change.html", context)


@requires(P.EDIT_INSPECTORS)
def absence_new(request, code):
    """Note leave, a change of post or other duty."""
    inspector = _inspector(request, code)
    form = AbsenceForm(request.POST or None, initial={"starts_on": clock.today()})
    act = lambda: actions.record_absence(inspector=inspector, by=request.user, **form.cleaned_data)  # noqa: E731
    return _finish(request, form, act, inspector, "离岗已登记") or _form_page(
        request,
        inspector,
        form,
        heading="登记离岗",
        button="登记离岗",
        text="离岗期间不参加抽取。截止日不清楚的留空，返岗时再填。",
        obstacle=rules.why_not_edit_inspector(inspector, request.user),
    )


@requires(P.EDIT_INSPECTORS)
def absence_end(request, code, pk):
    """Note that somebody is back; the last day of absence is yesterday or the first day."""
    inspector = _inspector(request, code)
    absence = get_object_or_404(inspector.absences.select_related("inspector"), pk=pk)
    if request.method == "POST":
        yesterday = clock.today() - timedelta(days=1)
        try:
            actions.end_absence(absence=absence, on=max(absence.starts_on, yesterday), by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{inspector.name}已返岗")
    return redirect(inspector)


@requires(P.EDIT_INSPECTORS, P.FIELD_WORK)
def conflict_new(request, code):
    """Declare an interest: in every later draw this facility is not given to this person (七(五)-c)."""
    inspector = _inspector(request, code)
    own = inspector.user_id == request.user.pk
    if not own and not rules.may_edit_inspector(inspector, request.user):
        raise Http404
    form = ConflictForm(request.POST or None, drawing_unit=inspector.unit.drawing_unit)
    act = lambda: actions.declare_conflict(inspector=inspector, by=request.user, **form.cleaned_data)  # noqa: E731
    return _finish(request, form, act, inspector, "回避已登记，以后的抽取不会派到这家") or _form_page(
        request,
        inspector,
        form,
        heading="申报回避" if own else f"登记{inspector.name}的回避",
        button="登记回避",
        text="登记以后，抽取时这家企业不会派给本人。申报内容只有本人、名录管理员、分管负责人和监督员能看到。",
    )


@requires(P.EDIT_INSPECTORS)
def conflict_end(request, code, pk):
    """End a declared interest that no longer holds."""
    inspector = _inspector(request, code)
    conflict = get_object_or_404(
        ConflictOfInterest.objects.select_related("facility", "inspector"), inspector=inspector, pk=pk
    )
    form = ReasonForm(request.POST or None)
    act = lambda: actions.end_conflict(conflict=conflict, by=request.user, **form.cleaned_data)  # noqa: E731
    return _finish(request, form, act, inspector, "回避已结束") or _form_page(
        request,
        inspector,
        form,
        heading="结束回避",
        button="结束回避",
        text=f"{inspector.name}对{conflict.facility.name}的回避（{conflict.get_kind_display()}）到今天为止。",
        obstacle=rules.why_not_edit_inspector(inspector, request.user),
        danger=True,
    )
