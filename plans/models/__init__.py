"""事项清单, quarterly plans and draws (六(一), 七(一), 七(二))."""

from .draws import (
    ChainEntry,
    Draw,
    DrawDocument,
    DrawRelease,
    DrawSecret,
    DrawStatus,
    Pick,
    Team,
    TeamMember,
    ValueEntry,
)
from .items import CheckPoint, InspectionItem, ItemCategory, ItemList, ListStatus, Mode
from .quarterly import PlanItem, PlanSource, PlanStatus, PlanStratum, QuarterlyPlan, SourceKind

__all__ = [
    "ChainEntry",
    "CheckPoint",
    "Draw",
    "DrawDocument",
    "DrawRelease",
    "DrawSecret",
    "DrawStatus",
    "InspectionItem",
    "ItemCategory",
    "ItemList",
    "ListStatus",
    "Mode",
    "Pick",
    "PlanItem",
    "PlanSource",
    "PlanStatus",
    "PlanStratum",
    "QuarterlyPlan",
    "SourceKind",
    "Team",
    "TeamMember",
    "ValueEntry",
]
