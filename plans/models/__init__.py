"""事项清单, quarterly plans and draws (六(一), 七(一), 七(二))."""

from .aborts import AbortRequest
from .amendments import OF_OBJECTS, OF_PEOPLE, AmendmentRequest, ChangeReason, RequestStatus
from .bank import BankPoint
from .bases import BasisArticle, BasisChange, BasisEffect, BasisKind, ChangeOfBasis, ItemBasis, LegalBasis
from .corrections import CorrectionRequest
from .draws import (
    ChainEntry,
    Draw,
    DrawDocument,
    DrawRelease,
    DrawSecret,
    DrawStatus,
    Pick,
    PickDrop,
    Team,
    TeamMember,
    ValueEntry,
)
from .filings import Filing, FilingKind, FilingState, JusticeFiling
from .items import AppliesTo, CheckPoint, InspectionItem, ItemCategory, ItemList, ListStatus, Mode
from .local import DECISIONS, DecisionState, GeneralRatioPolicy, LocalDecision, LocalScheme, UnitPolicy
from .lottery import LotteryBreak, LotteryGame, LotterySchedule
from .proofs import ProofRun
from .quarterly import PlanItem, PlanSource, PlanStatus, PlanStratum, QuarterlyPlan, SourceKind

__all__ = [
    "DECISIONS",
    "OF_OBJECTS",
    "OF_PEOPLE",
    "AbortRequest",
    "AmendmentRequest",
    "AppliesTo",
    "BankPoint",
    "BasisArticle",
    "BasisChange",
    "BasisEffect",
    "BasisKind",
    "ChainEntry",
    "ChangeOfBasis",
    "ChangeReason",
    "CheckPoint",
    "CorrectionRequest",
    "DecisionState",
    "Draw",
    "DrawDocument",
    "DrawRelease",
    "DrawSecret",
    "DrawStatus",
    "Filing",
    "FilingKind",
    "FilingState",
    "GeneralRatioPolicy",
    "InspectionItem",
    "ItemBasis",
    "ItemCategory",
    "ItemList",
    "JusticeFiling",
    "LegalBasis",
    "ListStatus",
    "LocalDecision",
    "LocalScheme",
    "LotteryBreak",
    "LotteryGame",
    "LotterySchedule",
    "Mode",
    "Pick",
    "PickDrop",
    "PlanItem",
    "PlanSource",
    "PlanStatus",
    "PlanStratum",
    "ProofRun",
    "QuarterlyPlan",
    "RequestStatus",
    "SourceKind",
    "Team",
    "TeamMember",
    "UnitPolicy",
    "ValueEntry",
]
