"""What pages show of names that were found: those that wait for an answer, and those that stay, with the reason."""

from inspections.models import Inspection

from .findings import findings, unsettled
from .forms import USUAL
from .rules import why_not_settle


def names(inspection: Inspection, user) -> dict:
    """For the include `inspections/privacy/_names.html`; `back` is where the act leads, known to the page."""
    waiting = unsettled(inspection, findings(inspection))
    return {
        "waiting": waiting,
        "kept": inspection.kept_names.select_related("by"),
        "may": not why_not_settle(inspection, user),
        "usual": USUAL,
    }
