from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, decided_by_another
from inspections.checks.models import Inspection
from plans.models import RequestState


class Ground(models.TextChoices):
    """Why the law keeps a result from the public: 政府信息公开条例 (2019), articles 14 and 15.

    Article 16 (案卷信息 *may* be kept) is no ground here: the plan asks for all results (二-b).
    """

    STATE_SECRET = "STATE_SECRET", "国家秘密（政府信息公开条例第十四条）"
    FORBIDDEN = "FORBIDDEN", "法律、行政法规禁止公开（政府信息公开条例第十四条）"
    SECURITY = "SECURITY", "公开后可能危及国家安全、公共安全、经济安全、社会稳定（政府信息公开条例第十四条）"
    TRADE_SECRET = "TRADE_SECRET", "商业秘密，权利人不同意公开（政府信息公开条例第十五条）"
    PRIVACY = "PRIVACY", "个人隐私，公开会损害第三方合法权益（政府信息公开条例第十五条）"


class WithholdingQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """Of results that nobody else reads: the circle of the check, and the officer who would publish it."""
        return self.filter(inspection__in=Inspection.objects.known_to(user))

    def standing(self):
        return self.approved().filter(lifted_at__isnull=True)


class Withholding(Decision):
    """One result that is not published: the ground, what exactly falls under it, and the document that says so."""

    later = ("lifted_at", "lifted_by", "lifted_because")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="withholdings", verbose_name="检查")
    ground = models.CharField("不公开的依据", max_length=12, choices=Ground)
    words = models.CharField("哪些内容、为什么", max_length=300)
    state = models.CharField("状态", max_length=9, choices=RequestState, default=RequestState.ASKED)
    document_no = models.CharField("批准文号", max_length=60, blank=True)
    lifted_at = models.DateTimeField("终止时间", null=True)
    lifted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="终止人")
    lifted_because = models.CharField("终止的原因", max_length=200, blank=True)

    objects = WithholdingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "依法不公开"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another(
                "申请不公开和批准不能是同一个人，由本单位另一位分管负责人批准。", opinion="不批准的写明理由。"
            ),
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(state="ASKED") | Q(state="APPROVED", lifted_at__isnull=True),
                name="one_standing_withholding_of_a_result",
                violation_error_message="这项结果已有一份不公开的申请等批准，或者已经批准不公开。",
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | ~Q(document_no=""),
                name="an_approved_withholding_has_a_document",
                violation_error_message="批准不公开要写明批准文号。",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_because="")
                | Q(state="APPROVED", lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because=""),
                name="a_lifted_withholding_says_by_whom_and_why",
                violation_error_message="终止不公开要写明由谁、为什么终止。",
            ),
        ]

    def __str__(self):
        return f"{self.inspection} {self.get_ground_display()}"
