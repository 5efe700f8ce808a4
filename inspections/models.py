"""检查 of every source, and what decides how often (三, 七(五))."""

from inspections.acceptance.models import Acceptance
from inspections.approvals.models import ApprovalChain, ApprovalState, CheckApproval
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
from inspections.codes.models import EnterpriseLink, Grade, ImpostorReport, Rating, Try, UnitPhone
from inspections.coordination.models import (
    ADDRESSEES,
    OFFICES,
    Instruction,
    InstructionAnswer,
    InstructionKind,
    InstructionState,
)
from inspections.coverage.models import CoverageReason, GapKind, ReasonState, UnfinishedReason
from inspections.enterprise.models import Statement, StatementFile, StatementKind
from inspections.evidence.models import (
    Custody,
    CustodyAct,
    Evidence,
    EvidenceKind,
    Medium,
    Recorder,
    Recording,
    RecordingGap,
    Sample,
    Struck,
    Told,
)
from inspections.frequency.models import Consent, FrequencyCap
from inspections.onsite.models import OnsiteReason, OnsiteRequest
from inspections.outbox.models import AnswerConflict, Chosen, Receipt, ReceiptState
from inspections.paperwork.models import PaperKind, PaperLayout, PaperScan
from inspections.privacy.models import KeptName
from inspections.reports.models import (
    ProvincialLayout,
    ProvincialReport,
    ProvincialSheet,
    ReportState,
    WorkReport,
)
from inspections.service.models import Body, Delivery, NoticeNumber, NumberWord, Paper, PaperBody
from inspections.signatures.models import Signature, Signer, Unsigned
from inspections.swaps.models import Swap
from inspections.targeted.models import (
    REFERENCES,
    CapExemption,
    TargetedCheck,
    TargetedItem,
    TargetedKind,
    TargetedMember,
    TargetedState,
)
from inspections.visits.models import Addendum, Conclusion
from plans.models import Mode

__all__ = [
    "ADDRESSEES",
    "OFFICES",
    "REFERENCES",
    "Acceptance",
    "Addendum",
    "Answer",
    "AnswerConflict",
    "ApprovalChain",
    "ApprovalState",
    "Body",
    "Campaign",
    "CapExemption",
    "CheckAnswer",
    "CheckApproval",
    "Chosen",
    "Conclusion",
    "Consent",
    "CoverageReason",
    "Custody",
    "CustodyAct",
    "Delivery",
    "EnterpriseLink",
    "Evidence",
    "EvidenceKind",
    "FrequencyCap",
    "GapKind",
    "Grade",
    "ImpostorReport",
    "Inspection",
    "InspectionStatus",
    "Instruction",
    "InstructionAnswer",
    "InstructionKind",
    "InstructionState",
    "KeptName",
    "Medium",
    "Mode",
    "NoticeNumber",
    "NumberWord",
    "OffsiteMeans",
    "OnsiteReason",
    "OnsiteRequest",
    "Outcome",
    "Paper",
    "PaperBody",
    "PaperKind",
    "PaperLayout",
    "PaperScan",
    "ProvincialLayout",
    "ProvincialReport",
    "ProvincialSheet",
    "Rating",
    "ReasonState",
    "Receipt",
    "ReceiptState",
    "Recorder",
    "Recording",
    "RecordingGap",
    "ReportState",
    "Sample",
    "Signature",
    "Signer",
    "Source",
    "Statement",
    "StatementFile",
    "StatementKind",
    "Struck",
    "Swap",
    "TargetedCheck",
    "TargetedItem",
    "TargetedKind",
    "TargetedMember",
    "TargetedState",
    "Told",
    "Try",
    "UnfinishedReason",
    "UnitPhone",
    "Unsigned",
    "VisitMember",
    "WorkReport",
    "in_team",
    "new_visit_code",
]
