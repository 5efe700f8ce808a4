"""Whose record leads, now and at an earlier moment (issue 17): until the lead office says otherwise, ours."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from inspections.models import Connection, Inspection, InspectionStatus, PlatformTask, Side

# What every page says of a check whose number has not come yet (五-4h).
PROPOSAL = "等平台编号，派发是建议"
NOTHING = Connection(in_use=False, tasks=Side.OURS, dispatch=Side.OURS, results=Side.OURS)


def now() -> Connection:
    return Connection.objects.first() or NOTHING


def course() -> list[Connection]:
    """All settings, the newest first: there are few, and whoever asks about many checks reads them once."""
    return list(Connection.objects.all())


def at(moment: datetime, known: Sequence[Connection] | None = None) -> Connection:
    """The setting in force then; a check goes by the one of its dispatch."""
    rows = course() if known is None else known
    return next((row for row in rows if row.entered_at <= moment), NOTHING)


KINDS = {"tasks": "任务", "dispatch": "派发", "results": "检查情况"}


def otherwise(told: dict[str, str]) -> str:
    """Where the other side thinks that another leads than our setting says (docs/exchange/ 1.1)."""
    ours = now()
    apart = [f"{label}以{Side(told[n]).label}为准" for n, label in KINDS.items() if told[n] != getattr(ours, n)]
    return f"这个包写着{'、'.join(apart)}，和本系统的设定不一致，由牵头部门和平台核对" if apart else ""


def since() -> datetime | None:
    """When packages first went to the platform: checks of before are not told to it."""
    first = Connection.objects.filter(in_use=True).order_by("pk").first()
    return first.entered_at if first else None


def stopped() -> datetime | None:
    """Since when packages do not go there any more; None while they do, and where they never did."""
    rows = course()
    if not rows or rows[0].in_use or since() is None:
        return None
    off = rows[: next(n for n, row in enumerate(rows) if row.in_use)]
    return off[-1].entered_at


def is_told(check: Inspection) -> bool:
    """Whether packages speak of this check now: what was dispatched before they first went out is never told."""
    first = since()
    return now().in_use and first is not None and check.dispatched_at >= first


def number_of(check: Inspection) -> str:
    """The platform's number of a check; "" as long as it has none."""
    task = getattr(check, "platform_task", None)
    return task.number if task else ""


def is_proposal(check: Inspection, known: Sequence[Connection] | None = None) -> bool:
    """Where the platform leads tasks, our dispatch is a proposal until its number arrives (五-4h)."""
    rows = course() if known is None else known
    led = at(check.dispatched_at, rows)
    return led.in_use and led.tasks == Side.PLATFORM and rows[0].in_use and not number_of(check)


def proposes() -> bool:
    """Whether what is dispatched now is a proposal until its number comes."""
    led = now()
    return led.in_use and led.tasks == Side.PLATFORM


def proposals_among(checks: Iterable[Inspection]) -> dict[int, str]:
    """For lists: the words of those that wait for their number, by primary key; two questions for all of them."""
    rows = course()
    if not rows or not rows[0].in_use:
        return {}
    of_then = (
        (check, at(check.dispatched_at, rows)) for check in checks if check.status == InspectionStatus.DISPATCHED
    )
    led = [check.pk for check, setting in of_then if setting.in_use and setting.tasks == Side.PLATFORM]
    numbered = set(PlatformTask.objects.filter(inspection__in=led).values_list("inspection_id", flat=True))
    return {pk: PROPOSAL for pk in led if pk not in numbered}


def why_not_begin(check: Inspection) -> str:
    """The visit waits for the number, which the planner enters or imports."""
    if not is_proposal(check):
        return ""
    return "任务以移动执法平台为准，这次检查还没有平台编号，派发只是建议。由计划员导入回执或登记平台编号，再开始检查。"


def words_on(check: Inspection) -> str:
    """For each page of the check: its number there, and by which side each kind goes."""
    rows = course()
    led = at(check.dispatched_at, rows)
    if not led.in_use:
        return ""
    if not rows[0].in_use:
        return "　".join(filter(None, [number_of(check), "对接已经停用，以本系统的记录为准"]))
    number = number_of(check) or (PROPOSAL if is_proposal(check, rows) else "还没有编号")
    sides = "，".join(
        f"{name}以{side.label}为准"
        for name, side in ((label, Side(getattr(led, kind))) for kind, label in KINDS.items())
    )
    return f"{number}　{sides}，抽取和公开以本系统为准"
