"""整改报告 of the enterprise, by the address of its notice (/e/<token>/rectify/, ui-2.md 32f)."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import client_address
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused
from inspections.checks.pages import site_of
from inspections.codes import tries
from inspections.codes.models import Try
from inspections.codes.pages import open_to_holders
from inspections.enterprise.actions import note_look
from inspections.enterprise.link_pages import by_token
from inspections.models import Rectification
from inspections.paperwork.blocks import written

from . import pages, papers, reports, rules
from .forms import ReportForm


@open_to_holders
@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def enterprise_rectify(request, inspection, token):
    """One group for each problem; 先存着 keeps a draft on the server, and no refusal loses anything of it."""
    found = Rectification.objects.filter(inspection=inspection).select_related("inspection__unit__phone").first()
    if found is None:
        raise Http404
    found.inspection = inspection
    obstacle, troubles, saved = rules.why_not_report(found), [], None
    draft = found.reports.filter(sent_at__isnull=True).first()
    form = ReportForm(request.POST or None, request.FILES or None, rectification=found, draft=draft)
    status = 200
    if request.method == "POST" and not obstacle and form.is_valid():
        sends = request.POST.get("do") == "send"
        try:
            draft, troubles = reports.keep_report(rectification=found, **form.said())
            if draft.sent_at:  # sent twice: one receipt
                return redirect("inspections:enterprise-rectified", token, draft.pk)
            if sends and not troubles and tries.count(Try.Kind.REPORT, client_address(request)):
                troubles = ["这个网络刚才交了很多次。写的和照片都已存下，过十分钟再交"]
                status = 429
            elif sends and not troubles:
                return redirect("inspections:enterprise-rectified", token, reports.send_report(report=draft).pk)
        except Refused as refusal:
            troubles = [*troubles, str(refusal)]
        saved = clock.now()
        status = 409 if troubles and status == 200 else status
        form = ReportForm(rectification=found, draft=draft)
    context = {
        "inspection": inspection,
        "token": token,
        "obstacle": obstacle,
        "form": form,
        "troubles": troubles,
        "saved": saved,
        "rectification": found,
        "phone": getattr(inspection.unit, "phone", None),
    }
    return TemplateResponse(request, "inspections/rectification/rectify.html", context, status=status)


@open_to_holders
@require_safe
@by_token
def enterprise_rectified(request, inspection, token, pk):
    """The receipt: number and time, what was handed in, and what was decided about a wish for more time."""
    found = get_object_or_404(pages.along(Rectification.objects.filter(inspection=inspection)))
    report = get_object_or_404(
        found.reports.filter(sent_at__isnull=False).prefetch_related("lines__point", "lines__files__file"), pk=pk
    )
    decided = report.acts.exclude(decided_at=None).first()
    context = {"inspection": inspection, "token": token, "report": report, "decided": decided}
    return TemplateResponse(request, "inspections/rectification/rectified.html", context)


@open_to_holders
@require_safe
@by_token
def enterprise_order(request, inspection, token):
    """责令改正通知书 for whoever holds the notice: the same that the team prints."""
    found = get_object_or_404(Rectification.objects.select_related("inspection"), inspection=inspection)
    if rules.why_not_go_on(found):
        raise Http404
    content, content_type = written(papers.order_of(found, site_of(request)), "pdf")
    note_look(inspection=inspection, paper="责令改正通知书")
    return files.attachment(content, name=f"责令改正通知书_{inspection.no}.pdf", content_type=content_type)
