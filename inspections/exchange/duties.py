"""检查情况上传移动执法平台: by the second working day after the visit, done once the platform has said so (七(五)-m, D-10);
and what of the platform waits for a person here: a task, a difference, what was given back, a number (issue 17)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.subject import Waiting
from benxi_shuangsuiji.workdays.days import Due
from inspections.checks.states import ENDED
from inspections.models import (
    Connection,
    DifferenceState,
    ExchangeRecord,
    Inspection,
    InspectionStatus,
    PackageRefusal,
    PlatformDifference,
    PlatformState,
    PlatformTask,
    RecordKind,
    RecordState,
    Side,
)

from . import acks, catching_up, leading, their_tasks


def is_the_units_turn(duties: Sequence[Duty], today: date) -> list[Duty]:
    """Of uploads that wait for the platform's word those of which it has nothing to say now: what was handed in lies in no
    package yet, or was given back (D-10). Before this they told the planner to wait for what waited for him."""
    of_these = {"inspection__no__in": {duty.period for duty in duties}, "kind": RecordKind.RESULTS}
    records = ExchangeRecord.objects.filter(**of_these, package__sender=Side.OURS)
    states: dict[str, set[str]] = {}
    for no, state in records.values_list("inspection__no", "state").distinct():
        states.setdefault(no, set()).add(state)
    out = {no for no, those in states.items() if RecordState.EXPORTED in those and RecordState.REFUSED not in those}
    return [duty for duty in duties if duty.period not in out]


UPLOAD = Step("D-10", button="上传情况", stage="检查", arrived=is_the_units_turn)
# None of them names a check or counts any: who hears of one that is late may be outside the circle (decisions.md 3).
TASK = Step("PTASK", "决定平台发起的任务", button="办理任务", noun="平台任务", stage="检查")
DIFFERENCE = Step("PDIFF", "核对两边的差异", button="核对差异", noun="两边差异", stage="检查")
REFUSED = Step("PBACK", "重传被平台退回的记录", button="办理退回", noun="平台退回", stage="检查")
NUMBER = Step("PNUMBER", "登记平台编号", button="登记编号", noun="平台编号", stage="检查")
ANSWER = Step("PANSWER", "告诉平台哪个包没有导入", button="导出回执", noun="平台回执", stage="检查")
PLACE = Step("PPLACE", "登记平台任务的检查对象", button="登记对象", noun="平台对象", stage="检查")
OF_THE_PLATFORM = (TASK, PLACE, DIFFERENCE, REFUSED, NUMBER, ANSWER)
DONE = "不再等办理"
FIRST, AGAIN, WAITS = "上传检查情况", "重传检查情况", "等移动执法平台确认"


def due_of(day) -> Due:
    return workdays.calendar().within_workdays(day, policy.on(day).recommended.upload_within_workdays)


def visit_started(check: Inspection) -> None:
    UPLOAD.open(
        check.unit,
        check.no,
        role=Role.PLANNER,
        title=f"{FIRST} {check.no}",
        due=due_of(check.started_at.date()),
        url=check.get_absolute_url(),
        consequence="检查情况要按时上传。",
    )


def visit_finished(check: Inspection, at: datetime) -> None:
    """Without the platform the record that was handed in is what is uploaded, and so is that of a check which no package
    speaks of; with it the planner's package, until it is acknowledged."""
    if not leading.is_told(check):
        UPLOAD.close(check.unit, check.no, "检查情况已上传", at)
        return
    UPLOAD.hand_over(
        check.unit,
        check.no,
        role=Role.PLANNER,
        title=f"{FIRST} {check.no}",
        url=address(check.unit),
        waiting_for=WAITS,
    )


def acknowledged(check: Inspection, at: datetime) -> None:
    UPLOAD.close(check.unit, check.no, "移动执法平台已确认收到检查情况", at)


def platform_left(at: datetime) -> None:
    """The connection ends: what was handed in here is uploaded."""
    open_ones = UPLOAD.duties.filter(closed_at__isnull=True).values_list("period", flat=True)
    for check in Inspection.objects.filter(no__in=open_ones, status__in=ENDED).select_related("unit").order_by("no"):
        UPLOAD.close(check.unit, check.no, "对接停用，以本系统记录为准", at)


