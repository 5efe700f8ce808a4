"""检查频次: the counter of one facility, the caps, and who is at a limit (一-e, 七(一)4, D-19, K8, K10, K11)."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, table
from benxi_shuangsuiji.forms.pages import Decide, Panel, Row, act_page, decide_in_list, panel_in_list
from benxi_shuangsuiji.web import frame as shell
from inspections.models import Consent, FrequencyCap
from inspections.targeted import pages as targeted_pages
from registry.models import OFF_BOOKS, Facility

from . import actions, counts, rules
from .caps import caps_of, note_on
from .forms import CapForm, ConsentForm
from .pages import note_view, report

TONES = {Consent.ASKED: "warn", Consent.APPROVED: "ok", Consent.RETURNED: "bad"}
COLUMNS = [
    OutColumn("名录编号", 24),
    OutColumn("检查对象", 30),
    OutColumn("类别", 8),
    OutColumn("本年入企检查", 14),
    OutColumn("上限", 8),
    OutColumn("同一事项抽查最多", 18),
    OutColumn("情况", 12),
]


@requires(P.SEE_FACILITIES)
@require_safe
def facility_frequency(request, code):
    """How often one facility was drawn for each item and visited in the year, and what else is near."""
    facility = get_object_or_404(Facility.objects.visible_to(request.user).select_related("unit"), code=code)
    today = clock.today()
    note_view(request, "facility-frequency", facility.unit)
    context = {
        "facility": facility,
        "near": counts.near(facility, request.user, today, today),
        "days": counts.margin_days(today),
        "most": policy.on(today).cap_per_item,
        "may_raise": facility.status not in OFF_BOOKS and bool(request.user.units_with(P.RAISE_CHECK)),
        **targeted_pages.frequency_of(facility, today.year, request.user),
    }
    return TemplateResponse(request, "inspections/frequency/facility_frequency.html", context)


@requires(P.SEE_FACILITIES)
def frequency_list(request):
    """Who is at a limit; the caps with their document and approver; and the form for another cap."""
    unit, today = shell.current_unit(request), clock.today()
    year = shell.current_quarter(request).year
    may_propose = unit is not None and request.user.may(P.DISPATCH, unit)

    def facts():
        sees = unit is not None and request.user.may(P.SEE_FACILITIES, unit)
        note_view(request, "frequency-list", unit)
        return {
            "report": report(request.user, unit, year) if sees else None,
            "caps": _caps(request.user, unit, year) if sees else [],
        }

    return act_page(
        request,
        "inspections/frequency/frequency_list.html",
        CapForm(request.POST or None, initial={"year": today.year}) if may_propose else None,
        partial(actions.propose_cap, unit=unit, by=request.user),
        lambda cap: _here(cap.unit, request),
        "已提出，等分管负责人批准。",
        facts=facts,
        unit=unit,
        year=year,
        most=policy.on(today).cap_per_item,
    )


def _caps(user, unit, year) -> list[tuple[Panel, FrequencyCap, str]]:
    """Each cap with its decision and, where it does not count today, why."""
    caps = caps_of(year)
    rows = FrequencyCap.objects.filter(year=year, unit=unit).select_related("asked_by", "decided_by", "unit")
    return [(_panel(cap, user), cap, note_on(cap, caps)) for cap in rows]


def _panel(cap: FrequencyCap, user) -> Panel:
    row = Row(cap, TONES[cap.state], f"每年最多 {cap.max_visits} 次", notes=[cap.document])
    decide = _decide(cap, user) if user.may(P.APPROVE_CHECK, cap.unit) else None
    return panel_in_list(row, decide, reverse("inspections:frequency-cap", args=[cap.pk]))


def _decide(cap: FrequencyCap, user) -> Decide:
    return Decide(
        ConsentForm,
        lambda **_: actions.approve_cap(cap=cap, by=user),
        partial(actions.return_cap, cap=cap, by=user),
        approved="上限已批准，从现在起计算。",
        rejected="没有同意，提出的人会收到意见。",
        obstacle=rules.why_not_approve_cap(cap, user),
        may_return=not rules.why_not_decide_cap(cap, user),
        title="",
        returning="",
        approve_button="批准上限",
        reject_button="不同意",
    )


def _here(unit, request) -> str:
    quarter = shell.current_quarter(request)
    return f"{reverse('inspections:frequency-list')}?unit={unit.code}&quarter={quarter}"


@requires(P.APPROVE_CHECK)
@require_POST
def cap_decide(request, pk):
    """Approve, or say why not."""
    cap = get_object_or_404(
        FrequencyCap.objects.filter(unit__in=request.user.units_with(P.APPROVE_CHECK)).select_related("unit"), pk=pk
    )
    back = f"{reverse('inspections:frequency-list')}?unit={cap.unit.code}"
    return decide_in_list(request, _decide(cap, request.user), back)


@requires(P.SEE_FACILITIES)
@require_safe
def frequency_export(request):
    """The report as a workbook, of what the reader may know."""
    unit, year = shell.current_unit(request), shell.current_quarter(request).year
    sees = unit is not None and request.user.may(P.SEE_FACILITIES, unit)
    lines = report(request.user, unit, year).lines if sees else []
    trail.record("inspections.frequency.exported", by=request.user, unit=unit, year=year)
    content = table(
        sheet="检查频次",
        title=heading(f"{year} 年检查频次", unit.name if unit else "", clock.today()),
        named_by=2,
        columns=COLUMNS,
        rows=(
            [
                line.facility.code,
                line.facility.name,
                line.facility.get_category_display(),
                str(line.visits),
                "" if line.cap is None else str(line.cap),
                str(line.times),
                "超过" if line.over else "已到上限",
            ]
            for line in lines
        ),
    )
    name = f"检查频次_{unit.code if unit else ''}_{year}.xlsx"
    return files.attachment(content, name=name, content_type=files.XLSX)
