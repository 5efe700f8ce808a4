"""季度抽查工作计划 (六(一)2, 七(一))."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.locks import LockingQuerySet
from benxi_shuangsuiji.workdays.days import Quarter
from plans.lists.models import InspectionItem, Mode
from registry.facilities import public_tags
from registry.models import Category


class PlanStatus(models.TextChoices):
    DRAFT = "DRAFT", "草稿"
    SUBMITTED = "SUBMITTED", "待审核"
    RETURNED = "RETURNED", "已退回"
    APPROVED = "APPROVED", "已批准"
    PUBLISHED = "PUBLISHED", "已公开"


class SourceKind(models.TextChoices):
    """SSJ1 KIND."""

    LOTTERY = "LOTTERY", "福利彩票"
    DIGITS = "DIGITS", "数字开奖"
    DICE = "DICE", "现场掷骰子"
    BEACON = "BEACON", "随机信标"


class QuarterlyPlanQuerySet(LockingQuerySet):
    def visible_to(self, user):
        """A unit sees its own plans; the city team sees everyone's (五)."""
        return self.filter(unit__in=user.units_with(Permission.SEE_PLANS))

    def of(self, quarter: Quarter):
        return self.filter(year=quarter.year, number=quarter.number)

    def whole(self):
        """With all that its rules and its pages read of it."""
        people = ("created_by", "submitted_by", "approved_by")
        return self.select_related("unit", "executing_unit", "item_list", *people).prefetch_related(
            "strata", "items__item", "sources"
        )


