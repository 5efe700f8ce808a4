"""责任表: who answers for what in one unit: the firm, the unit that supervises it, the place (四(2)-b)."""

from dataclasses import dataclass
from datetime import date

from benxi_shuangsuiji.accounts.models import RoleGrant, Unit
from benxi_shuangsuiji.accounts.roles import Role
from registry.models import Facility, RegistryKeeper

from .wording import masked_person, masked_phone

# In the order of the work; whoever only looks on answers for nothing here.
ROLES = (Role.APPROVER, Role.PLANNER, Role.REGISTRAR, Role.DISCLOSURE_OFFICER, Role.ARCHIVIST)
DUTIES = {
    Role.APPROVER: "批准计划、名录变更和检查方式，审核检查结果",
    Role.PLANNER: "编制计划，组织抽取和派发",
    Role.REGISTRAR: "维护两个名录",
    Role.DISCLOSURE_OFFICER: "公开清单、计划和结果",
    Role.ARCHIVIST: "归档",
}


@dataclass(frozen=True)
class Answerable:
    """One line of 监管责任: what for, who, since when and by which document. Nobody: it is still to be filled."""

    what: str
    duty: str
    who: str = ""
    since: date | None = None
    document: str = ""


@dataclass(frozen=True)
class OfFirm:
    """One line of 主体责任."""

    facility: Facility
    person: str
    phone: str


def of_unit(unit: Unit, day: date) -> list[Answerable]:
    """监管责任: the keeper of each registry and the holders of each role, by document; three queries."""
    keepers = {
        keeper.book: keeper
        for keeper in RegistryKeeper.objects.filter(unit=unit, valid_to=None).select_related("person")
    }
    lines = []
    for book, label in RegistryKeeper._meta.get_field("book").choices:
        keeper, duty = keepers.get(book), "每月审核签字"
        if keeper:
            lines.append(Answerable(f"{label}专人", duty, str(keeper.person), keeper.valid_from, keeper.document))
        else:
            lines.append(Answerable(f"{label}专人", duty))
    held: dict[str, list[RoleGrant]] = {}
    grants = RoleGrant.objects.in_force(day).filter(unit=unit, role__in=ROLES, user__is_active=True)
    for grant in grants.select_related("user").order_by("valid_from", "pk"):
        held.setdefault(grant.role, []).append(grant)
    for role in ROLES:
        for grant in held.get(role, []):
            lines.append(Answerable(role.label, DUTIES[role], str(grant.user), grant.valid_from, grant.document))
        if role not in held:
            lines.append(Answerable(role.label, DUTIES[role]))
    return lines


def sections_of(unit: Unit) -> list[Unit]:
    """属地责任: the sections that carry the checks out for this unit (A-17)."""
    return list(Unit.objects.filter(serves=unit).order_by("position", "code"))


def of_firms(facilities) -> list[OfFirm]:
    """主体责任: each firm's environment person, masked as everywhere."""
    return [OfFirm(f, masked_person(f.contact_name), masked_phone(f.contact_phone)) for f in facilities]


def short(unit: Unit, day: date) -> list[tuple[str, str]]:
    """The two lines of one facility's page: who keeps it in the registry, who approves."""
    found: dict[str, list[str]] = {}
    for line in of_unit(unit, day):
        if line.who:
            found.setdefault(line.what, []).append(line.who)
    return [(what, "、".join(found.get(what, ["还没有"]))) for what in ("检查对象名录专人", Role.APPROVER.label)]
