"""事项清单, quarterly plans and draws (六(一), 七(一), 七(二))."""

from plans.aborts.models import AbortRequest
from plans.amendments.models import OF_OBJECTS, OF_PEOPLE, AmendmentRequest, ChangeReason, RequestState
from plans.bases.bank_models import BankPoint
from plans.bases.models import BasisArticle, BasisChange, BasisEffect, BasisKind, ChangeOfBasis, ItemBasis, LegalBasis
from plans.carry.models import Carry
from plans.corrections.models import CorrectionRequest
from plans.draw.models import (
    HELD,
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
from plans.filings.models import Filing, FilingKind, FilingState, JusticeFiling
from plans.lists.models import (
    EITHER,
    AppliesTo,
    CheckPoint,
    InspectionItem,
    ItemCategory,
    ItemKind,
    ItemList,
    ListStatus,
    Mode,
)
from plans.local.models import DECISIONS, GeneralRatioPolicy, LocalDecision, LocalScheme, UnitPolicy
from plans.lottery.models import LotteryBreak, LotteryGame, LotterySchedule
from plans.proofs.models import ProofRun
from plans.quarterly.models import PlanItem, PlanSource, PlanStatus, PlanStratum, QuarterlyPlan, SourceKind

__all__ = [
    "DECISIONS",
    "EITHER",
    "HELD",
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
    "Carry",
    "ChainEntry",
    "ChangeOfBasis",
    "ChangeReason",
    "CheckPoint",
    "CorrectionRequest",
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
    "ItemKind",
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
    "RequestState",
    "SourceKind",
    "Team",
    "TeamMember",
    "UnitPolicy",
    "ValueEntry",
]
