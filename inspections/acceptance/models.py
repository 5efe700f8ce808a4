"""接受任务: each of the team declares for himself before the visit (七(五)-c, -o)."""

from django.db import models
from django.db.models import Q

from inspections.checks.models import VisitMember


class Acceptance(models.Model):
    """One person's way to one task: seen, declared, accepted. Who comes into the team again begins anew."""

    member = models.OneToOneField(VisitMember, models.PROTECT, related_name="acceptance", verbose_name="检查组成员")
    read_at = models.DateTimeField("看过任务的时间")
    dossier_at = models.DateTimeField("看过企业情况的时间", null=True)
    no_conflict = models.BooleanField("没有利害关系", default=False)
    discipline = models.BooleanField("遵守纪律", default=False)
    accepted_at = models.DateTimeField("接受时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "接受任务"
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(no_conflict=True, discipline=True),
                name="who_accepts_a_task_has_declared_both",
                violation_error_message="两件都声明了才能接受。",
            ),
        ]
