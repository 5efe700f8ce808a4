"""What the pages of the exchange show: the queue by check, packages, and the words on each page of a check."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.notices.agenda import left_of, left_until
from inspections.models import (
    CodeKind,
    DifferenceState,
    EvidenceKind,
    ExchangePackage,
    ExchangeRecord,
    FollowUpStep,
    Mode,
    Outcome,
    PackageRefusal,
    PackageState,
    PlatformCode,
    PlatformDifference,
    PlatformState,
    PlatformTask,
    RecordKind,
    RecordState,
    Side,
    Source,
)

from . import acks, actions, duties, leading, packing, records, results, rules, taking, their_tasks

SHAPES = {"EXPORTED": "run", "ACCEPTED": "ok", "REFUSED": "bad", "REPLACED": "wait", "AGAIN": "wait", "TAKEN": "ok"}
MOST_SHOWN = 200
# Of a package: its records that were given back each by itself. One that was sent anew since keeps the platform's words; those
# that went back with the whole package are told by its state.
WENT_BACK = Q(lines__state__in=[RecordState.REFUSED, RecordState.AGAIN]) & ~Q(lines__reason__in=["", actions.WITH_ALL])


@dataclass(frozen=True)
class Queued:
    """One check that the platform has not got as it now is: which kinds, and by when."""

    no: str
    url: str
    kinds: str
    number: str
    back: str = ""  # in which package the platform gave it back; its words stand there, for they may name somebody
    due: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Queue:
    waiting: list[Queued]
    sent: list[ExchangeRecord]
    refused: list[ExchangeRecord]
    missing: str
    answers: bool

    @property
    def numbers(self) -> set[str]:
        return {row.no for row in self.waiting} | {row.inspection.no for row in [*self.sent, *self.refused]}

    @property
    def anything(self) -> bool:
        return bool(self.waiting) or self.answers

    @property
    def why_not_make(self) -> str:
        """As `rules.why_not_make` refuses it."""
        return self.missing or ("" if self.anything else rules.NOTHING_WAITS)


def queue(unit: Unit, today) -> Queue:
    """待上传, 已导出, 被退回 of one unit, by check; by number only (docs/exchange/ 9)."""
    codes = records.Codes()
    lost = rules.lost(unit)
    lines = records.waiting(unit, codes, lost)
    due = {d.period: d for d in duties.UPLOAD.duties.filter(unit=unit, closed_at__isnull=True)}
    by_check: dict[str, list[records.Line]] = {}
    for line in lines:
        by_check.setdefault(line.check.no, []).append(line)
    rows, calendar = [], workdays.calendar()
    for no, mine in by_check.items():
        duty = due.get(no) if any(line.kind == RecordKind.RESULTS for line in mine) else None
        kinds = Counter(line.label for line in mine)
        left, tone = left_of(duty, today, calendar) if duty else ("", "")
        rows.append(
            Queued(
                no,
                mine[0].check.get_absolute_url(),
                "、".join(kind if n == 1 else f"{kind} {n} 条" for kind, n in kinds.items()),
                leading.number_of(mine[0].check),
                next((line.again.number for line in mine if line.again), ""),
                left,
                tone,
            )
        )
    out = ExchangeRecord.objects.filter(unit=unit, package__sender=Side.OURS, inspection__isnull=False)
    out = out.select_related("package", "inspection").order_by("-pk")
    return Queue(
        sorted(rows, key=lambda row: (not row.due, row.no)),
        list(out.filter(state=RecordState.EXPORTED).exclude(package__in=lost)[:MOST_SHOWN]),
        list(out.filter(state=RecordState.REFUSED)[:MOST_SHOWN]),
        rules.missing_words(records.missing_in(lines)),
        acks.owed(unit, lost),
    )


def without_number(unit: Unit) -> list[ExchangeRecord]:
    """The task of each check that waits for its number, where the platform has it or it is on its way."""
    rows = ExchangeRecord.objects.filter(
        package__sender=Side.OURS,
        kind=RecordKind.TASKS,
        state__in=[RecordState.EXPORTED, RecordState.ACCEPTED],
        inspection__in=duties.proposals().filter(unit=unit),
    )
    return list(rows.select_related("inspection").order_by("inspection__no", "-pk").distinct("inspection__no"))


def open_differences(unit: Unit):
    rows = PlatformDifference.objects.filter(unit=unit, state=DifferenceState.OPEN)
    return rows.select_related("inspection", "package").order_by("inspection__no", "pk")


def waiting_tasks(unit: Unit, today: date) -> list[PlatformTask]:
    """Each with the day by which the platform wants it done."""
    rows = PlatformTask.objects.filter(unit=unit, state=PlatformState.WAITING, content__isnull=False)
    found, calendar = list(rows.select_related("facility", "package", "unit").order_by("pk")), workdays.calendar()
    for task in found:
        task.due = their_tasks.due_of(task)
        task.wrong = their_tasks.wrong_of(task)[1].replace(f"{task.number} 的", "")  # beside its number
        # Nobody is late for a day that cannot be.
        dated = not their_tasks.why_not_dated(task)
        task.left, task.tone = left_until(task.due, None, today, calendar) if dated else ("", "")
    return found


def wrong_words(task: PlatformTask) -> str:
    """Why it cannot be done as it stands, whether the platform knows, and what is left to do here."""
    why = their_tasks.wrong_of(task)[1]
    if not why:
        return ""
    told = ""
    if task.given_back.filter(package=task.package_id).exists():
        ours = acks.heard_in(task.package)
        told = f"已随 {ours.number} 告诉平台。" if ours else "随下一个数据包告诉平台。"
    return f"{why}{told}改好、登记好以后再办理；不办的，登记不接收。"


def refusals(unit: Unit) -> list[PackageRefusal]:
    """Packages of the platform that were not taken: why not now, and when it is told."""
    last = packing.last_of(unit, Side.PLATFORM)
    found = list(acks.standing().filter(unit=unit)[:MOST_SHOWN])
    for row in found:
        row.said = taking.said_now(row, last)
        row.may_drop = not row.told_in or row.told_in.state in (PackageState.REFUSED, PackageState.REPLACED)
    return found


def way_of(difference: PlatformDifference) -> tuple[str, str, str] | None:
    """Where the platform leads this kind, the act by which ours follows it: 更换人员, or the team's 采用平台结果."""
    check = difference.inspection
    led = leading.at(check.dispatched_at)
    if difference.kind == RecordKind.TEAMS and led.in_use and led.dispatch == Side.PLATFORM:
        way = reverse("inspections:task-swaps", args=[check.no])
        return "派发以移动执法平台为准：照它的小组", way, "办理更换人员"
    if difference.kind == RecordKind.RESULTS and check.status in results.WAITING and results.led_there(check):
        return (
            "检查情况以移动执法平台为准：检查组在检查清单上采用平台结果，这处差异随之了结。",
            check.get_absolute_url(),
            "看检查",
        )
    return None


