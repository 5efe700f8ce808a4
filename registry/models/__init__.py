"""名录库: whom to inspect, and by whom (六(二), 六(三))."""

from .facilities import (
    AirGrade,
    Category,
    CategoryGround,
    ChangeKind,
    Facility,
    FacilityChange,
    Ground,
    HazwasteKind,
    OperatingStatus,
    PermitCategory,
    PollutionType,
    PositiveListEntry,
    Scope,
)
from .imports import BatchKind, BatchState, ImportBatch
from .inspectors import (
    AbsenceKind,
    ConflictKind,
    ConflictOfInterest,
    Employment,
    Inspector,
    InspectorAbsence,
    InspectorChange,
)

__all__ = [
    "AbsenceKind",
    "AirGrade",
    "BatchKind",
    "BatchState",
    "Category",
    "CategoryGround",
    "ChangeKind",
    "ConflictKind",
    "ConflictOfInterest",
    "Employment",
    "Facility",
    "FacilityChange",
    "Ground",
    "HazwasteKind",
    "ImportBatch",
    "Inspector",
    "InspectorAbsence",
    "InspectorChange",
    "OperatingStatus",
    "PermitCategory",
    "PollutionType",
    "PositiveListEntry",
    "Scope",
]
