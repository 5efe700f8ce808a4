"""Plain functions that make valid things; only what matters to a test is spelled out."""

from datetime import date, timedelta
from itertools import count

from django.contrib.auth.hashers import make_password

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import RoleGrant, Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Role
from registry.models import (
    Category,
    CategoryGround,
    Facility,
    Ground,
    Inspector,
    InspectorCertificate,
    PositiveListEntry,
)

_numbers = count(1)
PASSWORD = "shan-qing-shui-xiu-2026"
_hash = []


def make_unit(code="210504", *, kind=UnitKind.BRANCH, name=None, **fields) -> Unit:
    """The unit with this code, made on first use."""
    short = name or {"210500": "市执法队", "210504": "明山分局", "210503": "溪湖分局"}.get(code, f"分局{code}")
    defaults = {
        "kind": kind,
        "name": f"本溪市生态环境局{short}",
        "short_name": short,
        "division_code": code[:6],
        **fields,
    }
    return Unit.objects.get_or_create(code=code, defaults=defaults)[0]


def make_city_team() -> Unit:
    return make_unit("210500", kind=UnitKind.CITY_TEAM)


def spelled(n: int) -> str:
    """A running number as a name may hold it: no digits, and of one length, so that no name stands in another's."""
    return f"{n:05d}".translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


def make_user(*grants, name=None, **fields) -> User:
    """A user holding (role, unit) pairs; the password is `PASSWORD`."""
    n = next(_numbers)
    if not _hash:
        _hash.append(make_password(PASSWORD))
    user = User.objects.create(
        username=fields.pop("username", f"user{n}"),
        full_name=name or f"测试员{spelled(n)}",
        password=_hash[0],
        **fields,
    )
    for role, unit in grants:
        RoleGrant.objects.create(
            user=user, unit=unit, role=role, valid_from=date(2025, 1, 1), document="任命〔2025〕1号"
        )
    return user


def make_planner(unit, **fields) -> User:
    return make_user((Role.PLANNER, unit), **fields)


def make_approver(unit, **fields) -> User:
    return make_user((Role.APPROVER, unit), **fields)


def make_registrar(unit, **fields) -> User:
    return make_user((Role.REGISTRAR, unit), **fields)


def make_disclosure_officer(unit, **fields) -> User:
    return make_user((Role.DISCLOSURE_OFFICER, unit), **fields)


def make_lead_office(**fields) -> User:
    return make_user((Role.LEAD_OFFICE, make_city_team()), **fields)


def make_list_writer(unit, **fields) -> User:
    """Who writes this unit's item list: the lead office the city's, the planner a branch's."""
    return make_lead_office(**fields) if unit.kind == UnitKind.CITY_TEAM else make_planner(unit, **fields)


def make_supervisor(**fields) -> User:
    return make_user((Role.SUPERVISOR, make_city_team()), **fields)


def make_observer(**fields) -> User:
    return make_user((Role.OBSERVER, make_city_team()), **fields)


def make_facility(unit, *, category=Category.GENERAL, **fields) -> Facility:
    """A facility of the unit; 重点 and 特殊 get a ground, so that the label is true."""
    n = next(_numbers)
    facility = Facility.objects.create(
        code=fields.pop("code", f"BX-{n:05d}"),
        name=fields.pop("name", f"示例企业{n:05d}"),
        unit=unit,
        division_code=unit.division_code or "210504",
        category=category,
        has_key_ground=category == Category.KEY,
        entered_on=fields.pop("entered_on", date(2025, 1, 1)),
        **fields,
    )
    if category != Category.GENERAL:
        make_ground(facility, Ground.KF1 if category == Category.KEY else Ground.SF5)
    return facility


def make_ground(facility, kind: Ground) -> CategoryGround:
    by, leader = two_people()
    return CategoryGround.objects.create(
        facility=facility,
        kind=kind,
        evidence="2026 年名录",
        valid_from=date(2025, 1, 1),
        entered_by=by,
        approved_by=leader,
    )


def add_key_ground(*facilities) -> None:
    """What is 特殊 counts as 重点 besides (decisions.md 1)."""
    for facility in facilities:
        make_ground(facility, Ground.KF1)
        Facility.objects.filter(pk=facility.pk).update(has_key_ground=True)


def two_people() -> list[User]:
    """Who asked and who approved what merely stands there."""
    names = ("who-asked", "who-approved")
    there = {user.username: user for user in User.objects.filter(username__in=names)}
    return [there.get(name) or make_user(username=name) for name in names]


def make_listed(facility, *, batch="第一批", valid_from=None, valid_to=None) -> PositiveListEntry:
    """A place on the 正面清单, left again where a day says so."""
    by, office = two_people()
    return PositiveListEntry.objects.create(
        facility=facility,
        batch=batch,
        document="本环发〔2026〕1 号",
        valid_from=valid_from or clock.today(),
        entered_by=by,
        approved_by=office,
        valid_to=valid_to,
        exit_reason="不再符合" if valid_to else "",
        exit_approved_by=office if valid_to else None,
    )


def make_inspector(unit, *, with_user=False, **fields) -> Inspector:
    """A certified inspector of the unit."""
    n = next(_numbers)
    user = make_user((Role.INSPECTOR, unit)) if with_user else fields.pop("user", None)
    defaults = {
        "code": f"Z{n:04d}",
        "name": "检查员" + spelled(n),
        "unit": unit,
        "certificate_no": f"2105{n:07d}",
        "certificate_kind": "NATIONAL",
        "certificate_from": date(2024, 1, 1),
        "certificate_to": clock.today() + timedelta(days=700),
        "can_lead": True,
        "user": user,
    }
    inspector = Inspector.objects.create(**{**defaults, **fields})
    if inspector.certificate_no:
        InspectorCertificate.objects.create(
            inspector=inspector,
            number=inspector.certificate_no,
            kind=inspector.certificate_kind,
            valid_from=inspector.certificate_from,
            valid_to=inspector.certificate_to,
            status=inspector.certificate_status,
            status_on=None if inspector.certificate_status == "VALID" else inspector.certificate_from,
            entered_by=user or make_user(),
            entered_at=clock.now(),
        )
    return inspector
