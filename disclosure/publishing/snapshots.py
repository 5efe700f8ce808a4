"""What a publication holds: everything that its public page shows, frozen, and nothing else (decisions.md 2, 6)."""

from datetime import date
from itertools import groupby

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.workdays import days
from benxi_shuangsuiji.workdays.days import Calendar, Quarter, short_date
from disclosure import words
from inspections.models import Answer, Inspection, LookResult, Mode, OffsiteLook, Outcome, Source
from inspections.privacy import findings as privacy
from registry.frames import public_name, public_uscc
from registry.models import Category, Facility

from .rules import ended_on


def of_result(inspection: Inspection, *, today: date, calendar: Calendar, late_reason: str = "") -> dict:
    """The public result of one check (domain.md 2.4). People are a number, those who came; natural persons are masked (7.8)."""
    facility, ended = inspection.facility, ended_on(inspection)
    law = policy.on(ended)
    return {
        "no": inspection.no,
        "facility": {
            "code": facility.code,
            "name": public_name(facility),
            "uscc": public_uscc(facility),
            "natural_person": facility.is_natural_person,
        },
        "district": words.district_of(facility.division_code, facility.unit.code, facility.unit.short_name),
        "category": inspection.category,
        "category_label": Category(inspection.category).label,
        "unit": {"code": inspection.unit.code, "name": inspection.unit.short_name},
        "executing_unit": inspection.executing_unit.name,
        "year": inspection.year,
        "quarter": inspection.number,
        "source": inspection.source,
        "source_label": Source(inspection.source).label,
        "draw": inspection.draw.draw_id if inspection.draw else "",
        "mode": inspection.mode,
        "mode_label": Mode(inspection.mode).label,
        "checked_on": ended.isoformat(),
        "items": _items(inspection),
        "outcome": inspection.outcome,
        "outcome_label": Outcome(inspection.outcome).label,
        "finding": inspection.finding,
        "measures": inspection.measures,
        "rectify_by": inspection.rectify_by.isoformat() if inspection.rectify_by else "",
        "inspectors": len(inspection.who_came),
        "publish_by": days.publication_due(ended, calendar).date.isoformat(),
        "quarter_due": Quarter(inspection.year, inspection.number).close_due(calendar).date.isoformat(),
        "workday_number": calendar.workdays_between(ended, today),
        "late_reason": late_reason.strip(),
        "names_confirmed": _names_stay(inspection),
        "policy": {"version": law.version, "title": law.title + law.label},
        **_looks(inspection),
    }


def _looks(inspection: Inspection) -> dict:
    """How it was looked at from outside, and of which days; never the source, the files or what was seen (domain.md 7.8).

    Of a clue that a correction took back, that there was one: 未发现问题 after it is not the same as without (decision 0119).
    """
    looks = list(inspection.looks.all())
    corrected = {look.instead_of_id for look in looks}
    by_id = {look.pk: look for look in looks}

    def took_back(look: OffsiteLook) -> bool:
        before = by_id.get(look.instead_of_id)
        return before is not None and (before.result == LookResult.CLUE or took_back(before))

    found = [
        {"method": look.get_method_display(), "from": look.period_from.isoformat(), "to": look.period_to.isoformat()}
        | ({"clue_withdrawn": True} if look.result != LookResult.CLUE and took_back(look) else {})
        for look in looks
        if look.pk not in corrected
    ]
    return {"looks": found} if found else {}


def _names_stay(inspection: Inspection) -> bool:
    """Whether a name is among its words on purpose."""
    found = privacy.findings(inspection)
    return len(privacy.unsettled(inspection, found)) < len(found)


def columns_of(snapshot: dict, inspection: Inspection) -> dict:
    """What lists and filters of the public pages read beside the snapshot."""
    return {
        "facility_code": snapshot["facility"]["code"],
        "facility_name": snapshot["facility"]["name"],
        "district": snapshot["district"],
        "category": snapshot["category"],
        "outcome": snapshot["outcome"],
        "checked_on": ended_on(inspection),
        "workday_number": snapshot["workday_number"],
        "search_text": search_text(inspection.facility),
    }


def _items(inspection: Inspection) -> list[dict]:
    """One line for each item: found if any of its points was found, with the words of those points."""
    lines = []
    answers = sorted(inspection.answers.all(), key=lambda a: (a.item_code, a.number))
    for code, points in groupby(answers, key=lambda a: a.item_code):
        points = list(points)
        given = {p.answer for p in points}
        answer = next((a for a in (Answer.FOUND, Answer.NONE_FOUND, Answer.NOT_APPLICABLE) if a in given), "")
        lines.append(
            {
                "code": code,
                "name": points[0].item_name,
                "answer": str(answer),
                "words": [p.words for p in points if p.answer == Answer.FOUND],
                "handling": _handling(inspection.outcome, inspection.rectify_by) if answer == Answer.FOUND else "",
            }
        )
    return lines


def _handling(outcome: str, rectify_by: date | None) -> str:
    if outcome == Outcome.RECTIFY_ORDERED and rectify_by:
        return f"责令 {short_date(rectify_by)}前改正"
    return Outcome(outcome).label


def follow(snapshot: dict, *, published_on: date, calendar: Calendar) -> None:
    """Let everything that follows from the words of a result follow from corrected ones, too (八(二)-c).

    The working days count to the day on which it first became public, and the quarter that it counts for stays.
    """
    s = snapshot
    ended = date.fromisoformat(s["checked_on"])
    s["outcome_label"] = Outcome(s["outcome"]).label
    s["publish_by"] = days.publication_due(ended, calendar).date.isoformat()
    s["workday_number"] = calendar.workdays_between(ended, published_on)
    rectify_by = date.fromisoformat(s["rectify_by"]) if s["rectify_by"] else None
    for item in s["items"]:
        item["handling"] = _handling(s["outcome"], rectify_by) if item["answer"] == Answer.FOUND else ""


def search_text(facility: Facility) -> str:
    """What the public search finds a result by; of a natural person only the masked name and the number."""
    codes = [facility.code] if facility.is_natural_person else [facility.code, facility.uscc, facility.permit_no]
    return " ".join([public_name(facility), *(c for c in dict.fromkeys(codes) if c)]).lower()
