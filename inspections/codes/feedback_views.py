"""企业反映和评价: reports of impostors to answer, ratings in sums of a quarter, the telephones that stand on public pages."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.models import Inspection

from . import actions, links, ratings, rules
from .forms import AnswerForm, PhoneForm
from .models import ImpostorReport


@requires(P.ANSWER_REPORTS, P.SEE_RATINGS)
@require_safe
def feedback(request):
    """What waits first; then what enterprises say of the visits of a quarter."""
    reports = ImpostorReport.objects.visible_to(request.user).select_related("unit")
    quarter = Quarter.of(clock.today())
    may_keep = request.user.units_with(P.ANSWER_REPORTS)
    context = {
        "open_reports": reports.filter(answered_at__isnull=True).order_by("answer_by"),
        "answered": reports.filter(answered_at__isnull=False)[:20],
        "quarters": [ratings.of_quarter(request.user, q) for q in (quarter, quarter.previous())],
        "units": Unit.objects.drawing().filter(pk__in=may_keep).select_related("phone"),
        "now": clock.now(),
    }
    return TemplateResponse(request, "inspections/codes/feedback.html", context)


@requires(P.ANSWER_REPORTS)
def impostor_report(request, pk):
    """One report: what is said, whom it may concern, and the answer."""
    report = get_object_or_404(
        ImpostorReport.objects.visible_to(request.user).select_related("unit", "inspection__facility", "answered_by"),
        pk=pk,
    )
    form = None if rules.why_not_answer(report, request.user) else AnswerForm(request.POST or None)
    act = partial(actions.answer_report, report=report, by=request.user)
    context = {"report": report, "circle": report.of_the_circle(request.user)}
    return act_page(
        request, "inspections/codes/impostor_report.html", form, act, "inspections:feedback", "已记下答复。", **context
    )


@requires(P.ANSWER_REPORTS)
def unit_phone(request, unit):
    """核实电话 of one unit."""
    unit = get_object_or_404(
        Unit.objects.drawing().filter(pk__in=request.user.units_with(P.ANSWER_REPORTS)).select_related("phone"),
        code=unit,
    )
    kept = getattr(unit, "phone", None)
    form = PhoneForm(request.POST or None, initial={"day": kept.day, "night": kept.night} if kept else {})
    act = partial(actions.keep_phone, unit=unit, by=request.user)
    return act_page(
        request, "inspections/codes/phone.html", form, act, "inspections:feedback", "已登记核实电话。", unit=unit
    )


@requires(P.FIELD_WORK, P.DISPATCH)
@require_POST
def link_renew(request, no):
    """The enterprise rang: its address is lost or was passed on."""
    inspection = get_object_or_404(Inspection.objects.in_circle_of(request.user), no=no)
    act = partial(links.renew, inspection=inspection, by=request.user)
    back = reverse("inspections:field-code", args=[no]) if _of_team(inspection, request.user) else inspection
    return press(request, act, back, "企业办理的网址已换新，印在重新下载的通知书上。")


def _of_team(inspection: Inspection, user) -> bool:
    return inspection.members.filter(inspector__user=user).exists()
