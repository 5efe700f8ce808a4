"""A file is bound within the working days after its closing (七(七), K21); what two people decide is decided in time."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty, Heartbeat
from benxi_shuangsuiji.notices.tasks import MORNING, beat
from inspections.models import ArchiveRequest, Inspection, Volume

from .standing import files_of

BINDING = Step("AJ-BIND", "案卷成册", button="案卷成册", event="办结", stage="处理")
DECISION = Step("AJ-ASK", "批准案卷的申请", button="批准申请", noun="案卷审批", stage="处理")
EVENT = "案卷已成册"


def keep_daily(*, force: bool = False) -> bool:
    """Each morning: what was closed since is to be bound, what a reopened matter holds up is not for now."""
    now = clock.now()
    last = Heartbeat.objects.filter(name="archive").first()
    if not force and (now.time() < MORNING or (last and last.at.astimezone(now.tzinfo).date() >= now.date())):
        return False
    begun = Inspection.objects.filter(no__in=BINDING.duties.open().values("period"))  # whose ground may be gone since
    checks = (Inspection.objects.settled() | begun).select_related("unit", "executing_unit", "draw")
    for file in files_of(checks.exclude(volumes__file__isnull=False).order_by("pk")):
        if file.due or BINDING.duties.filter(period=file.check.no).exists():
            _keep(file, now)
    beat("archive", now)
    return True


def _keep(file, at: datetime) -> None:
    check, due = file.check, file.due
    if due:  # one that was opened before its last paper could be there has the day that the file has (decision 0111)
        days = {"due": due.date, "target": due.target, "provisional": due.provisional, "workdays": due.workdays}
        mine = BINDING.duties.open().filter(unit=check.unit, period=check.no).exclude(counted_from=due.counted_from)
        mine.update(counted_from=due.counted_from, **days)
    BINDING.keep(
        check.unit,
        check.no,
        wanted=due is not None,
        role=Role.ARCHIVIST,
        title=f"案卷成册 {check.no}",
        due=due or workdays.calendar().fixed(at.date()),
        event="还没有办结",
        at=at,
        url=reverse("inspections:archive-file", args=[check.no]),
        consequence="逾期计入归档率。",
    )


def binding_of(file) -> Duty | None:
    """The open to-do of binding it; what was closed today has none before the next morning."""
    _keep(file, clock.now())
    return BINDING.duties.open().filter(unit=file.check.unit, period=file.check.no).first()


def bound(volume: Volume, at: datetime) -> None:
    BINDING.close(volume.inspection.unit, volume.inspection.no, EVENT, at)


def asked(request: ArchiveRequest) -> None:
    check = request.inspection
    DECISION.open(
        check.unit,
        f"{check.no}:{request.pk}",
        role=Role.APPROVER,
        title=f"批准案卷的申请 {check.no}",
        due=decision_due(request.asked_at.date(), workdays.calendar()),
        url=reverse("inspections:archive-requests", args=[check.no]),
        consequence="批准以前不能成册，也不能销毁。",
    )


def decided(request: ArchiveRequest, at: datetime) -> None:
    DECISION.close(request.inspection.unit, f"{request.inspection.no}:{request.pk}", "已批准或退回", at)
