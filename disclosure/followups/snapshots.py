"""What the publication of one step holds: what the result says of whom and when, and what was done since (八(二)-e)."""

from disclosure.models import Publication
from inspections.models import FollowUp

_OF_THE_RESULT = ("facility", "district", "category", "category_label", "unit", "year", "quarter", "checked_on")


def of_step(step: FollowUp, result: Publication) -> dict:
    """The facts of the check are those of its public result, so that nothing else becomes public with them."""
    said = {name: result.snapshot[name] for name in _OF_THE_RESULT}
    return said | {
        "check": result.no,
        "kind_label": step.get_kind_display(),
        "step": step.step,
        "step_label": step.get_step_display(),
        "on": step.happened_on.isoformat(),
        "words": step.words,
        "facts": step.facts,
    }


def columns_of(result: Publication) -> dict:
    """What lists of the public pages read beside the snapshot."""
    names = ("year", "number", "facility_code", "facility_name", "district", "category", "search_text")
    return {name: getattr(result, name) for name in names}
