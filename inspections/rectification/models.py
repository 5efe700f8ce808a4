"""整改 of one check: its points, what the enterprise reported, and what was asked and decided (八(二)-e)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another
from inspections.checks.models import Inspection
from inspections.followups.models import OfACheck


class RectificationState(models.TextChoices):
    OPEN = "OPEN", "整改中"
    HALTED = "HALTED", "整改期中止"
    HANDED = "HANDED", "已转立案"
    CLOSED = "CLOSED", "已办结"
    VOID = "VOID", "不再适用"  # the corrected result orders nothing


class RectificationQuerySet(OfACheck):
    def visible_to(self, user):
        """Whoever reads the check, and the leader above who was asked for a further extension."""
        above = Q(acts__decided_in__in=user.units_with(Permission.REVIEW_RESULTS))
        return self.filter(Q(inspection__in=Inspection.objects.visible_to(user)) | above).distinct()

    def running(self):
        return self.filter(state__in=[RectificationState.OPEN, RectificationState.HALTED])


class Rectification(models.Model):
    inspection = models.OneToOneField(
        Inspection, models.PROTECT, related_name="rectification", verbose_name="责令改正的检查"
    )
    state = models.CharField("状态", max_length=6, choices=RectificationState, default=RectificationState.OPEN)
    due = models.DateField("改正期限")  # of the point that has longest
    opened_at = models.DateTimeField("开始时间")
    halted_on = models.DateField("停产日期", null=True)
    checked_again = models.ForeignKey(Inspection, models.PROTECT, null=True, related_name="+", verbose_name="复查")
    closed_at = models.DateTimeField("办结时间", null=True)
    # What the public reads otherwise since its result was corrected: [[which place, before, now], …].
    corrected_at = models.DateTimeField("结果更正时间", null=True)
    corrected = models.JSONField("更正了什么", default=list)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整改"
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["CLOSED", "HANDED"], closed_at__isnull=False)
                | (~Q(state__in=["CLOSED", "HANDED"]) & Q(closed_at__isnull=True)),
                name="a_rectification_that_is_over_says_when",
                violation_error_message="办结、转立案要写明时间。",
            ),
            models.CheckConstraint(
                condition=Q(state="HALTED", halted_on__isnull=False) | (~Q(state="HALTED") & Q(halted_on__isnull=True)),
                name="a_halted_rectification_says_since_when",
                violation_error_message="整改期中止要写明停产的日期。",
            ),
        ]

    def __str__(self):
        return f"{self.inspection.no} 整改"

    def get_absolute_url(self):
        return reverse("inspections:rectification", args=[self.inspection.no])

    @property
    def trail_key(self) -> str:
        return self.inspection.trail_key


class RectificationPoint(models.Model):
    """One problem as the enterprise was told it: words, basis, by when; and whether it was found mended."""

    rectification = models.ForeignKey(Rectification, models.PROTECT, related_name="points")
    n = models.PositiveSmallIntegerField("第几处")
    item_code = models.CharField("事项编号", max_length=8, blank=True)
    item_name = models.CharField("抽查事项", max_length=80, blank=True)
    asked = models.CharField("检查要点", max_length=400, blank=True)
    words = models.CharField("问题", max_length=2000)
    demand = models.CharField("要求", max_length=300, blank=True)
    basis = models.CharField("依据", max_length=300, blank=True)
    due = models.DateField("改正期限")
    mended = models.BooleanField("复查已改好", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "要改正的问题"
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["rectification", "n"], name="one_point_of_a_rectification_per_number")
        ]


class RectificationReport(models.Model):
    """整改报告: the enterprise's own words and photographs; a draft until it is sent, then as it came."""

    rectification = models.ForeignKey(Rectification, models.PROTECT, related_name="reports")
    by_name = models.CharField("经办人", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    wish_until = models.DateField("申请延到", null=True)
    wish_because = models.CharField("申请延期的理由", max_length=300, blank=True)
    begun_at = models.DateTimeField("开始填写")
    sent_at = models.DateTimeField("收到时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "整改报告"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rectification"],
                condition=Q(sent_at__isnull=True),
                name="one_draft_of_a_report_at_a_time",
                violation_error_message="有一份草稿还没有交，重新打开页面接着写。",
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def no(self) -> str:
        """On the receipt; it names nobody."""
        return f"ZG{self.pk:05d}"


class ReportedState(models.TextChoices):
    DONE = "DONE", "已改完"
    DOING = "DOING", "正在改"
    DISPUTED = "DISPUTED", "有异议"


class ReportLine(models.Model):
    report = models.ForeignKey(RectificationReport, models.PROTECT, related_name="lines")
    point = models.ForeignKey(RectificationPoint, models.PROTECT, related_name="reported")
    state = models.CharField("情况", max_length=8, choices=ReportedState, blank=True)
    words = models.CharField("怎样改的", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "整改报告的一处"
        ordering = ["point__n"]
        constraints = [models.UniqueConstraint(fields=["report", "point"], name="one_line_of_a_report_per_point")]


class ReportFile(models.Model):
    """A photograph or paper of the enterprise, as it came; of a photograph the small copy that pages show."""

    line = models.ForeignKey(ReportLine, models.PROTECT, related_name="files")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+", verbose_name="文件")
    small = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="小图")

    class Meta:
        verbose_name = verbose_name_plural = "整改报告的照片和文件"
        ordering = ["pk"]


class ActKind(models.TextChoices):
    EXTEND = "EXTEND", "延期"
    HALT = "HALT", "停产中止"
    RESUME = "RESUME", "复产恢复"
    CLOSE = "CLOSE", "办结"
    AGAIN = "AGAIN", "再责令一次"
    TO_CASE = "TO_CASE", "转立案"
    AMEND = "AMEND", "按更正核对问题"


class ActState(models.TextChoices):
    ASKED = State.ASKED.value, "等决定"
    APPROVED = State.APPROVED.value, "已同意"
    RETURNED = State.RETURNED.value, "没有同意"
    MORE = "MORE", "退回补充"
    OVER = "OVER", "不再办理"  # the order came to nothing before anybody decided


class RectificationAct(Decision):
    """What the team asks for and a leader decides; `until` is the new day, `on` the day on which work stopped or went on."""

    rectification = models.ForeignKey(Rectification, models.PROTECT, related_name="acts", verbose_name="整改")
    kind = models.CharField("办理", max_length=7, choices=ActKind)
    decided_in = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="决定的单位")
    points = models.JSONField("哪几处", default=list)
    until = models.DateField("改到哪一天", null=True)
    on = models.DateField("停产、复产的日期", null=True)
    said = models.JSONField("各处改成", default=dict)  # number of the point → its words after a correction
    reason = models.CharField("理由和意见", max_length=300)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="材料")
    report = models.ForeignKey(
        RectificationReport, models.PROTECT, null=True, related_name="acts", verbose_name="企业的申请"
    )
    state = models.CharField("状态", max_length=9, choices=ActState, default=ActState.ASKED)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整改的申请和决定"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another("提出的人不能决定，由分管负责人决定。", opinion="不同意的，写明意见。"),
            models.UniqueConstraint(
                fields=["rectification"],
                condition=Q(state="ASKED"),
                name="one_act_of_a_rectification_at_a_time",
                violation_error_message="已有一份申请等决定。重新打开页面看最新的情况。",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["EXTEND", "AGAIN"]) | Q(until__isnull=False),
                name="a_new_limit_says_its_day",
                violation_error_message="写明改到哪一天。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="AMEND") | ~Q(said={}),
                name="points_read_against_a_correction_say_their_words",
                violation_error_message="逐处写明问题；不用改的，照原文。",
            ),
        ]

    def __str__(self):
        return f"{self.rectification.inspection.no} {self.get_kind_display()}"


class RectificationOrder(models.Model):
    """责令改正通知书 as it was handed out, in its own words and with its own days; never changed (七(七)-k)."""

    rectification = models.ForeignKey(Rectification, models.PROTECT, related_name="orders", verbose_name="整改")
    at = models.DateTimeField("交给企业或者作出决定的时间")
    due = models.DateField("改正期限")
    points = models.JSONField("问题和要求")
    delivery = models.OneToOneField("inspections.Delivery", models.PROTECT, null=True, related_name="+")
    act = models.OneToOneField(RectificationAct, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "责令改正通知书"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(delivery__isnull=False, act__isnull=True) | Q(delivery__isnull=True, act__isnull=False),
                name="an_order_comes_with_a_result_or_a_decision",
                violation_error_message="责令改正通知书随结果送达，或者由分管负责人决定。",
            )
        ]
