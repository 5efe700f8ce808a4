"""The people of the demo: one account for each role, one for each inspector."""

from datetime import date

from django.contrib.auth.hashers import make_password

from benxi_shuangsuiji.accounts.benxi import BRANCHES
from benxi_shuangsuiji.accounts.models import RoleGrant, Unit, User
from benxi_shuangsuiji.accounts.roles import Role

from .names import Names

PASSWORD = "Benxi-demo-2026"
SHORT = {
    "210500": "sd",
    "210502": "ps",
    "210503": "xh",
    "210504": "ms",
    "210505": "nf",
    "210521": "bx",
    "210522": "hr",
    "2105GX": "gx",
}
UNIT_ROLES = [
    (Role.PLANNER, "jihua"),
    (Role.APPROVER, "fenguan"),
    (Role.REGISTRAR, "minglu"),
    (Role.DISCLOSURE_OFFICER, "gongshi"),
    (Role.ARCHIVIST, "dangan"),
]
CITY_ROLES = [
    ("210500", Role.SUPERVISOR, "jiandu"),
    ("210500", Role.LEAD_OFFICE, "qiantou"),
    ("2105SJ", Role.BUREAU_READER, "shiju"),
    ("2105SJ", Role.OBSERVER, "guancha"),
    ("2105SJ", Role.ADMIN_SYSTEM, "xitong"),
    ("2105SJ", Role.ADMIN_GRANTS, "shouquan"),
    ("2105SJ", Role.ADMIN_AUDIT, "shenji"),
]
SECTION_HEAD = ("keshi-bx", "210521-S", "韩砚书")  # of the one section that has its say before the leader
FROM = date(2025, 12, 1)


class Cast:
    """Makes the accounts and finds them again by role and unit."""

    def __init__(self, units: dict[str, Unit], names: Names):
        self.units, self.names = units, names
        self._hash = make_password(PASSWORD)  # one hash for all: argon2 is slow on purpose
        self.by_role: dict[tuple[str, str], User] = {}

    def enter(self) -> None:
        for code in ["210500", *(b[0] for b in BRANCHES)]:
            for role, word in UNIT_ROLES:
                self.add(f"{word}-{SHORT[code]}", role, code)
        for code, role, word in CITY_ROLES:
            self.add(word, role, code)
        username, code, name = SECTION_HEAD
        self.add(username, Role.SECTION_HEAD, code, name)

    def add(self, username: str, role: str, code: str, name: str | None = None) -> User:
        user = User.objects.create(
            username=username,
            full_name=name or self.names.person(),
            email=f"{username}@demo.invalid",
            unit=self.units[code],
            password=self._hash,
        )
        RoleGrant.objects.create(
            user=user, unit=self.units[code], role=role, valid_from=FROM, document="本环办〔2025〕示例"
        )
        self.by_role.setdefault((role, code), user)
        return user

    def of(self, role: str, unit: Unit | str) -> User:
        return self.by_role[role, unit if isinstance(unit, str) else unit.code]


def door_list() -> list[tuple[str, str, str]]:
    """(role, account, unit) of one account per role, for the words printed at the start."""
    found = []
    for role in Role:
        grant = (
            RoleGrant.objects.filter(role=role)
            .select_related("user", "unit", "unit__serves")
            .order_by("unit__code" if role != Role.INSPECTOR else "user__username")
        )
        preferred = grant.filter(unit__code__startswith="210504").first() or grant.first()
        if preferred:
            found.append((role.label, preferred.user.username, preferred.unit.short_name))
    return found
