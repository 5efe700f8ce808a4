from django.db import models

from inspections.checks.models import Inspection


class KeptName(models.Model):
    """A name in the words of a result that stays there when it is published, by whose word and why (八(二)-c)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="kept_names", verbose_name="检查")
    name = models.CharField("姓名", max_length=40)
    reason = models.CharField("公开的理由", max_length=100)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="确认人")
    at = models.DateTimeField("确认时间")

    class Meta:
        verbose_name = verbose_name_plural = "确认需要公开的姓名"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "name"],
                name="a_name_is_kept_once",
                violation_error_message="这个姓名已经写明理由。",
            ),
        ]

    def __str__(self):
        return f"{self.inspection} {self.name}"
