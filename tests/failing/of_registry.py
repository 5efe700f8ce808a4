"""What changes the registries, once: proposals, people, interests, lists, workbooks (六(二), 七(三))."""

from datetime import date, timedelta

from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from registry.audits import standing as audits
from registry.imports import actions as imports
from registry.inspectors import actions as people
from registry.interests import actions as interests
from registry.models import AbsenceKind, BatchKind, Book, EventKind, Ground, InspectorAbsence, PositiveExit
from registry.positive_list import actions as positive
from registry.proposals import actions as proposals
from tests.factories import (
    make_facility,
    make_ground,
    make_inspector,
    make_lead_office,
    make_listed,
    make_registrar,
    make_unit,
)
from tests.failing.acts import Press
from tests.failing.once import WORDS, Brought, Stage, keeping
from tests.registry.factories import make_keeper
from tests.registry.workbooks import facility_row, workbook

REGISTRAR, LEADER, LEAD = Role.REGISTRAR, Role.APPROVER, Role.LEAD_OFFICE
ACTS: list[Brought] = []
act = keeping(ACTS)


def by_registrar(stage: Stage, page: str, *args, button: str = "提交批准", **changes) -> Press:
    return Press(stage.own(REGISTRAR), reverse(f"registry:{page}", args=args), button, changes)


def today() -> str:
    return clock.today().isoformat()


# --- what one proposes and another decides ---


@act("propose another state", "registry.proposals.views.facility_status")
def _(stage: Stage) -> Press:
    said = {"status": "SUSPENDED", "on": today(), "reason": WORDS, "evidence": "核查记录"}
    return by_registrar(stage, "facility-status", make_facility(stage.unit).code, **said)


@act("propose another unit", "registry.proposals.views.facility_transfer")
def _(stage: Stage) -> Press:
    said = {"unit": make_unit("210516").pk, "reason": WORDS, "evidence": "通知"}
    page = reverse("registry:facility-transfer", args=[make_facility(stage.other).code])
    return Press(stage.others(REGISTRAR), page, "提交批准", said)


@act("take over a place that another unit gives", daily=True)
def _(stage: Stage) -> Press:
    facility = make_facility(stage.other)
    asked = proposals.propose_transfer(
        facility=facility, unit=stage.unit, reason=WORDS, evidence="通知", by=make_registrar(stage.other)
    )
    return Press(stage.own(LEADER), reverse("registry:proposal-list"), "批准选中的", {"chosen": str(asked.pk)})


@act("propose a ground", "registry.proposals.views.ground_add")
def _(stage: Stage) -> Press:
    said = {"kind": "KF11", "evidence": "2026 年名录", "on": today()}
    return by_registrar(stage, "ground-add", make_facility(stage.unit).code, **said)


@act("propose the end of a ground", "registry.proposals.views.ground_end")
def _(stage: Stage) -> Press:
    ground = make_ground(make_facility(stage.unit), Ground.KF7)
    return by_registrar(stage, "ground-end", ground.facility.code, ground.pk, on=today(), reason=WORDS)


@act("propose a place on the positive list", "registry.facilities.views.positive_enter")
def _(stage: Stage) -> Press:
    said = {"batch": "2026 年第一批", "document": "本环发〔2026〕12 号", "reason": WORDS}
    return by_registrar(stage, "positive-enter", make_facility(stage.unit).code, button="提出纳入", **said)


def listed(stage: Stage):
    return make_listed(make_facility(stage.unit), valid_from=date(2026, 1, 1)).facility


@act("propose to leave the positive list", "registry.facilities.views.positive_leave")
def _(stage: Stage) -> Press:
    return by_registrar(stage, "positive-leave", listed(stage).code, button="提出移出", reason=WORDS)


@act("decide on leaving the positive list", "registry.positive_list.views.positive_list", daily=True)
def _(stage: Stage) -> Press:
    facility, day = listed(stage), clock.today()
    said = {"kind": EventKind.PENALTY, "number": "本环罚〔2026〕8号", "source": "法制科", "by": stage.own(REGISTRAR)}
    event = positive.enter_event(facility=facility, day=day, **said)
    PositiveExit.objects.create(
        facility=facility, words="12 个月内行政处罚 1 次", events=[event.pk], asked_at=clock.now()
    )
    page = f"{reverse('registry:facility-positive')}?unit={stage.unit.code}"
    return Press(make_lead_office(), page, "批准移出", {"opinion": WORDS})


def proposed(stage: Stage):
    said = {"kind": "KF11", "evidence": "2026 年名录", "by": stage.own(REGISTRAR)}
    return proposals.propose_ground(facility=make_facility(stage.unit), **said)


@act("give a proposal back", "registry.proposals.views.proposal_return")
def _(stage: Stage) -> Press:
    page = reverse("registry:proposal-return", args=[proposed(stage).pk])
    return Press(stage.own(LEADER), page, "退回", {"opinion": WORDS})


