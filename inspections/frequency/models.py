from django.db import models
from django.db.models import Q

from inspections.checks.models import decided_by_another_than
from registry.models import Category


class FrequencyCap(models.Model):
    """入企检查次数上限: the most visits of a year, by authority and category, proposed and approved (一-e, N-4)."""

    year = models.PositiveSmallIntegerField("年度")
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="frequency_caps", verbose_name="单位")
    category = models.CharField("对象类别", max_length=7, choices=Category)
    max_visits = models.PositiveSmallIntegerField("每年最多")
    document = models.CharField("依据文件", max_length=100)
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    approved_at = models.DateTimeField("批准时间", null=True)
    returned_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="退回人")
    returned_at = models.DateTimeField("退回时间", null=True)
    opinion = models.CharField("意见", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "入企检查次数上限"
        ordering = ["-year", "unit", "category", "-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "unit", "category"],
                condition=Q(approved_at__isnull=True, returned_at__isnull=True),
                name="one_proposed_cap_of_a_category",
                violation_error_message="这一类对象已有一条上限正等批准，先办完它。",
            ),
            models.CheckConstraint(
                condition=decided_by_another_than("proposed_by"),
                name="a_cap_is_decided_by_another",
                violation_error_message="提出上限的人不能自己批准或不同意，由分管负责人办理，不同意的写意见。",
            ),
            models.CheckConstraint(
                condition=Q(max_visits__gte=1),
                name="a_cap_allows_one_visit_at_least",
                violation_error_message="上限至少是 1 次。",
            ),
        ]
