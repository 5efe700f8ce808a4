"""A reason is written, approved or given back; the trail names the unit, never the facility (decisions.md 3)."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import CoverageReason, ReasonState, UnfinishedReason
from plans.models import AmendmentRequest

from . import duties, rules
from .gaps import CoverageList, DrawnList, Line

Listing = DrawnList | CoverageList
Reason = UnfinishedReason | CoverageReason


@transaction.atomic
def explain(*, listing: Listing, keys: Iterable[int], words: str, by: User, kind: str = "") -> list[Reason]:
    """Why these are not checked (六(一)2-g, 七(一)1-b, 2-b); until it is approved the planner may write it anew.

    All of them or, when one may not be, none. What had been given back waits for the leader again.
    """
    lines = _lines(listing, keys, by)
    for line in lines:
        refuse_if(rules.why_not_enter(listing.unit, by, line, words))
    chosen = [line.key for line in lines if line]
    values = {"words": words.strip(), "asked_by": by, "asked_at": clock.now()}
    if isinstance(listing, CoverageList):
        for line in lines:
            refuse_if(rules.why_not_kind(kind, listing, line.facility) if line else "")
        values["kind"] = kind
    values |= {"state": ReasonState.ASKED, "decided_by": None, "decided_at": None, "opinion": ""}
    kept = [listing.model.objects.update_or_create(**listing.key_of(key), defaults=values)[0] for key in chosen]
    duties.keep_approval_duties(listing, clock.now(), by=by)
    trail.record("inspections.gap.entered", by=by, unit=listing.unit, period=listing.period)
    return kept


@transaction.atomic
def approve(
    *, listing: Listing, keys: Iterable[int], opinion: str, by: User, seen: Mapping[int, str] | None = None
) -> list[Reason]:
    """The leader agrees, with an opinion; when nothing is left without, the duty of the list is done.

    `seen`: the versions of the reasons that stood on his page; who has them before him in this moment gives none.
    """
    reasons = _decided(listing, keys, opinion, by, seen, ReasonState.APPROVED)
    duties.settle(listing.unit, clock.now())
    _tell_planners(listing, f"{len(reasons)} 条原因已批准", by)
    trail.record("inspections.gap.approved", by=by, unit=listing.unit, period=listing.period)
    return reasons


@transaction.atomic
def give_back(
    *, listing: Listing, keys: Iterable[int], opinion: str, by: User, seen: Mapping[int, str] | None = None
) -> list[Reason]:
    """The leader gives reasons back with what has to change; the planner writes them anew (`explain`)."""
    reasons = _decided(listing, keys, opinion, by, seen, ReasonState.RETURNED)
    _tell_planners(listing, f"{len(reasons)} 条原因被退回", by)
    trail.record("inspections.gap.returned", by=by, unit=listing.unit, period=listing.period)
    return reasons


def explained_by(request: AmendmentRequest) -> None:
    """What was taken off as 季末没有查完 stays in every list, with the reason that was asked for and approved (六(一)2-g).

    Called by `inspections.replacements`, in the transaction of the approval.
    """
    for pick in request.picks.all():
        reason = UnfinishedReason.objects.filter(pick=pick).first() or UnfinishedReason(pick=pick)
        if reason.state == ReasonState.APPROVED:
            continue
        reason.words, reason.asked_by, reason.asked_at = request.evidence[:200], request.asked_by, request.asked_at
        reason.state, reason.opinion, reason.decided_by, reason.decided_at = ReasonState.ASKED, "", None, None
        reason.save()
        opinion = request.opinion or f"批准文号 {request.document_no}"
        reason.decide(ReasonState.APPROVED, by=request.decided_by, at=request.decided_at, opinion=opinion)


def _decided(
    listing: Listing, keys: Iterable[int], opinion: str, by: User, seen: Mapping[int, str] | None, state: ReasonState
) -> list[Reason]:
    lines = _lines(listing, keys, by)
    for line in lines:
        refuse_if(rules.why_not_decide(listing.unit, by, line, opinion))
        refuse_if(rules.why_not_seen(line, seen))
        if state == ReasonState.APPROVED and line and isinstance(line.reason, CoverageReason):
            refuse_if(rules.why_not_kind(line.reason.kind, listing, line.facility))
    reasons, now = [line.reason for line in lines if line and line.reason], clock.now()
    for reason in reasons:
        reason.decide(state, by=by, at=now, opinion=opinion)
    duties.keep_approval_duties(listing, now, by=by)
    return reasons


def _lines(listing: Listing, keys: Iterable[int], by: User) -> list[Line | None]:
    """The chosen lines of the list as it now is.

    The unit's row orders who writes and who decides at once; its key stays free, so that nobody who enters something
    for the unit, and closes the same duties, waits for it.
    """
    Unit.objects.locked(listing.unit.pk, fresh_keys=True)
    found = {line.key: line for line in listing.found(by, clock.today()).lines}
    lines = [found.get(key) for key in dict.fromkeys(keys)]
    refuse_if("" if lines else rules.NOTHING_CHOSEN)
    return lines


def _tell_planners(listing: Listing, title: str, by: User) -> None:
    """How many, and where to read more: a message names nobody (decisions.md 3)."""
    key = f"reason:{listing.step}:{listing.unit.pk}:{listing.period}"
    title, body = f"{listing.unit}：{title}", f"{listing.reasons_name}，意见见名单。"
    tell(role=Role.PLANNER, unit=listing.unit, key=key, title=title, body=body, url=listing.address, by=by)
