"""Who keeps a registry, and the monthly audit that this person signs (六(二)-c, 六(二)-e, 四(2)-b; D-13)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission


class Book(models.TextChoices):
    """The two registries of a unit."""

    FACILITY = "FACILITY", "检查对象名录"
    INSPECTOR = "INSPECTOR", "检查人员名录"

    @property
    def edit(self) -> str:
        return Permission.EDIT_FACILITIES if self == Book.FACILITY else Permission.EDIT_INSPECTORS

    @property
    def see(self) -> str:
        return Permission.SEE_FACILITIES if self == Book.FACILITY else Permission.SEE_INSPECTORS


class OfTwoBooks(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees a registry sees who keeps it and when it was audited."""
        return self.filter(
            Q(book=Book.FACILITY, unit__in=user.units_with(Permission.SEE_FACILITIES))
            | Q(book=Book.INSPECTOR, unit__in=user.units_with(Permission.SEE_INSPECTORS))
        )


class RegistryKeeper(models.Model):
    """名录专人: the one person who answers for a registry of a unit, by document (六(二)-c 要指定专人)."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="registry_keepers", verbose_name="单位")
    book = models.CharField("名录", max_length=9, choices=Book)
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="专人")
    valid_from = models.DateField("起始日")
    valid_to = models.DateField("截止日", null=True, blank=True)
    document = models.CharField("指定文件", max_length=100)
    appointed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="指定人")
    appointed_at = models.DateTimeField("指定时间")

    objects = OfTwoBooks.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名录专人"
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "book"],
                condition=Q(valid_to__isnull=True),
                name="one_keeper_per_unit_and_registry",
                violation_error_message="这份名录已有专人。先看最新的情况，再改。",
            ),
            models.CheckConstraint(
                condition=~Q(person=F("appointed_by")),
                name="nobody_appoints_himself_keeper",
                violation_error_message="不能指定自己，由计划员或分管负责人指定。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="keeper_ends_after_he_begins",
                violation_error_message="截止日早于起始日。",
            ),
            models.CheckConstraint(
                condition=~Q(document=""),
                name="keeper_is_appointed_by_a_document",
                violation_error_message="写明指定文件。",
            ),
        ]


class RegistryAudit(models.Model):
    """整体审核: one month's checklist as it stood, each line ticked, signed by the keeper. Insert-only."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="registry_audits", verbose_name="单位")
    book = models.CharField("名录", max_length=9, choices=Book)
    month = models.DateField("月份")  # its first day
    keeper = models.ForeignKey(RegistryKeeper, models.PROTECT, related_name="audits", verbose_name="专人")
    since = models.DateTimeField("上次审核", null=True)
    entries = models.PositiveIntegerField("名录条数")
    lines = models.JSONField("核对内容")  # [{key, title, count, words, codes, remark}]
    remark = models.CharField("审核结论", max_length=200)
    signed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="签字人")
    signed_at = models.DateTimeField("签字时间")

    objects = OfTwoBooks.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名录审核"
        ordering = ["-signed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "book", "month"],
                name="one_audit_a_month",
                violation_error_message="这个月的审核已经签字。",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="an_audit_is_of_a_month", violation_error_message="审核按月登记。"
            ),
        ]

    def __str__(self):
        return f"{self.unit}{self.get_book_display()} {self.month:%Y-%m}"

    def get_absolute_url(self):
        return reverse("registry:audit-detail", args=[self.pk])
