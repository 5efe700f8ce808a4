"""Pages of the 检查人员 registry; an inspector sees his own record and declarations (六(三), ui.md 7.2)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.web.chips import query_with
from registry import book, sheets
from registry import book_rules as imports_rules
from registry.audits import standing as audits
from registry.facilities import chain as history
from registry.facilities import wording
from registry.facilities.selection import PER_PAGE
from registry.interests.forms import ConflictForm
from registry.interests.pages import panel, sees_interests, sees_unit
from registry.models import BatchKind, Book, CertificateStatus, Employment, Inspector, Scope

from . import actions, certificates, roster, rules
from .forms import InspectorForm, LeavingForm, TakeOverForm
from .pages import FORM_PAGE, InspectorList, Line, inspector_or_404, window_to


@requires(P.SEE_INSPECTORS, P.FIELD_WORK)
@require_safe
def inspector_list(request):
    """Who checks: certificate, scope, on duty or not, declared interests. An inspector is taken to his own record."""
    if not request.user.units_with(P.SEE_INSPECTORS):
        own = Inspector.objects.filter(user=request.user).first()
        if own is None:
            raise Http404
        return redirect(own)
    found, quarter = InspectorList.of(request), shell.current_quarter(request)
    unit, today = found.unit, found.today
    page = Paginator(found.shown, PER_PAGE).get_page(request.GET.get("page"))
    loads = roster.loads(request.user, unit, quarter) if unit else {}
    sees = sees_unit(request.user, unit)
    chosen = next((i for i in found.people if i.code == request.GET.get("person")), None) if sees else None
    page.object_list = [Line(i, loads.get(i.pk, 0), today, found.window_to) for i in page]
    context = {
        "list": found,
        "unit": unit,
        "page": page,
        "filters": found.form,
        "form": ConflictForm(drawing_unit=unit) if chosen else None,
        "sort": found.sort,
        "quarter": quarter,
        "standing": audits.last_of(unit, Book.INSPECTOR, today),
        "inside": unit is not None and request.user.may(P.SEE_SEALED, unit),
        "sees_interests": sees,
        "panel": panel(chosen, request.user, today) if chosen else None,
        "team_size": policy.on(today).min_team_size,
        "export_query": request.GET.urlencode(),
        "asked_for": [(name, value) for name, value in request.GET.items() if name not in ("person", "page")],
        "may_edit": unit is not None and request.user.may(P.EDIT_INSPECTORS, unit),
    }
    return TemplateResponse(request, "registry/inspectors/inspector_list.html", context)


@requires(P.SEE_INSPECTORS)
@require_safe
def inspector_export(request):
    """The current filter as a workbook with the columns of the import; with `only`, those of it that were ticked (PNG 09)."""
    found = InspectorList.of(request)
    people, unit = found.shown, found.unit
    if "only" in request.GET:
        ticked = set(request.GET.getlist("chosen"))
        people = [one for one in people if one.code in ticked]
        if not people:
            messages.error(request, "没有勾上检查人员，没有导出。勾上以后再按“导出所选”。")
            return redirect(f"{reverse('registry:inspector-list')}{query_with(request, only='', chosen='')}")
    trail.record("registry.inspectors.exported", by=request.user, unit=unit, rows=len(people))
    name = f"{this_city().label}_检查人员_{unit.short_name if unit else ''}_{found.today:%Y%m%d}.xlsx"
    content = sheets.inspector_export(people, unit=unit, day=found.today)
    return files.attachment(content, name=name, content_type=files.XLSX)


@requires(P.SEE_INSPECTORS, P.FIELD_WORK)
@require_safe
def inspector_detail(request, code):
    """One person: certificate, absences, declared interests, history."""
    inspector, today = inspector_or_404(request, code), clock.today()
    may_edit = rules.may_edit_inspector(inspector, request.user)
    absences = list(inspector.absences.order_by("-starts_on"))
    absence = next((a for a in absences if a.starts_on <= today and (a.ends_on is None or a.ends_on >= today)), None)
    # The latest; all of them when asked to recompute them.
    changes = inspector.changes.select_related("entered_by")[: None if "verify" in request.GET else 60]
    entries = wording.inspector_history(changes, wording.section_names())
    own = inspector.user_id == request.user.pk
    may_scan = rules.may_see_scan(inspector, request.user)
    verdict = history.check(inspector)
    may_edit = may_edit and verdict.whole
    context = {
        "inspector": inspector,
        "certificate": roster.certificate_state(inspector, today, window_to(request)),
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
        "scope_names": [Scope(s).label for s in inspector.scopes],
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
    unit = shell.unit_or_404(request)
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
    inspector = inspector_or_404(request, code)
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
    inspector = inspector_or_404(request, code)
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
    unit = shell.unit_or_404(request)
    form = TakeOverForm(
        request.POST or None,
        drawing_unit=unit,
        initial={"unit": book.sections_of(unit)[-1], "on": clock.today()},
    )

    def act(*, inspector, on, reason, **place):
        return actions.take_over(inspector=inspector, unit=unit, values=place, on=on, reason=reason, by=request.user)

    return act_page(
        request,
        FORM_PAGE,
        form,
        act,
        lambda inspector: inspector,
        lambda inspector: f"{inspector.name}（{inspector.code}）已调入",
        unit=unit,
        heading="调入人员",
        button="登记调入",
        text="先由原单位登记调离，再在这里接收。人员编号、执法证和历史跟着人走。",
        obstacle=imports_rules.why_not_import(BatchKind.INSPECTOR, unit, request.user),
    )