def packages(unit: Unit) -> list[ExchangePackage]:
    """With how many of its records went back by themselves: one sent anew since went back all the same."""
    back = Count("lines", filter=WENT_BACK)
    rows = ExchangePackage.objects.filter(unit=unit).select_related("by", "replaced_by").annotate(back=back)
    found = list(rows.order_by("-pk")[:MOST_SHOWN])
    for row in found:
        row.words = state_words(row, row.back)
    return found


def went_back(package: ExchangePackage) -> int:
    return ExchangePackage.objects.filter(WENT_BACK, pk=package.pk).count()


def lines_of(package: ExchangePackage) -> list[ExchangeRecord]:
    """Its records, each with the platform's words on it; what was said of the whole stands at the package, once."""
    found = list(package.lines.select_related("inspection", "settled_by").order_by("pk"))
    for row in found:  # before, each had the words on the whole
        row.said = actions.WITH_ALL if package.reason and row.reason == package.reason else row.reason
    return found


def state_words(package: ExchangePackage, back: int) -> str:
    """A package that was taken although single records of it were not (docs/exchange/ 3.7) is not simply 已确认."""
    said = str(package.get_state_display())
    taken = package.state in (PackageState.ACCEPTED, PackageState.TAKEN)
    return f"{said}，其中 {back} 条退回" if taken and back else said


def off_words() -> str:
    """For the settings: never connected, or since when not any more. It counts nothing: who reads it may be outside the circle."""
    return "现在没有启用，以本系统的记录为准。" if leading.stopped() is None else rules.why_not_in_use()


def facts(check) -> dict:
    """For every page of a check: 移动执法平台编号 and whose record leads (issue 17)."""
    return {"platform_words": leading.words_on(check)}


