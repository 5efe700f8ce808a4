"""Back: a package of the platform is taken whole or not at all; what it says otherwise is put before a person."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import numbers, packages
from benxi_shuangsuiji.documents.packages import BadPackage, Contents
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import (
    ExchangePackage,
    ExchangeRecord,
    Inspection,
    PackageState,
    PlatformDifference,
    PlatformState,
    PlatformTask,
    RecordKind,
    RecordState,
    Side,
)

from . import (
    acks,
    actions,
    answered,
    differing,
    duties,
    leading,
    records,
    refusing,
    rules,
    taking,
    their_tasks,
)


@dataclass
class Taken:
    """What one package brought."""

    package: ExchangePackage
    acks: int = 0
    tasks: int = 0
    differences: int = 0
    skipped: int = 0
    declined: int = 0
    wrong: int = 0
    early: str = ""  # one that had come before its turn and can be taken now

    @property
    def words(self) -> str:
        came = {"回执 {} 条": self.acks, "平台发起的任务 {} 件": self.tasks, "差异 {} 处": self.differences}
        parts = [words.format(many) for words, many in came.items() if many]
        if self.skipped:
            parts.append(f"收过的记录 {self.skipped} 条没有再收")
        if self.declined:
            parts.append(f"不接收的任务的记录 {self.declined} 条没有收，随下一个包告诉平台")
        if self.wrong:
            parts.append(f"任务 {self.wrong} 件的检查对象或日期不对，随下一个包告诉平台")
        more = f"先前早到的 {self.early} 现在可以导入。" if self.early else ""
        if self.package.leads_otherwise:
            more += f"{self.package.leads_otherwise}。"
        return f"已导入 {self.package.number}：{'，'.join(parts) or '没有新的差异'}。{more}"


def take(*, content: bytes, by: User) -> Taken:
    """Read it beside this process, then write everything in one transaction, or nothing."""
    contents = None
    try:
        contents = packages.read(content)
        if refusal := taking.why_not_form(contents):
            raise refusal
        return _take(contents, len(content), by)
    except BadPackage as refusal:
        refusing.note(contents or refusal.contents, refusal, by)
        raise


@transaction.atomic
def _take(contents: Contents, size: int, by: User) -> Taken:
    told = contents.manifest
    unit = Unit.objects.drawing().filter(code=told["unit"]).first()
    if refusal := taking.why_not_address(told, unit, by):
        raise refusal
    numbers.lock_of(unit)
    refuse_if(rules.why_not_exchange(unit, by))
    if refusal := taking.why_not_order(told, contents.digest, unit):
        raise refusal
    now = clock.now()
    lost = taking.gap(told, unit)
    package = ExchangePackage.objects.create(
        number=told["package"],
        sender=Side.PLATFORM,
        unit=unit,
        previous=told["previous"] or "",
        digest=contents.digest,
        size=size,
        records=sum(len(rows) for name, rows in contents.values.items() if name.endswith(".jsonl")),
        state=PackageState.TAKEN,
        leads_otherwise=leading.otherwise(told["leads"]),
        by=by,
        at=now,
    )
    ExchangePackage.objects.bulk_create(
        ExchangePackage(
            number=number,
            sender=Side.PLATFORM,
            unit=unit,
            digest="",
            size=0,
            records=0,
            state=PackageState.REPLACED,
            by=by,
            at=now,
            replaced_by=package,
        )
        for number in lost
    )
    taken, before = Taken(package), PlatformDifference.objects.filter(unit=unit).count()
    Taking(taken, unit, by, now).all(contents)
    # Counted among the rows, for to link a task that waited here compares what had come of it before as well.
    taken.differences = PlatformDifference.objects.filter(unit=unit).count() - before
    early = refusing.next_after(package)
    taken.early = early.number if early else ""
    duties.look_again(unit, now, by)
    trail.record("inspections.exchange.imported", by=by, about=package, records=package.records)
    return taken


class Taking:
    """One package on its way in."""

    def __init__(self, taken: Taken, unit: Unit, by: User, now):
        self.taken, self.unit, self.by, self.now = taken, unit, by, now
        self.codes = records.Codes()

    def all(self, contents: Contents) -> None:
        for kind in RecordKind.values:
            numbered = list(enumerate(contents.values.get(f"{kind}.jsonl", ()), 1))
            if kind == RecordKind.ACKS:  # the word on single records goes before that on the whole (docs/exchange/ 3.7)
                numbered.sort(key=lambda line: line[1]["kind"] is None)
            for n, record in numbered:
                if (row := self.new(kind, n, record)) is not None:
                    self.one(row, n, record)

    def declined(self, kind: str, record: dict) -> PlatformTask | None:
        """The task of a record that a person here declined: that goes back by itself, for to take it would say that we do it.

        Whether it was called off there as well is the one thing that both sides may say of it.
        """
        if kind == RecordKind.ACKS or record["task"] or record.get("state") == "CANCELLED":
            return None
        rows = PlatformTask.objects.filter(unit=self.unit, state=PlatformState.DECLINED)
        return rows.filter(number=record["platform_task"]).first()

    def new(self, kind: str, n: int, record: dict) -> ExchangeRecord | None:
        """The row of what was neither had before, nor older than what was had (docs/exchange/ 4)."""
        digest, version, name = records.digest_of(record), record["record_version"], records.name_of(record)
        had = (  # what was given back was not taken: it may come again in the version that it had (docs/exchange/ 4)
            ExchangeRecord.objects.filter(
                unit=self.unit, package__sender=Side.PLATFORM, kind=kind, key__in=records.names_of(record)
            )
            .exclude(state=RecordState.REFUSED)
            .order_by("-version")
        )
        same = had.filter(version=version).first()
        if same is not None and same.digest != digest:
            raise BadPackage(
                f"{records.line_of(kind, n, record)}第 {version} 版先前收过，这次内容不一样，没有导入。让对方用新的版次。",
                "REUSED",
            )
        if had and had[0].version >= version:
            self.taken.skipped += 1
            return None
        return ExchangeRecord(
            package=self.taken.package,
            unit=self.unit,
            kind=kind,
            key=name,
            version=version,
            digest=digest,
            state=RecordState.TAKEN,
        )

    def give_back(self, row: ExchangeRecord, record: dict, task: PlatformTask, code: str, reason: str) -> None:
        """One record that is not taken with its package (docs/exchange/ 6): of a task, or what comes of it."""
        row.state, row.settled_at, row.settled_by = RecordState.REFUSED, self.now, self.by
        row.reason_code = code if row.kind == RecordKind.TASKS else "UNKNOWN_TASK"
        row.reason, row.platform_task = reason, task
        row.save()
        # The acknowledgement names the record as the platform does, and the row may hold its digest only (`records.name_of`).
        named = {**task.content.get(acks.NAMES, {}), row.key: record["key"]}
        task.content = {**task.content, acks.NAMES: named}
        task.save(update_fields=["content"])

    def one(self, row: ExchangeRecord, n: int, record: dict) -> None:
        kind = row.kind
        if (task := self.declined(kind, record)) is not None:
            self.give_back(row, record, task, "OTHER", f"任务 {task.number} 没有接收：{task.reason}")
            self.taken.declined += 1
            return
        if kind == RecordKind.ACKS:
            answered.hear(record, self.unit, by=self.by, at=self.now)
            self.taken.acks += 1
            row.save()
            return
        check = self.check_of(kind, n, record)
        if kind == RecordKind.RESULTS and (
            refusal := taking.why_not_then(n, record, self.handed_out(record, check), self.now)
        ):
            raise refusal
        if check is None:
            self.taken.tasks += their_tasks.keep(kind, record, self.taken.package, self.codes, self.now)
            self.of_theirs(row, record)
            return
        row.save()
        differing.Comparing(check, self.taken.package, self.codes, self.by, self.now).one(kind, record)

    def of_theirs(self, row: ExchangeRecord, record: dict) -> None:
        """What cannot be done as it stands is kept all the same, for the registry may get its place; the platform hears what to mend."""
        waiting = PlatformTask.objects.filter(number=record["platform_task"], state=PlatformState.WAITING)
        task = waiting.select_related("unit", "facility", "package").first()
        code, why = their_tasks.wrong_of(task) if task else ("", "")
        if task is None or not why:
            row.save()
            return
        self.give_back(row, record, task, code, why)
        self.taken.wrong += row.kind == RecordKind.TASKS

    # Whose record it is

    def check_of(self, kind: str, n: int, record: dict) -> Inspection | None:
        """The check of a record, linked with its number; None where the task was begun there and nobody took it up yet."""
        number, ours = record["platform_task"], record["task"]
        checks = Inspection.objects.filter(unit=self.unit).select_related("facility", "unit", "draw", "platform_task")
        task = PlatformTask.objects.filter(number=number).first() if number else None
        if task is not None and task.unit_id != self.unit.pk:
            raise BadPackage(f"平台编号 {number} 是另一个单位的任务，没有导入。让对方核对。", "REUSED")
        if ours is None:
            if task is None and kind != RecordKind.TASKS:
                raise BadPackage(
                    f"{records.line_of(kind, n, record)}说的任务没有收到过，没有导入。让对方先发任务。",
                    "UNKNOWN_TASK",
                )
            return checks.filter(pk=task.inspection_id).first() if task is not None else None
        check = checks.filter(no=ours).first()
        if check is None:
            raise BadPackage(f"本单位没有检查 {ours}，没有导入。让对方核对编号。", "UNKNOWN_TASK")
        if number:
            if refusal := rules.why_not_number(number, check):
                raise BadPackage(refusal, "REUSED")
            actions.link(check, number, by=self.by, at=self.now)
        return check

    def handed_out(self, record: dict, check: Inspection | None):
        """By whoever began the task: their officers may have been there before ours was raised."""
        task = PlatformTask.objects.filter(number=record["platform_task"], content__isnull=False).first()
        if task is not None:
            told = task.content["dispatched_at"]
            return datetime.fromisoformat(told) if told else None
        return check.dispatched_at if check else None
