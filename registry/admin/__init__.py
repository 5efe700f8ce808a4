"""名录后台: registry upkeep in Django's admin, by the same actions, rules and reasons as the pages (ui.md 7.2, PNG 15)."""

from .facilities import FacilityUpkeep
from .inspectors import AbsenceUpkeep, ConflictUpkeep, InspectorUpkeep
from .site import site
from .words import TagUpkeep, TermUpkeep

__all__ = ["AbsenceUpkeep", "ConflictUpkeep", "FacilityUpkeep", "InspectorUpkeep", "TagUpkeep", "TermUpkeep", "site"]
