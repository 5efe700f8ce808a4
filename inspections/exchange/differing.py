"""What the platform tells of a check of ours is compared, and what differs is put before a person: whoever brings a record calls this."""

from dataclasses import dataclass
from datetime import datetime

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
from .records import Codes

NEWER = "平台又发来新的内容，见新的一处"
ALIKE = "平台的新版本和本系统一样"


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
        """Put before a person once; the same words that somebody decided about are not asked again."""
        known = PlatformDifference.objects.filter(inspection=self.check, kind=kind, field=name)
        alike = ours.strip() == theirs.strip()
        if not alike and known.filter(ours=ours, theirs=theirs).exists():
            return
        known.filter(state=DifferenceState.OPEN).update(
            state=DifferenceState.OURS, words=ALIKE if alike else NEWER, decided_by=self.by, decided_at=self.at
        )
        if alike:
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
