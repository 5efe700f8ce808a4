"""名录库: whom to inspect, and by whom (六(二), 六(三))."""

from registry.audits.models import Book, RegistryAudit, RegistryKeeper
from registry.complaints.models import Complaint, ComplaintOutcome, ComplaintRule
from registry.facilities.models import (
    OFF_BOOKS,
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
from registry.imports.models import BatchKind, BatchState, ImportBatch, ImportLine, PermitRecord
from registry.inspectors.certificate_models import InspectorCertificate
from registry.inspectors.models import (
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
from registry.interests.models import ConflictKind, ConflictOfInterest, InterestDeclaration, InterestState
from registry.past_checks.models import (
    NoPastChecks,
    PastCheck,
    PastChecks,
    PastKind,
    PastMode,
    PastResult,
    PastState,
)
from registry.permit_conditions.models import ConditionKind, PermitCondition
from registry.positive_list.models import ComplianceEvent, EventKind, ExitState, PositiveExit
from registry.proposals.models import CategoryRun, ChangeProposal, ProposalBatch, ProposalKind, ProposalState
from registry.ratings.models import FacilityRating, Rating, VocabularyTerm
from registry.safety.models import SafetyNote
from registry.staff_checks.models import StaffCheck
from registry.tags.models import FacilityTag, SavedView, Tag, TagRun

__all__ = [
    "OFF_BOOKS",
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
    "ComplaintOutcome",
    "ComplaintRule",
    "ComplianceEvent",
    "ConditionKind",
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
    "NoPastChecks",
    "OperatingStatus",
    "PastCheck",
    "PastChecks",
    "PastKind",
    "PastMode",
    "PastResult",
    "PastState",
    "PermitCategory",
    "PermitCondition",
    "PermitRecord",
    "PollutionType",
    "PositiveExit",
    "PositiveListEntry",
    "ProposalBatch",
    "ProposalKind",
    "ProposalState",
    "Rating",
    "RegistryAudit",
    "RegistryKeeper",
    "SafetyNote",
    "SavedView",
    "Scope",
    "StaffCheck",
    "Tag",
    "TagRun",
    "VocabularyTerm",
]
