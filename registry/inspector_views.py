"""Pages of the 检查人员 registry; an inspector sees his own record and declarations (六(三), ui.md 7.2)."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock, policy, shell
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.form_pages import carry_out
from benxi_shuangsuiji.refusal import Refused

from . import actions, audits, book, certificates, history, interests, roster, rules, sheets, wording
from .facility_list import PER_PAGE
from .forms import ReasonForm
from .inspector_forms import (
    AbsenceForm,
    CertificateForm,
    CertificateStatusForm,
    InspectorFilter,
    InspectorForm,
    LeavingForm,
    TakeOverForm,
)
from .list_views import query_with as _query
from .models import BatchKind, Book, CertificateStatus, Employment, Inspector, InspectorAbsence, Scope
from .recusal_views import panel, sees_interests, sees_unit

SORTS = {"name": ("name", "code"), "code": ("code",), "until": ("certificate_to", "code")}


def _in_force(today, prefix=""):
    return Q(**{f"{prefix}valid_from__lte": today}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": today})
    )


def _people(request, unit, today):
    """The people of the unit that the request asks for, each with today's absence and number of interests.

    A unit has tens of people, a large one some hundreds: they are read whole, so that every count, view and tag is
    the same few lines of `roster`.
    """
    form = InspectorFilter(request.GET)
    chosen = form.chosen()
    rows = Inspector.objects.visible_to(request.user)
    rows = rows.filter(pk__in=book.inspectors_of(unit)) if unit else rows.none()
    rows = rows.annotate(
        n_conflicts=Count("conflicts", filter=_in_force(today, "conflicts__"), distinct=True),
        declared=interests.made(today.year),
    )
    for word in chosen["q"].lower().split():
        rows = rows.filter(search_text__contains=word)
    sort = request.GET.get("sort", "")
    sort = sort if sort.removeprefix("-") in SORTS else "code"
    first, *rest = SORTS[sort.removeprefix("-")]
    rows = rows.order_by(("-" if sort.startswith("-") else "") + first, *rest)
    now = InspectorAbsence.objects.filter(starts_on__lte=today).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    people = list(rows.select_related("unit").prefetch_related(Prefetch("absences", now, to_attr="away")))
    for i in people:
        i.absence = i.away[0] if i.away else None
    tags = {name: request.GET[name] for name in roster.TAGS if request.GET.get(name)}
    people = roster.with_tags(people, tags, today)
    return people, form, tags, sort


def _window_to(request):
    """The last day of the chosen quarter's checks, or of the running one's: a card must outlast it (A-24)."""
    quarter = shell.current_quarter(request)
    return date(quarter.year, quarter.months[2], policy.on(quarter.first_day).close_day)


def _view(request, people, today, window_to):
    views = roster.views(today, window_to)
    name = request.GET.get("view", "")
    name = name if name in views else "all"
    counts = {n: sum(1 for i in people if belongs(i)) for n, (_, belongs) in views.items()}
    chips = [
        {
            "label": label,
            "count": counts[n],
            "current": n == name,
            "url": _query(request, view="" if n == "all" else n),
        }
        for n, (label, _) in views.items()
    ]
    return [i for i in people if views[name][1](i)], counts, chips


@requires(P.SEE_INSPECTORS, P.FIELD_WORK)
def inspector_list(request):
    """Who checks: certificate, scope, on duty or not, declared interests. An inspector is taken to his own record."""
    if not request.user.units_with(P.SEE_INSPECTORS):
        own = Inspector.objects.filter(user=request.user).first()
        if own is None:
            raise Http404
        return redirect(own)
    unit, today, window_to = shell.current_unit(request), clock.today(), _window_to(request)
    people, form, tags, sort = _people(request, unit, today)
    shown, counts, chips = _view(request, people, today, window_to)
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    quarter = shell.current_quarter(request)
    loads = roster.loads(request.user, unit, quarter) if unit else {}
    for inspector in page:
        inspector.load = loads.get(inspector.pk, 0)
        inspector.certificate = roster.certificate_state(inspector, today, window_to)
        inspector.duty = roster.duty_state(inspector, inspector.absence)
        inspector.scope_names = [Scope(s).label for s in inspector.scopes]
    context = {
        "standing": audits.last_of(unit, Book.INSPECTOR, clock.today()),
        "unit": unit,
        "page": page,
        "counts": counts,
        "quarter": quarter,
        "inside": unit is not None and request.user.may(P.SEE_SEALED, unit),
        "year": today.year,
        "declared": sum(1 for i in people if i.declared),
        "sees_interests": sees_unit(request.user, unit),
        "team_size": policy.on(today).min_team_size,
        "form": form,
        "asked": bool(tags) or any(form.chosen().values()),
        "sort": sort,
        "chips": chips,
        "tags": _tag_chips(request, people, tags, today),
        "tagged": bool(tags),
        "kept_names": [n for n in ("unit", "quarter", "view", "sort", *roster.TAGS) if request.GET.get(n)],
        "reset_url": _query(request, keep=("unit", "quarter")),
        "export_query": request.GET.urlencode(),
        "may_edit": unit is not None and request.user.may(P.EDIT_INSPECTORS, unit),
    }
    return TemplateResponse(request, "registry/inspector_list.html", context)


def _tag_chips(request, people, tags, today):
    """The tags of the people shown, with counts; each a link that adds or takes away the condition."""
    return [
        {
            "title": tag["title"],
            "chips": [
                {
                    "label": label,
                    "count": n,
                    "current": tags.get(tag["name"]) == value,
                    "remove": tags.get(tag["name"]) == value,
                    "url": _query(request, **{tag["name"]: "" if tags.get(tag["name"]) == value else value}),
                }
                for value, label, n in tag["rows"]
            ],
        }
        for tag in roster.counted_tags(people, today)
    ]


@requires(P.SEE_INSPECTORS)
def inspector_export(request):
    """The current filter as a workbook with the columns of the import."""
    unit, today = shell.current_unit(request), clock.today()
    people, _, _, _ = _people(request, unit, today)
    people, _, _ = _view(request, people, today, _window_to(request))
    trail.record("registry.inspectors.exported", by=request.user, unit=unit, rows=len(people))
    name = f"本溪双随机_检查人员_{unit.short_name if unit else ''}_{today:%Y%m%d}.xlsx"
    return files.attachment(sheets.inspector_export(people), name=name, content_type=files.XLSX)


def _inspector(request, code):
    rows = Inspector.objects.visible_to(request.user).select_related(
        "unit", "unit__serves", "unit__parent", "unit__section", "user"
    )
    return get_object_or_404(rows, code=code)


@requires(P.SEE_INSPECTORS, P.FIELD_WORK)
def inspector_detail(request, code):
    """One person: certificate, absences, declared interests, history."""
    inspector, today = _inspector(request, code), clock.today()
    may_edit = rules.may_edit_inspector(inspector, request.user)
    absences = list(inspector.absences.order_by("-starts_on"))
    absence = next((a for a in absences if a.starts_on <= today and (a.ends_on is None or a.ends_on >= today)), None)
    changes = inspector.changes.select_related("entered_by")[:60]
    entries = wording.inspector_history(changes, wording.section_names())
    own = inspector.user_id == request.user.pk
    inspector.scope_names = [Scope(s).label for s in inspector.scopes]
    may_scan = rules.may_see_scan(inspector, request.user)
    verdict = history.check(inspector)
    may_edit = may_edit and verdict.whole
    context = {
        "inspector": inspector,
        "certificate": roster.certificate_state(inspector, today, _window_to(request)),
        "cards": _cards(inspector, today),
        "may_scan": may_scan,
        "division": wording.value_text("division_code", inspector.division_code),
        "expertise": wording.value_text("expertise", inspector.expertise),
        "duty": roster.duty_state(inspector, absence),
        "absences": [
            {"a": a, "future": a.starts_on > today, "over": a.ends_on is not None and a.ends_on < today}
            for a in absences
        ],
        "panel": panel(inspector, request.user, today) if sees_interests(request.user, inspector) else None,
        "entries": entries,
        "years": inspector.years_of_service(today),
        "scopes": wording.value_text("scopes", inspector.scopes),
        "may_edit": may_edit,
        "own": own,
        "verdict": verdict,
        "asked_to_verify": "verify" in request.GET,
    }
    return TemplateResponse(request, "registry/inspector_detail.html", context)


_CARD_TONES = {CertificateStatus.VALID: "ok", CertificateStatus.SUSPENDED: "warn", CertificateStatus.REVOKED: "wait"}


def _cards(inspector, today):
    """The person's cards, the latest statement of each; the one in use first."""
    said = list(inspector.certificates.select_related("scan"))
    used = certificates.in_use(said, today)
    cards = []
    for card in certificates.in_force(said):
        over = card.status == CertificateStatus.VALID and card.valid_to < today
        cards.append(
            {
                "card": card,
                "used": card == used,
                "text": "已到期" if over else card.get_status_display(),
                "tone": "wait" if over else _CARD_TONES[card.status],
                "open": card.status != CertificateStatus.REVOKED and not over,
            }
        )
    return sorted(cards, key=lambda c: not c["used"])


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
            data = form.cleaned_data
            inspector = actions.add_inspector(
                unit=unit,
                values=form.values(),
                by=request.user,
                on=data["on"],
                reason=data["reason"],
                transferred=data["transferred"],
            )
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
            on=data["on"],
            by=request.user,
        )

    done = carry_out(request, form, act, inspector, "变更已登记")
    if done:
        return done
    obstacle = rules.why_not_edit_inspector(inspector, request.user)
    context = {"inspector": inspector, "unit": inspector.unit.drawing_unit, "form": form, "obstacle": obstacle}
    return TemplateResponse(request, "registry/inspector_change.html", context)


