"""A result that was written on the platform, where the platform leads results: it waits for the team, which takes it over (issue 17)."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q

from .models import ExchangePackage


class PlatformResult(models.Model):
    """检查情况 of a check as the platform told it before ours was handed in, in our codes (docs/exchange/ 3.4). Never a result by itself."""

    inspection = models.ForeignKey(
        "inspections.Inspection", models.PROTECT, related_name="platform_results", verbose_name="检查"
    )
    package = models.ForeignKey(ExchangePackage, models.PROTECT, related_name="+", verbose_name="来自")
    version = models.PositiveIntegerField("版次")
    content = models.JSONField("内容")
    came_at = models.DateTimeField("来的时间")
    adopted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="采用人")
    adopted_at = models.DateTimeField("采用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "移动执法平台的检查结果"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "version"],
                name="one_platform_result_of_a_version",
                violation_error_message="平台的这一版结果已经有了。",
            ),
            models.CheckConstraint(
                condition=Q(adopted_by__isnull=True, adopted_at__isnull=True)
                | Q(adopted_by__isnull=False, adopted_at__isnull=False),
                name="an_adopted_result_says_by_whom",
                violation_error_message="采用要写明由谁、在什么时候办的。",
            ),
        ]

    def __str__(self):
        return f"{self.package} 第 {self.version} 版"

    @property
    def mode(self) -> str:
        return self.content.get("mode", "")  # not in what came before it was kept

    @property
    def started_at(self) -> datetime:
        return datetime.fromisoformat(self.content["started_at"])

    @property
    def ended_at(self) -> datetime:
        return datetime.fromisoformat(self.content["ended_at"])

    # As the form of the result reads what was written before.

    @property
    def outcome(self) -> str:
        return self.content["outcome"]

    @property
    def finding(self) -> str:
        return self.content["finding"]

    @property
    def measures(self) -> str:
        return self.content["measures"]

    @property
    def rectify_by(self) -> date | None:
        told = self.content["rectify_by"]
        return date.fromisoformat(told) if told else None