@act("take a proposal back", "registry.proposals.views.proposal_withdraw")
def _(stage: Stage) -> Press:
    return Press(stage.own(REGISTRAR), proposed(stage).facility.get_absolute_url(), "撤回申请")


# --- people ---


@act("declare an interest", "registry.interests.views.conflict_new")
def _(stage: Stage) -> Press:
    said = {"facility": make_facility(stage.unit).code, "kind": "OTHER", "reason": WORDS}
    return by_registrar(stage, "conflict-new", make_inspector(stage.unit).code, button="提交申报", **said)


def conflict_of(stage: Stage):
    person = make_inspector(stage.unit)
    said = {"facility": make_facility(stage.unit), "kind": "OTHER", "reason": WORDS, "evidence": "", "valid_to": None}
    return interests.declare_conflict(inspector=person, by=stage.own(REGISTRAR), **said)


@act("end an interest", "registry.interests.views.conflict_end")
def _(stage: Stage) -> Press:
    conflict = conflict_of(stage)
    return by_registrar(stage, "conflict-end", conflict.inspector.code, conflict.pk, button="结束回避", reason=WORDS)


@act("give an interest back", "registry.interests.views._return_page")
def _(stage: Stage) -> Press:
    conflict = conflict_of(stage)
    page = reverse("registry:conflict-return", args=[conflict.inspector.code, conflict.pk])
    return Press(stage.own(LEADER), page, "退回补充", {"reason": WORDS})


@act("declare the year", "registry.interests.views.declaration_new")
def _(stage: Stage) -> Press:
    return by_registrar(stage, "declaration-new", make_inspector(stage.unit).code, button="提交申报", none="yes")


@act("approve all declarations", "registry.interests.views.declarations_approve")
def _(stage: Stage) -> Press:
    interests.declare_year(inspector=make_inspector(stage.unit), none=True, by=stage.own(REGISTRAR))
    return Press(
        stage.own(LEADER), f"{reverse('registry:recusal-list')}?unit={stage.unit.code}", "批准全部无利害关系的申报"
    )


def absent(stage: Stage, begun: date):
    person = make_inspector(stage.unit)
    return InspectorAbsence.objects.create(inspector=person, kind=AbsenceKind.LEAVE, starts_on=begun, ends_on=None)


@act("note that somebody is back", "registry.inspectors.absence_views.absence_end")
def _(stage: Stage) -> Press:
    away = absent(stage, clock.today() - timedelta(days=3))
    return by_registrar(stage, "absence-end", away.inspector.code, away.pk, button="登记返岗")


@act("take back an absence", "registry.inspectors.absence_views.absence_cancel")
def _(stage: Stage) -> Press:
    away = absent(stage, clock.today() + timedelta(days=30))
    return by_registrar(stage, "absence-cancel", away.inspector.code, away.pk, button="取消登记", reason=WORDS)


@act("note that somebody left", "registry.inspectors.views.inspector_leave", daily=True)
def _(stage: Stage) -> Press:
    return by_registrar(stage, "inspector-leave", make_inspector(stage.unit).code, button="登记调离", reason=WORDS)


@act("take somebody over", "registry.inspectors.views.inspector_take_over", daily=True)
def _(stage: Stage) -> Press:
    person = make_inspector(stage.other)
    people.leave(
        inspector=person, on=clock.today(), reason=WORDS, version=person.version, by=make_registrar(stage.other)
    )
    said = {"name": person.name, "number": person.code, "reason": WORDS}
    return by_registrar(stage, "inspector-take-over", button="登记调入", **said)


# --- books ---


@act("audit a registry", "registry.audits.views.audit")
def _(stage: Stage) -> Press:
    keeper = make_keeper(stage.other)
    page = f"{reverse('registry:facility-audit')}?unit={stage.other.code}"
    said = {"remark": "已逐项核对，名录完整"}
    for line in audits.checklist(stage.other, Book.FACILITY, clock.today(), None):
        said |= {f"tick_{line.key}": True, f"said_{line.key}": WORDS}
    return Press(keeper.person, page, "审核并签字", said)


def checked_workbook(stage: Stage):
    content = workbook([facility_row(name="示例新厂")])
    said = {"file_name": "名录.xlsx", "content": content, "kind": BatchKind.FACILITY, "unit": stage.unit}
    return imports.check_workbook(**said, by=stage.own(REGISTRAR))


@act("put a workbook aside", "registry.imports.views._press")
def _(stage: Stage) -> Press:
    return by_registrar(stage, "facility-import-check", checked_workbook(stage).pk, button="放弃这次导入")


@act("withdraw an import", daily=True)
def _(stage: Stage) -> Press:
    batch = imports.confirm_import(batch=checked_workbook(stage), by=stage.own(REGISTRAR))
    return by_registrar(stage, "facility-import-withdraw", batch.pk, button="撤回")
