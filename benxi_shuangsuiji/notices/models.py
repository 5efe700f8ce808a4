"""Duties with their deadlines, reminders, the inbox, and mail on its way out (domain.md 8.1, decisions.md 5)."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.accounts.roles import CITY_WIDE, Permission
from benxi_shuangsuiji.forms.decision import Decision, State, decided_by_another
from benxi_shuangsuiji.policy.changes import CHANGEABLE, Changeable
from benxi_shuangsuiji.workdays.days import full_date, is_over

from .deadlines.lookup import name_of
from .deadlines.rule import Span
from .deadlines.timetable import RULES


def of_the_checks() -> list[str]:
    """Duties whose state tells how far the secret checks have come; the rest of a unit's timetable ends in public acts."""
    return [step.id for step in subjects.house().steps.values() if step.of_the_checks]


def of_the_unit() -> list[str]:
    secret = of_the_checks()
    return [r.id for r in RULES.values() if r.span in (Span.YEAR, Span.QUARTER) and r.id not in secret]


def of_the_city() -> list[str]:
    return [step.id for step in subjects.house().steps.values() if step.of_the_city]


class DutyQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)

    def visible_to(self, user):
        """A duty belongs to a unit and a role; whoever holds that role there, or for every unit, sees it.

        One that is a single person's own is seen by him alone; his leaders hear of it when it is late.
        """
        mine = Q(pk__in=[])
        for grant in user.grants_in_force():
            units = {} if grant.role in CITY_WIDE else {"unit__in": {grant.unit_id, grant.unit.drawing_unit.pk}}
            mine |= Q(role=grant.role, **units)
        return self.filter(Q(person=user) | Q(mine, person__isnull=True))

    def in_calendar_of(self, user):
        """A unit's timetable is read by whoever may read its plans; how far its checks are, by the circle that may know;
        what tells of no sealed check, by whoever oversees the city, whose home leads here (五-2b)."""
        everybodys = Q(unit__in=user.units_with(Permission.SEE_PLANS), rule__in=of_the_unit())
        circles = Q(unit__in=user.units_with(Permission.SEE_SEALED), rule__in=of_the_checks())
        overseers = Q(unit__in=user.units_with(Permission.SEE_CITY), rule__in=of_the_city())
        return self.filter(everybodys | circles | overseers | Q(pk__in=self.visible_to(user).values("pk")))


class Duty(models.Model):
    """One thing a unit must do by a day. Reminders, pages and figures all read the same rows."""

    rule = models.CharField("规则", max_length=8)  # "D-2"
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="duties")
    role = models.CharField("角色", max_length=20)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="本人办理"
    )
    period = models.CharField("期间", max_length=40)  # "2026", "2026Q3", or the number of the thing it is about
    title = models.CharField("事项", max_length=120)
    consequence = models.CharField("不办的后果", max_length=200, blank=True)
    due = models.DateField("期限")
    target = models.DateField("期限前最后一个工作日")
    provisional = models.BooleanField("暂定", default=False)
    # A period of working days: the day from which it is counted, so that it can be counted again.
    counted_from = models.DateField("起算日", null=True)
    workdays = models.PositiveSmallIntegerField("工作日数", default=0)
    url = models.CharField(max_length=300, blank=True)
    waiting_for = models.CharField("等待", max_length=60, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    closed_by = models.CharField("办结事件", max_length=60, blank=True)
    # Done late and then given back: the day that was missed and the day on which it was done (decision 0083).
    missed = models.DateField("此前错过的期限", null=True)
    done_late_on = models.DateField("此前逾期办结的日期", null=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办理事项"
        ordering = ["due", "rule"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "unit", "period"], name="one_duty_per_rule_unit_and_period"),
            models.CheckConstraint(
                condition=Q(counted_from__isnull=True) ^ Q(workdays__gt=0),
                name="counted_duty_says_from_when_and_how_many_workdays",
                violation_error_message="按工作日计算的期限要有起算日和工作日数。",
            ),
            models.CheckConstraint(
                condition=Q(missed__isnull=True, done_late_on__isnull=True)
                | Q(missed__isnull=False, done_late_on__isnull=False, done_late_on__gt=F("missed")),
                name="what_was_done_late_says_which_day_it_missed",
                violation_error_message="此前逾期办结的，要有错过的期限，办结在它以后。",
            ),
        ]
        indexes = [models.Index(fields=["due"], condition=Q(closed_at__isnull=True), name="open_duty_due")]

    def __str__(self):
        return f"{self.rule} {self.unit} {self.period}"

    @property
    def name(self) -> str:
        """What it is about, without a facility or a person; the title may name one."""
        step = subjects.house().steps.get(self.rule)
        return step.named(self) if step and step.named else name_of(self.rule)

    def remember_lateness(self) -> None:
        """For who gives back what was done: if it was done after its day, it stays known (to be saved by him)."""
        on = localtime(self.closed_at).date() if self.closed_at else self.due
        if is_over(self.due, on) and on - self.due > timedelta(self.days_late):
            self.missed, self.done_late_on = self.due, on

    @property
    def days_late(self) -> int:
        """By how many days it had been late when it was done before; 0 when it was not."""
        return (self.done_late_on - self.missed).days if self.missed else 0

    @property
    def late_words(self) -> str:
        if not self.missed:
            return ""
        return (
            f"上次应在 {full_date(self.missed)}前办结，{full_date(self.done_late_on)}才办结，逾期 {self.days_late} 天。"
        )


