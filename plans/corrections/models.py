"""更正: a public value that two people typed alike and wrongly, put right in place (SSJ1 9.1, 14.4)."""

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, decided_by_another
from plans.amendments.models import RequestState


class CorrectionRequestQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """Public values and words about them: nothing in it says who was drawn."""
        return self.filter(draw__unit__in=user.units_with(Permission.SEE_DRAWS))


class CorrectionRequest(Decision):
    """One request. The values are typed twice, by who asks and by who approves, and stand in `entries` (SSJ1 15 D5)."""

    draw = models.ForeignKey("plans.Draw", models.PROTECT, related_name="correction_requests", verbose_name="抽取")
    reason = models.CharField("原因", max_length=200)  # public with the correction
    evidence = models.CharField("核对的公告", max_length=300)  # the official page or issue; public too
    scan = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="公告的扫描件"
    )
    state = models.CharField("状态", max_length=9, choices=RequestState, default=RequestState.ASKED)
    document_no = models.CharField("批准文号", max_length=60, blank=True)
    # The run that has the right values; 1: it was put right before anything was drawn.
    run = models.PositiveSmallIntegerField("更正后是第几次计算", null=True)

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正申请"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another("申请和批准不能是同一个人，由另一人批准。"),
            models.CheckConstraint(
                condition=Q(state="APPROVED", run__isnull=False, decided_by__isnull=False) & ~Q(document_no="")
                | ~Q(state="APPROVED") & Q(run__isnull=True),
                name="approved_correction_has_run_and_document",
                violation_error_message="批准更正要有批准人和文号。",
            ),
            models.UniqueConstraint(
                fields=["draw"],
                condition=Q(state="ASKED"),
                name="one_correction_request_at_a_time",
                violation_error_message="这次抽取已有一份更正申请。重新打开页面看最新的情况。",
            ),
            models.UniqueConstraint(
                fields=["draw", "run"],
                condition=Q(run__gt=1),
                name="one_correction_per_run",
                violation_error_message="这一次更正已经办理。重新打开页面看最新的情况。",
            ),
        ]

    def __str__(self):
        return f"{self.draw} 更正"
