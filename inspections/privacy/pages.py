"""What pages show of names that were found: those that wait for an answer, and those that stay, with the reason."""

from inspections.models import Inspection

from .findings import Finding, findings, unsettled
from .forms import USUAL
from .rules import why_not_settle


def names(inspection: Inspection, user) -> dict:
    """For the include `inspections/privacy/_names.html`; `back` is where the act leads, known to the page."""
    waiting = unsettled(inspection, findings(inspection))
    return {
        "waiting": waiting,
        "asked": _asked(waiting),
        "kept": inspection.kept_names.select_related("by"),
        "may": not why_not_settle(inspection, user),
        "usual": USUAL,
    }


def _asked(waiting: list[Finding]) -> list[dict]:
    """A name is asked for once, with every place where it stands; a number at each."""
    groups: dict[str | Finding, list[Finding]] = {}
    for found in waiting:
        groups.setdefault(found.name or found, []).append(found)
    return [{"first": found[0], "sentences": [one.sentence for one in found]} for found in groups.values()]
