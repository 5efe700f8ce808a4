from django.db import models


class CreditFormat(models.TextChoices):
    XLSX = "XLSX", "工作簿"
    JSON = "JSON", "JSON"


class CreditExport(models.Model):
    """导出记录: which results were handed out for the rating, by whom and when. Insert-only (八(二)-g)."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, null=True, related_name="+", verbose_name="单位")
    first_day = models.DateField("公开日期起")
    last_day = models.DateField("公开日期止")
    format = models.CharField("格式", max_length=4, choices=CreditFormat)
    rows = models.PositiveIntegerField("条数")
    left_out = models.PositiveIntegerField("异议处理中未列入")
    digest = models.CharField("文件指纹", max_length=64)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="导出人")
    at = models.DateTimeField("导出时间")

    class Meta:
        verbose_name = verbose_name_plural = "信用评价依据导出记录"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.first_day}—{self.last_day} {self.get_format_display()}"
