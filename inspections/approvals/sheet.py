"""What stands on 行政执法检查审批表 as it is asked for (七(五)-d, domain.md 3.2 (a)): kept with the request, never read anew."""

from django.db.models import BooleanField, ExpressionWrapper

from benxi_shuangsuiji.workdays.days import full_date
from inspections.checks.listed import listed
from inspections.frequency import counts
from inspections.frequency.caps import Caps, caps_of
from inspections.models import Inspection, Mode, OnsiteState
from plans.bases import citations


def facts_of(inspections: list[Inspection]) -> dict[int, dict]:
    """Inspection → everything but the days and the decision; as many queries for a list as for one check."""
    found = Inspection.objects.filter(pk__in=[i.pk for i in inspections]).select_related("facility", "draw")
    found = found.annotate(listed=ExpressionWrapper(listed(), BooleanField()))
    rows = list(found.prefetch_related("answers", "members__inspector__unit", "targeted", "onsite_requests"))
    years = {row.year for row in rows}
    caps = {year: caps_of(year) for year in years}
    here = counts.Circle(frozenset(row.unit_id for row in rows))
    visits = {y: counts.visits_of_each((row.facility for row in rows if row.year == y), y, here) for y in years}
    return {row.pk: _facts(row, caps[row.year], visits[row.year][row.facility_id]) for row in rows}


def _facts(inspection: Inspection, caps: Caps, visits: int) -> dict:
    facility = inspection.facility
    points = sorted(inspection.answers.all(), key=lambda point: (point.item_code, point.number))
    members = sorted(inspection.members.all(), key=lambda m: (not m.is_leader, m.inspector.code))
    cap = caps.of(facility)
    return {
        "check_no": inspection.no,
        "facility": facility.name,
        "uscc": facility.uscc,
        "address": facility.address,
        "legal_person": facility.legal_person,
        "contact": facility.contact_name,
        "category": f"{inspection.get_category_display()}监管对象",
        "source": inspection.get_source_display(),
        "draw_no": inspection.draw.draw_id if inspection.draw_id else "",
        "items": list(dict.fromkeys(point.item_name for point in points)),
        "bases": list(citations.gathered(point.basis for point in points)),
        "mode": inspection.get_mode_display(),
        "onsite_why": _why_there(inspection),
        "people": [
            {
                "name": m.inspector.name,
                "unit": m.inspector.unit.short_name,
                "certificate_no": m.certificate_no,
                "certificate_to": full_date(m.certificate_to) if m.certificate_to else "",
                "is_leader": m.is_leader,
            }
            for m in members
        ],
        "visits": visits if inspection.mode == Mode.ONSITE else None,  # nobody enters
        "cap": cap.max_visits if cap else None,
    }


def _why_there(inspection: Inspection) -> str:
    """What was said or approved as the reason to go to the place; "" where none was asked for (N-5, 七(三)-c)."""
    if inspection.mode != Mode.ONSITE:
        return ""
    said = [f"正面清单内的企业，来源为{inspection.get_source_display()}"] if inspection.listed else []
    said += [asked.onsite_why for asked in inspection.targeted.all() if asked.onsite_why]
    return "；".join(
        said + [r.get_reason_display() for r in inspection.onsite_requests.all() if r.state == OnsiteState.APPROVED]
    )
