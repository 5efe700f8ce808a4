"""检查 of every source, and what decides how often (三, 七(五))."""

from inspections.campaigns.models import Campaign
from inspections.checks.models import (
    Answer,
    CheckAnswer,
    Inspection,
    InspectionStatus,
    OffsiteMeans,
    Outcome,
    Source,
    VisitMember,
    in_team,
    new_visit_code,
)
from inspections.coordination.models import (
    ADDRESSEES,
    OFFICES,
    Instruction,
    InstructionAnswer,
    InstructionKind,
    InstructionState,
)
from inspections.coverage.models import CoverageReason, GapKind, ReasonState, UnfinishedReason
from inspections.frequency.models import Consent, FrequencyCap
from inspections.onsite.models import OnsiteReason, OnsiteRequest
from inspections.reports.models import (
    ProvincialLayout,
    ProvincialReport,
    ProvincialSheet,
    ReportState,
    WorkReport,
)
from inspections.targeted.models import (
    REFERENCES,
    CapExemption,
    TargetedCheck,
    TargetedItem,
    TargetedKind,
    TargetedMember,
    TargetedState,
)
from plans.models import Mode

__all__ = [
    "ADDRESSEES",
    "OFFICES",
    "REFERENCES",
    "Answer",
    "Campaign",
    "CapExemption",
    "CheckAnswer",
    "Consent",
    "CoverageReason",
    "FrequencyCap",
    "GapKind",
    "Inspection",
    "InspectionStatus",
    "Instruction",
    "InstructionAnswer",
    "InstructionKind",
    "InstructionState",
    "Mode",
    "OffsiteMeans",
    "OnsiteReason",
    "OnsiteRequest",
    "Outcome",
    "ProvincialLayout",
    "ProvincialReport",
    "ProvincialSheet",
    "ReasonState",
    "ReportState",
    "Source",
    "TargetedCheck",
    "TargetedItem",
    "TargetedKind",
    "TargetedMember",
    "TargetedState",
    "UnfinishedReason",
    "VisitMember",
    "WorkReport",
    "in_team",
    "new_visit_code",
]
