"""A case is filed where the result says so, each act of it decided by another, its decision made in its days (D-22)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import clock as time
from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.workdays.days import Due
from inspections.checks import told
from inspections.checks.duties import of_the_leader
from inspections.models import Case, CaseAct, CaseActKind, Inspection, InspectionStatus, Origin, Outcome

from . import clock

FILING = Step("CASENEW", "提出立案", button="去立案", stage="处理")
APPROVAL = Step("CASEDEC", "审批立案和案件事项", button="去审批", stage="处理")
VERDICT = Step("D-22", button="去办理", stage="处理", reckoned=clock.reckoned)


def result_reviewed(check: Inspection, by: User) -> None:
    """Its outcome says that a case is filed: by the day on which everybody may read that."""
    if check.outcome == Outcome.CASE_FILED and check.publish_by:
        due = workdays.calendar().fixed(check.publish_by)
        _to_file(check, Origin.RESULT, due, "检查结果写的是立案查处，公开以前应当立案。")


def handed_to_case(check: Inspection, by: User) -> None:
    """An order that was not followed is over; the case that takes its place begins with an act of its own."""
    due = decision_due(time.today(), workdays.calendar())
    _to_file(check, Origin.RECTIFICATION, due, "整改已经转立案，没有立案就没有人再管。")


def _to_file(check: Inspection, origin: str, due: Due, consequence: str) -> None:
    if check.cases.exists():
        return
    FILING.open(
        check.unit,
        check.no,
        **of_the_leader(check),
        title=f"提出立案 {check.no}",
        due=due,
        url=f"{reverse('inspections:case-new')}?check={check.no}&origin={origin}",
        consequence=consequence,
    )


def asked(case: Case) -> None:
    FILING.close(case.inspection.unit, case.inspection.no, "已提出立案", case.asked_at)
    _to_decide(case, f"审批立案 {case.no}", case.no, case.asked_at, case.asked_by)


def filed(case: Case) -> None:
    """From here the days of the law count."""
    APPROVAL.close(case.inspection.unit, case.no, "已立案", case.decided_at)
    VERDICT.open(
        case.inspection.unit,
        case.no,
        role=Role.APPROVER,
        title=f"案件处理决定 {case.no}",
        due=clock.due_of(case),
        url=case.get_absolute_url(),
        consequence=VERDICT.law.consequence,
    )


def rejected(case: Case) -> None:
    APPROVAL.close(case.inspection.unit, case.no, "不予立案", case.decided_at)


def act_asked(act: CaseAct) -> None:
    title = f"审批{act.get_kind_display()} {act.case.no}"
    # The lead office reviews what it can read: what is public.
    review = act.kind == CaseActKind.REVIEW and act.case.inspection.status == InspectionStatus.PUBLISHED
    role = Role.LEAD_OFFICE if review else Role.APPROVER
    _to_decide(act.case, title, f"{act.case.no}:{act.pk}", act.asked_at, act.asked_by, role)


def act_decided(act: CaseAct) -> None:
    """Where it moved the period, the duty of the decision moves with it."""
    case, unit = act.case, act.case.inspection.unit
    APPROVAL.close(unit, f"{case.no}:{act.pk}", f"{act.get_kind_display()}{act.get_state_display()}", act.decided_at)
    if act.kind in (CaseActKind.EXTENSION, CaseActKind.EXCLUDED) and act.state == "APPROVED":
        VERDICT.give_back(unit, case.no, title=f"案件处理决定 {case.no}", due=clock.due_of(case))


def decided(case: Case, at: datetime) -> None:
    VERDICT.close(case.inspection.unit, case.no, "已作出决定", at)


def tell_handler(case: Case, title: str) -> None:
    tell_people([case.asked_by_id], title, f"{case.no}，意见见案件。", case.get_absolute_url())


def _to_decide(case: Case, title: str, period: str, at: datetime, by: User, role: str = Role.APPROVER) -> None:
    APPROVAL.open(
        case.inspection.unit,
        period,
        role=role,
        title=title,
        due=decision_due(at.date(), workdays.calendar()),
        url=case.get_absolute_url(),
        consequence="批准以前不算数，办案期限照算。",
    )
    if role == Role.APPROVER:
        told.tell_leaders(case.inspection.unit, "有 1 项案件事项等批准", f"{case.no}。", case.get_absolute_url(), by=by)