@requires(P.EDIT_INSPECTORS)
def inspector_leave(request, code):
    """Note that somebody left the unit (调离)."""
    inspector = _inspector(request, code)
    form = LeavingForm(request.POST or None, initial={"on": clock.today(), "version": inspector.version})

    def act():
        data = form.cleaned_data
        actions.leave(
            inspector=inspector, on=data["on"], reason=data["reason"], version=data["version"] or 0, by=request.user
        )

    return carry_out(request, form, act, inspector, f"{inspector.name}调离已登记") or _form_page(
        request,
        inspector,
        form,
        heading="登记调离",
        button="登记调离",
        text="从这一天起不再参加抽取。记录和历史留着；调入单位凭人员编号接收，编号和执法证跟着人走。",
        obstacle=rules.why_not_edit_inspector(inspector, request.user),
        danger=True,
    )


@requires(P.EDIT_INSPECTORS)
def inspector_take_over(request):
    """Take over somebody who has left another unit (调入)."""
    unit = shell.current_unit(request)
    if unit is None:
        raise Http404
    form = TakeOverForm(
        request.POST or None,
        drawing_unit=unit,
        initial={"unit": book.sections_of(unit)[-1], "on": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            inspector = actions.take_over(
                inspector=data["inspector"],
                unit=unit,
                values={n: data[n] for n in ("unit", "position", "post")},
                on=data["on"],
                reason=data["reason"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{inspector.name}（{inspector.code}）已调入")
            return redirect(inspector)
    context = {
        "unit": unit,
        "form": form,
        "heading": "调入人员",
        "button": "登记调入",
        "text": "先由原单位登记调离，再在这里接收。人员编号、执法证和历史跟着人走。",
        "obstacle": rules.why_not_import(BatchKind.INSPECTOR, unit, request.user),
    }
    return TemplateResponse(request, "registry/inspector_form.html", context)


@requires(P.EDIT_INSPECTORS)
def certificate_new(request, code):
    """Enter a new card, a renewal or a correction, with its scan."""
    inspector = _inspector(request, code)
    card = inspector.certificates.first()
    names = ("number", "kind", "issuer", "valid_from", "valid_to")
    form = CertificateForm(
        request.POST or None, request.FILES or None, initial={n: getattr(card, n) for n in names} if card else {}
    )

    def act():
        actions.enter_certificate(inspector=inspector, by=request.user, **form.cleaned_data)

    return carry_out(request, form, act, inspector, "执法证已登记") or _form_page(
        request,
        inspector,
        form,
        heading="登记执法证",
        button="登记执法证",
        text="换证、续期和改正都在这里登记。证号不变、有效期接着的，按续期处理；新证的有效期从它的起始日算。",
        obstacle=rules.why_not_edit_inspector(inspector, request.user),
    )


@requires(P.EDIT_INSPECTORS)
def certificate_status(request, code, pk):
    """Withhold, give back or cancel a card."""
    inspector = _inspector(request, code)
    card = get_object_or_404(inspector.certificates.select_related("inspector"), pk=pk)
    form = CertificateStatusForm(request.POST or None, now=card.status, initial={"on": clock.today()})
    act = lambda: actions.set_certificate_status(certificate=card, by=request.user, **form.cleaned_data)  # noqa: E731
    return carry_out(request, form, act, inspector, "执法证状态已登记") or _form_page(
        request,
        inspector,
        form,
        heading="变更执法证状态",
        button="登记状态",
        text=f"执法证 {card.number}，现在{card.get_status_display()}。暂扣和注销期间不参加抽取，也不能参加检查。",
        obstacle=rules.why_not_edit_inspector(inspector, request.user),
        danger=True,
    )


@requires(P.SEE_INSPECTORS, P.FIELD_WORK)
def certificate_scan(request, code, pk):
    """The scan of a card, for the person, the registrar and the approving leader."""
    inspector = _inspector(request, code)
    card = get_object_or_404(
        inspector.certificates.filter(scan__isnull=False).select_related("scan", "inspector__unit"), pk=pk
    )
    try:
        return files.download(actions.show_scan(certificate=card, by=request.user))
    except Refused as refusal:
        raise Http404(str(refusal)) from None


@requires(P.EDIT_INSPECTORS, P.FIELD_WORK)
def absence_new(request, code):
    """Note leave, a change of post or other duty; everybody may note his own leave."""
    inspector, today = _inspector(request, code), clock.today()
    own = inspector.user_id == request.user.pk
    may_edit = rules.may_edit_inspector(inspector, request.user)
    form = AbsenceForm(request.POST or None, initial={"starts_on": today}, own=own and not may_edit)
    act = lambda: actions.record_absence(inspector=inspector, by=request.user, **form.cleaned_data)  # noqa: E731
    return carry_out(request, form, act, inspector, "离岗已登记") or _form_page(
        request,
        inspector,
        form,
        heading="登记请假" if own and not may_edit else "登记离岗",
        button="登记请假" if own and not may_edit else "登记离岗",
        text=f"离岗期间不参加抽取和检查。{_pool_words(inspector, today)}"
        + ("" if own and not may_edit else "截止日不清楚的留空，返岗时再填。"),
        obstacle="" if own else rules.why_not_edit_inspector(inspector, request.user),
    )


def _pool_words(inspector, today) -> str:
    """How many of the unit can be drawn today, and how many without this person (七(五)-a)."""
    unit = inspector.unit.drawing_unit
    people = roster.drawable(book.inspectors_of(unit), today)
    without = sum(1 for p in people if p.pk != inspector.pk)
    least = policy.on(today).min_team_size
    warning = f"，不够一组 {least} 人" if without < least else ""
    return f"{unit}今天可参加抽取 {len(people)} 人，{inspector.name}离岗时 {without} 人{warning}。"


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
def absence_cancel(request, code, pk):
    """Take back an absence that has not begun."""
    inspector = _inspector(request, code)
    absence = get_object_or_404(inspector.absences.select_related("inspector"), pk=pk)
    absence.inspector = inspector
    form = ReasonForm(request.POST or None)
    act = lambda: actions.cancel_absence(absence=absence, by=request.user, **form.cleaned_data)  # noqa: E731
    return carry_out(request, form, act, inspector, "离岗登记已取消") or _form_page(
        request,
        inspector,
        form,
        heading="取消离岗登记",
        button="取消登记",
        text=f"{absence.get_kind_display()} {absence.starts_on:%Y-%m-%d} 起。还没有开始，可以取消；历史里两次都看得到。",
        obstacle=rules.why_not_cancel_absence(absence, request.user, today=clock.today()),
    )
