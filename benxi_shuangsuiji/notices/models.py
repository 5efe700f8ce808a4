"""Duties with their deadlines, reminders, the inbox, and mail on its way out (domain.md 8.1, decisions.md 5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class DutyQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)

    def visible_to(self, user):
        """A duty belongs to a unit and a role; whoever holds that role there sees it."""
        mine = Q(pk__in=[])
        for grant in user.grants_in_force():
            mine |= Q(unit__in={grant.unit_id, grant.unit.drawing_unit.pk}, role=grant.role)
        return self.filter(mine)


class Duty(models.Model):
    """One thing a unit must do by a day. Reminders, pages and figures all read the same rows."""

    rule = models.CharField("规则", max_length=8)  # "D-2"
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="duties")
    role = models.CharField("角色", max_length=20)
    period = models.CharField("期间", max_length=40)  # "2026", "2026Q3", or the number of the thing it is about
    title = models.CharField("事项", max_length=120)
    consequence = models.CharField("不办的后果", max_length=200, blank=True)
    due = models.DateField("期限")
    target = models.DateField("期限前最后一个工作日")
    provisional = models.BooleanField("暂定", default=False)
    url = models.CharField(max_length=300, blank=True)
    waiting_for = models.CharField("等待", max_length=60, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    closed_by = models.CharField("办结事件", max_length=60, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办理事项"
        ordering = ["due", "rule"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "unit", "period"], name="one_duty_per_rule_unit_and_period")
        ]
        indexes = [models.Index(fields=["due"], condition=Q(closed_at__isnull=True), name="open_duty_due")]

    def __str__(self):
        return f"{self.rule} {self.unit} {self.period}"


class Reminder(models.Model):
    """One reminder of one duty to one person; the key makes it go out once (reliability.md P12)."""

    key = models.CharField(max_length=120, unique=True)
    duty = models.ForeignKey(Duty, models.CASCADE, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    due_on = models.DateField()
    sent_at = models.DateTimeField(null=True)


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user=user)


class Message(models.Model):
    """A message in somebody's inbox."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="inbox")
    title = models.CharField("标题", max_length=120)
    body = models.CharField("内容", max_length=400, blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读", null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-created_at", "-pk"]


class OutgoingMail(models.Model):
    """A mail to be sent; swept by the worker, tried at most three times."""

    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=150)
    body = models.TextField()
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)


class Heartbeat(models.Model):
    """When the worker last did each of its rounds; pages warn when it has been silent."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()
