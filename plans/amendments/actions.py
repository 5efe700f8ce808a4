"""更换: asked for with reason and evidence, approved by another person, computed by SSJ1 (七(二)-f, -g; SSJ1 8).

Who takes a place is decided by the ticket that the draw has fixed; no form and no argument names him.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused, refuse_if
from plans.draw import actions as draw_actions
from plans.draw import ssj1
from plans.draw.bundles import whole_bundle
from plans.models import (
    OF_OBJECTS,
    OF_PEOPLE,
    AmendmentRequest,
    ChangeReason,
    Draw,
    DrawDocument,
    Pick,
    PickDrop,
    RequestState,
)
from registry.inspectors.rules import scan_type
from registry.models import Inspector

from . import duties, lending, rules

LAPSED = "公开随机数更正，名单已经重算。仍要更换的，按更正后的名单重新申请。"


@transaction.atomic
def ask_for_amendment(
    *,
    draw: Draw,
    reason: str,
    evidence: str,
    by: User,
    picks: Iterable[Pick] = (),
    inspector: Inspector | None = None,
    file: tuple[str, bytes] | None = None,
    order_no: str = "",
    found_there: bool = False,
) -> AmendmentRequest:
    """Write down who should be replaced, why and by which file; nothing changes until it is approved.

    `found_there`: asked by the team that found the place shut; `inspections.visits` has seen to it.
    """
    draw = Draw.objects.locked(draw.pk, "plan", "unit")
    picks = list(_with_teams(draw).filter(pk__in=[pick.pk for pick in picks]))
    now, calendar = clock.now(), workdays.calendar()
    wanted = rules.Wanted(reason, picks, inspector, evidence, file, order_no, found_there)
    refuse_if(rules.why_not_request(draw, by, wanted, today=now.date(), calendar=calendar))

    stored = file and files.store(name=file[0], content=file[1], content_type=scan_type(file[1]), by=by)
    request = AmendmentRequest.objects.create(
        draw=draw,
        run=draw.run,
        reason=reason,
        inspector=inspector,
        evidence=evidence.strip(),
        file=stored,
        order_no=order_no.strip(),
        asked_by=by,
        asked_at=now,
    )
    request.picks.add(*picks)
    duties.asked(request, calendar)
    trail.record("plans.amendment.asked", by=by, about=draw, request=request.pk)
    return request


@transaction.atomic
def reject_amendment(*, request: AmendmentRequest, by: User, opinion: str) -> AmendmentRequest:
    request = AmendmentRequest.objects.locked(request.pk, "draw__plan", "draw__unit", "inspector")
    refuse_if(rules.why_not_reject(request, by, opinion=opinion))
    request.state, request.opinion = RequestState.RETURNED, opinion.strip()
    request.decided_by, request.decided_at = by, clock.now()
    request.save()
    duties.decided(request, "不批准更换")
    trail.record("plans.amendment.rejected", by=by, about=request.draw, request=request.pk)
    return request


@transaction.atomic
def approve_amendment(*, request: AmendmentRequest, by: User, document_no: str, opinion: str = "") -> AmendmentRequest:
    """Approve, compute the outcome, and seal it in the chain, all or nothing (SSJ1 8, 15 D5, D8).

    Called by `inspections.replacements.actions`, which lets the dispatched checks follow.
    """
    draw = Draw.objects.locked(request.draw_id, "plan", "unit")
    request = AmendmentRequest.objects.locked(request.pk, "draw__plan", "draw__unit", "inspector")
    today, calendar = clock.today(), workdays.calendar()
    refuse_if(rules.why_not_approve(request, by, document_no=document_no, today=today, calendar=calendar))
    lines = _lines(draw, request)
    moment = draw_actions.chain_moment()
    number = 1 + draw.documents.filter(kind="AMEND", run=draw.run).count()
    request.state, request.number = RequestState.APPROVED, number
    request.document_no, request.opinion = document_no.strip(), opinion.strip()
    request.decided_by, request.decided_at = by, moment
    request.save()
    duties.decided(request, "批准更换")

    try:
        change = ssj1.amend(
            whole_bundle(draw),
            at=draw_actions.written(moment),
            person=by.full_name,
            document=request.document_no,
            **lines,
        )
    except ssj1.Ssj1Error as error:
        raise Refused(f"不能更换：{error.sentence}。{error.where}".rstrip("。") + "。") from error
    draw_actions.keep(draw, "AMEND", change.text, number, run=draw.run)
    draw_actions.keep(draw, "SLIPS", change.slips_text, number, run=draw.run)
    draw_actions.append(draw, "AMEND", change.digest, moment)
    entry = draw_actions.append(draw, "SLIPS", change.slips_digest, moment)
    _project(draw, change.amend)
    trail.record(
        "plans.amendment.approved",
        by=by,
        about=draw,
        request=request.pk,
        number=number,
        document=request.document_no,
        amend=change.digest,
        chain=entry.link,
    )
    return request


def amend_of(request: AmendmentRequest) -> ssj1.Amend | None:
    """What the approved request led to, as its document says."""
    document = document_of(request)
    return None if document is None else ssj1.parse_amend(document.text)


def document_of(request: AmendmentRequest) -> DrawDocument | None:
    return request.draw.documents.filter(kind="AMEND", run=request.run, number=request.number).first()


def lapse(draw: Draw, *, by: User, at: datetime) -> list[AmendmentRequest]:
    """Return what still waits: it is about a list that a correction has just superseded (SSJ1 9.1)."""
    waiting = list(AmendmentRequest.objects.pending().select_for_update().filter(draw=draw))
    for request in waiting:
        request.state, request.opinion = RequestState.RETURNED, LAPSED
        request.decided_by, request.decided_at = None if by.pk == request.asked_by_id else by, at
        request.save()
        duties.decided(request, "名单更正，不用再批")
    return waiting


def _with_teams(draw: Draw):
    return (
        Pick.objects.filter(draw=draw, run=draw.run)
        .select_related("facility", "drop")
        .prefetch_related("teams__members")
    )


def _lines(draw: Draw, request: AmendmentRequest) -> dict:
    """The request as SSJ1 reads it."""
    reason = ChangeReason(request.reason)
    picks = list(request.picks.select_related("facility"))
    if reason in OF_OBJECTS:
        stratum = f"{draw.unit.code}."
        return {
            "drop_objects": [
                ssj1.DropObject(stratum + pick.category, pick.facility.code, reason.code) for pick in picks
            ]
        }
    if reason in OF_PEOPLE:
        who = request.inspector.code
        return {"drop_inspectors": [ssj1.DropInspector(pick.facility.code, who, reason.code) for pick in picks]}
    day = clock.today()
    refuse_if(lending.why_not_come(draw, request.inspector, day))
    return {"joins": [lending.line_of(draw, request.inspector, day)]}


def _project(draw: Draw, change: ssj1.Amend) -> None:
    """Write the AMEND's lines as rows; the database compares them with the document at commit."""
    standing = dict(draw.picks.filter(run=draw.run).values_list("facility__code", "pk"))
    PickDrop.objects.bulk_create(
        PickDrop(pick_id=standing[drop.id], amendment=change.number, reason=drop.reason) for drop in change.drop_objects
    )
    texts = list(draw.documents.filter(kind="FRAME").values_list("text", flat=True))
    draw_actions.add_picks(draw, change.added, texts, change.number, run=draw.run)
    draw_actions.add_teams(draw, change.tasks, change.number, run=draw.run)
