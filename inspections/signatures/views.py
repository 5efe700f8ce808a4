"""签名 (PNG 31c, d) on the phone of whoever of the team holds it out."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page
from inspections.checks.pages import my_task, tapped_at
from inspections.checks.states import ENDED
from inspections.models import Inspection, InspectionStatus, Signer

from . import actions, pages, rules
from .forms import REGISTERED, SOMEBODY, PaperForm, RefusalForm, ResponsibleForm, SignatureForm


def _submit(inspection) -> str:
    return reverse("inspections:field-submit", args=[inspection.no])


def _read() -> dict:
    """What stands on the page is of this moment; a phone keeps the page, and the moment with it."""
    return {"read_at": clock.now().isoformat()}


def _closed(inspection):
    """After it is handed in, and before the task is accepted, there is nothing to sign, but below a mended record."""
    handed_in = inspection.status in ENDED and inspection.status != InspectionStatus.RETURNED
    if handed_in and not rules.to_sign_again(inspection):
        return redirect(_submit(inspection))
    if inspection.status == InspectionStatus.DISPATCHED and not inspection.accepted_at:
        return redirect(inspection.field_url)
    return None


@requires(P.FIELD_WORK)
def field_sign(request, no):
    """现场负责人签名: the registered contact stands ready; anybody else gives name and position."""
    inspection = my_task(request, no)
    if closed := _closed(inspection):
        return closed
    registered = inspection.facility.contact_name
    standing = next((s for s in rules.standing(inspection) if s.signer == Signer.RESPONSIBLE), None)
    signed = standing.name if standing else ""
    form = ResponsibleForm(
        request.POST or None,
        request.FILES or None,
        registered=registered,
        initial={
            "who": REGISTERED if registered and signed in ("", registered) else SOMEBODY,
            "name": signed or inspection.contact_person,
            "position": standing.position if standing else "",
            **_read(),
        },
    )
    return act_page(
        request,
        "inspections/signatures/field_sign.html",
        form,
        partial(actions.sign, inspection=inspection, by=request.user, at=tapped_at(request)),
        _submit(inspection),
        "",
        facts=lambda: {"early": rules.why_not_sign(inspection, request.user)},
        inspection=inspection,
        registered=registered,
        who=form["who"].value(),
        standing=pages.of_standing(standing) if standing else None,
    )


@requires(P.FIELD_WORK)
def field_sign_inspector(request, no, inspector):
    """One of the team, on his own phone or on a colleague's."""
    inspection = my_task(request, no)
    if closed := _closed(inspection):
        return closed
    member = inspection.members.filter(inspector=inspector).select_related("inspector").first()
    if member is None:
        raise Http404
    return act_page(
        request,
        "inspections/signatures/field_sign_inspector.html",
        SignatureForm(request.POST or None, request.FILES or None, initial=_read()),
        partial(
            actions.sign, inspection=inspection, by=request.user, inspector=member.inspector, at=tapped_at(request)
        ),
        _submit(inspection),
        "",
        facts=lambda: {"early": rules.why_not_sign(inspection, request.user)},
        inspection=inspection,
        inspector=member.inspector,
    )


@requires(P.FIELD_WORK)
def field_refuse(request, no):
    """拒绝签名: why, and who saw it; the result is served all the same."""
    inspection = my_task(request, no)
    if closed := _closed(inspection):
        return closed
    form = RefusalForm(
        request.POST or None, request.FILES or None, initial={"because": "UNWILLING", "seen_by": "witness"}
    )
    return act_page(
        request,
        "inspections/signatures/field_refuse.html",
        form,
        partial(actions.refuse_to_sign, inspection=inspection, by=request.user, at=tapped_at(request)),
        _submit(inspection),
        "",
        facts=lambda: {"early": rules.why_not_sign(inspection, request.user)},
        inspection=inspection,
        because=form["because"].value(),
        seen_by=form["seen_by"].value(),
    )


@requires(P.SEE_SEALED, P.FIELD_WORK)
@require_safe
def signature_file(request, no, pk):
    """The picture of a signature, or the paper that it stands on, for the team and the circle only (decisions.md 3)."""
    inspection = get_object_or_404(Inspection.objects.in_circle_of(request.user), no=no)
    signature = get_object_or_404(inspection.signatures.filter(drawing__isnull=False).select_related("drawing"), pk=pk)
    trail.record("inspections.sealed.viewed", by=request.user, about=inspection, page="signature")
    return files.download(signature.drawing)


@requires(P.FIELD_WORK)
def field_paper(request, no):
    """The scan of what was signed on paper that day, instead of signatures on the screen."""
    inspection = my_task(request, no)
    if closed := _closed(inspection):
        return closed
    members = list(inspection.members.filter(arrived_at__isnull=False).select_related("inspector"))
    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        members=members,
        initial={
            "name": inspection.contact_person or inspection.facility.contact_name,
            "inspectors": [m.inspector_id for m in members],
            "at": localtime(clock.now()),
        },
    )

    def sign(*, inspectors, **given):
        people = [m.inspector for m in members if m.inspector_id in inspectors]
        return actions.sign_on_paper(inspection=inspection, by=request.user, inspectors=people, **given)

    return act_page(
        request,
        "inspections/signatures/field_paper.html",
        form,
        sign,
        _submit(inspection),
        "",
        facts=lambda: {"early": rules.why_not_sign(inspection, request.user)},
        inspection=inspection,
        members=members,
        chosen=[int(pk) for pk in form["inspectors"].value() or []],
    )
