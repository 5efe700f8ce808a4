"""What the pages about avoidance have in common, and who may see them (七(五)-c)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.web.chips import Chip, choices
from registry import book
from registry.inspectors import rules as inspectors_rules
from registry.models import ConflictOfInterest, Inspector, InterestDeclaration, InterestState

from . import rules, standing

TONES = {
    InterestState.ASKED: "warn",
    InterestState.APPROVED: "ok",
    InterestState.RETURNED: "bad",
    InterestState.ENDED: "wait",
}


def sees_unit(user, unit) -> bool:
    """Who keeps the list, who approves, and the supervisors; nobody else reads others' interests."""
    if unit is None or not user.may(P.SEE_INSPECTORS, unit):
        return False
    return any(user.may(p, unit) for p in (P.EDIT_INSPECTORS, P.APPROVE_REGISTRY, P.SEE_LOG))


def sees_interests(user, inspector) -> bool:
    return inspector.user_id == user.pk or sees_unit(user, inspector.unit.drawing_unit)


# --- one person ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """An interest or a declaration of one person, as this reader sees it on this day."""

    asked: ConflictOfInterest | InterestDeclaration
    may_decide: bool
    may_edit: bool
    today: date

    @property
    def over(self) -> bool:
        """An approved interest whose last day has passed; a declaration is of its whole year."""
        until = getattr(self.asked, "valid_to", None)
        return until is not None and until < self.today and self.asked.state == InterestState.APPROVED

    @property
    def text(self) -> str:
        return "已到期" if self.over else self.asked.get_state_display()

    @property
    def tone(self) -> str:
        return "wait" if self.over else TONES[self.asked.state]

    @property
    def may_end(self) -> bool:
        return self.may_edit and self.asked.state in (InterestState.ASKED, InterestState.APPROVED) and not self.over


@dataclass(frozen=True)
class Interests:
    """The panel of one person: his interests, his last declarations, and whether this reader may add to them."""

    inspector: Inspector
    cards: Sequence[Shown]
    declarations: Sequence[Shown]
    year: int
    may_declare: bool

    @property
    def declared(self) -> bool:
        """This year's declaration is made; one that was returned does not count."""
        return any(d.asked.year == self.year and d.asked.state != InterestState.RETURNED for d in self.declarations)


def panel(inspector: Inspector, user: User, today: date) -> Interests:
    may_edit = inspectors_rules.may_edit_inspector(inspector, user)

    def shown(rows) -> list[Shown]:
        found = list(rows.select_related("asked_by", "decided_by"))
        for asked in found:
            asked.inspector = inspector  # with its unit, which every rule asks for
        return [Shown(asked, not rules.why_not_decide(asked, user), may_edit, today) for asked in found]

    return Interests(
        inspector,
        shown(inspector.conflicts.select_related("facility").order_by("-asked_at", "-pk")),
        shown(inspector.declarations.all()[:3]),
        today.year,
        may_declare=(inspector.user_id == user.pk or may_edit) and not inspector.left_on,
    )


# --- everybody -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """One line of the list."""

    inspector: Inspector
    declaration: InterestDeclaration | None  # the last one of the year
    open: int  # interests in force
    waiting: int  # … that wait for a decision

    @property
    def tone(self) -> str:
        return TONES[self.declaration.state] if self.declaration else "bad"

    @property
    def has_declared(self) -> bool:
        return self.declaration is not None and self.declaration.state != InterestState.RETURNED

    @property
    def waits(self) -> bool:
        return self.waiting > 0 or (self.declaration is not None and self.declaration.waits)

    @property
    def waits_without(self) -> bool:
        """His declaration says that there is nothing, and waits: all of these are approved by one button."""
        return self.declaration is not None and self.declaration.waits and not self.declaration.facilities


VIEWS = {
    "all": ("全部", lambda person: True),
    "missing": ("没有申报", lambda person: not person.has_declared),
    "waiting": ("待审核", lambda person: person.waits),
    "conflicts": ("有回避", lambda person: person.open > 0),
}


@dataclass(frozen=True)
class RecusalList:
    """Everybody of a unit in service, in one of the views."""

    unit: Unit
    year: int
    everybody: Sequence[Person]
    view: str

    @classmethod
    def of(cls, unit: Unit, today: date, view: str) -> "RecusalList":
        people = (
            book.inspectors_of(unit)
            .filter(left_on__isnull=True)
            .annotate(
                n_open=standing.in_force(today),
                n_waiting=Count("conflicts", filter=Q(conflicts__state=InterestState.ASKED), distinct=True),
            )
            .select_related("unit")
            .order_by("code")
        )
        latest = {d.inspector_id: d for d in standing.declarations(unit, today.year).order_by("pk")}
        everybody = [Person(i, latest.get(i.pk), i.n_open, i.n_waiting) for i in people]
        return cls(unit, today.year, everybody, view)

    def those(self, view: str) -> list[Person]:
        _, belongs = VIEWS[view]
        return [person for person in self.everybody if belongs(person)]

    @property
    def declared(self) -> int:
        return sum(person.has_declared for person in self.everybody)

    @property
    def without(self) -> int:
        return sum(person.waits_without for person in self.everybody)

    def address(self, view: str) -> str:
        return f"?unit={self.unit.code}&view={view}"

    @property
    def at(self) -> str:
        return self.address(self.view)

    @property
    def chips(self) -> list[Chip]:
        rows = ((name, label, len(self.those(name))) for name, (label, _) in VIEWS.items())
        return choices(rows, self.view, self.address)
