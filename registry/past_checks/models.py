"""历史补录: checks from before the day of first use, brought in by a workbook and approved by another person (二-a)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another
from benxi_shuangsuiji.policy import first_use

MARK = "历史补录"  # wherever such a check shows


class PastKind(models.TextChoices):
    """Why it was made; the first two reach a facility in the sense of K6."""

    RANDOM = "RANDOM", "随机抽查"
    SPECIAL = "SPECIAL", "特殊监管对象检查"
    TARGETED = "TARGETED", "其他针对性检查"


class PastMode(models.TextChoices):
    ONSITE = "ONSITE", "现场"
    OFFSITE = "OFFSITE", "非现场"


class PastResult(models.TextChoices):
    CLEAN = "CLEAN", "未发现问题"
    FOUND = "FOUND", "发现问题"
    NOT_HELD = "NOT_HELD", "未能检查"


class PastState(models.TextChoices):
    ASKED = State.ASKED.value, "待批准"
    APPROVED = State.APPROVED.value, "已批准"
    RETURNED = State.RETURNED.value, "已退回"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class PastChecksQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        return self.filter(unit__in=user.units_with(Permission.SEE_FACILITIES))


class PastChecks(Decision):
    """The checks of one workbook. Who imported it asks; nothing counts until another person has approved it."""

    batch = models.OneToOneField("registry.ImportBatch", models.PROTECT, related_name="past", verbose_name="导入批次")
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="past_checks", verbose_name="单位")
    state = models.CharField("状态", max_length=9, choices=PastState, default=PastState.ASKED)

    objects = PastChecksQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补录的检查"
        ordering = ["-asked_at", "-pk"]
        constraints = decided_by_another("登记和批准不能是同一个人，由另一位分管负责人批准。")

    def __str__(self):
        return f"{self.unit} {self.batch.file.name}"


class PastCheckQuerySet(models.QuerySet):
    def counting(self):
        """Approved, and somebody was there or looked: what could not be held reaches nobody.

        A city that began with the plan has no past, and is not asked about one.
        """
        if not first_use.has_past():
            return self.none()
        return self.filter(request__state=PastState.APPROVED).exclude(result=PastResult.NOT_HELD)

    def reaching(self):
        """What counts for coverage beside our own checks (K6)."""
        return self.counting().filter(kind__in=[PastKind.RANDOM, PastKind.SPECIAL])

    def drawn(self):
        """What counts for the times of an item (七(一)4)."""
        return self.counting().filter(kind=PastKind.RANDOM)

    def for_chain(self):
        """Ended random checks with a public result: what the chain's CARRY says (SSJ1 10)."""
        return self.drawn().exclude(public_at="")


class PastCheck(models.Model):
    """One check at one facility on one day."""

    request = models.ForeignKey(PastChecks, models.CASCADE, related_name="checks")
    facility = models.ForeignKey(
        "registry.Facility", models.PROTECT, related_name="past_checks", verbose_name="检查对象"
    )
    day = models.DateField("检查日期")
    kind = models.CharField("检查类型", max_length=8, choices=PastKind)
    mode = models.CharField("检查方式", max_length=7, choices=PastMode)
    items = ArrayField(models.CharField(max_length=32), default=list, verbose_name="事项编号")
    result = models.CharField("检查结果", max_length=8, choices=PastResult)
    public_at = models.CharField("公示网址或文号", max_length=200, blank=True)

    objects = PastCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补录的检查（逐次）"
        ordering = ["facility__code", "day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "facility", "day", "kind"], name="a_past_check_is_entered_once"),
            models.CheckConstraint(
                condition=~models.Q(kind="RANDOM") | models.Q(items__len__gt=0),
                name="a_past_random_check_has_items",
                violation_error_message="随机抽查要写事项编号。",
            ),
        ]


class NoPastChecks(models.Model):
    """A unit's word that it has nothing to enter; whoever enters something later is not held to it."""

    unit = models.OneToOneField("accounts.Unit", models.PROTECT, related_name="no_past_checks", verbose_name="单位")
    said_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="声明人")
    said_at = models.DateTimeField("声明时间")

    class Meta:
        verbose_name = verbose_name_plural = "没有以前的检查"
