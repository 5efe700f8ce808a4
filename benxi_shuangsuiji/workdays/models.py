from django.conf import settings
from django.db import models
from django.db.models import Q

from .days import weekday


class CalendarException(models.Model):
    """A day that differs from the built-in calendar, with the document that says so (附-b)."""

    day = models.DateField("日期", unique=True, error_messages={"unique": "这一天已经登记过。"})
    is_workday = models.BooleanField("是工作日")
    name = models.CharField("说明", max_length=40)
    source_document = models.CharField("依据文件", max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登记人",
    )
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "工作日历例外"
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source_document=""),
                name="calendar_exception_names_its_document",
                violation_error_message="填写依据文件。",
            ),
        ]

    @property
    def weekday(self) -> str:
        return weekday(self.day)[1]

    def __str__(self):
        return f"{self.day:%Y-%m-%d} {'上班' if self.is_workday else '休息'}（{self.name}）"


class PublishedYear(models.Model):
    """A year whose State Council notice has been entered, so that its due dates are final."""

    year = models.PositiveSmallIntegerField("年度", unique=True, error_messages={"unique": "该年度的安排已经登记过。"})
    source_document = models.CharField("依据文件", max_length=200)
    published_on = models.DateField("公布日期")

    class Meta:
        verbose_name = verbose_name_plural = "已公布放假安排的年度"
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source_document=""),
                name="published_year_names_its_document",
                violation_error_message="填写依据文件。",
            ),
        ]

    def __str__(self):
        return f"{self.year} 年"
