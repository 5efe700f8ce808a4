"""陈述申辩: what the enterprise says of a check, and what came of it (七(五)-k, N-10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.database.locks import LockingQuerySet
from inspections.checks.models import Inspection


class StatementQuerySet(LockingQuerySet):
    def visible_to(self, user):
        """The circle of the check."""
        return self.filter(inspection__in=Inspection.objects.in_circle_of(user))


class Statement(models.Model):
    """One paper handed in by the address of the notice. The words stay as they came; the answer is written once."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="statements", verbose_name="检查")
    words = models.CharField("内容", max_length=2000)
    by_name = models.CharField("经办人", max_length=40)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    at = models.DateTimeField("收到时间")
    answer_by = models.DateField("答复不晚于")
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "企业的陈述申辩"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="a_statement_is_answered_by_somebody_in_words",
                violation_error_message="写明怎样复核的、是否采纳。",
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def no(self) -> str:
        """On the receipt; it names nobody."""
        return f"CS{self.pk:05d}"


class StatementFile(models.Model):
    """What the enterprise added to it, as it came."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="files", verbose_name="陈述申辩")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = verbose_name_plural = "企业交来的文件"
        ordering = ["pk"]