def address(unit: Unit) -> str:
    return f"{reverse('inspections:exchange')}?unit={unit.code}"


# What waits for a person here


def in_use() -> Exists:
    """Whether packages go to the platform now: without it nobody can decide anything of it."""
    newest = Connection.objects.order_by("-pk").values("pk")[:1]
    return Exists(Connection.objects.filter(pk=Subquery(newest), in_use=True))


def tasks_waiting() -> QuerySet[PlatformTask]:
    return PlatformTask.objects.filter(in_use(), state=PlatformState.WAITING, content__isnull=False)


def without_place(unit: Unit) -> bool:
    """A task waits whose place the registry does not have."""
    rows = tasks_waiting().filter(unit=unit, facility__isnull=True).select_related("unit", "facility")
    return any(their_tasks.why_not_placed(task) for task in rows)


def waits_no_more() -> None:
    """The round: what the registry has got since is no duty of the registrar any more, and no duty stands of which nothing waits,
    though the unit exchanges nothing for weeks: an upload of its own took it over, ours became what the platform says, or it was
    opened under an earlier rule."""
    now = clock.now()
    for unit in Unit.objects.filter(pk__in=differences_open().values("unit")).order_by("pk"):
        catching_up.look(unit, now)
    for duty in Duty.objects.open().filter(rule=PLACE.id).select_related("unit"):
        if not without_place(duty.unit):
            PLACE.close(duty.unit, duty.period, "名录里已经有了", now)
    for step, rows, _ in _of_planners():
        stands = Duty.objects.open().filter(rule=step.id).exclude(unit__in=rows.values("unit"))
        for duty in stands.select_related("unit"):
            step.close(duty.unit, duty.period, DONE, now)


def differences_open() -> QuerySet[PlatformDifference]:
    return PlatformDifference.objects.filter(in_use(), state=DifferenceState.OPEN)


def records_refused() -> QuerySet[ExchangeRecord]:
    rows = ExchangeRecord.objects.filter(in_use(), state=RecordState.REFUSED, package__sender=Side.OURS)
    return rows.filter(inspection__isnull=False)


def returned_alone() -> QuerySet[ExchangeRecord]:
    """Given back and not of a check whose upload is open and has its result among them: one package ends both, by that day."""
    of_it = ExchangeRecord.objects.filter(inspection=OuterRef("inspection"), package__sender=Side.OURS)
    result = of_it.filter(kind=RecordKind.RESULTS, state=RecordState.REFUSED)
    upload = UPLOAD.duties.filter(period=OuterRef("inspection__no"), closed_at__isnull=True)
    return records_refused().exclude(Exists(result) & Exists(upload))


def answers_owed() -> QuerySet[PackageRefusal]:
    return acks.refused().filter(in_use())


def proposals() -> QuerySet[Inspection]:
    """Their visits wait for the platform's number, by the setting of their dispatch (`leading.is_proposal`)."""
    of_then = Connection.objects.filter(entered_at__lte=OuterRef("dispatched_at")).order_by("-pk").values("pk")[:1]
    waiting = Inspection.objects.filter(in_use(), status=InspectionStatus.DISPATCHED, platform_task__isnull=True)
    led = Connection.objects.filter(in_use=True, tasks=Side.PLATFORM)
    return waiting.alias(setting=Subquery(of_then)).filter(setting__in=led.values("pk"))


def _of_planners() -> Sequence[tuple[Step, QuerySet, str]]:
    """What stands open once for a unit as long as any of its rows waits, and what follows where nobody does it."""
    return (
        (DIFFERENCE, differences_open(), "没有决定的，两边的记录一直不一致。"),
        (REFUSED, returned_alone(), "没有重传的，平台没有这些记录。"),
        (NUMBER, proposals(), "没有平台编号的不能开始检查。"),
        (ANSWER, answers_owed(), "平台不知道它的包没有导入，不会重发。"),
    )