def told(task: PlatformTask) -> list[tuple[str, str]]:
    """A task that was begun there, in words."""

    said, codes = task.content, records.Codes()
    items = [f"{pair['name']}（{pair['mep'] or pair['bxs']}）" for pair in said["items"]]
    rows = []
    if task.facility_id is None:  # what whoever registers it needs
        place = said["facility"]
        words = (place["name"], place["code"], place["uscc"], place["address"])
        rows.append(("平台写的检查对象", "　".join(filter(None, words))))
    rows += [
        ("来源", str(Source(said["source"]).label)),
        ("检查方式", str(Mode(said["mode"]).label)),
        ("检查事项", "、".join(items) or "—"),
        ("完成不晚于", said["finish_by"]),
        ("检查事由", said["reason"] or "—"),
    ]
    return rows + [row for kind, record in their_tasks.told_of(task) for row in _came_of_it(kind, record, codes)]


def _came_of_it(kind: str, record: dict, codes: records.Codes) -> list[tuple[str, str]]:
    """What the platform has told since of a task that was begun there."""
    if kind == RecordKind.TEAMS:
        return [("平台派给", "、".join(m["name"] for m in record["members"]))]
    if kind == RecordKind.NOTICES:
        return [("平台的通知书", f"{record['number']}　{record['given_on']}")]
    if kind == RecordKind.RESULTS:
        pair, ended = record["outcome"], parse_datetime(record["ended_at"])
        ours = codes.ours.get((CodeKind.OUTCOME, pair["mep"]))
        words = (str(Outcome(ours).label) if ours else pair["name"], record["finding"], record["measures"])
        return [("平台的检查结果", f"{localtime(ended):%Y-%m-%d %H:%M}　{'；'.join(filter(None, words))}")]
    if kind == RecordKind.EVIDENCE:
        words = record["words"] or "没有说明"
        return [
            ("平台的证据", f"{EvidenceKind(record['kind']).label}　{words}{'（已划去）' if record['struck'] else ''}")
        ]
    if kind == RecordKind.FOLLOWUPS:
        step = FollowUpStep(record["step"]).label
        return [("平台的后续处理", f"{record['happened_on']}　{step}　{record['words']}")]
    return []


def rests_on(code: PlatformCode) -> list[str]:
    """What stops when a pair ends and no other takes its place (docs/exchange/ 6). It counts no checks: who reads it may be
    outside the circle, and some are of draws that are not released (decisions.md 3)."""
    name = f"{rules.own_codes(code.kind).get(code.ours, '')} {code.ours}".strip()
    whose = {
        CodeKind.UNIT: f"{name}的检查",
        CodeKind.ITEM: f"查事项“{name}”的检查",
        CodeKind.OUTCOME: f"结果是“{name}”的检查",
    }[CodeKind(code.kind)]
    waiting = PlatformTask.objects.filter(state=PlatformState.WAITING, content__isnull=False)
    tasks = sum(code.theirs in _codes_of(task, code.kind) for task in waiting)
    said = [f"没有登记新的对照以前，有{whose}待上传的单位不能导出数据包。"]
    if tasks:
        said.append(f"平台发起、还没有办理的任务里有 {tasks} 件写着 {code.theirs}，停用以后认不出它。")
    said.append(f"平台发来的包里再有 {code.theirs} 的，整个包不能导入。编号变了的，停用以后随即登记新的。")
    return [*said, "平台已经收下的记录不因此再传。"]


def _codes_of(task: PlatformTask, kind: str) -> set[str]:
    """The platform's codes of one kind in what it told of a task."""
    if kind == CodeKind.OUTCOME:
        return {r["outcome"]["mep"] for name, r in their_tasks.told_of(task) if name == RecordKind.RESULTS}
    return {pair["mep"] for pair in (task.content["items"] if kind == CodeKind.ITEM else [task.content["unit"]])}


def codes_by_kind() -> list[tuple[str, list[PlatformCode], list[tuple[str, str]]]]:
    """Of each kind the pairs that stand, and ours that have none."""
    standing = PlatformCode.objects.filter(ended_at__isnull=True).select_related("entered_by")
    found = []
    for kind in CodeKind:
        rows = [row for row in standing if row.kind == kind]
        have = {row.ours for row in rows}
        names = rules.own_codes(kind)
        for row in rows:
            row.name = names.get(row.ours, "")
        found.append((kind.label, rows, [(code, name) for code, name in names.items() if code not in have]))
    return found
