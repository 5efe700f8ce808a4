"""更正与申诉: what somebody asks about something public, who he is, and what was decided (四(3)-f, 八(二)-c)."""

import json
from datetime import date
from functools import cached_property

from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji import sealing
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.locks import LockingQuerySet
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another
from benxi_shuangsuiji.workdays.days import Calendar, Due

BY_ANOTHER = "提出决定的人不能自己批准，由分管负责人决定。"
FORGOTTEN = "申请人信息已按期删除"
OF_THE_CITY = ("SUMMARY", "RESULT_SUM", "SELF_CHECK")  # kinds of publication that the lead office answers for


class Relation(models.TextChoices):
    """ENTERPRISE: by the address of its notice; CLAIMED: who says so and has shown nothing, which everybody reads."""

    ENTERPRISE = "ENTERPRISE", "被检查的企业"
    CLAIMED = "CLAIMED", "自称是被检查的企业"
    OTHER = "OTHER", "其他单位或个人"


class Demand(models.TextChoices):
    CORRECT = "CORRECT", "更正"
    APPEAL = "APPEAL", "申诉"
    WITHDRAW = "WITHDRAW", "撤下"


class Part(models.TextChoices):
    NAME = "NAME", "名称、代码、地址"
    DAY = "DAY", "日期、期限"
    ITEMS = "ITEMS", "事项、数字"
    FINDING = "FINDING", "发现的问题"
    OUTCOME = "OUTCOME", "结果和处理"
    REST = "REST", "其他"


class ObjectionState(models.TextChoices):
    OPEN = "OPEN", "异议处理中"
    DECIDED = "DECIDED", "已决定"
    TAKEN_BACK = "TAKEN_BACK", "申请人撤回"


class Outcome(models.TextChoices):
    """What was decided; REISSUE: withdrawn, and made public once more without what must not be."""

    CORRECT = "CORRECT", "更正"
    KEEP = "KEEP", "不更正"
    WITHDRAW = "WITHDRAW", "撤下"
    REISSUE = "REISSUE", "撤下并重新公开"


def _of(user, *, kind: str, unit: str) -> Q:
    """The unit's officer and its leader; of the city's summaries the lead office in the officer's place."""
    own = user.units_with(Permission.PUBLISH) | user.units_with(Permission.APPROVE_REVISION)
    return Q(**{f"{unit}__in": own}) | Q(
        **{f"{kind}__in": OF_THE_CITY, f"{unit}__in": user.units_with(Permission.PUBLISH_CITY)}
    )


class RulingState(models.TextChoices):
    ASKED = State.ASKED.value, "等决定"
    APPROVED = State.APPROVED.value, "已决定"
    RETURNED = State.RETURNED.value, "退回再核查"
    WITHDRAWN = "WITHDRAWN", "申请人撤回"


class ObjectionQuerySet(LockingQuerySet):
    def visible_to(self, user):
        return self.filter(_of(user, kind="publication__kind", unit="unit"))

    def pending(self):
        return self.filter(state=ObjectionState.OPEN)

    def about(self, kind: str, no: str):
        return self.filter(publication__kind=kind, publication__no=no)


class Objection(models.Model):
    """What everybody may read of one: about which publication, what is asked, how far it is. Who asks stands elsewhere."""

    receipt = models.CharField("受理编号", max_length=16, unique=True)
    publication = models.ForeignKey(
        "disclosure.Publication", models.PROTECT, related_name="objections", verbose_name="公示"
    )
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="办理单位")
    relation = models.CharField("申请人", max_length=10, choices=Relation)
    demand = models.CharField("要求", max_length=8, choices=Demand)
    part = models.CharField("哪一部分", max_length=8, choices=Part)
    at = models.DateTimeField("受理时间")
    days = models.PositiveSmallIntegerField("工作日数")  # in force on the day of receipt
    # 补正, asked for once: meanwhile the days stand still.
    more = models.CharField("补正什么", max_length=200, blank=True)  # for who asked; never public
    more_on = models.DateField("通知补正的日期", null=True)
    more_until = models.DateField("补正期限", null=True)
    more_given_on = models.DateField("补正的日期", null=True)
    late_reason = models.CharField("逾期原因", max_length=200, blank=True)  # public
    state = models.CharField("状态", max_length=10, choices=ObjectionState, default=ObjectionState.OPEN)
    ended_at = models.DateTimeField("办结时间", null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正与申诉"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="OPEN") ^ Q(ended_at__isnull=False),
                name="an_objection_that_is_over_has_its_time",
                violation_error_message="办结的写明时间。",
            ),
            models.CheckConstraint(
                condition=Q(more_on__isnull=True, more_until__isnull=True, more_given_on__isnull=True, more="")
                | Q(more_on__isnull=False, more_until__isnull=False) & ~Q(more=""),
                name="what_is_to_be_completed_has_its_day",
                violation_error_message="写明补正什么、补正到哪一天。",
            ),
        ]

    def __str__(self):
        return self.receipt

    @property
    def is_open(self) -> bool:
        return self.state == ObjectionState.OPEN

    @property
    def received_on(self) -> date:
        return localtime(self.at).date()

    @property
    def is_secret(self) -> bool:
        """What is said to be private is not pointed at before it is decided (ui-2.md 19)."""
        return self.demand == Demand.WITHDRAW and self.is_open

    def paused(self, calendar: Calendar, until: date | None = None) -> int:
        """Working days on which it waited for who asked, up to a day, else in all."""
        if self.more_on is None:
            return 0
        end = self.more_given_on or self.more_until
        return calendar.workdays_between(self.more_on, min(end, until) if until else end)

    def waits_for_more(self, today: date) -> bool:
        return self.is_open and self.more_on is not None and not self.more_given_on and today <= self.more_until

    def due(self, calendar: Calendar) -> Due:
        """Day 0 is the day of receipt."""
        return calendar.within_workdays(self.received_on, self.days + self.paused(calendar))

    def used(self, calendar: Calendar, day: date) -> int:
        return calendar.workdays_between(self.received_on, day) - self.paused(calendar, day)


