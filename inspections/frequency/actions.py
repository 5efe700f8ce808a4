"""What people do with caps on visits: propose, approve or not agree (一-e, N-4)."""

from django.db import transaction
from django.urls import reverse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices import duties
from benxi_shuangsuiji.notices.deadlines.timetable import RULES
from benxi_shuangsuiji.notices.telling import tell as tell_role
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import CapState, FrequencyCap

from . import rules

DECISION_DUTY = "CAP"


@transaction.atomic
def propose_cap(*, unit: Unit, year: int, category: str, max_visits: int, document: str, by: User) -> FrequencyCap:
    """The most visits of a year to one kind of facility; it counts once the leader has approved it (N-4)."""
    numbers = {"year": year, "category": category, "max_visits": max_visits}
    refuse_if(rules.why_not_propose_cap(unit, by, **numbers, document=document, day=clock.today()))
    cap = FrequencyCap.objects.create(
        unit=unit,
        year=year,
        category=category,
        max_visits=max_visits,
        document=document.strip(),
        asked_by=by,
        asked_at=clock.now(),
    )
    _ask_for_decision(cap, by)
    trail.record("inspections.cap.proposed", by=by, about=cap, year=year, category=category, visits=max_visits)
    return cap


@transaction.atomic
def approve_cap(*, cap: FrequencyCap, by: User) -> FrequencyCap:
    cap = FrequencyCap.objects.locked(cap.pk, "unit")
    refuse_if(rules.why_not_approve_cap(cap, by))
    cap.state, cap.decided_by, cap.decided_at = CapState.APPROVED, by, clock.now()
    cap.save(update_fields=["state", "decided_by", "decided_at"])
    _decided(cap, "上限已批准")
    trail.record("inspections.cap.approved", by=by, about=cap)
    return cap


@transaction.atomic
def return_cap(*, cap: FrequencyCap, opinion: str, by: User) -> FrequencyCap:
    """The leader does not agree; who proposed it hears why, and another may be proposed."""
    cap = FrequencyCap.objects.locked(cap.pk, "unit")
    refuse_if(rules.why_not_return_cap(cap, by, opinion))
    cap.state, cap.decided_by, cap.decided_at = CapState.RETURNED, by, clock.now()
    cap.opinion = opinion.strip()[:200]
    cap.save(update_fields=["state", "decided_by", "decided_at", "opinion"])
    _decided(cap, "上限没有同意")
    title = f"{cap.year} 年{cap.get_category_display()}对象的入企检查上限没有同意"
    tell_people([cap.asked_by_id], title, f"意见：{cap.opinion}", _address(cap))
    trail.record("inspections.cap.returned", by=by, about=cap)
    return cap


def _ask_for_decision(cap: FrequencyCap, by: User) -> None:
    """The leader has it to do and is told; the days are those of every second person's word (D-20)."""
    title, url = f"审批 {cap.year} 年{cap.get_category_display()}对象的入企检查上限", _address(cap)
    duties.open(
        rule=DECISION_DUTY,
        unit=cap.unit,
        role=Role.APPROVER,
        period=str(cap.pk),
        title=title,
        due=RULES["D-20"].due(clock.today(), workdays.calendar()),
        url=url,
        consequence="批准以前，原来的上限照旧。",
    )
    key, title = f"{DECISION_DUTY}:{cap.pk}", f"{cap.unit}：{title}"
    tell_role(role=Role.APPROVER, unit=cap.unit, key=key, title=title, body=cap.document, url=url, by=by)


def _decided(cap: FrequencyCap, event: str) -> None:
    duties.close(rule=DECISION_DUTY, unit=cap.unit, period=str(cap.pk), event=event, at=cap.decided_at)


def _address(cap: FrequencyCap) -> str:
    return f"{reverse('inspections:frequency-list')}?unit={cap.unit.code}&quarter={cap.year}Q1"
