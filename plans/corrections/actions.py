"""更正: a public value that two people typed alike and wrongly is put right in place (SSJ1 9.1, 14.4).

Manifest, lists and sealed number stay; the true value alone decides the new result. The earlier run stays on record and is
published with the rest as superseded. Never a new draw: who dislikes an outcome could else mistype on purpose.
"""

from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.refusal import Refused, refuse_if
from plans.amendments import actions as amend_actions
from plans.draw import actions as draw_actions
from plans.draw import secrets, ssj1
from plans.draw.attempts import kept_when_refused
from plans.draw.bundles import runs_of
from plans.draw.values import source_states
from plans.filings import actions as filing_actions
from plans.models import AmendmentRequest, CorrectionRequest, Draw, DrawStatus, RequestState, ValueEntry
from registry.inspectors import rules as registry_rules

from . import rules
from .duties import DECISION

DECIDERS = (Role.APPROVER, Role.SUPERVISOR)


@kept_when_refused("申请更正公开随机数")
@transaction.atomic
def ask_to_correct(
    *,
    draw: Draw,
    values: Mapping[int, str],
    reason: str,
    evidence: str,
    by: User,
    scan: tuple[str, bytes] | None = None,
) -> CorrectionRequest:
    """Type the right value and say where it stands; nothing changes until another person has typed it too."""
    draw = Draw.objects.locked(draw.pk, "plan", "unit")
    now, states = clock.now(), source_states(draw)
    reason, evidence = reason.strip(), evidence.strip()
    refuse_if(rules.why_not_ask(draw, by, values=values, reason=reason, evidence=evidence, scan=scan, states=states))

    stored = scan and files.store(name=scan[0], content=scan[1], content_type=registry_rules.scan_type(scan[1]), by=by)
    request = CorrectionRequest.objects.create(
        draw=draw, reason=reason, evidence=evidence, scan=stored, asked_by=by, asked_at=now
    )
    _type(request, values, by)
    url = reverse("inspections:draw-correct", args=[draw.draw_id])
    for role in DECIDERS:
        DECISION.open(
            draw.unit,
            _duty_period(request, role),
            role=role,
            title=f"审批更正申请 {draw.draw_id}",
            due=decision_due(now.date(), workdays.calendar()),
            url=url,
            consequence="批准以前，公开随机数和抽取结果照旧。由分管负责人或者市执法队监督员一人办理。",
        )
        tell(
            role=role,
            unit=draw.unit,
            key=f"correction:{request.pk}",
            title=f"{draw.unit}：1 份更正申请等批准",
            body=f"{draw.draw_id}，对照公告录入号码，写明文号后批准。原来录错的人不能批准。",
            url=url,
            by=by,
        )
    trail.record("plans.correction.asked", by=by, about=draw, request=request.pk, positions=sorted(values))
    return request


@kept_when_refused("不批准更正公开随机数")
@transaction.atomic
def reject_correction(*, request: CorrectionRequest, by: User, opinion: str) -> CorrectionRequest:
    """The value stays as it was agreed."""
    draw = Draw.objects.locked(request.draw_id, "plan", "unit")
    request = CorrectionRequest.objects.locked(request.pk, "draw__plan", "draw__unit")
    refuse_if(rules.why_not_reject(request, by, opinion=opinion))
    request.state, request.opinion = RequestState.RETURNED, opinion.strip()
    request.decided_by, request.decided_at = by, clock.now()
    request.save()
    _close_duties(request, "更正申请没有批准")
    trail.record("plans.correction.rejected", by=by, about=draw, request=request.pk)
    return request


@transaction.atomic
def approve_correction(
    *,
    request: CorrectionRequest,
    values: Mapping[int, str],
    by: User,
    document_no: str,
    word: str = rules.CORRECT_WORD,
    opinion: str = "",
) -> tuple[CorrectionRequest, list[AmendmentRequest]]:
    """Let the right value hold, and compute anew what was drawn with the wrong one, all or nothing (SSJ1 9.1, 15 D5).

    Called by `inspections.corrections.actions`, which lets the dispatched checks follow. Also returns the requests for
    replacements that this left without an object.
    """
    draw = Draw.objects.locked(request.draw_id, "plan", "unit")
    request = CorrectionRequest.objects.locked(request.pk, "draw__plan", "draw__unit")
    document_no, states = document_no.strip(), source_states(draw)
    refuse_if(rules.why_not_approve(request, by, values=values, word=word, document_no=document_no, states=states))
    drawn = draw.status != DrawStatus.FROZEN
    moment = draw_actions.chain_moment() if drawn else clock.now()
    _type(request, {position: values[position] for position in rules.positions_of(request)}, by)
    request.state, request.document_no, request.opinion = RequestState.APPROVED, document_no, opinion.strip()
    request.decided_by, request.decided_at = by, moment
    request.run = draw.run + 1 if drawn else 1
    request.save()
    _close_duties(request, "更正申请已批准")
    if not drawn:  # nothing was computed with the wrong value
        trail.record("plans.correction.approved", by=by, about=draw, request=request.pk, document=document_no, run=1)
        return request, []

    result, link = _compute(draw, request)
    lapsed = amend_actions.lapse(draw, by=by, at=moment)
    filing_actions.file_again(draw, by=by, at=moment)
    trail.record(
        "plans.correction.approved",
        by=by,
        about=draw,
        request=request.pk,
        document=document_no,
        run=draw.run,
        result=result,
        chain=link,
    )
    return request, lapsed


def _compute(draw: Draw, request: CorrectionRequest) -> tuple[str, str]:
    """The next run of the draw; its result's digest and its last link in the chain."""
    texts = draw_actions.documents(draw)
    try:
        outcome = ssj1.hold_draw(
            manifest=texts["MANIFEST"][0],
            frames=texts["FRAME"],
            roster=texts["ROSTER"][0],
            secret=secrets.open_secret(draw),
            values=[state.agreed for state in source_states(draw)],
            drawn=draw_actions.written(request.decided_at),
            earlier=runs_of(draw)[-1],
        )
    except ssj1.Ssj1Error as error:
        raise Refused(f"不能更正：{error.sentence}。{error.where}".rstrip("。") + "。") from error
    run, moment = request.run, request.decided_at
    draw_actions.keep(draw, "SEED", outcome.seed_text, run=run)
    draw_actions.keep(draw, "RESULT", outcome.result_text, run=run)
    draw_actions.keep(draw, "SLIPS", outcome.slips_text, run=run)
    draw_actions.append(draw, "RESULT", outcome.result_digest, moment)
    entry = draw_actions.append(draw, "SLIPS", outcome.slips_digest, moment)
    draw_actions.project(draw, outcome, texts["FRAME"], run=run)
    draw.run = run
    draw.save(update_fields=["run"])
    return outcome.result_digest, entry.link


def _type(request: CorrectionRequest, values: Mapping[int, str], by: User) -> None:
    """One person's entries, on his own reading of the notice; the database dates them."""
    now = clock.now()
    for position, value in sorted(values.items()):
        ValueEntry.objects.create(
            draw=request.draw, correction=request, position=position, value=value, entered_by=by, entered_at=now
        )


def _close_duties(request: CorrectionRequest, event: str) -> None:
    """One of the two has decided; the other has nothing left to do."""
    for role in DECIDERS:
        DECISION.close(request.draw.unit, _duty_period(request, role), event, request.decided_at)


def _duty_period(request: CorrectionRequest, role: Role) -> str:
    return f"{request.pk}:{role.value}"
