"""事项清单, quarterly plans and draws (六(一), 七(一), 七(二))."""

from .aborts import AbortRequest
from .amendments import OF_OBJECTS, OF_PEOPLE, AmendmentRequest, ChangeReason, RequestStatus
from .bank import BankPoint
from .bases import BasisArticle, BasisChange, BasisEffect, BasisKind, ChangeOfBasis, ItemBasis, LegalBasis
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
from .items import AppliesTo, CheckPoint, InspectionItem, ItemCategory, ItemList, ListStatus, Mode
from .proofs import ProofRun
from .quarterly import PlanItem, PlanSource, PlanStatus, PlanStratum, QuarterlyPlan, SourceKind

__all__ = [
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
    "Draw",
    "DrawDocument",
    "DrawRelease",
    "DrawSecret",
    "DrawStatus",
    "InspectionItem",
    "ItemBasis",
    "ItemCategory",
    "ItemList",
    "LegalBasis",
    "ListStatus",
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
    "ValueEntry",
]
