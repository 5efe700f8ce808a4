"""What the platform tells of a task that was begun there, kept for whoever takes it up: never a check of its own."""

from datetime import date, datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.documents.packages import BadPackage
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.models import CodeKind, ExchangePackage, PlatformState, PlatformTask, RecordKind, Source
from registry import book
from registry.models import Facility

from .records import Codes
from .taking import AHEAD, known_people, ours_of

SEVERAL = (RecordKind.EVIDENCE, RecordKind.FOLLOWUPS)  # of these a check has as many as it has


def keep(kind: str, record: dict, package: ExchangePackage, codes: Codes, now: datetime) -> int:
    """How many tasks wait more than before."""
    task = PlatformTask.objects.filter(number=record["platform_task"]).first()
    if kind == RecordKind.TASKS:
        return _task(record, task, package, codes, now)
    # What was called off may be issued again with it.
    if kind == RecordKind.RESULTS:
        ours_of(codes, CodeKind.OUTCOME, record["outcome"])
    if kind == RecordKind.TEAMS:
        known_people(record)
    said = [row for row in _kept(task, kind) if row["key"] != record["key"]] if kind in SEVERAL else []
    task.content = {**task.content, kind: [*said, record] if kind in SEVERAL else record}
    task.save(update_fields=["content"])
    return 0


def _kept(task: PlatformTask, kind: str) -> list[dict]:
    """The records of a kind that came of it; before all were kept, only the last one stood here by itself."""
    said = task.content.get(kind) or []
    return [said] if isinstance(said, dict) else said


def told_of(task: PlatformTask) -> list[tuple[str, dict]]:
    """The task as it came and every record that came of it, in the order of the kinds."""
    after = [kind for kind in RecordKind.values if kind not in (RecordKind.TASKS, RecordKind.ACKS)]
    return [(RecordKind.TASKS, task.content), *((kind, row) for kind in after for row in _kept(task, kind))]


def _task(record: dict, task: PlatformTask | None, package: ExchangePackage, codes: Codes, now: datetime) -> int:
    if record["source"] == Source.DRAW:
        raise BadPackage("平台发来的任务写着随机抽取。抽取只在本系统办理，没有导入。让对方核对来源。", "NOT_YOURS")
    if ours_of(codes, CodeKind.UNIT, record["unit"]) != package.unit.code:
        raise BadPackage(f"任务 {record['platform_task']} 的单位和包的单位不一样，没有导入。让对方核对。", "ADDRESS")
    for pair in record["items"]:
        ours_of(codes, CodeKind.ITEM, pair)
    place, _ = found(record["facility"], package.unit)
    over = record["state"] == "CANCELLED"
    if task is not None:
        if task.state not in (PlatformState.WAITING, PlatformState.CANCELLED):
            return 0
        again = task.state == PlatformState.CANCELLED and not over
        # The place and the package go with the version: the page and the acknowledgement name what holds.
        task.content, task.facility, task.package = {**task.content, **record}, place, package
        task.state = PlatformState.CANCELLED if over else PlatformState.WAITING
        task.save(update_fields=["content", "facility", "package", "state"])
        return int(again)
    if over:
        return 0  # begun and called off before it was told
    PlatformTask.objects.create(
        number=record["platform_task"],
        unit=package.unit,
        facility=place,
        content=record,
        package=package,
        state=PlatformState.WAITING,
        came_at=now,
    )
    return 1


# Where it is: a place that the registry does not have yet is looked for again whenever it is asked after


def found(place: dict, unit: Unit) -> tuple[Facility | None, str]:
    """The one facility that a record means, or why there is none."""
    rows = book.facilities_of(unit)
    if place["code"]:
        rows = list(rows.filter(code=place["code"])[:2])
    else:
        rows = list(rows.filter(uscc=place["uscc"])[:2]) if place["uscc"] else []
    if len(rows) > 1:
        return None, "名录里有几个对象用这个信用代码，让平台写明名录编号"
    if not rows:
        return None, "名录里没有这个对象，由名录管理员登记"
    if place["uscc"] and rows[0].uscc not in ("", place["uscc"]):
        return None, f"名录编号 {place['code']} 和统一社会信用代码不是同一个对象的，让平台核对"
    return rows[0], ""


def place_of(task: PlatformTask) -> tuple[Facility | None, str]:
    if task.facility_id or not task.begun_there:
        return task.facility, ""
    return found(task.content["facility"], task.unit)


def why_not_placed(task: PlatformTask) -> str:
    place, why = place_of(task)
    return "" if place else f"{task.number} 的检查对象还对不上：{why}。"


def due_of(task: PlatformTask) -> date:
    return date.fromisoformat(task.content["finish_by"])


def why_not_dated(task: PlatformTask) -> str:
    """A day that cannot be: to be done before it was handed out or before its own quarter, handed out later than it came."""
    if not task.begun_there:
        return ""
    due, told = due_of(task), task.content["dispatched_at"]
    handed_out = localtime(datetime.fromisoformat(told)) if told else None
    quarter = Quarter(task.content["year"], task.content["quarter"])
    if handed_out and handed_out > task.package.at + AHEAD:
        wrong = f"派发时间 {handed_out:%Y-%m-%d %H:%M} 还没有到"
    elif handed_out and due < handed_out.date():
        wrong = f"完成不晚于 {due}，早于派发的 {handed_out:%Y-%m-%d}"
    elif due < quarter.first_day:
        wrong = f"完成不晚于 {due}，早于任务的 {quarter.label}"
    else:
        return ""
    return f"{task.number} 的日期不对：{wrong}。让平台改好再发。"


def wrong_of(task: PlatformTask) -> tuple[str, str]:
    """Why a task that waits can only be declined as it stands: what the platform is told, by code and sentence (docs/exchange/ 6)."""
    nowhere, never = why_not_placed(task), why_not_dated(task)
    if not (nowhere or never):
        return "", ""
    return "UNKNOWN_FACILITY" if nowhere else "OTHER", nowhere + never  # both at once, to be mended at once
