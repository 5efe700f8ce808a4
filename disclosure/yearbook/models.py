from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.documents.bound import Bound, BoundPaper, BoundQuerySet


class YearVolumeQuerySet(BoundQuerySet):
    def visible_to(self, user):
        """The year is closed and its lists are open: whoever reads the unit's archive (七(七)-h)."""
        return self.filter(unit__in=user.units_with(Permission.SEE_ARCHIVE))


class YearVolume(Bound):
    """年度卷 of one unit and year, and the same as a package that can be checked without this system."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    package = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="电子档案包"
    )
    manifest = models.CharField("清单的指纹", max_length=64, blank=True)

    objects = YearVolumeQuerySet.as_manager()

    class Meta(Bound.Meta):
        verbose_name = verbose_name_plural = "年度卷"
        ordering = ["-year", "unit", "part"]
        constraints = [
            *Bound.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "year", "part"],
                name="a_year_is_bound_once",
                violation_error_message="这个年度卷已经在成册。",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=True, package__isnull=True, manifest="")
                | Q(file__isnull=False, package__isnull=False) & ~Q(manifest=""),
                name="a_bound_year_has_its_package",
                violation_error_message="成册的年度卷要有电子档案包。",
            ),
        ]


class YearPaper(BoundPaper):
    volume = models.ForeignKey(YearVolume, models.PROTECT, related_name="papers", verbose_name="年度卷")

    class Meta(BoundPaper.Meta):
        verbose_name = verbose_name_plural = "年度卷的文书"
