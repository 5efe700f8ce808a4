"""Comparing the registry with the personnel office's list, and the signature under it (六(三)-b)."""

from django.db import models
from django.db.models import F, Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.locks import LockingQuerySet


class StaffCheckQuerySet(LockingQuerySet):
    def visible_to(self, user):
        return self.filter(unit__in=user.units_with(Permission.SEE_INSPECTORS))


class StaffCheck(models.Model):
    """人员核对: who is on the list and not in the registry, and the other way round, as of one day."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    listed = models.PositiveIntegerField("名单人数")
    matched = models.PositiveIntegerField("名录里有的")
    findings = models.JSONField(default=list)  # {"kind", "name", "number", "code", "row"}
    checked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="核对人")
    checked_at = models.DateTimeField("核对时间")
    signed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField("签字时间", null=True)
    remark = models.CharField("处理意见", max_length=200, blank=True)

    objects = StaffCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人员核对"
        ordering = ["-checked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("checked_by")),
                name="nobody_signs_his_own_staff_check",
            )
        ]
