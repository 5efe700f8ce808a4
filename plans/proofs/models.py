"""每日核算: what came out when everything sealed was computed anew (SSJ1 15 D10)."""

from django.db import models
from django.db.models import Q


class ProofRun(models.Model):
    """One recomputation of all documents, all draws and the chain. Insert-only."""

    day = models.DateField("日期")
    at = models.DateTimeField("时间")
    documents = models.PositiveIntegerField("文书")
    entries = models.PositiveIntegerField("公示链条目")
    draws = models.PositiveIntegerField("抽取")
    problem = models.CharField("不一致之处", max_length=300, blank=True)  # names no facility
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")

    class Meta:
        verbose_name = verbose_name_plural = "每日核算"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["day"],
                condition=Q(by__isnull=True),
                name="one_daily_proof",
                violation_error_message="今天已经核算过。",
            )
        ]

    def __str__(self):
        return f"{self.day} {self.problem or '一致'}"
