"""检查 of every source, and what decides how often (三, 七(五))."""

from plans.models import Mode

from .checks import (
    Answer,
    CheckAnswer,
    Inspection,
    InspectionStatus,
    OffsiteMeans,
    OnsiteReason,
    OnsiteRequest,
    Outcome,
    RequestState,
    Source,
    VisitMember,
    in_team,
    new_visit_code,
)
from .coordination import ADDRESSEES, OFFICES, Instruction, InstructionAnswer, InstructionKind, InstructionState
from .reasons import CoverageReason, GapKind, UnfinishedReason
from .reports import ProvincialReport, ReportState, WorkReport
from .targeted import (
    REFERENCES,
    Campaign,
    CapExemption,
    FrequencyCap,
    TargetedCheck,
    TargetedItem,
    TargetedKind,
    TargetedMember,
    TargetedStatus,
)

__all__ = [
    "ADDRESSEES",
    "OFFICES",
    "REFERENCES",
    "Answer",
    "Campaign",
    "CapExemption",
    "CheckAnswer",
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
    "ProvincialReport",
    "ReportState",
    "RequestState",
    "Source",
    "TargetedCheck",
    "TargetedItem",
    "TargetedKind",
    "TargetedMember",
    "TargetedStatus",
    "UnfinishedReason",
    "VisitMember",
    "WorkReport",
    "in_team",
    "new_visit_code",
]
