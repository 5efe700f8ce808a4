from django.db import models
from django.db.models import Q

from inspections.checks.models import Inspection, OnsiteRequestQuerySet, RequestState


class OnsiteReason(models.TextChoices):
    """The closed list of reasons to enter a place on the 正面清单 after all; 信访举报 is the plan's own (七(三)-a)."""

    COMPLAINT = "COMPLAINT", "信访举报"
    EMERGENCY = "EMERGENCY", "突发环境事件"
    CLUE = "CLUE", "监测或数据发现问题线索"
    ASSIGNED = "ASSIGNED", "上级转办交办"
    UNCLEAR = "UNCLEAR", "非现场方式查不清"


class OnsiteRequest(models.Model):
    """改为现场检查: to enter a place on the 正面清单 needs a reason of the list and the leader's approval (七(三)-c)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="onsite_requests", verbose_name="检查")
    reason = models.CharField("原因", max_length=9, choices=OnsiteReason)
    reference = models.CharField("编号", max_length=60)  # of the complaint, the clue, the order
    words = models.CharField("情况", max_length=300)
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="申请人")
    requested_at = models.DateTimeField("申请时间")
    state = models.CharField("状态", max_length=8, choices=RequestState, default=RequestState.PENDING)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    decided_at = models.DateTimeField("办结时间", null=True)
    opinion = models.CharField("意见", max_length=200, blank=True)

    objects = OnsiteRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "现场检查申请"
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(state="PENDING"),
                name="one_pending_onsite_request",
                violation_error_message="这次检查已有一份申请等批准。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("requested_by")),
                name="onsite_is_not_approved_by_who_asked",
                violation_error_message="申请的人不能批准自己的申请，由分管负责人批准。",
            ),
            models.CheckConstraint(
                condition=Q(state="PENDING", decided_by__isnull=True)
                | ~Q(state="PENDING") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="an_onsite_request_is_decided_by_somebody",
                violation_error_message="批准和退回要写明由谁、在什么时候办的。",
            ),
        ]

    def __str__(self):
        return f"{self.inspection} {self.get_reason_display()}"
