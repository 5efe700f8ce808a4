"""Tags that a unit makes up for its own work, and the views that people keep of the list (六(二)-p, -q; ui.md 4.4)."""

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.database.locks import LockingQuerySet
from registry.facilities.models import Facility


class TagQuerySet(LockingQuerySet):
    def in_use(self):
        return self.filter(retired_on__isnull=True)


class Tag(models.Model):
    """本单位标签: a free word of one unit. Staff only; no public page ever shows one."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="tags", verbose_name="单位")
    name = models.CharField("标签", max_length=12)
    note = models.CharField("说明", max_length=100, blank=True)
    retired_on = models.DateField("停用日期", null=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="新建人")
    created_at = models.DateTimeField("新建时间")

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "本单位标签"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], name="tag_names_differ", violation_error_message="本单位已有这个标签。"
            ),
        ]

    def __str__(self):
        return self.name


class TagRun(models.Model):
    """One press of 加标签 or 去标签: what it changed, so that it can be taken back exactly."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="runs", verbose_name="标签")
    adds = models.BooleanField("加标签")
    count = models.PositiveIntegerField("家数")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("时间")
    undone_at = models.DateTimeField("撤销时间", null=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批量标签"
        ordering = ["-at", "-pk"]


class FacilityTag(models.Model):
    """A tag on a facility, from the run that put it on to the one that took it off."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="tags")
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="held")
    added = models.ForeignKey(TagRun, models.PROTECT, related_name="put_on")
    removed = models.ForeignKey(TagRun, models.PROTECT, null=True, related_name="taken_off")

    class Meta:
        verbose_name = verbose_name_plural = "对象的标签"
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "tag"], condition=Q(removed__isnull=True), name="a_tag_is_once_on_a_facility"
            ),
        ]


class SavedView(models.Model):
    """常用视图: filters and order of the list under a name; the maker's own, or of everybody in the unit."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="saved_views")
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    name = models.CharField("名称", max_length=12)
    query = models.CharField(max_length=500)
    shared = models.BooleanField("本单位都能用", default=False)
    at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "常用视图"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "name"],
                name="saved_view_names_differ",
                violation_error_message="已有同名的视图。",
            ),
        ]