def look_again(unit: Unit, at: datetime, by: User | None = None) -> None:
    """Have the planner's duties of a unit stand as what waits does: called by each act that adds to it or takes from it."""
    if not Connection.objects.exists():
        return
    catching_up.look(unit, at, by)
    known = Duty.objects.open().filter(unit=unit, rule=TASK.id)
    waiting = {task.number: task for task in tasks_waiting().filter(unit=unit)}
    for number in known.exclude(period__in=waiting).values_list("period", flat=True):
        TASK.close(unit, number, DONE, at)
    for task in waiting.values():
        _task_waits(task, at, by)
    _uploads_named(unit, by)
    decide = decision_due(at.date(), workdays.calendar())
    title, words = PLACE.title, "登记以前平台的任务没有办法办理；对象的名称和代码问本单位的计划员。"
    new = f"{reverse('registry:facility-new')}?unit={unit.code}"
    wanted = without_place(unit)
    _keep(PLACE, unit, unit.code, wanted, title, decide, new, words, at, by, role=Role.REGISTRAR)
    for step, rows, consequence in _of_planners():
        _keep(
            step,
            unit,
            unit.code,
            rows.filter(unit=unit).exists(),
            step.title,
            decide,
            address(unit),
            consequence,
            at,
            by,
        )


def _uploads_named(unit: Unit, by: User | None) -> None:
    """The same to-do with its day, called by what has to be done now; of what came back the planners are told once (D-10)."""
    back = set(
        records_refused().filter(unit=unit, kind=RecordKind.RESULTS).values_list("inspection__no", flat=True).distinct()
    )
    uploads = UPLOAD.duties.filter(unit=unit, closed_at__isnull=True)
    came = list(uploads.filter(period__in=back, title__startswith=FIRST))
    for duty in [*came, *uploads.exclude(period__in=back).filter(title__startswith=AGAIN)]:
        title = f"{AGAIN if duty.period in back else FIRST} {duty.period}"
        UPLOAD.hand_over(
            unit, duty.period, role=Role.PLANNER, title=title, url=address(unit), waiting_for=duty.waiting_for
        )
    if came:
        title, key = f"{unit}：重传被平台退回的检查情况", f"{UPLOAD}:{unit.pk}:back"
        tell(role=Role.PLANNER, unit=unit, key=key, title=title, url=address(unit), by=by, duty=came[0])


def _task_waits(task: PlatformTask, at: datetime, by: User | None) -> None:
    """By the day on which the platform wants it done, which a later version may move."""
    calendar = workdays.calendar()
    due = calendar.fixed(their_tasks.due_of(task))
    if their_tasks.why_not_dated(task):  # the platform was told; somebody sees to it in the days of any other decision
        due = decision_due(localtime(task.package.at).date(), calendar)
    title, url = f"决定平台发起的任务 {task.number}", task.get_absolute_url()
    words = "平台等着答复；过了完成的日期，就来不及检查。"
    came = _keep(TASK, task.unit, task.number, True, title, due, url, words, at, by)
    if not came and TASK.duties.filter(unit=task.unit, period=task.number).exclude(due=due.date).exists():
        TASK.give_back(task.unit, task.number, title=title, due=due)


def _keep(step, unit, period, wanted, title, due, url, consequence, at, by, role=Role.PLANNER) -> bool:
    came = step.keep(
        unit,
        period,
        wanted=wanted,
        role=role,
        title=title,
        due=due,
        event=DONE,
        at=at,
        url=url,
        consequence=consequence,
    )
    if came:
        tell(role=role, unit=unit, key=f"{step}:{unit.pk}:{period}", title=f"{unit}：{title}", url=url, by=by)
    return came


def waiting(user, unit, quarter) -> Waiting | None:
    """For the navigation: tasks, differences, records given back, checks without a number and packages not taken, all that wait for somebody."""
    if unit is None or not user.may(P.SEE_SEALED, unit):
        return None
    found = (tasks_waiting(), differences_open(), records_refused(), proposals(), answers_owed())
    rules = [step.id for step in OF_THE_PLATFORM]
    late = Duty.objects.open().filter(unit=unit, rule__in=rules, due__lt=clock.today())
    return Waiting(tuple(rows.filter(unit=unit) for rows in found), late=(late,))
