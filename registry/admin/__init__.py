"""名录后台: the registries as lists over many rows, in Django's admin (ui.md 7.2, PNG 15; docs/decisions/0017-console.md)."""

from .facilities import FacilityUpkeep
from .inspectors import AbsenceUpkeep, ConflictUpkeep, InspectorUpkeep
from .site import site

__all__ = ["AbsenceUpkeep", "ConflictUpkeep", "FacilityUpkeep", "InspectorUpkeep", "site"]
