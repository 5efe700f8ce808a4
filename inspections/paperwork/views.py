from collections.abc import Sequence
from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, pdf
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.refusal import Refused, refuse_if
from inspections.checks.pages import site_of
from inspections.evidence import rules as evidence_rules
from inspections.models import CheckApproval, EvidenceKind, Inspection, PaperKind, PaperLayout

from . import actions, layouts, pages, papers, rules
from .blocks import written
from .example_papers import example
from .forms import HeapForm, LayoutForm, ScanForm
from .models import OF_A_CHECK
from .scans import order_words

WITH = (
    "facility",
    "unit",
    "executing_unit",
    "draw",
    "pick__facility",
    "pick__draw",
    "begun_under__facility",
    "notice_number",
)


@requires(P.SEE_SEALED, P.FIELD_WORK, P.APPROVE_CHECK, P.REVIEW_CHECK)
@require_safe
def paper(request, no, kind, way):
    """One paper of a check, for the team and the circle; what is asked for, also for whoever must approve (decisions.md 3)."""
    kind, user = _kind(kind, OF_A_CHECK), request.user
    asked_of = CheckApproval.objects.visible_to(user).values("inspection")
    open_to = Inspection.objects.filter(pk__in=asked_of)
    found = open_to if kind == PaperKind.APPROVAL else Inspection.objects.in_circle_of(user)
    inspection = get_object_or_404(found.select_related(*WITH), no=no)
    if inspection.unit_id in user.units_with(P.SEE_SEALED):
        back = inspection.get_absolute_url()
    elif user.units_with(P.APPROVE_CHECK) | user.units_with(P.REVIEW_CHECK):
        back = reverse("inspections:task-approval", args=[no])
    else:
        back = inspection.field_url
    if reason := rules.why_not_paper(inspection, kind):
        messages.error(request, reason)
        return redirect(back)
    try:
        content, name, content_type = papers.made(inspection, kind, way, site=site_of(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    trail.record("inspections.paper.downloaded", by=request.user, about=inspection, paper=kind.label)
    return files.attachment(content, name=name, content_type=content_type)


@requires(P.DISPATCH, P.FIELD_WORK)
def paper_scan(request, no):
    """A paper of this check comes back signed; what stands on it already is shown beside it (四(3)-b)."""
    mine = Inspection.objects.in_circle_of(request.user).select_related("facility", "unit", "draw")
    inspection = get_object_or_404(mine, no=no)
    obstacle = evidence_rules.why_not_keep(inspection, request.user, kind=EvidenceKind.SCAN)
    on_desk = request.user.may(P.SEE_SEALED, inspection.unit_id)
    back = inspection.get_absolute_url() if on_desk else inspection.field_url
    return act_page(
        request,
        "inspections/paperwork/paper_scan.html",
        None if obstacle else ScanForm(request.POST or None, request.FILES or None),
        partial(actions.keep_scan, inspection=inspection, by=request.user, digest_today=papers.digest_today),
        request.path,
        lambda kept: f"{kept.get_paper_display()}已归档。",
        refusals_at="file",
        facts=lambda: {"rows": [row for row in pages.papers(inspection) if row["scans"]]},
        inspection=inspection,
        back=back,
        obstacle=obstacle,
        late=obstacle,
    )


@requires(P.DISPATCH, P.KEEP_ARCHIVE)
def scan_heap(request):
    """A heap of signed papers at once, sorted into the checks of the unit by their codes."""
    form = HeapForm(request.POST or None, request.FILES or None)
    found = []
    if request.method == "POST" and form.is_valid():
        found = actions.sort_heap(by=request.user, digest_today=papers.digest_today, **form.cleaned_data)
        form = HeapForm()
    rows = [
        {"found": one, "order": order_words(one.scan.pages, one.scan.of_pages) if one.scan else ""} for one in found
    ]
    return TemplateResponse(request, "inspections/paperwork/scan_heap.html", {"form": form, "rows": rows})


@requires(P.RECEIVE_REPORTS)
@require_safe
def paper_layouts(request):
    """Every paper with the layout that was entered last."""
    kept = {row.kind: row for row in PaperLayout.objects.order_by("valid_from", "pk").select_related("made_by")}
    rows = [{"kind": kind, "slug": kind.value.lower(), "kept": kept.get(kind.value)} for kind in PaperKind]
    return TemplateResponse(request, "inspections/paperwork/paper_layouts.html", {"rows": rows})


@requires(P.RECEIVE_REPORTS)
def paper_layout(request, kind):
    """One paper: what is written on it, in which order, from which day on."""
    kind = _kind(kind, tuple(PaperKind))
    form = LayoutForm(
        request.POST or None, kind=kind, layout=layouts.latest(kind), initial={"valid_from": clock.today()}
    )
    history = PaperLayout.objects.filter(kind=kind).select_related("made_by")
    if request.method == "POST" and "preview" in request.POST:
        if content := _example(kind, form):
            return files.attachment(content, name=f"样张_{kind.label}.pdf", content_type=pdf.PDF)
        context = {"form": form, "kind": kind, "history": history}
        return TemplateResponse(request, "inspections/paperwork/paper_layout.html", context, status=409)
    return act_page(
        request,
        "inspections/paperwork/paper_layout.html",
        form,
        partial(actions.keep_layout, kind=kind, by=request.user),
        "inspections:paper-layouts",
        f"已登记{kind.label}的版式。",
        kind=kind,
        history=history,
    )


def _example(kind: PaperKind, form: LayoutForm) -> bytes:
    """The layout as it was typed, on a paper of no check; b"" where it would not do, which the form then says.

    Nothing is kept, so the document and the day are not asked for.
    """
    form.is_valid()
    if set(form.errors) - {"document", "valid_from"}:
        return b""
    layout = form.cleaned_data["layout"]
    try:
        refuse_if(rules.why_not_layout(kind, layout))
        return written(example(kind, layout), "pdf")[0]
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return b""


def _kind(text: str, among: Sequence[PaperKind]) -> PaperKind:
    kind = next((k for k in among if k.value.lower() == text), None)
    if kind is None:
        raise Http404
    return kind
