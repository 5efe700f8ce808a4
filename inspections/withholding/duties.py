"""The leader has two working days for it (D-20); the 20 working days of the result run on until he has decided."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from inspections.checks import duties as checks
from inspections.checks import told
from inspections.models import Inspection, Withholding

DECISION = Step("WITHHOLD", "审批依法不公开", button="审批不公开", noun="不公开审批", stage="公示")


def asked(withholding: Withholding) -> None:
    check = withholding.inspection
    DECISION.open(
        check.unit,
        f"{check.no}:{withholding.pk}",
        role=Role.APPROVER,
        title=f"审批依法不公开 {check.no}",
        due=decision_due(withholding.asked_at.date(), workdays.calendar()),
        url=url_of(check),
        consequence="批准以前，公开期限照算。",
    )
    told.tell_leaders(
        check.unit, "有 1 项结果申请不公开", f"{check.no}，写明文号后批准。", url_of(check), by=withholding.asked_by
    )


def decided(withholding: Withholding, event: str, at: datetime) -> None:
    check = withholding.inspection
    DECISION.close(check.unit, f"{check.no}:{withholding.pk}", event, at)
    if check.withheld_at:
        checks.withheld(check, at)


def lifted(check: Inspection) -> None:
    checks.not_withheld(check)


def url_of(check: Inspection) -> str:
    return reverse("inspections:withholding", args=[check.no])
