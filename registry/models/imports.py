"""Import batches: checked first, written only when confirmed, withdrawable as a whole (ui.md 4.10)."""

from django.db import models

from benxi_shuangsuiji.accounts.roles import Permission


class BatchKind(models.TextChoices):
    FACILITY = "FACILITY", "检查对象"
    INSPECTOR = "INSPECTOR", "检查人员"


class BatchState(models.TextChoices):
    CHECKED = "CHECKED", "待确认"
    CONFIRMED = "CONFIRMED", "已导入"
    DISCARDED = "DISCARDED", "已放弃"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(
            unit__in=user.units_with(Permission.EDIT_FACILITIES) | user.units_with(Permission.EDIT_INSPECTORS)
        )


class ImportBatch(models.Model):
    """One uploaded workbook. `rows` holds what would be written, `problems` what the check page shows."""

    kind = models.CharField("种类", max_length=10, choices=BatchKind)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=BatchState, default=BatchState.CHECKED)
    rows = models.JSONField(default=list)
    problems = models.JSONField(default=list)  # {row, column, value, problem, remedy}
    counts = models.JSONField(default=dict)  # added, changed, unchanged, faulty, missing
    registry_digest = models.CharField(max_length=64)  # the registry as the check saw it (reliability.md X61)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField("导入时间", null=True)
    withdrawn_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-uploaded_at"]
