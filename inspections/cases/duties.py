"""A case is filed where the result says so, each act of it decided by another, its decision made in its days (D-22)."""

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock as time
from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import case_filed_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.workdays.days import Due
from inspections.checks.duties import of_the_leader
from inspections.followups.duties import decided as answered
from inspections.followups.duties import our_days, put_forward, to_decide, turned_down
from inspections.models import Case, CaseAct, CaseActKind, Inspection, InspectionStatus, Origin, Outcome

from . import clock

FILING = Step("CASENEW", "提出立案", button="提出立案", stage="处理")
APPROVAL = Step("CASEDEC", "审批立案和案件事项", button="审批案件", noun="案件审批", stage="处理")
VERDICT = Step("D-22", button="办理案件", stage="处理", reckoned=clock.reckoned)
MEANWHILE = "批准以前不算数，办案期限照算。"


def result_reviewed(check: Inspection, by: User) -> None:
    """Its outcome says that a case is filed: within the days of the law from the finding (部令第30号 18)."""
    if check.outcome == Outcome.CASE_FILED:
        due = case_filed_due(localtime(check.ended_at).date(), workdays.calendar())
        _to_file(check, Origin.RESULT, due, "发现之日起的期限内不决定立案，逾期的处罚可能被撤销。")


def handed_to_case(check: Inspection, by: User) -> None:
    """An order that was not followed is over; the case that takes its place begins with an act of its own."""
    _to_file(check, Origin.RECTIFICATION, our_days(time.now()), "整改已经转立案，没有立案就没有人再管。")


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
    put_forward(case.inspection, "已提出立案", case.asked_at)
    _decide(case, case.no, f"审批立案 {case.no}", case)


def filing_decided(case: Case) -> None:
    """From the filing the days of the law count."""
    unit, url = case.inspection.unit, case.get_absolute_url()
    answered(APPROVAL, unit, case.no, case, "已批准立案" if case.filed_on else "立案没有批准", url)
    if not case.filed_on:
        turned_down(case.inspection, "立案没有批准", case.decided_at)
    else:
        VERDICT.open(
            unit,
            case.no,
            role=Role.APPROVER,
            title=f"案件处理决定 {case.no}",
            due=clock.due_of(case),
            url=url,
            consequence=VERDICT.law.consequence,
        )


def act_asked(act: CaseAct) -> None:
    # The lead office reviews what it can read: what is public.
    review = act.kind == CaseActKind.REVIEW and act.case.inspection.status == InspectionStatus.PUBLISHED
    role = Role.LEAD_OFFICE if review else Role.APPROVER
    _decide(act.case, f"{act.case.no}:{act.pk}", f"审批{act.get_kind_display()} {act.case.no}", act, role)


def act_decided(act: CaseAct) -> None:
    """Where it moved the period, the duty of the decision moves with it."""
    case, unit, label = act.case, act.case.inspection.unit, act.get_kind_display()
    approved = act.state == "APPROVED"
    words = f"已批准{label}" if approved else f"{label}没有批准"
    answered(APPROVAL, unit, f"{case.no}:{act.pk}", act, words, case.get_absolute_url())
    if act.kind in (CaseActKind.EXTENSION, CaseActKind.EXCLUDED) and approved:
        VERDICT.give_back(unit, case.no, title=f"案件处理决定 {case.no}", due=clock.due_of(case))


def decided(case: Case, at: datetime) -> None:
    VERDICT.close(case.inspection.unit, case.no, "已作出决定", at)


def _decide(case: Case, period: str, title: str, asked: Case | CaseAct, role: str = Role.APPROVER) -> None:
    about = {"url": case.get_absolute_url(), "consequence": MEANWHILE, "role": role}
    to_decide(APPROVAL, case.inspection.unit, period, title, by=asked.asked_by, at=asked.asked_at, **about)
