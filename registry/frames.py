"""What the draw reads from the registry: who could be checked, by whom, and who keeps away from whom.

Pure reading, a fixed number of queries whatever the size. Nothing here knows of draws.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from benxi_shuangsuiji.accounts.models import Unit

from . import book
from .models import (
    AbsenceKind,
    CertificateStatus,
    ConflictOfInterest,
    Employment,
    Facility,
    Inspector,
    InspectorAbsence,
    PositiveListEntry,
)

INDIVIDUAL = "92"  # how the credit code of a 个体工商户 begins (GB 32100-2015)
_NUMBER = re.compile(
    "[0-9０-９A-Za-z]|[一二三四五六七八九十百千〇零两甲乙丙丁东西南北前后]+(?=[号组栋幢楼座单元室门院弄])"
)
_STREET = re.compile(".*(?:街道|大街|大道|路|街|巷|胡同|社区|村|屯|镇|乡|县|(?<!小)区)")


@dataclass(frozen=True)
class FrameFacility:
    """One line of a FRAME before the draw's own facts (times, seen, mode) are added."""

    pk: int
    code: str
    name: str  # as the public sees it
    category: str
    has_key_ground: bool
    scopes: tuple[str, ...]
    pollution_types: tuple[str, ...]
    status: str
    positive: bool


@dataclass(frozen=True)
class RosterInspector:
    """One line of a ROSTER before load and units are added. `absences` are those that touch the window."""

    pk: int
    code: str
    name: str
    unit_id: int
    certificate_no: str
    certificate_from: date | None
    certificate_to: date | None
    certificate_status: str
    scopes: tuple[str, ...]
    enforcement_kinds: str  # what the certificate covers, in its words (六(三)-h)
    can_lead: bool
    employment: str
    left_on: date | None
    absences: tuple[tuple[str, date, date | None], ...]

    def certified_through(self, day: date) -> bool:
        """Whether the certificate still holds on the last possible day of a visit (A-24)."""
        good = self.certificate_no and self.certificate_status == CertificateStatus.VALID
        return bool(good and self.certificate_to and self.certificate_to >= day)

    def out(self) -> str:
        """SSJ1 ISTATE reason, or "" when the person can be drawn as far as the registry knows."""
        if self.left_on or self.employment == Employment.OFF_POST:
            return AbsenceKind.POST
        if not self.certificate_no or self.certificate_status != CertificateStatus.VALID:
            return "NOCERT"
        return self.absences[0][0] if self.absences else ""


def public_name(facility: Facility) -> str:
    """The name everyone may read: a natural person is shown as 张** (domain.md 7.8)."""
    return f"{facility.name[:1]}**" if facility.is_natural_person else facility.name


def public_uscc(facility: Facility) -> str:
    """The code that everyone may read; that of a natural person is his identity number (domain.md 7.8)."""
    return "" if facility.is_natural_person else facility.uscc


def public_address(facility: Facility) -> str:
    """Where it is; of a natural person and of an individual business, whose place is often a home, only the street."""
    private = facility.is_natural_person or facility.uscc.startswith(INDIVIDUAL)
    return street_of(facility.address) if private else facility.address


def street_of(address: str) -> str:
    """An address up to its street or village: no house, no door."""
    found = _STREET.match(_NUMBER.split(address)[0])
    return found[0] if found else ""


def known_on(unit: Unit, day: date) -> QuerySet[Facility]:
    """The facilities of the unit that the registry knew on that day, each with `positive`: in the 正面清单 then (七(三))."""
    listed = PositiveListEntry.objects.filter(facility=OuterRef("pk"), valid_from__lte=day).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    )
    return book.facilities_of(unit).filter(entered_on__lte=day).annotate(positive=Exists(listed))


def facilities_for_frame(unit: Unit, day: date) -> list[FrameFacility]:
    """Every facility of the unit that the registry knew on that day, in the order of the codes."""
    rows = known_on(unit, day).order_by("code")
    return [
        FrameFacility(
            pk=f.pk,
            code=f.code,
            name=public_name(f),
            category=f.category,
            has_key_ground=f.has_key_ground,
            scopes=tuple(sorted(f.scopes)),
            pollution_types=tuple(f.pollution_types),
            status=f.status,
            positive=f.positive,
        )
        for f in rows
    ]


def inspectors_for_roster(unit: Unit, executing_unit: Unit | None, window: tuple[date, date]) -> list[RosterInspector]:
    """The people of the unit and its section, and of the executing unit where another one carries the plan out."""
    units = {u.pk: u for u in (unit, executing_unit) if u is not None}
    who = Inspector.objects.none()
    for u in units.values():
        who = who | book.inspectors_of(u)
    first, last = window
    people = list(who.filter(Q(left_on__isnull=True) | Q(left_on__gt=first)).distinct().order_by("code"))
    absences: dict[int, list[tuple[str, date, date | None]]] = {}
    for a in (
        InspectorAbsence.objects.filter(inspector__in=[p.pk for p in people], starts_on__lte=last)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first))
        .order_by("starts_on", "pk")
    ):
        absences.setdefault(a.inspector_id, []).append((a.kind, a.starts_on, a.ends_on))
    return [
        RosterInspector(
            pk=p.pk,
            code=p.code,
            name=p.name,
            unit_id=p.unit_id,
            certificate_no=p.certificate_no,
            certificate_from=p.certificate_from,
            certificate_to=p.certificate_to,
            certificate_status=p.certificate_status,
            scopes=tuple(sorted(p.scopes)),
            enforcement_kinds=p.enforcement_kinds,
            can_lead=p.can_lead,
            employment=p.employment,
            left_on=p.left_on,
            absences=tuple(absences.get(p.pk, ())),
        )
        for p in people
    ]


def conflicts_for_roster(
    inspectors: Iterable[str], facilities: QuerySet[Facility], day: date
) -> list[tuple[str, str, str]]:
    """(inspector code, facility code, reason) of every interest in force on that day, in that order."""
    return list(
        ConflictOfInterest.objects.in_force(day)
        .filter(inspector__code__in=list(inspectors), facility__in=facilities)
        .order_by("inspector__code", "facility__code")
        .values_list("inspector__code", "facility__code", "kind")
    )
