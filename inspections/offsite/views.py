"""Pages of 非现场查看: the team enters what it looked at; the record as a paper (七(三)-b)."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.pdf import PDF
from benxi_shuangsuiji.forms.pages import act_page
from inspections.checks.pages import my_task
from inspections.models import Inspection, InspectionStatus

from . import actions, pages, papers, rules
from .forms import LookForm


@requires(P.FIELD_WORK)
def field_looks(request, no):
    """Every look so far, and one more."""
    inspection = my_task(request, no)
    obstacle = rules.why_not_look(inspection, request.user)
    form = None if obstacle else LookForm(request.POST or None, request.FILES or None, inspection=inspection)
    return act_page(
        request,
        "inspections/offsite/field_looks.html",
        form,
        partial(actions.look, inspection=inspection, by=request.user),
        reverse("inspections:field-looks", args=[no]),
        lambda made: f"第 {made.number} 次查看已登记，不能再改；登记错的，另登记一次更正。",
        late=obstacle,
        facts=lambda: {"rows": pages.rows(inspection)},
        inspection=inspection,
        obstacle=obstacle,
    )


@requires(P.SEE_SEALED, P.FIELD_WORK)
@require_safe
def looks_paper(request, no):
    """非现场检查记录 for the team and the circle; never public, for it names what was looked at (decisions.md 3)."""
    inspection = get_object_or_404(
        Inspection.objects.in_circle_of(request.user).select_related("facility", "unit", "executing_unit", "draw"),
        no=no,
    )
    if not inspection.looks.exists():
        raise Http404
    if inspection.status != InspectionStatus.PUBLISHED:
        trail.record("inspections.sealed.viewed", by=request.user, about=inspection, page="looks-paper")
    return files.attachment(papers.made(inspection), name=f"{papers.TITLE}_{no}.pdf", content_type=PDF)
