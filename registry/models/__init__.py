"""名录库: whom to inspect, and by whom (六(二), 六(三))."""

from .audits import Book, RegistryAudit, RegistryKeeper
from .certificates import InspectorCertificate
from .complaints import Complaint, ComplaintRule
from .compliance import ComplianceEvent, EventKind, ExitState, PositiveExit
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
from .imports import BatchKind, BatchState, ImportBatch, ImportLine
from .inspectors import (
    AbsenceKind,
    CertificateKind,
    CertificateStatus,
    Employment,
    Expertise,
    Inspector,
    InspectorAbsence,
    InspectorChange,
    InspectorChangeKind,
)
from .interests import ConflictKind, ConflictOfInterest, InterestDeclaration, InterestState
from .proposals import CategoryRun, ChangeProposal, ProposalKind, ProposalState
from .staff_checks import StaffCheck
from .tags import FacilityTag, SavedView, Tag, TagRun
from .vocabularies import FacilityRating, Rating, VocabularyTerm

__all__ = [
    "AbsenceKind",
    "AirGrade",
    "BatchKind",
    "BatchState",
    "Book",
    "Category",
    "CategoryGround",
    "CategoryRun",
    "CertificateKind",
    "CertificateStatus",
    "ChangeKind",
    "ChangeProposal",
    "Complaint",
    "ComplaintRule",
    "ComplianceEvent",
    "ConflictKind",
    "ConflictOfInterest",
    "Employment",
    "EventKind",
    "ExitState",
    "Expertise",
    "Facility",
    "FacilityChange",
    "FacilityRating",
    "FacilityTag",
    "Ground",
    "HazwasteKind",
    "ImportBatch",
    "ImportLine",
    "Inspector",
    "InspectorAbsence",
    "InspectorCertificate",
    "InspectorChange",
    "InspectorChangeKind",
    "InterestDeclaration",
    "InterestState",
    "OperatingStatus",
    "PermitCategory",
    "PollutionType",
    "PositiveExit",
    "PositiveListEntry",
    "ProposalKind",
    "ProposalState",
    "Rating",
    "RegistryAudit",
    "RegistryKeeper",
    "SavedView",
    "Scope",
    "StaffCheck",
    "Tag",
    "TagRun",
    "VocabularyTerm",
]