class QuarterlyPlan(models.Model):
    """季度抽查计划: what one unit sets out to check in one quarter (六(一)2). Names nobody (A-3)."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="plans", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("季度")
    status = models.CharField("状态", max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT)
    item_list = models.ForeignKey("plans.ItemList", models.PROTECT, related_name="plans", verbose_name="事项清单")
    executing_unit = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="+", verbose_name="检查单位"
    )  # 六(一)2-e: implementing and executing
    team_size = models.PositiveSmallIntegerField("每组人数", default=2)
    draw_at = models.DateTimeField("抽取时间")
    window_from = models.DateField("检查开始")
    window_to = models.DateField("检查完成不晚于")
    release_at = models.DateTimeField("名单公开时间")
    positive_out = models.BooleanField("正面清单企业不参加抽取", default=False)
    # What is used when the announced lottery does not take place; a new draw names it as its source (SSJ1 14.4).
    fallback_label = models.CharField("备用的一期", max_length=100, blank=True)
    fallback_due = models.DateTimeField("备用的开出时间", null=True, blank=True)
    late_reason = models.CharField("逾期原因", max_length=200, blank=True)
    policy_version = models.CharField("实施方案版本", max_length=20)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="编制人")
    created_at = models.DateTimeField("编制时间")
    saved_at = models.DateTimeField("保存时间")
    submitted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    submitted_at = models.DateTimeField("提交时间", null=True)
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    approved_at = models.DateTimeField("批准时间", null=True)
    opinion = models.CharField("审核意见", max_length=200, blank=True)
    published_at = models.DateTimeField("公开时间", null=True, editable=False)
    received_at = models.DateTimeField("市执法队收到时间", null=True)
    revision = models.PositiveSmallIntegerField("第几版", default=1)  # what the public reads; old ones stay published
    revision_reason = models.CharField("更改原因", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)  # two editors (reliability.md P15)
    # What it was approved with (documents.StratumFacts); the registry goes on, an approved plan does not.
    approved_strata = models.JSONField(null=True, editable=False)

    objects = QuarterlyPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "季度抽查工作计划"
        ordering = ["-year", "-number", "unit__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "number"],
                name="one_plan_per_unit_and_quarter",
                violation_error_message="该单位本季度已有抽查计划。",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=4),
                name="quarter_is_1_to_4",
                violation_error_message="季度是 1 到 4。",
            ),
            models.CheckConstraint(
                condition=Q(team_size__gte=2, team_size__lte=9),
                name="team_has_2_to_9_people",
                violation_error_message="每组 2 到 9 人。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("submitted_by")),
                name="plan_is_not_approved_by_who_submitted_it",
                violation_error_message="编制和提交的人不能审批自己的计划，由另一名分管负责人审批。",
            ),
            models.CheckConstraint(
                condition=Q(status="PUBLISHED", published_at__isnull=False)
                | (~Q(status="PUBLISHED") & Q(published_at__isnull=True)),
                name="plan_has_a_publication_time_once_published",
                violation_error_message="计划的状态和公开时间不一致，没有保存。重新打开页面看最新的情况。",
            ),
            models.CheckConstraint(
                condition=Q(window_from__lte=models.F("window_to")),
                name="window_is_not_reversed",
                violation_error_message="检查完成的日期早于检查开始。核对两个日期。",
            ),
            models.CheckConstraint(
                condition=Q(revision=1, revision_reason="") | (Q(revision__gt=1) & ~Q(revision_reason="")),
                name="a_changed_plan_says_why",
                violation_error_message="写明更改的原因。",
            ),
            models.CheckConstraint(
                condition=Q(fallback_label="", fallback_due__isnull=True)
                | (~Q(fallback_label="") & Q(fallback_due__isnull=False)),
                name="a_fallback_has_its_time",
                violation_error_message="备用的一期要写名称和开出时间。",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.quarter.label}抽查工作计划"

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.year, self.number)

    @property
    def is_being_changed(self) -> bool:
        """An earlier version is public and the next one is not yet."""
        return self.revision > 1 and self.status != PlanStatus.PUBLISHED

    def get_absolute_url(self):
        return reverse("plans:plan-detail", args=[self.unit.code, str(self.quarter).lower()])


class PlanStratum(models.Model):
    """How many of one category (七(一)). Ratios in 1/10000, reserved share in percent (SSJ1 4)."""

    plan = models.ForeignKey(QuarterlyPlan, models.CASCADE, related_name="strata")
    category = models.CharField("类别", max_length=7, choices=Category)
    basis_points = models.PositiveSmallIntegerField("比例（万分之）")
    planned = models.PositiveIntegerField("计划家数", default=0)
    reserved_percent = models.PositiveSmallIntegerField("优先名额百分比", default=80)

    class Meta:
        verbose_name = verbose_name_plural = "抽查比例"
        ordering = ["category"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "category"],
                name="one_stratum_per_category",
                violation_error_message="计划里同一类对象只写一行。",
            ),
            models.CheckConstraint(
                condition=Q(basis_points__lte=10000),
                name="ratio_is_at_most_one",
                violation_error_message="抽查比例不大于 100%。",
            ),
            models.CheckConstraint(
                condition=Q(reserved_percent__lte=100),
                name="reserved_share_is_at_most_100",
                violation_error_message="优先名额不大于 100%。",
            ),
        ]


class PlanItem(models.Model):
    """Which item is checked at which categories, and how (六(一)2-c, -f)."""

    plan = models.ForeignKey(QuarterlyPlan, models.CASCADE, related_name="items")
    item = models.ForeignKey(InspectionItem, models.PROTECT, related_name="+")
    key = models.BooleanField("重点", default=False)
    general = models.BooleanField("一般", default=False)
    special = models.BooleanField("特殊", default=False)
    mode = models.CharField("检查方式", max_length=20, choices=[*Mode.choices, ("EITHER", "现场或非现场")])
    # Of the objects drawn, only those with this tag are checked for the item (六(二)-q); the draw itself knows no tags.
    only_tag = models.CharField("只查有这个标识的", max_length=20, choices=public_tags.CHOICES, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "计划事项"
        ordering = ["item__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "item"],
                name="one_row_per_item_in_a_plan",
                violation_error_message="计划里同一事项只写一行。",
            )
        ]


class PlanSource(models.Model):
    """One announced public random source (SSJ1 5.2), in the order of the manifest."""

    plan = models.ForeignKey(QuarterlyPlan, models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField("次序")
    kind = models.CharField("种类", max_length=8, choices=SourceKind)
    label = models.CharField("名称与期号", max_length=100)
    due = models.DateTimeField("开出时间")

    class Meta:
        verbose_name = verbose_name_plural = "公开随机源"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="one_source_per_position"),
            models.UniqueConstraint(
                fields=["plan", "kind", "label"],
                name="sources_differ",
                violation_error_message="两个随机数来源相同，换一个。",
            ),
        ]
