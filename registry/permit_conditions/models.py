from django.db import models
from django.db.models import Q


class ConditionKind(models.TextChoices):
    """What the plan's permit-centred checklist asks about, in the order of a permit (domain.md 3.2 (d))."""

    OUTLETS = "OUTLETS", "排放口"
    LIMITS = "LIMITS", "排放浓度和排放量"
    TREATMENT = "TREATMENT", "污染防治设施"
    FUGITIVE = "FUGITIVE", "无组织排放"
    MONITORING = "MONITORING", "自行监测"
    LEDGER = "LEDGER", "环境管理台账"
    REPORTS = "REPORTS", "执行报告"
    DISCLOSURE = "DISCLOSURE", "信息公开"
    OTHER = "OTHER", "其他要求"


class PermitConditionQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_on__isnull=True)


class PermitCondition(models.Model):
    """One condition of a facility's permit. Its words never change; one that the permit no longer holds is ended."""

    facility = models.ForeignKey(
        "registry.Facility", models.PROTECT, related_name="permit_conditions", verbose_name="检查对象"
    )
    kind = models.CharField("类别", max_length=10, choices=ConditionKind)
    text = models.CharField("要求", max_length=300)
    limit = models.CharField("限值", max_length=120, blank=True)
    permit_no = models.CharField("许可证编号", max_length=40)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")
    ended_on = models.DateField("不再载明之日", null=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="停用人")

    objects = PermitConditionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "许可事项"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "kind", "text", "limit"],
                condition=Q(ended_on__isnull=True),
                name="a_permit_condition_stands_once",
                violation_error_message="这条许可事项已经登记。",
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(permit_no=""),
                name="a_permit_condition_has_words_and_its_permit",
                violation_error_message="写明许可事项的内容和许可证编号。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_by__isnull=True)
                | Q(ended_on__isnull=False, ended_by__isnull=False),
                name="a_permit_condition_is_ended_by_somebody",
                violation_error_message="停用许可事项要写明由谁停用。",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}：{self.text}"

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.kind, self.text, self.limit)
