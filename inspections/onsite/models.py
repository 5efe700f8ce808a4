from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another
from inspections.checks.models import Inspection
from inspections.offsite.models import OffsiteLook


class OnsiteReason(models.TextChoices):
    """Why somebody enters a place where from outside would do; 信访举报 is the plan's own (七(三)-a, N-5).

    For a place on the 正面清单 the list is closed: 其他 is for all others.
    """

    COMPLAINT = "COMPLAINT", "信访举报"
    EMERGENCY = "EMERGENCY", "突发环境事件"
    CLUE = "CLUE", "非现场发现线索"
    ASSIGNED = "ASSIGNED", "上级转办交办"
    REQUESTED = "REQUESTED", "企业申请"
    UNCLEAR = "UNCLEAR", "非现场方式查不清"
    OTHER = "OTHER", "其他"


# What each reason of the list rests on: both doors ask for its number, 改为现场检查 and 针对性检查 (七(三)-c, docs/decisions/0118).
PAPER_OF = {
    OnsiteReason.COMPLAINT: "信访件或热线工单的编号",
    OnsiteReason.EMERGENCY: "事件编号",
    OnsiteReason.CLUE: "线索或非现场查看的编号",
    OnsiteReason.ASSIGNED: "转办交办文号",
    OnsiteReason.REQUESTED: "企业来函的文号或日期",
    OnsiteReason.UNCLEAR: "非现场材料的编号",
}


class OnsiteState(models.TextChoices):
    ASKED = State.ASKED.value, "待批准"
    APPROVED = State.APPROVED.value, "已批准"
    RETURNED = State.RETURNED.value, "未批准"
    OVER = "OVER", "不再办理"  # the check ended before anybody decided


class OnsiteRequestQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """Names whom the check is about, so it keeps to the circle of the sealed list; who asked sees his own."""
        return self.filter(Q(inspection__unit__in=user.units_with(Permission.SEE_SEALED)) | Q(asked_by=user))


class OnsiteRequest(Decision):
    """改为现场检查: to go where a check is made off-site needs a reason of the list and the leader's approval (七(三)-c)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="onsite_requests", verbose_name="检查")
    reason = models.CharField("原因", max_length=9, choices=OnsiteReason)
    reference = models.CharField("编号", max_length=60)  # of the complaint, the clue, the order
    words = models.CharField("情况", max_length=300)
    looks = models.ManyToManyField(OffsiteLook, related_name="onsite_requests", verbose_name="线索")
    state = models.CharField("状态", max_length=9, choices=OnsiteState, default=OnsiteState.ASKED)

    objects = OnsiteRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "现场检查申请"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(state="ASKED"),
                name="one_pending_onsite_request",
                violation_error_message="这次检查已有一份申请等批准。",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=OnsiteReason.values),
                name="an_onsite_request_gives_a_listed_reason",
                violation_error_message="从列表里选改为现场检查的原因。",
            ),
            *decided_by_another("申请的人不能批准自己的申请，由分管负责人批准。"),
        ]

    def __str__(self):
        return f"{self.inspection} {self.get_reason_display()}"
