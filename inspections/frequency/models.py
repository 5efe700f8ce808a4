from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.forms.decision import Decision, State, decided_by_another
from registry.models import Category

CAP_DECIDED = "提出上限的人不能自己批准或不同意，由分管负责人办理，不同意的写意见。"


class Consent(models.TextChoices):
    """The leader's word on what the unit sets itself: a cap, a campaign."""

    ASKED = State.ASKED.value, "待批准"
    APPROVED = State.APPROVED.value, "已批准"
    RETURNED = State.RETURNED.value, "没有同意"


class FrequencyCap(Decision):
    """入企检查次数上限: the most visits of a year, by authority and category, proposed and approved (一-e, N-4)."""

    year = models.PositiveSmallIntegerField("年度")
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="frequency_caps", verbose_name="单位")
    category = models.CharField("对象类别", max_length=7, choices=Category)
    max_visits = models.PositiveSmallIntegerField("每年最多")
    document = models.CharField("依据文件", max_length=100)
    state = models.CharField("状态", max_length=9, choices=Consent, default=Consent.ASKED)

    class Meta:
        verbose_name = verbose_name_plural = "入企检查次数上限"
        ordering = ["-year", "unit", "category", "-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "unit", "category"],
                condition=Q(state="ASKED"),
                name="one_proposed_cap_of_a_category",
                violation_error_message="这一类对象已有一条上限正等批准，先办完它。",
            ),
            *decided_by_another(CAP_DECIDED, named=CAP_DECIDED, opinion=CAP_DECIDED),
            models.CheckConstraint(
                condition=Q(max_visits__gte=1),
                name="a_cap_allows_one_visit_at_least",
                violation_error_message="上限至少是 1 次。",
            ),
        ]
