"""How the file of a check stands: which papers it needs, has and misses, by when it is bound, how long it is kept.

Rooms say what belongs in it (`Subject.filed`) and how far what follows has come (`Subject.ends`); here it is put together,
for as many checks as are asked for, with as many questions as for one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils.module_loading import import_string
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy, subjects, workdays
from benxi_shuangsuiji.documents.models import FileTrouble
from benxi_shuangsuiji.subject import Ending, Filed, Leaf
from benxi_shuangsuiji.workdays.days import Calendar, Due
from inspections.models import ArchiveRequest, Inspection, Outcome, Volume, Wish

# What ends with its publication; after any other result something follows, and the file waits for how that ends.
AT_AN_END = {Outcome.NO_ISSUE, Outcome.ON_SITE_FIXED, Outcome.NOT_OPERATING, Outcome.UNREACHABLE}
A_CASE = {Outcome.CASE_FILED, Outcome.TRANSFERRED, Outcome.TRANSFERRED_CRIMINAL}


@dataclass(frozen=True)
class Line:
    """One kind of paper in one file. `excused`: why there is none, while there is none; `owner`: who has what is missed."""

    filed: Filed
    leaves: tuple[Leaf, ...]
    excused: str
    owner: str

    @property
    def is_missing(self) -> bool:
        return self.filed.needed and not self.leaves and not self.excused


@dataclass
class File:
    """案卷 of one check."""

    check: Inspection
    lines: list[Line]
    endings: list[Ending]
    volumes: list[Volume]
    damaged: set[str]
    calendar: Calendar

    @property
    def leaves(self) -> list[Leaf]:
        """In the order in which they are bound (domain.md 3.3): what came after a volume stands behind its papers."""
        part = {paper.key: volume.part for volume in self.volumes for paper in volume.papers.all()}
        found = [leaf for line in self.lines for leaf in line.leaves]
        return sorted(found, key=lambda leaf: part.get(leaf.key, len(self.volumes)))

    @cached_property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if line.is_missing]

    @property
    def excused(self) -> list[Line]:
        """What other files have and this one need not, for 备考表."""
        return [line for line in self.lines if line.filed.needed and line.excused and not line.filed.rare]

    @property
    def lacking(self) -> str:
        return "、".join(line.filed.name for line in self.missing)

    @property
    def owners(self) -> str:
        """Who has what is missed."""
        return "、".join(dict.fromkeys(line.owner for line in self.missing if line.owner))

    @property
    def main(self) -> Volume | None:
        return next((v for v in self.volumes if v.part == 0), None)

    @property
    def bound(self) -> Volume | None:
        return self.main if self.main and self.main.file_id else None

    @property
    def waits(self) -> str:
        """For what it is not closed yet."""
        waiting = [e.waits for e in self.endings if e.waits]
        over = self.check.outcome in AT_AN_END or any(e.on for e in self.endings)
        if not waiting and not over:
            waiting = [f"{self.check.get_outcome_display()}还没有结果"]
        return "，".join(waiting)

    @property
    def holds(self) -> str:
        return "，".join(e.holds for e in self.endings if e.holds)

    @property
    def closed_on(self) -> date | None:
        """办结: the day the result was settled, or of what followed when something was found; not before all its papers
        could be there (decision 0111)."""
        settled = self.check.settled_at
        if settled is None or self.waits:
            return None
        return max([localtime(settled).date(), *(day for e in self.endings for day in (e.on, e.since) if day)])

    @cached_property
    def due(self) -> Due | None:
        """Within so many working days after closing (K21)."""
        if self.closed_on is None:
            return None
        within = policy.on(self.closed_on).recommended.archive_within_workdays
        return self.calendar.within_workdays(self.closed_on, within)

    @property
    def is_grave(self) -> bool:
        """A case or a referral came of it, also one that was opened after the file was bound."""
        return self.check.outcome in A_CASE or any(e.grave for e in self.endings)

    @property
    def years(self) -> int:
        numbers = policy.on(localtime(self.check.ended_at).date()).recommended
        years = numbers.volume_years_of_a_case if self.is_grave else numbers.volume_years
        return years + (self.main.kept_longer if self.main else 0)

    @property
    def kept_until(self) -> date:
        return date(self.check.year + self.years, 12, 31)

    @property
    def broken(self) -> list[Leaf]:
        """Papers whose kept file is gone, or no longer what it was."""
        return [leaf for leaf in self.leaves if self.damaged & set(leaf.digests)]

    @property
    def unbound(self) -> list[Leaf]:
        """What came after it was bound, for a supplement."""
        inside = {paper.key for volume in self.volumes if volume.file_id for paper in volume.papers.all()}
        return [leaf for leaf in self.leaves if leaf.key not in inside]


def files_of(checks: Iterable[Inspection], at: datetime | None = None) -> list[File]:
    """In the order of the checks; with `at` what they held, and how far each matter had come, at that moment."""
    checks = list(checks)
    house, leaders = subjects.house(), _leaders(checks)
    endings: dict[int, list[Ending]] = {}
    for name in house.ends:
        for pk, ending in import_string(name)(checks).items():
            days = [day for day in (ending.on, ending.since) if day]
            ended = at is None or all(day <= localtime(at).date() for day in days)
            endings.setdefault(pk, []).append(ending if ended else Ending(waits="还没有办结"))
    asked = ArchiveRequest.objects.approved().filter(inspection__in=checks, wish=Wish.WITHOUT)
    if at:
        asked = asked.filter(decided_at__lte=at)
    granted = {(row.inspection_id, row.paper): row.reason for row in asked}
    lines: dict[int, list[Line]] = {check.pk: [] for check in checks}
    for filed in house.filed:
        leaves = import_string(filed.papers)(checks)
        unless = import_string(filed.unless)(checks) if filed.unless else {}
        owners = import_string(filed.owner)(checks) if filed.owner else {}
        for check in checks:
            excused = unless.get(check.pk) or granted.get((check.pk, filed.name), "")
            owner = owners.get(check.pk) or leaders.get(check.pk, "")
            there = tuple(leaf for leaf in leaves.get(check.pk, ()) if not at or leaf.came_on <= localtime(at).date())
            lines[check.pk].append(Line(filed, there, "" if there else excused, owner))  # it may have come after all
    volumes: dict[int, list[Volume]] = {}
    bound = Volume.objects.filter(inspection__in=checks).select_related("file", "job", "asked_by")
    for volume in bound.prefetch_related("papers"):
        volumes.setdefault(volume.inspection_id, []).append(volume)
    damaged, calendar = damaged_files(), workdays.calendar()
    return [File(c, lines[c.pk], endings.get(c.pk, []), volumes.get(c.pk, []), damaged, calendar) for c in checks]


def damaged_files() -> set[str]:
    """What the nights found gone or changed (四(3)-b)."""
    return set(FileTrouble.objects.filter(mended_at=None).values_list("sha256", flat=True))


def file_of(check: Inspection) -> File:
    return files_of([check])[0]


def _leaders(checks: list[Inspection]) -> dict[int, str]:
    rows = Inspection.objects.filter(pk__in=[c.pk for c in checks], members__is_leader=True, members__left_at=None)
    return dict(rows.values_list("pk", "members__inspector__name"))
