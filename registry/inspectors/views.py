"""Pages of the 检查人员 registry; an inspector sees his own record and declarations (六(三), ui.md 7.2)."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.web.chips import Chip, query_with
from registry import book, sheets
from registry import book_rules as imports_rules
from registry.audits import standing as audits
from registry.facilities import chain as history
from registry.facilities import wording
from registry.facilities.selection import PER_PAGE
from registry.interests import standing as interests
from registry.interests.pages import panel, sees_interests, sees_unit
from registry.models import BatchKind, Book, CertificateStatus, Employment, Inspector, InspectorAbsence, Scope

from . import actions, certificates, roster, rules
from .forms import InspectorFilter, InspectorForm, LeavingForm, TakeOverForm

FORM_PAGE = "registry/inspectors/inspector_form.html"


SORTS = {"name": ("name", "code"), "code": ("code",), "until": ("certificate_to", "code")}


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
        n_conflicts=interests.in_force(today),
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
    rows = [(n, label, counts[n]) for n, (label, _) in views.items()]
    shown = chips.choices(rows, name, lambda n: query_with(request, view="" if n == "all" else n))
    return [i for i in people if views[name][1](i)], counts, shown


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
    shown, counts, views = _view(request, people, today, window_to)
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
        "chips": views,
        "tags": _tag_chips(request, people, tags, today),
        "tagged": bool(tags),
        "kept_names": [n for n in ("unit", "quarter", "view", "sort", *roster.TAGS) if request.GET.get(n)],
        "reset_url": query_with(request, keep=("unit", "quarter")),
        "export_query": request.GET.urlencode(),
        "may_edit": unit is not None and request.user.may(P.EDIT_INSPECTORS, unit),
    }
    return TemplateResponse(request, "registry/inspectors/inspector_list.html", context)


def _tag_chips(request, people, tags, today):
    """The tags of the people shown, with counts; each a link that adds or takes away the condition."""
    return [
        {
            "title": tag["title"],
            "chips": [
                _tag_chip(request, tag["name"], value, label, n, chosen=tags.get(tag["name"]) == value)
                for value, label, n in tag["rows"]
            ],
        }
        for tag in roster.counted_tags(people, today)
    ]


def _tag_chip(request, name, value, label, n, *, chosen) -> Chip:
    return Chip(label, query_with(request, **{name: "" if chosen else value}), chosen, n, remove=chosen)


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
    # The latest; all of them when asked to recompute them.
    changes = inspector.changes.select_related("entered_by")[: None if "verify" in request.GET else 60]
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
    return TemplateResponse(request, "registry/inspectors/inspector_detail.html", context)


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

    def act(*, on, reason, transferred, **_):
        return actions.add_inspector(
            unit=unit, values=form.values(), by=request.user, on=on, reason=reason, transferred=transferred
        )

    return act_page(
        request,
        "registry/inspectors/inspector_change.html",
        form,
        act,
        lambda inspector: inspector,
        lambda inspector: f"已新增 {inspector.name}，编号 {inspector.code}",
        unit=unit,
        obstacle=imports_rules.why_not_import(BatchKind.INSPECTOR, unit, request.user),
    )


@requires(P.EDIT_INSPECTORS)
def inspector_change(request, code):
    """Change somebody's data."""
    inspector = _inspector(request, code)
    form = InspectorForm.of(inspector, request.POST or None)

    def act(*, version, reason, on, **_):
        return actions.change_inspector(
            inspector=inspector, values=form.values(), version=version or 0, reason=reason, on=on, by=request.user
        )

    return act_page(
        request,
        "registry/inspectors/inspector_change.html",
        form,
        act,
        inspector,
        "变更已登记",
        inspector=inspector,
        unit=inspector.unit.drawing_unit,
        obstacle=rules.why_not_edit_inspector(inspector, request.user),
    )


@requires(P.EDIT_INSPECTORS)
def inspector_leave(request, code):
    """Note that somebody left the unit (调离)."""
    inspector = _inspector(request, code)
    form = LeavingForm(request.POST or None, initial={"on": clock.today(), "version": inspector.version})

    def act(*, on, reason, version):
        return actions.leave(inspector=inspector, on=on, reason=reason, version=version or 0, by=request.user)

    return act_page(
        request,
        FORM_PAGE,
        form,
        act,
        inspector,
        f"{inspector.name}调离已登记",
        inspector=inspector,
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
        "obstacle": imports_rules.why_not_import(BatchKind.INSPECTOR, unit, request.user),
    }
    return TemplateResponse(request, "registry/inspectors/inspector_form.html", context)
