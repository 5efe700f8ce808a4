"""The trail: what people did, and what changed in every row, linked entry by entry (四(3)-b, 七(五)-n, reliability.md 5.5).

Entries are written plainly and sealed into the chain once a minute, so that no writer waits for another.
Everything here is insert-only in PostgreSQL (see `rights.py` and the migrations).
"""

from django.conf import settings
from django.db import models


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Observers, the supervisor and the audit administrator read the trail of the units they watch."""
        from benxi_shuangsuiji.accounts.roles import Permission

        units = user.units_with(Permission.SEE_LOG)
        if not units:
            return self.none()
        return self.filter(models.Q(unit__isnull=True) | models.Q(unit__in=units))


class AuditEntry(models.Model):
    """One act (`trail.record`) or one changed row (the generic trigger)."""

    at = models.DateTimeField("时间", editable=False, db_default=models.functions.Now())
    verb = models.CharField("动作", max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, verbose_name="操作人", related_name="+"
    )
    login = models.CharField("数据库登录名", max_length=40, editable=False, db_default="")
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, null=True, verbose_name="单位", related_name="+")
    about_type = models.CharField("对象类别", max_length=60, blank=True)
    about_key = models.CharField("对象编号", max_length=80, blank=True)
    details = models.JSONField("内容", default=dict)
    xid = models.BigIntegerField(editable=False, db_default=0)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "操作记录"
        indexes = [
            models.Index(fields=["about_type", "about_key"], name="audit_about"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.about_key}"


class AuditLink(models.Model):
    """One sealed entry of the chain: `link` = SHA-256 of the previous link and the entry's text."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="link")
    prev = models.CharField(max_length=64)
    link = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "操作记录链"

    def __str__(self):
        return f"{self.seq} {self.link[:12]}"
