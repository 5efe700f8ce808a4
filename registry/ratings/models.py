"""Code sets that differ from place to place, and what was rated when (六(二)-k, -n, -o; domain.md 4.6)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.database.keys import SharedKey
from registry.facilities.models import Facility


class Rating(models.TextChoices):
    """What is rated from outside; the value is the field of Facility that follows the newest one."""

    CREDIT = "credit_level", "环境信用评价"
    RISK = "credit_risk", "信用风险分类"
    AIR = "air_grade", "重污染天气绩效分级"

    @property
    def monthly(self) -> bool:
        return self == Rating.RISK


class TermQuerySet(models.QuerySet):
    def valid_on(self, day):
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class VocabularyTerm(models.Model):
    """One level of a rating. Provinces name and count theirs differently, so these are rows, not code."""

    kind = models.CharField("评价", max_length=12, choices=Rating)
    code = models.CharField("代码", max_length=12)  # what stands in the registry; never changes
    label = models.CharField("名称", max_length=12)
    also = ArrayField(models.CharField(max_length=12), verbose_name="别名", default=list, blank=True)
    rank = models.PositiveSmallIntegerField("次序")  # 1 is the best
    is_serious = models.BooleanField("严重失信", default=False)
    valid_from = models.DateField("启用日期")
    valid_to = models.DateField("停用日期", null=True, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评价等级"
        ordering = ["kind", "rank", "code"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="term_codes_differ"),
            models.CheckConstraint(
                condition=Q(is_serious=False) | Q(kind=Rating.CREDIT), name="only_credit_can_be_serious"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="term_does_not_end_before_it_starts",
            ),
        ]

    def __str__(self):
        return self.label


class FacilityRating(models.Model):
    """A rating of one year (or month), with its source. A later row for the same period corrects the earlier one."""

    facility = models.ForeignKey(
        Facility, models.CASCADE, db_index=False, related_name="ratings", verbose_name="检查对象"
    )
    kind = models.CharField("评价", max_length=12, choices=Rating)
    code = models.CharField("等级", max_length=12)
    year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("月份", null=True)
    source = models.CharField("来源", max_length=200)
    batch = SharedKey("registry.ImportBatch", models.PROTECT, null=True, related_name="+")
    # Of a batch, who confirmed it: written there once.
    entered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "评价"
        ordering = ["kind", "-year", "-month", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Rating.RISK, month__range=(1, 12)) | (~Q(kind=Rating.RISK) & Q(month__isnull=True)),
                name="risk_is_of_a_month_and_the_others_of_a_year",
            ),
            models.CheckConstraint(
                condition=Q(batch__isnull=True, entered_by__isnull=False)
                | Q(batch__isnull=False, entered_by__isnull=True),
                name="a_rating_names_its_batch_or_who_entered_it",
                violation_error_message="评价要么来自一次导入，要么写明登记人。",
            ),
        ]
        indexes = [models.Index(fields=["facility", "kind", "-year"], name="rating_newest")]

    @property
    def by(self):
        return self.entered_by or self.batch.confirmed_by

    @property
    def period(self) -> str:
        return f"{self.year} 年 {self.month} 月" if self.month else f"{self.year} 年"
