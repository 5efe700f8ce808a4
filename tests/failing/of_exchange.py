"""The exchange with the platform, each act once: packages out, back and again, numbers, tasks, differences, codes (七(五)-m)."""

from contextlib import suppress

from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.documents.packages import BadPackage
from inspections.exchange import actions, incoming, leading
from inspections.models import (
    ExchangePackage,
    Inspection,
    PlatformCode,
    PlatformDifference,
    PlatformTask,
)
from tests.failing.acts import Press
from tests.failing.once import WORDS, Brought, Stage, keeping
from tests.inspections.exchange.factories import connect, map_codes, pack, task_there
from tests.inspections.exchange.test_adopting import result_there
from tests.inspections.factories import make_inspection, start, team_of

PLANNER, LEAD = Role.PLANNER, Role.LEAD_OFFICE
ACTS: list[Brought] = []
act = keeping(ACTS)


def unit_of(stage: Stage):
    """The other unit, in which the acts beside this one send nobody: what waits there is only what was made here."""
    if not leading.now().in_use:
        connect(by=stage.own(LEAD))
        map_codes(stage.other, by=stage.own(LEAD))
    return stage.other


def dispatched(stage: Stage) -> Inspection:
    now = clock.now()
    return make_inspection(unit_of(stage), dispatched_at=now, accepted_at=now)


def exported(stage: Stage) -> ExchangePackage:
    dispatched(stage)
    return actions.make(unit=stage.other, by=stage.others(PLANNER))[0]


def begun_there(stage: Stage, number: str) -> PlatformTask:
    unit = unit_of(stage)
    last = ExchangePackage.objects.filter(unit=unit, sender="MEP").count()
    content = pack(unit, last + 1, tasks=[task_there(unit, number=number)])
    incoming.take(content=content, by=stage.others(PLANNER))
    return PlatformTask.objects.get(number=number)


def by_planner(stage: Stage, name: str, button: str, *args, **changes) -> Press:
    page = reverse(f"inspections:{name}", args=args)
    return Press(stage.others(PLANNER), page if args else f"{page}?unit={stage.other.code}", button, changes)


@act("make a package", "inspections.exchange.views.exchange_make")
def _(stage: Stage) -> Press:
    dispatched(stage)
    return by_planner(stage, "exchange-make", "导出数据包")


@act("make a package again", "inspections.exchange.views.exchange_again")
def _(stage: Stage) -> Press:
    return by_planner(stage, "exchange-package", "重传", exported(stage).number)


@act("enter the word on a package", "inspections.exchange.views.exchange_answer")
def _(stage: Stage) -> Press:
    return by_planner(stage, "exchange-answer", "登记", exported(stage).number, said="accepted")


@act("enter the word on a record", "inspections.exchange.views.exchange_record")
def _(stage: Stage) -> Press:
    row = exported(stage).lines.get(kind="tasks")
    return by_planner(stage, "exchange-record", "登记", row.pk, said="accepted", number=f"PT-{row.pk}")


@act("take a package", "inspections.exchange.views.exchange_import")
def _(stage: Stage) -> Press:
    unit = unit_of(stage)
    last = ExchangePackage.objects.filter(unit=unit, sender="MEP").count()
    content = pack(unit, last + 1, tasks=[task_there(unit, number="PT-7001")])
    return by_planner(stage, "exchange-import", "导入", package=("包.zip", content))


@act("leave a package of the platform unanswered", "inspections.exchange.views.exchange_refusal_drop")
def _(stage: Stage) -> Press:
    unit, planner = unit_of(stage), stage.others(PLANNER)
    with suppress(BadPackage):
        incoming.take(content=pack(unit, 900), by=planner)
    return by_planner(stage, "exchange", "不回复")


@act("take up a task of the platform", "inspections.exchange.views.platform_task")
def _(stage: Stage) -> Press:
    task, now = begun_there(stage, "PT-7002"), clock.now()
    check = make_inspection(stage.other, facility=task.facility, dispatched_at=now, accepted_at=now)
    return by_planner(stage, "platform-task", "对应两边的编号", task.number, check=check.no)


@act("decline a task of the platform", "inspections.exchange.views.platform_task_decline")
def _(stage: Stage) -> Press:
    return by_planner(stage, "platform-task-decline", "不接收", begun_there(stage, "PT-7003").number, reason=WORDS)


@act("decide a difference", "inspections.exchange.views.platform_difference")
def _(stage: Stage) -> Press:
    package = begun_there(stage, "PT-7004").package
    row = PlatformDifference.objects.create(
        unit=stage.other,
        inspection=make_inspection(stage.other),
        package=package,
        kind="tasks",
        field="检查方式",
        ours="现场",
        theirs="书面",
    )
    return by_planner(stage, "platform-difference", "记下", row.pk, said="ours", words=WORDS)


@act("take over a result of the platform", "inspections.visits.adopt_views.field_adopt")
def _(stage: Stage) -> Press:
    unit = unit_of(stage)
    led = leading.now()
    connect(by=stage.own(LEAD), results="MEP")
    check = start(dispatched(stage))
    last = ExchangePackage.objects.filter(unit=unit, sender="MEP").count()
    told = result_there(check) | {"key": "PT-7005", "platform_task": "PT-7005"}
    incoming.take(content=pack(unit, last + 1, results=[told]), by=stage.others(PLANNER))
    connect(by=stage.own(LEAD), results=led.results)
    page = reverse("inspections:field-adopt", args=[check.no])
    return Press(team_of(check)[0].user, page, "采用平台结果")


@act("pair a code", "inspections.exchange.views.exchange_codes")
def _(stage: Stage) -> Press:
    unit_of(stage)
    said = {"kind": "UNIT", "ours": stage.unit.code, "theirs": "DW-2"}
    PlatformCode.objects.filter(kind="UNIT", ours=stage.unit.code, ended_at__isnull=True).update(
        ended_at=clock.now(), ended_by=stage.own(LEAD)
    )
    return Press(stage.own(LEAD), reverse("inspections:exchange-codes"), "登记", said)


@act("end a code", "inspections.exchange.views.exchange_code_end")
def _(stage: Stage) -> Press:
    code = PlatformCode.objects.get(kind="UNIT", ours=stage.unit.code, ended_at__isnull=True)
    return Press(stage.own(LEAD), reverse("inspections:exchange-code-end", args=[code.pk]), "停用")
