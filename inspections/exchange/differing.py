"""What the platform tells of a check of ours is compared, and what differs is put before a person: whoever brings a record calls this."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from benxi_shuangsuiji.accounts.models import User
from inspections.models import (
    DifferenceState,
    ExchangePackage,
    Inspection,
    PlatformDifference,
    PlatformTask,
    RecordKind,
)

from . import comparing, results, their_tasks
from .catching_up import ALIKE, BY_ITSELF, NEWER
from .records import Codes


@dataclass(frozen=True)
class Comparing:
    """Records of one package beside one check."""

    check: Inspection
    package: ExchangePackage
    codes: Codes
    by: User
    at: datetime

    def one(self, kind: str, record: dict) -> None:
        for name, ours, theirs in comparing.fields(kind, record, self.check, self.codes):
            self._said(kind, name, ours, theirs)
        if kind == RecordKind.RESULTS:
            results.keep(self.check, record, self.package, self.codes, self.at)

    def all_of(self, task: PlatformTask) -> None:
        """Everything that came of a task before it was known that this check is it: the task itself first."""
        for kind, record in their_tasks.told_of(task):
            self.one(kind, record)

    def _said(self, kind: str, name: str, ours: str, theirs: str) -> None:
        """Put before a person once; the same words that somebody decided about are not asked again.

        What was closed because other words came nobody decided about: where they come back they are asked.
        """
        known = PlatformDifference.objects.filter(inspection=self.check, kind=kind, field=name)
        same, is_open = Q(ours=ours, theirs=theirs), Q(state=DifferenceState.OPEN)
        alike = ours.strip() == theirs.strip()
        if not alike and known.filter(same & is_open).exists():
            return
        known.filter(is_open).update(
            state=DifferenceState.OURS, words=ALIKE if alike else NEWER, decided_by=self.by, decided_at=self.at
        )
        if alike or known.filter(same).exclude(words__in=BY_ITSELF).exists():
            return
        PlatformDifference.objects.create(
            unit=self.check.unit,
            inspection=self.check,
            package=self.package,
            kind=kind,
            field=name,
            ours=ours,
            theirs=theirs,
        )
