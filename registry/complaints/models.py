"""群众投诉 about a facility, and how many make “反复” (六(二)-ag; reading A-33)."""

from django.db import models
from django.db.models import Q

from registry.positive_list.models import OfVisibleFacilities


class Complaint(models.Model):
    """One complaint with its number, and whether it was found true. Insert-only; who complained is never kept.

    A check that names it brings what it found back as a `ComplaintOutcome`.
    """

    facility = models.ForeignKey(
        "registry.Facility", models.PROTECT, related_name="complaints", verbose_name="检查对象"
    )
    day = models.DateField("受理日期")
    number = models.CharField("投诉编号", max_length=40)
    channel = models.CharField("来源", max_length=40)
    matter = models.CharField("投诉事项", max_length=200, blank=True)
    verified = models.BooleanField("查实")
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入时间")

    objects = OfVisibleFacilities.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "群众投诉"
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "number"],
                name="one_complaint_per_number",
                violation_error_message="这家的这件投诉已经登记过。",
            )
        ]


class ComplaintOutcome(models.Model):
    """What a check found about a complaint, so that whoever complained can be told (三-b). Insert-only."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="outcomes", verbose_name="投诉")
    check_no = models.CharField("检查编号", max_length=32)
    checked_on = models.DateField("检查日期")
    result = models.CharField("检查结果", max_length=60)
    founded = models.BooleanField("查实")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "投诉的检查结果"
        ordering = ["at", "pk"]


class ComplaintRule(models.Model):
    """What “反复” means from a day on, by which document. Insert-only; the newest in force counts, in the whole city."""

    least = models.PositiveSmallIntegerField("件数")
    months = models.PositiveSmallIntegerField("月数")
    only_verified = models.BooleanField("只计查实的", default=True)
    valid_from = models.DateField("启用日期")
    document = models.CharField("批准文件", max_length=100)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "反复投诉标准"
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(least__range=(2, 20), months__range=(1, 36)) & ~Q(document=""),
                name="repeated_means_2_to_20_in_1_to_36_months",
                violation_error_message="件数是 2 到 20，月数是 1 到 36，并写明批准文件。",
            )
        ]