class OfVisibleObjections(models.QuerySet):
    def visible_to(self, user):
        return self.filter(objection__in=Objection.objects.visible_to(user))


class Applicant(models.Model):
    """Who asks and where he is reached: for who handles it, and nobody else (domain.md 7.8). Insert-only, and sealed.

    Twelve months after the answer its key is destroyed (`forgetting.forget_due`); what is left opens for nobody.
    """

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="applicant", verbose_name="更正与申诉")
    sealed = models.BinaryField("姓名和联系方式，加密")
    # The form it came with: sent twice it is one, and its code follows from it.
    form = models.UUIDField(unique=True, editable=False)

    objects = OfVisibleObjections.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申请人"

    @property
    def is_forgotten(self) -> bool:
        return self._told is None

    @property
    def name(self) -> str:
        return (self._told or {}).get("name", FORGOTTEN)

    @property
    def phone(self) -> str:
        return (self._told or {}).get("phone", "")

    @property
    def email(self) -> str:
        return (self._told or {}).get("email", "")

    @cached_property
    def _told(self) -> dict[str, str] | None:
        key = ApplicantKey.objects.filter(applicant=self).values_list("key", flat=True).first()
        return key and json.loads(sealing.unseal(self.sealed, key, subject_of(self.objection)))


class ApplicantKey(models.Model):
    """What opens one applicant's name; deleted alone, when his time is over."""

    applicant = models.OneToOneField(Applicant, models.PROTECT, related_name="kept_key", verbose_name="申请人")
    key = models.BinaryField("密钥，加密")

    class Meta:
        verbose_name = verbose_name_plural = "申请人的密钥"


def subject_of(objection: Objection) -> str:
    """What the key of an applicant is bound to (`benxi_shuangsuiji.sealing`)."""
    return f"objection:{objection.receipt}"


class ObjectionPaper(models.Model):
    """What was handed in, first and as 补正, in the words it came in. Never public; insert-only."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="papers", verbose_name="更正与申诉")
    words = models.CharField("内容", max_length=2000)
    at = models.DateTimeField("收到时间")

    objects = OfVisibleObjections.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申请原文"
        ordering = ["pk"]


class ObjectionFile(models.Model):
    paper = models.ForeignKey(ObjectionPaper, models.PROTECT, related_name="files", verbose_name="申请原文")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = verbose_name_plural = "证据材料"
        ordering = ["pk"]


class Ruling(Decision):
    """What who handled it proposes, and the leader's word. What it changes of the publication is its `revision`."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="rulings", verbose_name="更正与申诉")
    outcome = models.CharField("决定", max_length=8, choices=Outcome)
    reason = models.CharField("理由", max_length=200)  # public
    document_no = models.CharField("决定文号", max_length=60, blank=True)  # public
    revision = models.OneToOneField(
        "disclosure.Revision", models.PROTECT, null=True, related_name="ruling", verbose_name="更正和撤下申请"
    )
    state = models.CharField("状态", max_length=9, choices=RulingState, default=RulingState.ASKED)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正与申诉的决定"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another(BY_ANOTHER, opinion="退回的，写明意见。"),
            models.CheckConstraint(
                condition=Q(outcome="KEEP") ^ Q(revision__isnull=False),
                name="a_ruling_that_changes_something_says_what",
                violation_error_message="更正和撤下的，写明改什么。",
            ),
            models.UniqueConstraint(
                fields=["objection"],
                condition=Q(state__in=[State.ASKED.value, State.APPROVED.value]),
                name="one_ruling_of_an_objection",
                violation_error_message="这一件已有一份决定。重新打开页面看最新的情况。",
            ),
        ]

    def __str__(self):
        return f"{self.objection.receipt} {self.get_outcome_display()}"
