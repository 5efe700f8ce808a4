"""What the team writes at the end of a visit, before it is handed in, and what it adds afterwards."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime

from inspections.checks.models import Inspection, OffsiteMeans, Outcome


class Conclusion(models.Model):
    """结果 as the person in charge reads it before he signs; it becomes the record when the check is handed in (N-10)."""

    inspection = models.OneToOneField(Inspection, models.PROTECT, related_name="conclusion", verbose_name="检查")
    outcome = models.CharField("检查结果", max_length=22, choices=Outcome)
    finding = models.TextField("发现的问题", blank=True, max_length=2000)
    measures = models.CharField("现场处理", max_length=400, blank=True)
    rectify_by = models.DateField("整改期限", null=True)
    enterprise_opinion = models.CharField("被检查对象意见", max_length=500, blank=True)
    # What was typed here up to 0.1.0 stays; since then each look is a row of its own (docs/decisions/0094).
    offsite_means = models.CharField("非现场方式", max_length=6, choices=OffsiteMeans, blank=True, editable=False)
    offsite_evidence = models.CharField("非现场检查的依据", max_length=300, blank=True, editable=False)
    registry_status = models.CharField("企业现在的情况", max_length=14, blank=True)
    earlier_attempt_on = models.DateField("上一次上门的日期", null=True)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="填写人")
    at = models.DateTimeField("填写时间")

    class Meta:
        verbose_name = verbose_name_plural = "检查结果（提交前）"

    def __str__(self):
        return self.get_outcome_display()

    @property
    def stamp(self) -> str:
        """What tells one state of it from the next."""
        return localtime(self.at).isoformat()

    @property
    def said(self) -> list:
        """What is read on it, in a fixed order."""
        return [self.outcome, self.finding, self.measures, self.rectify_by, self.enterprise_opinion]


class Addendum(models.Model):
    """追加说明: after the record was handed in nothing in it changes; something can be added (七(四)-5)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="addenda", verbose_name="检查")
    text = models.CharField("追加说明", max_length=1000)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="说明人")
    at = models.DateTimeField("说明时间")

    class Meta:
        verbose_name = verbose_name_plural = "追加说明"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="an_addendum_says_something",
                violation_error_message="写明追加的说明。",
            ),
        ]

    def __str__(self):
        return f"追加说明 {self.pk}"
