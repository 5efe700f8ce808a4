"""The registry as a whole: who writes in it at one moment, what it looked like, and the next free numbers."""

import hashlib
from collections.abc import Collection

from django.db import connection
from django.db.models import Q

from benxi_shuangsuiji.accounts.models import RoleGrant, Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.database.arrays import text_array
from benxi_shuangsuiji.documents.numbers import Numbering

from .models import BatchKind, Facility, Inspector

OWN_CODES = Numbering("BX-", 4)
_LOCK = 0x6D696E67  # one number for the whole system; nothing else uses it


def lock_for_import() -> None:
    """Wait until nobody else writes in the registry, and keep it until the transaction ends (reliability.md P13)."""
    _lock("pg_advisory_xact_lock")


def lock_for_edit() -> None:
    """Edits go side by side with each other, but not beside an import."""
    _lock("pg_advisory_xact_lock_shared")


def lock_numbers() -> None:
    """One at a time while a new number is being given out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK + 1])


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_LOCK])


def facilities_of(unit: Unit):
    return Facility.objects.filter(unit=unit)


def inspectors_of(unit: Unit):
    """The people who work for a drawing unit: its own, and those of the section that serves it (A-17)."""
    return Inspector.objects.filter(
        Q(unit=unit) | Q(unit__serves=unit) | Q(unit__parent=unit, unit__kind=UnitKind.HQ_SECTION)
    )


def sections_of(unit: Unit) -> list[Unit]:
    """The offices in which people of this drawing unit may sit; the unit itself first."""
    others = Unit.objects.filter(Q(serves=unit) | Q(parent=unit, kind=UnitKind.HQ_SECTION)).order_by("position", "code")
    return [unit, *others]


def accounts_for(inspector: Inspector, today):
    """The accounts that may be this person's: active, inspector in this unit, and nobody else's."""
    units = [u.pk for u in sections_of(inspector.unit.drawing_unit)]
    grants = RoleGrant.objects.in_force(today).filter(role=Role.INSPECTOR, unit__in=units)
    free = Q(inspector__isnull=True) | Q(inspector=inspector)
    return User.objects.filter(free, pk__in=grants.values("user"), is_active=True).order_by("full_name", "username")


def digest(kind: str, unit: Unit) -> str:
    """Digest of the unit's part of the registry; every change of a row raises its version (reliability.md X61)."""
    rows = inspectors_of(unit) if BatchKind(kind).about_people else facilities_of(unit)
    seen = hashlib.sha256()
    for code, version in rows.order_by("code").values_list("code", "version").iterator(chunk_size=10_000):
        seen.update(f"{code},{version};".encode())
    return seen.hexdigest()


class Codes:
    """Gives out facility codes: permit number, else the credit code nobody else uses, else BX-0007 (decisions.md 1)."""

    def __init__(self, candidates):
        """`candidates`: every permit number and credit code that may be asked for, looked up once."""
        lock_numbers()
        self._next = OWN_CODES.following(Facility.objects.all(), "code")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT code FROM registry_facility WHERE code = ANY(%s::text[])",
                [text_array(filter(None, candidates))],
            )
            self._given = {code for (code,) in cursor.fetchall()}

    def new(self, *, permit_no: str, uscc: str, uscc_in_use: bool) -> str:
        code = permit_no or ("" if uscc_in_use else uscc)
        if not code or code in self._given:
            code = OWN_CODES.written(self._next)
            self._next += 1
        self._given.add(code)
        return code


class StaffCodes:
    """Gives out inspector codes of a unit: 210504-07."""

    def __init__(self, unit: Unit, taken: Collection[str] = ()):
        """`taken`: codes that are given to others at the same moment."""
        lock_numbers()
        self._numbers, self._taken = Numbering(f"{unit.code}-", 2), taken
        self._next = self._numbers.following(Inspector.objects.all(), "code")

    def new(self) -> str:
        code = self._numbers.written(self._next)
        self._next += 1
        return self.new() if code in self._taken else code
