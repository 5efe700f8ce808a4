"""Import batches: checked first, written only when confirmed, withdrawable as a whole (ui.md 4.10)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.database.keys import SharedKey
from benxi_shuangsuiji.database.locks import LockingQuerySet


class BatchKind(models.TextChoices):
    FACILITY = "FACILITY", "检查对象"
    INSPECTOR = "INSPECTOR", "检查人员"
    KEY_LIST = "KEY_LIST", "重点排污单位名录"
    PERMIT = "PERMIT", "排污许可信息"
    CREDIT = "CREDIT", "环境信用评价"
    RISK = "RISK", "信用风险分类"
    POSITIVE = "POSITIVE", "正面清单批次"
    MONITORING = "MONITORING", "在线监控超标"
    HISTORY = "HISTORY", "历史检查"
    ITEM = "ITEM", "抽查事项"  # about no registry: what it means stands in an app to the right

    @property
    def about_people(self) -> bool:
        return self == BatchKind.INSPECTOR

    @property
    def about_facilities(self) -> bool:
        return self not in (BatchKind.INSPECTOR, BatchKind.ITEM)


class BatchState(models.TextChoices):
    CHECKING = "CHECKING", "正在核对"
    ASKS = "ASKS", "待指明列"
    REFUSED = "REFUSED", "不能导入"
    CHECKED = "CHECKED", "待确认"
    SPLIT = "SPLIT", "已分给各单位"  # a list of the whole city: each part is a batch of its own
    WRITING = "WRITING", "正在导入"
    CONFIRMED = "CONFIRMED", "已导入"
    DISCARDED = "DISCARDED", "已放弃"
    WITHDRAWING = "WITHDRAWING", "正在撤回"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class ImportBatchQuerySet(LockingQuerySet):
    def visible_to(self, user):
        """A unit's own, by whoever writes what they go into; a list of the whole city also by the lead office, which brings it."""
        writes = (P.EDIT_FACILITIES, P.EDIT_INSPECTORS, P.EDIT_ITEMS, P.EDIT_CITY_ITEMS)
        seen = models.Q(unit__in=set().union(*map(user.units_with, writes)))
        if user.units_with(P.KEEP_VOCABULARIES):
            seen |= models.Q(asked__whole=True)
        return self.filter(seen)


class ImportBatch(models.Model):
    """One uploaded workbook. What its rows would do stands in `lines`, remarks worth a look in `notes`."""

    kind = models.CharField("种类", max_length=10, choices=BatchKind)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=11, choices=BatchState, default=BatchState.CHECKED)
    asked = models.JSONField(default=dict)  # what the upload page asked once for all rows: year, document …
    layout = models.JSONField(default=dict)  # asked: what the sheets look like; answered: sheet, header_row, places
    trouble = models.CharField("问题", max_length=500, blank=True)  # why it asks, or why nothing came of it
    notes = models.JSONField(default=list)  # {row, column, value, problem, remedy}; the first thousand
    counts = models.JSONField(default=dict)  # added, changed, unchanged, faulty, missing …
    registry_digest = models.CharField(max_length=64)  # the registry as the check saw it (reliability.md X61)
    job = models.ForeignKey("documents.Job", models.SET_NULL, null=True, related_name="+")  # the last one for it
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField("导入时间", null=True)
    withdrawn_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")  # a list of the whole city

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-uploaded_at"]

    @property
    def whole(self) -> bool:
        """A list of the whole city, which the lead office brought; it writes nothing itself."""
        return bool(self.asked.get("whole"))


class PermitRecord(models.Model):
    """What a list of 排污许可信息 says of one place, as it was read: what the registry is compared with (ui.md 7.2).

    Rows that change nothing have no line, and a value may be changed by hand afterwards; so the list's own words are kept.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="permit_records")
    number = models.PositiveIntegerField("行")
    code = models.CharField("名录编号", max_length=32, blank=True)  # "" = the list brought it
    permit_no = models.CharField("排污许可证／登记编号", max_length=22)
    permit_category = models.CharField("许可管理类别", max_length=10, blank=True)  # "" = not said
    permit_valid_to = models.DateField("排污许可有效期至", null=True)  # nothing = not said

    class Meta:
        verbose_name = verbose_name_plural = "许可信息比对"
        ordering = ["-batch__uploaded_at", "-pk"]
        indexes = [
            models.Index(fields=["permit_no"], name="permit_record_by_permit"),
            models.Index(fields=["code"], condition=~models.Q(code=""), name="permit_record_by_code"),
        ]


class ImportLine(models.Model):
    """What one row of the workbook would do, or what is wrong with it; rows that change nothing have no line."""

    batch = SharedKey(ImportBatch, models.CASCADE, db_index=False, related_name="lines")
    number = models.PositiveIntegerField("行")
    code = models.CharField("名录编号", max_length=32, blank=True)  # "" = new
    groups = ArrayField(models.CharField(max_length=4), default=list)  # what kinds of change, for the chips
    content = models.JSONField(null=True)  # carried out word for word
    problems = models.JSONField(default=list)

    class Meta:
        verbose_name = verbose_name_plural = "导入的行"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_line_a_row")]
