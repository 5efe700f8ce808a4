"""改为现场检查: a place on the 正面清单 is checked off-site unless the leader approves a reason (七(三)-a, -b, -c)."""

from datetime import datetime

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from inspections.models import Inspection, Mode, OnsiteReason, OnsiteRequest, OnsiteState

from . import duties, rules


def latest(inspection: Inspection) -> OnsiteRequest | None:
    return inspection.onsite_requests.select_related("asked_by", "decided_by").first()


@transaction.atomic
def ask(*, inspection: Inspection, reason: str, reference: str, words: str, by: User) -> OnsiteRequest:
    """Ask to enter the place, and tell the unit's leaders, naming nobody (decisions.md 3)."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(
        rules.why_not_ask_onsite(inspection, by) or rules.why_not_onsite_words(inspection, reason, reference, words)
    )
    now = clock.now()
    request = OnsiteRequest.objects.create(
        inspection=inspection,
        reason=reason,
        reference=reference.strip(),
        words=words.strip(),
        asked_by=by,
        asked_at=now,
    )
    looks = list(inspection.looks.with_clue()) if reason == OnsiteReason.CLUE else []
    request.looks.set(looks)
    duties.asked(request)
    trail.record(
        "inspections.onsite.asked", by=by, about=inspection, reason=reason, looks=[look.number for look in looks]
    )
    return request


@transaction.atomic
def decide(*, request: OnsiteRequest, approve: bool, opinion: str, by: User) -> OnsiteRequest:
    """Approve, and the check becomes one on the spot; or send it back with the reason."""
    inspection = Inspection.objects.locked(request.inspection_id, "unit", "draw")
    request = OnsiteRequest.objects.locked(request.pk)
    request.inspection = inspection
    refuse_if(rules.why_not_open_onsite(request, by))
    if approve:
        refuse_if(rules.why_not_enter_now(request))
    else:
        refuse_if(why_not_reason(opinion, "意见"))
    request.decide(OnsiteState.APPROVED if approve else OnsiteState.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.decided(request)
    if approve:
        inspection.mode = Mode.ONSITE
        inspection.save_anew()
        trail.record("inspections.onsite.approved", by=by, about=inspection, reason=request.reason)
    else:
        trail.record("inspections.onsite.returned", by=by, about=inspection)
    team = list(inspection.members.values_list("inspector__user_id", flat=True))
    title = "1 件检查改为现场检查" if approve else "1 件检查仍用非现场方式"
    body = "按现场检查办理：登记到场，表明身份，开启执法记录仪。" if approve else "现场检查申请没有批准，理由见任务。"
    tell_people(team, title, f"{inspection.no}。{body}", inspection.field_url)
    if request.asked_by_id not in team:
        tell_people([request.asked_by_id], title, f"{inspection.no}。", inspection.get_absolute_url())
    return request


def check_left(check: Inspection, at: datetime) -> None:
    """Nobody can enter any more: it was handed in, or called off. A request that nobody had decided is over with it (七(三)-c).

    What was begun from outside may still be returned.
    """
    if check.status in rules.CAN_ENTER:
        return
    for request in check.onsite_requests.pending().select_for_update():
        request.state, request.decided_at = OnsiteState.OVER, clock.now()  # not `at`, which may be an earlier act's
        request.save(update_fields=["state", "decided_at"])
        duties.over(request)
        trail.record("inspections.onsite.over", by=None, about=check)
