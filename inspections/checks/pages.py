"""What several pages of a check show of it: its items with their answers, its facts, the form of the review."""

from datetime import datetime, timedelta

from django.shortcuts import get_object_or_404

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.documents import pdf
from inspections.models import Answer, Inspection
from inspections.review import rules
from inspections.review.forms import ReviewForm

from . import badges, papers
from .rules import after_its_quarter
from .states import DROPPED, ENDED


def my_task(request, no) -> Inspection:
    """A task of the signed-in person's own team; anybody else's is not found."""
    return get_object_or_404(
        Inspection.objects.in_my_team(request.user).select_related(
            "facility", "unit", "executing_unit", "draw", "recorded_by", "reviewed_by"
        ),
        no=no,
    )


def site_of(request) -> str:
    """Where the codes on a paper lead."""
    return f"{request.scheme}://{request.get_host()}"


def tapped_at(request) -> datetime:
    """When the person pressed the button: of what a phone had kept, by the server's clock (inspections.outbox)."""
    return getattr(request, "tapped_at", None) or clock.now()


def skew(request) -> timedelta:
    """How far the clock of the phone is ahead that had kept this; of a form sent by a page nothing is known."""
    return getattr(request, "skew", timedelta())


def items(inspection) -> list[dict]:
    """The points by item, in the order of the sheet."""
    found: dict[str, dict] = {}
    for point in inspection.answers.select_related("answered_by", "item").order_by("item_code", "number"):
        item = found.setdefault(point.item_code, {"code": point.item_code, "name": point.item_name, "points": []})
        item["points"].append(point)
    for n, item in enumerate(found.values(), 1):
        item["n"] = n
        item["answer"] = papers.summed([p.answer for p in item["points"]])
        item["label"] = Answer(item["answer"]).label if item["answer"] else ""
        item["left"] = sum(not p.answer for p in item["points"])
        item["given"] = given(item["points"])
    return list(found.values())


def given(points) -> str:
    """What the page shows is answered, for a phone to count on from there: it may hold later answers (PNG 28b)."""
    return " ".join(f"{p.pk}:{p.answer}" for p in points)


def materials_of(inspection) -> tuple[str, ...]:
    """备查资料 of the items of a check as they were dispatched, each once: what the enterprise lays ready (一-e)."""
    answers = inspection.answers.order_by("item_code", "number")
    said = answers.exclude(item__materials="").values_list("item__materials", flat=True)
    return tuple(dict.fromkeys(name.strip() for text in said if text for name in text.split("、") if name.strip()))


def facts(inspection, members, today) -> dict:
    return {
        "inspection": inspection,
        "members": members,
        "badge": badges.due_badge(inspection, today, workdays.calendar()),
        "shape": badges.SHAPES[inspection.status],
        "decision": papers.decision_words(inspection) if inspection.outcome else "",
        "after_quarter": "" if inspection.status in DROPPED else after_its_quarter(inspection, today),
        "has_form": inspection.status in ENDED,
        "pdf_missing": "" if pdf.available() else pdf.MISSING,
    }


def review_context(inspection, user) -> dict:
    """The review form for whoever may, and a returning form for the same person."""
    may = not rules.why_not_review(inspection, user)
    return {"review": ReviewForm(initial={"version": inspection.version}) if may else None}
