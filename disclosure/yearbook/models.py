from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.locks import LockingQuerySet


class YearVolumeQuerySet(LockingQuerySet):
    def visible_to(self, user):
        """The year is closed and its lists are open: whoever reads the unit's archive (七(七)-h)."""
        return self.filter(unit__in=user.units_with(Permission.SEE_ARCHIVE))


class YearVolume(models.Model):
    """年度卷 of one unit and year. The row is there from the moment somebody asks, so that its number is given once."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    no = models.CharField("档号", max_length=40, unique=True)
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="立卷人")
    asked_at = models.DateTimeField("提交时间")
    job = models.ForeignKey("documents.Job", models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="合订本")
    package = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="电子档案包"
    )
    manifest = models.CharField("清单的指纹", max_length=64, blank=True)
    pages = models.PositiveIntegerField("页数", default=0)
    bound_at = models.DateTimeField("成册时间", null=True)
    box = models.CharField("盒号", max_length=40, blank=True)
    shelf = models.CharField("架位", max_length=60, blank=True)

    objects = YearVolumeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度卷"
        ordering = ["-year", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="a_year_is_bound_once",
                violation_error_message="这个年度卷已经在成册。",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=True, package__isnull=True, bound_at__isnull=True, manifest="")
                | Q(file__isnull=False, package__isnull=False, bound_at__isnull=False) & ~Q(manifest=""),
                name="a_bound_year_has_its_file_and_its_package",
                violation_error_message="成册的年度卷要有合订本、电子档案包和成册时间。",
            ),
        ]

    def __str__(self):
        return self.no


class YearPaper(models.Model):
    """One line of 卷内目录 of a year, with the paper as it was made."""

    volume = models.ForeignKey(YearVolume, models.PROTECT, related_name="papers", verbose_name="年度卷")
    key = models.CharField("文书", max_length=60)
    n = models.PositiveSmallIntegerField("顺序号")
    title = models.CharField("题名", max_length=200)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    first_page = models.PositiveIntegerField("页号", default=0)
    pages = models.PositiveIntegerField("页数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "年度卷的文书"
        ordering = ["volume", "n"]
        constraints = [
            models.UniqueConstraint(
                fields=["volume", "key"],
                name="a_paper_is_once_in_a_year",
                violation_error_message="这份文书已在卷内。",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def span(self) -> str:
        last = self.first_page + self.pages - 1
        return f"{self.first_page}—{last}" if self.pages > 1 else f"{self.first_page}"
