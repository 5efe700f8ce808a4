from django.db import models
from django.db.models import F, Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, decided_by_another
from inspections.checks.models import Inspection
from plans.models import OF_PEOPLE, RequestState


class SwapQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """Names whom the check is about, so it keeps to the circle of the sealed list; who asked sees his own."""
        return self.filter(Q(inspection__unit__in=user.units_with(Permission.SEE_SEALED)) | Q(asked_by=user))


class Swap(Decision):
    """更换检查人员 of a check that was not drawn: who leaves and why, who comes, and the document that approves it (七(五)-c)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="swaps", verbose_name="检查")
    reason = models.CharField("原因", max_length=10, choices=[(reason.value, reason.label) for reason in OF_PEOPLE])
    evidence = models.CharField("情况和证明材料", max_length=300)
    leaving = models.ForeignKey("registry.Inspector", models.PROTECT, related_name="+", verbose_name="换下的人员")
    # None until somebody names him: who asks for himself does not choose who goes in his place.
    coming = models.ForeignKey(
        "registry.Inspector", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="换上的人员"
    )
    state = models.CharField("状态", max_length=9, choices=RequestState, default=RequestState.ASKED)
    document_no = models.CharField("批准文号", max_length=60, blank=True)

    objects = SwapQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更换检查人员"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another("申请和批准不能是同一个人，由另一位分管负责人批准。"),
            models.UniqueConstraint(
                fields=["inspection", "leaving"],
                condition=Q(state="ASKED"),
                name="one_pending_swap_of_a_person",
                violation_error_message="这名检查人员已有一份更换申请等批准。",
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | Q(coming__isnull=False) & ~Q(document_no=""),
                name="an_approved_swap_names_who_comes_and_its_document",
                violation_error_message="批准更换要写明换上的人员和批准文号。",
            ),
            models.CheckConstraint(
                condition=Q(coming__isnull=True) | ~Q(coming=F("leaving")),
                name="who_comes_is_not_who_leaves",
                violation_error_message="换上的人员不能是换下的人员。",
            ),
        ]

    def __str__(self):
        return f"{self.inspection} {self.get_reason_display()}"
