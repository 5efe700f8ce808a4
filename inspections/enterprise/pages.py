"""What stands on the page of 企业办理: what is to be done by when, what was handed in, which papers are there."""

from django.urls import reverse

from benxi_shuangsuiji import workdays
from inspections.codes.pages import result_address
from inspections.codes.rules import why_not_rate
from inspections.models import Inspection, Outcome, Paper, Rectification
from inspections.rectification import pages as mendings
from inspections.rectification.rules import why_not_report
from inspections.service.rules import delivered

from . import rules


def papers_of(inspection: Inspection, token: str) -> list[dict]:
    found = []
    for kind in rules.kinds(inspection):
        address = reverse("inspections:enterprise-paper", args=[token, kind.lower()])
        found.append({"title": kind.label, "why_not": rules.why_not_this_paper(inspection, kind), "url": address})
    return found


def page(inspection: Inspection, token: str, today) -> dict:
    """First what must be done, then what may be done, then the papers (ui-2.md 32e)."""
    ordered = inspection.ended_at and inspection.outcome == Outcome.RECTIFY_ORDERED
    # What was found is said here once it was told; before that the record that was signed says it.
    told = delivered(inspection, Paper.RESULT) is not None
    due = workdays.calendar().fixed(inspection.rectify_by) if ordered and told else None
    mending = mendings.along(Rectification.objects.filter(inspection=inspection)).first() if due else None
    if mending:
        due = workdays.calendar().fixed(mending.due)
    return {
        "inspection": inspection,
        "named": rules.names_the_place(inspection),
        "members": [m for m in inspection.members.select_related("inspector") if m.arrived_at],
        "items": list(dict.fromkeys(inspection.answers.values_list("item_name", flat=True))),
        "told": told,
        "due": due,
        "left": due.remaining(today) if due else "",
        "late": due.is_over(today) if due else False,
        "deliveries": list(inspection.deliveries.all()),
        "mending": mendings.standing_of(mending, today) if mending else None,
        "may_report": mending is not None and not why_not_report(mending),
        "reports": list(mending.reports.all()) if mending else [],
        "statements": list(inspection.statements.prefetch_related("files")),
        "may_state": not rules.why_not_state(inspection),
        "papers": papers_of(inspection, token),
        "result": result_address(inspection),
        "rating": getattr(inspection, "rating", None),
        "may_rate": not why_not_rate(inspection),
        "phone": getattr(inspection.unit, "phone", None),
        "token": token,
    }


def statements_of(inspection: Inspection) -> list:
    """For the pages of the team and of the desk: those that wait first."""
    return sorted(inspection.statements.select_related("answered_by"), key=lambda s: (s.answered_at is not None, s.pk))


def heard(inspection: Inspection) -> dict:
    """For who reviews: what the enterprise said, and how much of it nobody has considered."""
    found = statements_of(inspection)
    return {"statements": found, "unheard": sum(s.answered_at is None for s in found)}
