"""The trail: what people did, and what changed in every row, linked entry by entry (四(3)-b, 七(五)-n, reliability.md 5.5).

Entries are written plainly and sealed into the chain once a minute, so that no writer waits for another.
Everything here is insert-only in PostgreSQL (see `rights.py` and the migrations).
"""

from django.conf import settings
from django.db import models

ACTS = ~models.Q(verb__startswith="row.")


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Observers, the supervisor and the audit administrator read the trail of the units they watch.

        An act that would tell who is on a sealed list is read by the circle alone, and so is the changed row that goes with it
        (decisions.md 3, `Subject.inside`).
        """
        from benxi_shuangsuiji import subjects
        from benxi_shuangsuiji.accounts.roles import Permission

        units = user.units_with(Permission.SEE_LOG)
        if not units:
            return self.none()
        circle, house = user.units_with(Permission.SEE_SEALED), subjects.house()
        kept = models.Q(verb__in=house.inside) & ~models.Q(unit__in=circle)
        if not circle:
            kept |= models.Q(verb="row.update", about_type__in=house.inside_rows)
        return self.filter(models.Q(unit__isnull=True) | models.Q(unit__in=units)).exclude(kept)


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
            # What the log is asked by. Changes of rows are left out: an import writes a hundred thousand of them.
            models.Index(fields=["-at", "-id"], condition=ACTS, name="audit_acts"),
            models.Index(fields=["actor", "-at"], condition=ACTS, name="audit_acts_of_one"),
            models.Index(fields=["verb", "-at"], condition=ACTS, name="audit_acts_of_a_kind"),
            models.Index(fields=["unit", "-at"], condition=ACTS, name="audit_acts_in_a_unit"),
            models.Index(
                fields=["about_key"], opclasses=["varchar_pattern_ops"], condition=ACTS, name="audit_acts_about"
            ),
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


class AuditWatch(models.Model):
    """How far the worker has looked after the trail, one row: it watches itself (S5, reliability.md P11).

    Everything up to `seq` held when it was first looked at, and its link was `link`. `swept`: where the round that looks through
    the whole chain again and again has come; `swept_at`: when it last came to the end. `broken_at`: the first entry that
    does not hold. `waiting`: entries without a link, `late` of them longer than they should be.
    """

    at = models.DateTimeField("核对时间")
    seq = models.BigIntegerField("核到第几条", default=0)
    link = models.CharField("这一条的链环", max_length=64, blank=True)
    swept = models.BigIntegerField("整链核到第几条", default=0)
    swept_at = models.DateTimeField("整链核完", null=True)
    broken_at = models.BigIntegerField("接不上的一条", null=True)
    waiting = models.PositiveIntegerField("待入链", default=0)
    late = models.PositiveIntegerField("迟迟没有入链", default=0)
    told = models.CharField("已告警的情形", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "操作记录的核对"

    def __str__(self):
        return f"{self.seq} {self.broken_at or '一致'}"
