from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.refusal import Refused
from inspections.models import Inspection, PaperKind, PaperLayout

from . import actions, layouts, papers, rules
from .forms import LayoutForm


@requires(P.SEE_SEALED, P.FIELD_WORK)
@require_GET
def paper(request, no, kind, way):
    """One paper of a check, for the team and the circle only (decisions.md 3)."""
    inspection = get_object_or_404(
        Inspection.objects.in_circle_of(request.user).select_related("facility", "unit", "executing_unit", "draw"),
        no=no,
    )
    kind = _kind(kind)
    on_desk = inspection.unit_id in request.user.units_with(P.SEE_SEALED)
    back = inspection if on_desk else inspection.field_url
    if reason := rules.why_not_paper(inspection, kind):
        messages.error(request, reason)
        return redirect(back)
    try:
        content, name, content_type = papers.made(inspection, kind, way)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    trail.record("inspections.paper.downloaded", by=request.user, about=inspection, paper=kind.label)
    return files.attachment(content, name=name, content_type=content_type)


@requires(P.RECEIVE_REPORTS)
@require_GET
def paper_layouts(request):
    """Every paper with the layout that was entered last."""
    kept = {row.kind: row for row in PaperLayout.objects.order_by("valid_from", "pk").select_related("made_by")}
    rows = [{"kind": kind, "slug": kind.value.lower(), "kept": kept.get(kind.value)} for kind in PaperKind]
    return TemplateResponse(request, "inspections/paperwork/paper_layouts.html", {"rows": rows})


@requires(P.RECEIVE_REPORTS)
def paper_layout(request, kind):
    """One paper: what is written on it, in which order, from which day on."""
    kind = _kind(kind)
    form = LayoutForm(
        request.POST or None, kind=kind, layout=layouts.latest(kind), initial={"valid_from": clock.today()}
    )
    return act_page(
        request,
        "inspections/paperwork/paper_layout.html",
        form,
        partial(actions.keep_layout, kind=kind, by=request.user),
        "inspections:paper-layouts",
        f"已登记{kind.label}的版式。",
        kind=kind,
        history=PaperLayout.objects.filter(kind=kind).select_related("made_by"),
    )


def _kind(text: str) -> PaperKind:
    kind = next((k for k in PaperKind if k.value.lower() == text), None)
    if kind is None:
        raise Http404
    return kind