class DutyMove(models.Model):
    """A date that moved because the calendar or a number of the plan changed: from where to where, and by which document (domain.md 5.2)."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="moves", verbose_name="办理事项")
    due_before = models.DateField("原期限")
    due_after = models.DateField("现期限")
    target_before = models.DateField("原最迟办理的工作日")
    target_after = models.DateField("现最迟办理的工作日")
    provisional_after = models.BooleanField("仍为暂定")
    because = models.CharField("依据", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "期限变动"
        ordering = ["-at", "-pk"]

    @property
    def moved(self) -> bool:
        """Whether a day changed, and not only that it is certain now."""
        return (self.due_before, self.target_before) != (self.due_after, self.target_after)


class PolicyChange(models.Model):
    """A number of the plan that another document changes from a day on, as proposed; never altered (附-b)."""

    parameter = models.CharField("参数", max_length=60)  # a path of policy.changes.CHANGEABLE
    value = models.PositiveIntegerField("新的数")
    effective_from = models.DateField("生效日期")
    source_document = models.CharField("依据文件", max_length=200)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")

    class Meta:
        verbose_name = verbose_name_plural = "参数修改"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source_document=""),
                name="policy_change_names_its_document",
                violation_error_message="填写依据文件。",
            ),
        ]

    @property
    def what(self) -> Changeable:
        return CHANGEABLE[self.parameter]

    @property
    def shown(self) -> str:
        return self.what.shown(self.value)

    def __str__(self):
        return f"{self.what.words} {self.shown}，{self.effective_from:%Y-%m-%d} 起"

    def get_absolute_url(self):
        return reverse("notices:policy-decide", args=[self.pk])


class PolicyDecision(models.Model):
    """What a second person decided about a change; with an approval it becomes a version. Never altered (附-b)."""

    change = models.OneToOneField(
        PolicyChange,
        models.PROTECT,
        related_name="decision",
        verbose_name="参数修改",
        error_messages={"unique": "这项修改已经审批过。"},
    )
    approved = models.BooleanField("同意")
    opinion = models.CharField("意见", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审批人")
    at = models.DateTimeField("审批时间")

    class Meta:
        verbose_name = verbose_name_plural = "参数修改的审批"
        ordering = ["pk"]

    def __str__(self):
        return f"{'同意' if self.approved else '不同意'}：{self.change}"


class FirstUse(Decision):
    """The day from which the plan is carried out with this system, a quarter's first; fixed once (二-a, policy.first_use).

    Asked for by one person and decided by another, or said at the server by whoever sets the system up: then nobody's
    account stands here, and the trail says how it came.
    """

    day = models.DateField("启用日期")
    document = models.CharField("依据文件", max_length=200)
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="提出人")

    class Meta:
        verbose_name = verbose_name_plural = "启用日期"
        ordering = ["-pk"]
        constraints = [
            *decided_by_another(
                "提出和确定不能是同一个人，由牵头部门另一个人确定。",
                or_else=Q(state=State.APPROVED.value, asked_by__isnull=True, decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state__in=[State.ASKED.value, State.APPROVED.value]),
                name="one_day_of_first_use",
                violation_error_message="启用日期已经提出或者确定。重新打开页面看最新的情况。",
            ),
            models.CheckConstraint(
                condition=Q(day__day=1, day__month__in=[1, 4, 7, 10]),
                name="first_use_begins_a_quarter",
                violation_error_message="启用日期是一个季度的第一天。",
            ),
        ]

    def __str__(self):
        return f"{self.day:%Y-%m-%d} 起启用"


class CalendarFeed(models.Model):
    """A secret address under which one person's calendar program reads his deadlines; only its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="feeds", verbose_name="账号")
    digest = models.CharField("地址指纹", max_length=64, unique=True)
    created_at = models.DateTimeField("开通时间")
    revoked_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "日历订阅"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(revoked_at__isnull=True),
                name="one_open_feed_per_person",
                violation_error_message="日历订阅已经开通，先停用再换新地址。",
            )
        ]

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()


