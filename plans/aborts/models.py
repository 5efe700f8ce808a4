"""作废: who asked that a sealed draw be closed without a result, and who decided it (SSJ1 9.2)."""

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, decided_by_another
from plans.amendments.models import RequestState


class AbortRequestQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """Nothing in it says who would be drawn: whoever sees the unit's draws sees it."""
        return self.filter(draw__unit__in=user.units_with(Permission.SEE_DRAWS))


class AbortRequest(Decision):
    """One request. Approved, it becomes the ABORT document with its reason, which stays public for ever."""

    draw = models.ForeignKey("plans.Draw", models.PROTECT, related_name="abort_requests", verbose_name="抽取")
    reason = models.CharField("原因", max_length=200)
    evidence = models.CharField("证明材料", max_length=300)
    missing = models.JSONField("没有开出的来源", default=list)  # positions in the manifest, from 1, ascending
    state = models.CharField("状态", max_length=9, choices=RequestState, default=RequestState.ASKED)
    document_no = models.CharField("批准文号", max_length=60, blank=True)

    objects = AbortRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "作废申请"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another("申请和批准不能是同一个人，由另一位分管负责人批准。"),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | Q(decided_by__isnull=False) & ~Q(document_no=""),
                name="approved_abort_has_approver_and_document",
                violation_error_message="批准作废要有批准人和文号。",
            ),
            models.UniqueConstraint(
                fields=["draw"],
                condition=Q(state__in=["ASKED", "APPROVED"]),
                name="one_abort_request_at_a_time",
                violation_error_message="这次抽取已有一份作废申请。重新打开页面看最新的情况。",
            ),
        ]

    def __str__(self):
        return f"{self.draw} 作废"
