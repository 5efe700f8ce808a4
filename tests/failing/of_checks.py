"""A check on its way, each step once: approved, accepted, gone to, signed, reviewed, served, corrected (七(五), 七(七))."""

from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from inspections.approvals import actions as approvals
from inspections.approvals.views import plan_of
from inspections.models import Inspection, Mode, Outcome
from inspections.onsite import actions as onsite
from inspections.review import actions as review
from inspections.visits import actions as visits
from inspections.withholding import actions as withholding
from tests.factories import make_approver, make_disclosure_officer
from tests.failing.acts import Press
from tests.failing.once import WORDS, Brought, Stage, keeping
from tests.inspections.factories import (
    answer_all,
    finish,
    make_finished,
    make_inspection,
    make_reviewed,
    make_started,
    sign_all,
    start,
    team_of,
)
from tests.inspections.rectification.factories import ask as ask_of
from tests.inspections.rectification.factories import leader_of, make_rectification

OFFICER, LEADER, PLANNER = Role.DISCLOSURE_OFFICER, Role.APPROVER, Role.PLANNER
ACTS: list[Brought] = []
act = keeping(ACTS)


def on(check: Inspection, name: str) -> str:
    return reverse(f"inspections:{name}", args=[check.no])


def by_its_leader(check: Inspection, name: str, button: str, **changes) -> Press:
    return Press(team_of(check)[0].user, on(check, name), button, changes)


# --- before the visit ---


def asked_for(stage: Stage) -> Inspection:
    check = make_inspection(stage.unit, approved=False)
    approvals.ask(inspection=check, by=team_of(check)[0].user, **plan_of(check))
    return check


@act("approve checks as one list", "inspections.approvals.views.approval_list")
def _(stage: Stage) -> Press:
    no = asked_for(stage).approvals.get().no
    return Press(stage.own(LEADER), f"{reverse('inspections:approval-list')}?no={no}", "批准所选")


@act("approve one check", "inspections.approvals.views.task_approval", daily=True)
def _(stage: Stage) -> Press:
    return Press(stage.own(LEADER), on(asked_for(stage), "task-approval"), "批准")


@act("accept a task", "inspections.acceptance.views._accept_page")
def _(stage: Stage) -> Press:
    check = make_inspection(stage.unit, accepted=False)
    return by_its_leader(check, "field-accept", "声明并接受任务", no_conflict=True, discipline=True)


@act("ask on the phone to enter after all", "inspections.onsite.views.field_onsite")
def _(stage: Stage) -> Press:
    check = make_inspection(stage.unit, mode=Mode.OFFSITE)
    said = {"reason": "COMPLAINT", "reference": "12345-1", "words": WORDS}
    return by_its_leader(check, "field-onsite", "提交申请", **said)


@act("let them enter after all", "inspections.onsite.views.task_onsite")
def _(stage: Stage) -> Press:
    check = make_inspection(stage.unit, mode=Mode.OFFSITE)
    onsite.ask(inspection=check, reason="COMPLAINT", reference="12345-1", words=WORDS, by=team_of(check)[0].user)
    return Press(stage.own(LEADER), on(check, "task-onsite"), "批准现场检查")


# --- the visit ---


@act("arrive", "inspections.visits.arrival_views.field_arrive")
def _(stage: Stage) -> Press:
    return by_its_leader(make_inspection(stage.unit), "field-arrive", "到场", recorder_no="BX-MS-07")


@act("serve the notice", "inspections.service.views.field_code")
def _(stage: Stage) -> Press:
    return by_its_leader(start(make_inspection(stage.unit), served=False), "field-code", "已出示证件并送达")


def concluded(stage: Stage) -> Inspection:
    check = answer_all(make_started(stage.unit))
    said = {"outcome": Outcome.NO_ISSUE, "finding": "", "measures": "", "rectify_by": None}
    visits.conclude(inspection=check, by=team_of(check)[0].user, enterprise_opinion="以上情况属实。", **said)
    return check


@act("hand in again what was sent back", "inspections.visits.end_views.field_finish")
def _(stage: Stage) -> Press:
    check = make_finished(stage.unit)
    review.return_result(inspection=check, by=make_approver(stage.unit), opinion=WORDS)
    return by_its_leader(check, "field-finish", "重新提交")


def handed_in(press: Press):
    """Pressed three times it is handed in once: the page says so each time."""
    no = press.page.rstrip("/").split("/")[-2]
    return AuditEntry.objects.filter(verb="inspections.visit.finished", about_key=no)


@act("hand the result in", "inspections.visits.end_views.field_submit", left=handed_in, daily=True)
def _(stage: Stage) -> Press:
    check = concluded(stage)
    sign_all(check)
    return by_its_leader(check, "field-submit", "提交检查结果")


@act("serve the result", "inspections.service.views.result_served")
def _(stage: Stage) -> Press:
    check = finish(answer_all(make_started(stage.unit)), told=False)
    return Press(stage.own(PLANNER), on(check, "result-served"), "记下", {"what": "taken"})


# --- after the visit ---


@act("pass a result", "inspections.review.views.task_review", daily=True)
def _(stage: Stage) -> Press:
    return Press(stage.own(LEADER), on(make_finished(stage.unit), "task-detail"), "审核通过")


@act("ask for a result to be withheld", "inspections.withholding.views.withholding")
def _(stage: Stage) -> Press:
    said = {"ground": "TRADE_SECRET", "words": "第二项涉及未公开的工艺配方"}
    return Press(stage.own(OFFICER), on(make_reviewed(stage.unit), "withholding"), "提交申请", said)


def withheld(stage: Stage, *, approved: bool) -> Inspection:
    check = make_reviewed(stage.unit)
    said = {"ground": "TRADE_SECRET", "words": "第二项涉及未公开的工艺配方"}
    asked = withholding.ask(inspection=check, by=make_disclosure_officer(stage.unit), **said)
    if approved:
        withholding.approve(withholding=asked, by=make_approver(stage.unit), document_no="本环检〔2026〕9号")
    return check


@act("withhold a result", daily=True)
def _(stage: Stage) -> Press:
    page = on(withheld(stage, approved=False), "withholding")
    return Press(stage.own(LEADER), page, "批准不公开", {"document_no": "本环检〔2026〕9号"})


@act("end the withholding", "inspections.withholding.views.withholding_lift")
def _(stage: Stage) -> Press:
    page = on(withheld(stage, approved=True), "withholding-lift")
    return Press(stage.own(LEADER), page, "终止不公开", {"because": "权利人书面同意公开"})


# --- what follows ---


@act("ask for more time to mend", "inspections.rectification.views.rectification")
def _(stage: Stage) -> Press:
    found = make_rectification(stage.unit)
    said = {"points": ["2"], "until": found.due.replace(day=28).isoformat(), "reason": WORDS}
    return Press(leader_of(found), on(found.inspection, "rectification") + "?act=EXTEND", "提出", said)


@act("give more time to mend")
def _(stage: Stage) -> Press:
    found = make_rectification(stage.unit)
    ask_of(found, "EXTEND")
    return Press(stage.own(LEADER), on(found.inspection, "rectification"), "同意延到")


@act("ask for a check of what was mended", "inspections.rectification.views.rectification_again")
def _(stage: Stage) -> Press:
    return Press(stage.own(PLANNER), on(make_rectification(stage.unit).inspection, "rectification-again"), "提出复查")
