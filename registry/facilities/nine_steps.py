"""The nine steps of 七(四) and whose they are; the people are those whose grants are in force on a day (八(一)-b)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from benxi_shuangsuiji.accounts.models import RoleGrant, Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Role

# (step, ((what of it, whose), ...)); what is the lead office's is the city team's alone.
STEPS = (
    ("建立名录库", (("维护检查对象和检查人员名录", Role.REGISTRAR), ("审批名录变更", Role.APPROVER))),
    (
        "制定清单和计划",
        (("编制全市抽查事项清单", Role.LEAD_OFFICE), ("编制季度计划", Role.PLANNER), ("审批清单和计划", Role.APPROVER)),
    ),
    ("公开清单和计划", (("公开", Role.DISCLOSURE_OFFICER),)),
    ("随机抽取", (("组织抽取", Role.PLANNER), ("封存名单", Role.APPROVER))),
    ("实施检查", (("派发任务", Role.PLANNER), ("审批检查", Role.APPROVER), ("实施检查", Role.INSPECTOR))),
    ("公示检查结果", (("审核", Role.APPROVER), ("公开", Role.DISCLOSURE_OFFICER))),
    ("后续处理", (("整改、立案、移送", Role.INSPECTOR), ("决定", Role.APPROVER))),
    ("形成工作报告", (("编写和报送", Role.PLANNER), ("签收和汇总", Role.LEAD_OFFICE))),
    ("完善档案", (("组卷和归档", Role.ARCHIVIST),)),
)
CITY_ONLY = {Role.LEAD_OFFICE}
MOST_NAMES = 6  # of one cell; how many more there are is said


@dataclass(frozen=True)
class Person:
    name: str
    document: str
    since: date
    user: int


@dataclass(frozen=True)
class Part:
    """One part of a step: what it is, whose role, and who holds it; nobody is a gap."""

    what: str
    role: str
    people: tuple[Person, ...]

    @property
    def names(self) -> str:
        """For one cell of a table: 甲（本环人〔2025〕3号）、乙（…）."""
        shown = "、".join(f"{p.name}（{p.document}）" for p in self.people[:MOST_NAMES])
        more = len(self.people) - MOST_NAMES
        return (f"{shown}等 {len(self.people)} 人" if more > 0 else shown) or "没有任命"


@dataclass(frozen=True)
class Step:
    number: int
    name: str
    parts: tuple[Part, ...]


def of(unit: Unit, day: date) -> list[Step]:
    """One query. A branch's steps are also done by the people of the county section that serves it (五-3)."""
    holders = _holders(unit, day)
    return [
        Step(
            number,
            name,
            tuple(
                Part(what, role.label, tuple(holders.get(role, ())))
                for what, role in parts
                if role not in CITY_ONLY or unit.kind == UnitKind.CITY_TEAM
            ),
        )
        for number, (name, parts) in enumerate(STEPS, 1)
    ]


def deciding(unit: Unit, day: date, name: str) -> list[int]:
    """The users who decide in a step of this name, and so answer for it."""
    parts = (part for step in of(unit, day) if step.name == name for part in step.parts)
    return [person.user for part in parts if part.role == Role.APPROVER.label for person in part.people]


def gaps(steps: Iterable[Step]) -> list[str]:
    """The parts that nobody answers for."""
    return [f"{step.name}：{part.what}" for step in steps for part in step.parts if not part.people]


def printed(unit: Unit, day: date) -> list[list[str]]:
    """As a report freezes it: step, part, role, names with their documents."""
    return [[step.name, part.what, part.role, part.names] for step in of(unit, day) for part in step.parts]


def _holders(unit: Unit, day: date) -> dict[str, list[Person]]:
    grants = RoleGrant.objects.in_force(day).filter(user__is_active=True)
    mine = grants.filter(unit=unit) | grants.filter(unit__serves=unit)
    found: dict[str, list[Person]] = {}
    for grant in mine.select_related("user").order_by("role", "valid_from", "user__full_name"):
        people = found.setdefault(grant.role, [])
        if all(person.name != grant.user.full_name for person in people):
            people.append(Person(grant.user.full_name, grant.document, grant.valid_from, grant.user_id))
    return found
