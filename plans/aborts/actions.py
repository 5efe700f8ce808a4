"""作废: a sealed draw is closed without a result, by two people, for everyone to see (SSJ1 9.2)."""

from collections.abc import Iterable

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from plans.draw import actions as draw_actions
from plans.draw import duties as draw_duties
from plans.draw import secrets, ssj1
from plans.draw.attempts import kept_when_refused
from plans.draw.values import source_states
from plans.models import AbortRequest, Draw, DrawStatus, RequestState

from . import duties, rules


@kept_when_refused("申请作废抽取")
@transaction.atomic
def ask_to_abort(*, draw: Draw, reason: str, evidence: str, by: User, missing: Iterable[int] = ()) -> AbortRequest:
    """Write down why the draw cannot be finished; it stays sealed until another person approves."""
    draw = Draw.objects.locked(draw.pk, "plan", "unit")
    now, missing = clock.now(), sorted(set(missing))
    reason = reason.strip()
    refuse_if(
        rules.why_not_ask_abort(
            draw, by, reason=reason, evidence=evidence, missing=missing, states=source_states(draw), now=now
        )
    )

    request = AbortRequest.objects.create(
        draw=draw, reason=reason, evidence=evidence.strip(), missing=missing, asked_by=by, asked_at=now
    )
    duties.asked(request, by)
    trail.record("plans.abort.asked", by=by, about=draw, request=request.pk, missing=missing)
    return request


@kept_when_refused("不批准作废抽取")
@transaction.atomic
def reject_abort(*, request: AbortRequest, by: User, opinion: str) -> AbortRequest:
    """The draw goes on as it was sealed."""
    request = AbortRequest.objects.locked(request.pk, "draw__plan", "draw__unit")
    refuse_if(rules.why_not_reject_abort(request, by, opinion=opinion))
    request.state, request.opinion = RequestState.RETURNED, opinion.strip()
    request.decided_by, request.decided_at = by, clock.now()
    request.save()
    duties.decided(request, "plans.abort.rejected")
    trail.record("plans.abort.rejected", by=by, about=request.draw, request=request.pk)
    return request


@kept_when_refused("批准作废抽取")
@transaction.atomic
def approve_abort(
    *, request: AbortRequest, by: User, document_no: str, word: str = rules.ABORT_WORD, opinion: str = ""
) -> Draw:
    """Close the draw: its secret is revealed, its reason stays public, and the next attempt is a new draw (SSJ1 9.2).

    The quarter's duty to draw stays open and goes back to the planner.
    """
    draw = Draw.objects.locked(request.draw_id, "plan", "unit")
    request = AbortRequest.objects.locked(request.pk, "draw__plan", "draw__unit")
    document_no = document_no.strip()
    moment = draw_actions.chain_moment()
    states = source_states(draw)
    refuse_if(rules.why_not_approve_abort(request, by, word=word, document_no=document_no, states=states, now=moment))
    request.state, request.document_no, request.opinion = RequestState.APPROVED, document_no, opinion.strip()
    request.decided_by, request.decided_at = by, moment
    request.save()
    duties.decided(request, "plans.abort.approved")

    text = ssj1.abort_text(
        draw=draw.draw_id,
        manifest=draw.documents.get(kind="MANIFEST").digest,
        at=draw_actions.written(moment),
        person=by.full_name,
        document=document_no,
        reason=request.reason,
        secret=None if secrets.is_lost(draw) else secrets.open_secret(draw),
        missing=request.missing,
    )
    kept = draw_actions.keep(draw, "ABORT", text)
    entry = draw_actions.append(draw, "ABORT", kept.digest, moment)
    draw.status = DrawStatus.ABORTED
    draw.save(update_fields=["status"])
    draw.refresh_from_db()
    draw_duties.draw_aborted(draw, by)
    trail.record(
        "plans.abort.approved",
        by=by,
        about=draw,
        request=request.pk,
        document=document_no,
        abort=kept.digest,
        chain=entry.link,
    )
    return draw
