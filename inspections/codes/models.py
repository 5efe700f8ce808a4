"""What comes in from the enterprise, without a login: tries, reports of impostors, ratings (N-9, 七(五)-q)."""

import secrets
from datetime import datetime

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from inspections.checks.models import Inspection, in_team
from registry.codes import ALPHABET


class Try(models.Model):
    """One try from one network, kept only as long as it counts; the address itself is not kept."""

    class Kind(models.TextChoices):
        UNKNOWN_CODE = "CODE", "没有查到的检查码"
        REPORT = "REPORT", "反映"
        STATEMENT = "SAID", "企业办理"
        OBJECTION = "YY", "更正与申诉"

    kind = models.CharField(max_length=6, choices=Kind)
    caller = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "核验页的尝试"
        indexes = [models.Index(fields=["kind", "caller", "at"], name="tries_of_a_caller")]


class ImpostorReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(unit__in=user.units_with(Permission.ANSWER_REPORTS))


class ImpostorReport(models.Model):
    """反映有人冒充检查人员: who came does not match, or showed nothing. Answered within hours, by the unit's leader or the lead office."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="答复单位")
    # From the page of a visit. The reader outside its circle sees the words, not the visit (decisions.md 3).
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, null=True, related_name="impostor_reports", verbose_name="检查"
    )
    words = models.CharField("情况", max_length=500)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    at = models.DateTimeField("反映时间")
    answer_by = models.DateTimeField("答复不晚于")
    answer = models.CharField("核实和答复", max_length=500, blank=True)
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="答复人")
    answered_at = models.DateTimeField("答复时间", null=True)

    objects = ImpostorReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "冒充检查人员的反映"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="a_report_is_answered_by_somebody_in_words",
                violation_error_message="写明怎样核实、怎样答复的。",
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def no(self) -> str:
        """On the receipt; it names nobody."""
        return f"FY{self.pk:05d}"

    def of_the_circle(self, user) -> bool:
        if self.inspection is None:
            return False
        mine = Inspection.objects.filter(in_team(user), pk=self.inspection_id)
        return user.may(Permission.SEE_SEALED, self.inspection.unit_id) or mine.exists()


class Grade(models.IntegerChoices):
    """好差评."""

    VERY_GOOD = 5, "非常满意"
    GOOD = 4, "满意"
    FAIR = 3, "基本满意"
    BAD = 2, "不满意"
    VERY_BAD = 1, "非常不满意"


class Rating(models.Model):
    """评价: one of each visit, read in sums of a quarter, and never by the team (七(五)-q)."""

    inspection = models.OneToOneField(Inspection, models.PROTECT, related_name="rating", verbose_name="检查")
    grade = models.PositiveSmallIntegerField("评价", choices=Grade)
    no_certificate = models.BooleanField("没有出示执法证", default=False)
    beyond_list = models.BooleanField("查了清单以外的事", default=False)
    disturbed = models.BooleanField("影响正常生产", default=False)
    money = models.BooleanField("收费、推销或者吃请", default=False)
    words = models.CharField("补充的话", max_length=300, blank=True)
    at = models.DateTimeField("评价时间")

    class Meta:
        verbose_name = verbose_name_plural = "企业评价"
        ordering = ["pk"]


class EnterpriseLink(models.Model):
    """企业办理 of one check: whoever has the address acts for the enterprise, in this check only; renewed, the old one ends."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="enterprise_links", verbose_name="检查")
    token = models.CharField("网址", max_length=28, unique=True)
    made_at = models.DateTimeField("生成时间")
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="换新的人")
    ended_at = models.DateTimeField("换新时间", null=True)

    LENGTH = 28  # 31 ** 28 is more than 2 ** 138

    @classmethod
    def fresh(cls, inspection: Inspection, at: datetime, by=None) -> "EnterpriseLink":
        """A new address of a check, not the visit's code, at least 128 bits; to be kept."""
        token = "".join(secrets.choice(ALPHABET) for _ in range(cls.LENGTH))
        return cls(inspection=inspection, token=token, made_at=at, made_by=by)

    class Meta:
        verbose_name = verbose_name_plural = "企业办理网址"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(ended_at__isnull=True),
                name="one_link_of_a_check_is_open",
                violation_error_message="这次检查已有一个网址。",
            ),
        ]


class UnitPhone(models.Model):
    """Whom an enterprise rings to ask whether a visit is genuine."""

    unit = models.OneToOneField("accounts.Unit", models.PROTECT, related_name="phone", verbose_name="单位")
    day = models.CharField("办公电话", max_length=20)
    night = models.CharField("夜间、节假日电话", max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "核实电话"
        ordering = ["unit__position"]