class Reminder(models.Model):
    """One reminder of one duty to one person; the key makes it go out once (reliability.md P12)."""

    key = models.CharField(max_length=120, unique=True)
    duty = models.ForeignKey(Duty, models.CASCADE, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    due_on = models.DateField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user"], condition=Q(sent_at__isnull=True), name="reminder_unsent")]


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user=user)

    def waiting(self):
        """What the bell counts: not read, its duty still to be done by whoever was told, and of several about one duty the last."""
        ended = Q(duty__closed_at__isnull=False) | ~Q(turn="") & ~Q(turn=F("duty__role"))
        later = Message.objects.filter(user=OuterRef("user"), duty=OuterRef("duty"), pk__gt=OuterRef("pk"))
        return self.filter(Q(duty__isnull=True) | ~ended, ~Exists(later), read_at__isnull=True)


class Message(models.Model):
    """A message in somebody's inbox; one that announces a duty ends with it (desk.md A8).

    `turn`: the role whose turn it was; once the duty is handed on, the message has nothing more to ask of him. Empty for those
    above, whom only its end concerns. `mail`: the key of the mail that went with it, so that it can be said what became of it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="inbox")
    title = models.CharField("标题", max_length=120)
    body = models.CharField("内容", max_length=400, blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读", null=True)
    duty = models.ForeignKey(Duty, models.CASCADE, null=True, related_name="messages", verbose_name="办理事项")
    turn = models.CharField("由谁办理", max_length=20, blank=True, db_default="")
    mail = models.CharField(max_length=120, blank=True, db_default="")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="message_not_read"),
            # 提醒记录 reads the newest of all that announce a duty, and those whose mail has not gone out.
            models.Index(fields=["-created_at", "-id"], condition=Q(duty__isnull=False), name="message_told"),
            models.Index(fields=["mail"], name="message_of_mail"),
        ]

    @property
    def ended(self) -> str:
        """Why there is nothing more to do about it: 已办结, 已转办; "" while there is, or where it asked for nothing."""
        if self.duty is None:
            return ""
        if self.duty.closed_at:
            return "已办结"
        return "已转办" if self.turn and self.turn != self.duty.role else ""


class OutgoingMail(models.Model):
    """A mail to be sent (`mails`): due from `due_at` on, or at once; `url` leads to it in the system.

    To an account, whose address is read when it is sent, so that one that was put right meanwhile holds; or to an address.
    `due_at` of one that is being sent lies behind the time that takes. `tried_since`: when somebody had it tried anew.
    """

    key = models.CharField(max_length=120, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    to = models.EmailField(blank=True)
    subject = models.CharField(max_length=150)
    body = models.TextField()
    url = models.CharField(max_length=300, blank=True, db_default="")
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    tried_since = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="mail_on_its_way")]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(to=""),
                name="mail_to_an_account_keeps_no_address",
                violation_error_message="给账号的邮件不另存地址，发的时候才读。",
            )
        ]


class Heartbeat(models.Model):
    """When the worker last did each of its rounds; pages warn when it has been silent. `trouble`: what of it failed."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()
    trouble = models.CharField(max_length=300, blank=True, db_default="")
