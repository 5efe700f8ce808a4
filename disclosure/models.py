"""公示: frozen public snapshots. The public site reads these rows and the public draw documents, nothing else (八(二))."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class PublicationKind(models.TextChoices):
    ITEM_LIST = "ITEM_LIST", "事项清单"
    PLAN = "PLAN", "抽查计划"
    RESULT = "RESULT", "检查结果"
    SUMMARY = "SUMMARY", "全市汇总"
    RESULT_SUM = "RESULT_SUM", "检查结果汇总"


class PublicationQuerySet(models.QuerySet):
    def current(self):
        """The newest version of each thing published."""
        return self.filter(
            ~models.Exists(
                Publication.objects.filter(
                    kind=models.OuterRef("kind"), no=models.OuterRef("no"), version__gt=models.OuterRef("version")
                )
            )
        )

    def versions(self, kind: str, **which):
        """Everything that was published of these, the newest version first."""
        return self.filter(kind=kind, **which).order_by("-version")

    def results(self):
        return self.current().filter(kind=PublicationKind.RESULT)


class Publication(models.Model):
    """What the public sees of one list, plan or result, exactly as it stood when it was published. Insert-only.

    `snapshot` holds everything a public page shows; the other columns repeat what is searched and sorted by.
    """

    no = models.CharField("公示编号", max_length=40)
    version = models.PositiveSmallIntegerField("版本", default=1)
    kind = models.CharField("种类", max_length=10, choices=PublicationKind)
    title = models.CharField("标题", max_length=150)
    unit_code = models.CharField("单位代码", max_length=16)
    unit_name = models.CharField("公示单位", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("季度", null=True)
    snapshot = models.JSONField("公示内容")
    digest = models.CharField("指纹", max_length=64)
    facility_code = models.CharField("名录编号", max_length=32, blank=True)
    facility_name = models.CharField("检查对象", max_length=200, blank=True)
    district = models.CharField("县区", max_length=30, blank=True)
    category = models.CharField("类别", max_length=7, blank=True)
    outcome = models.CharField("检查结果", max_length=22, blank=True)
    checked_on = models.DateField("检查日期", null=True)
    workday_number = models.PositiveSmallIntegerField("第几个工作日公开", null=True)
    late_reason = models.CharField("逾期原因", max_length=200, blank=True)
    search_text = models.TextField(editable=False, default="")
    published_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="公开人")
    published_at = models.DateTimeField("公开时间", editable=False, db_default=models.functions.Now())

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示"
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "no", "version"],
                name="one_publication_per_version",
                violation_error_message="刚才已经有人公开了这一版。重新打开页面看最新的情况。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="RESULT") | (Q(checked_on__isnull=False) & ~Q(outcome="")),
                name="a_published_result_has_a_day_and_an_outcome",
                violation_error_message="检查结果缺少检查日期或结果，不能公开。退回检查小组补齐。",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-checked_on"], name="publication_kind_day"),
            models.Index(fields=["facility_code"], name="publication_facility"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="publication_search"),
        ]

    def __str__(self):
        return self.title
