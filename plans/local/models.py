"""What a unit decides for itself within the plan's bounds, each with its approver and validity (五-4a, 五-4b, 七(一)2-a)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, decided_by_another


class LocalDecisionQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """A unit sees its own, the city team everyone's, as with plans (五)."""
        return self.filter(unit__in=user.units_with(Permission.SEE_PLANS))

    def in_force(self, unit, day):
        """The approved version that holds on `day`; a later one replaces an earlier one."""
        found = self.approved().filter(unit=unit, valid_from__lte=day)
        return found.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).order_by("-valid_from", "-version").first()

    def for_plan(self, unit, quarter, today):
        """What a plan that is made today begins with: in a quarter that has begun what holds now, else on its first day."""
        return self.in_force(unit, min(max(today, quarter.first_day), quarter.last_day))

    def overlapping(self, decision):
        """Approved versions of the unit that hold on a day on which this one would."""
        found = self.approved().filter(unit=decision.unit).exclude(pk=decision.pk)
        found = found.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=decision.valid_from))
        return found.filter(valid_from__lte=decision.valid_to) if decision.valid_to else found


def kept_in_versions(name: str) -> list[models.BaseConstraint]:
    """Who asks does not approve; versions differ, end after they begin, and wait one at a time."""
    return [
        *decided_by_another("提出的人不能自己批准，由分管负责人办。"),
        models.CheckConstraint(
            condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
            name=f"{name}_does_not_end_before_it_begins",
            violation_error_message="有效期的截止日早于起始日。核对两个日期。",
        ),
        models.UniqueConstraint(fields=["unit", "version"], name=f"{name}_versions_differ"),
        models.UniqueConstraint(
            fields=["unit"],
            condition=Q(state="ASKED"),
            name=f"one_{name}_waits_for_its_decision",
            violation_error_message="本单位已有一份在等批准，办完再提下一份。",
        ),
    ]


class LocalDecision(Decision):
    """One version of something that a unit decides and its 分管负责人 approves."""

    later = ("valid_to",)

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    version = models.PositiveSmallIntegerField("第几版")
    valid_from = models.DateField("起始日")
    valid_to = models.DateField("截止日", null=True, blank=True)

    objects = LocalDecisionQuerySet.as_manager()
    slug = ""  # in the address

    class Meta:
        abstract = True
        ordering = ["-version"]

    def get_absolute_url(self):
        return reverse("plans:local-detail", args=[self.unit.code, self.slug, self.version])


class GeneralRatioPolicy(LocalDecision):
    """一般监管对象抽查比例: fixed per unit and year from the five factors of 七(一)2 (A-21)."""

    year = models.PositiveSmallIntegerField("年度")
    basis_points = models.PositiveSmallIntegerField("比例（万分之）")
    air_quality = models.CharField("区域生态环境质量", max_length=200)
    pollution_sources = models.PositiveIntegerField("污染源数量")
    inspectors = models.PositiveIntegerField("检查人员数量")
    area_km2 = models.PositiveIntegerField("行政区面积")
    coverage_target = models.CharField("全覆盖目标", max_length=200)

    slug = "ratio"

    class Meta(LocalDecision.Meta):
        verbose_name = verbose_name_plural = "一般监管对象抽查比例"
        constraints = [
            *kept_in_versions("ratio_policy"),
            models.CheckConstraint(
                condition=Q(basis_points__gte=1, basis_points__lte=10000),
                name="ratio_policy_is_between_0_and_100_percent",
                violation_error_message="比例大于 0，不大于 100%。",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.year} 年一般监管对象抽查比例（第 {self.version} 版）"


class UnitPolicy(LocalDecision):
    """本单位参数: what a plan of the unit begins with, within the city's bounds (五-4a)."""

    reserved_key = models.PositiveSmallIntegerField("重点优先名额（%）", default=80)
    reserved_general = models.PositiveSmallIntegerField("一般优先名额（%）", default=80)
    team_size = models.PositiveSmallIntegerField("每组人数", default=2)
    positive_out = models.BooleanField("正面清单企业不参加抽取", default=False)
    release_on_draw_day = models.BooleanField("抽取当天公开名单", default=False)
    game = models.CharField("公开随机数", max_length=8, default="K8")  # LotteryGame
    reason = models.CharField("理由", max_length=200)

    slug = "choices"

    class Meta(LocalDecision.Meta):
        verbose_name = verbose_name_plural = "本单位参数"
        constraints = [
            *kept_in_versions("unit_policy"),
            models.CheckConstraint(
                condition=Q(reserved_key__lte=100, reserved_general__lte=100, team_size__gte=2, team_size__lte=9),
                name="unit_policy_stays_within_the_citys_bounds",
                violation_error_message="优先名额不大于 100%，每组 2 到 9 人。",
            ),
        ]

    def __str__(self):
        return f"{self.unit}参数（第 {self.version} 版）"


class LocalScheme(LocalDecision):
    """随机抽查方案: the unit's own scheme, as it was issued (五-4b)."""

    title = models.CharField("标题", max_length=100)
    document_no = models.CharField("文号", max_length=60)
    issued_on = models.DateField("印发日期")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+", verbose_name="方案正文")

    slug = "scheme"

    class Meta(LocalDecision.Meta):
        verbose_name = verbose_name_plural = "随机抽查方案"
        constraints = kept_in_versions("local_scheme")

    def __str__(self):
        return f"{self.title}（{self.document_no}）"


DECISIONS: dict[str, type[LocalDecision]] = {m.slug: m for m in (GeneralRatioPolicy, UnitPolicy, LocalScheme)}
