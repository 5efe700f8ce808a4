"""工作报告 of a quarter and of a year, and what goes on to the province (七(六)-b, -c, 八(一)-c)."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State


class ReportState(models.TextChoices):
    """Signed for is what elsewhere is approved; a draft is not sent yet."""

    DRAFT = "DRAFT", "草稿"
    SENT = State.ASKED.value, "待签收"
    RECEIVED = State.APPROVED.value, "已签收"
    RETURNED = State.RETURNED.value, "已退回"


class WorkReportQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """What was sent holds only what is public and is read by whoever follows the unit; a draft by who writes it."""
        return self.filter(
            (~Q(state=ReportState.DRAFT) & Q(unit__in=user.units_with(Permission.SEE_PROGRESS)))
            | Q(unit__in=user.units_with(Permission.SEND_REPORTS))
        )

    def of(self, year: int, number: int | None):
        return self.filter(year=year, number=number)

    def standing(self):
        """The one of each unit and period that counts: everything but what was returned."""
        return self.exclude(state=ReportState.RETURNED)


class WorkReport(Decision):
    """One report of one unit: of a quarter to the lead office, of a year to the bureau.

    The text is the unit's; the figures are counted by the system and frozen when it is sent; sent, it waits to be signed
    for. Sent once more after a return, it is a row of its own.
    """

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="work_reports", verbose_name="报送单位")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("季度", null=True)  # None: of the year
    text = models.JSONField("文字", default=dict)  # chapter → words
    figures = models.JSONField("数字", null=True, encoder=DjangoJSONEncoder)
    state = models.CharField("状态", max_length=9, choices=ReportState, default=ReportState.DRAFT)
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="编写人")
    written_at = models.DateTimeField("编写时间")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="报送人")
    asked_at = models.DateTimeField("报送时间", null=True)
    receipt_no = models.CharField("回执编号", max_length=24, blank=True)

    objects = WorkReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作报告"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "number"],
                condition=~Q(state="RETURNED") & Q(number__isnull=False),
                name="one_report_of_a_unit_and_quarter",
                violation_error_message="本季度已有一份报告。重新打开页面看最新的情况。",
            ),
            models.UniqueConstraint(
                fields=["unit", "year"],
                condition=~Q(state="RETURNED") & Q(number__isnull=True),
                name="one_report_of_a_unit_and_year",
                violation_error_message="本年度已有一份报告。重新打开页面看最新的情况。",
            ),
            models.UniqueConstraint(
                fields=["receipt_no"], condition=~Q(receipt_no=""), name="receipt_numbers_of_reports_differ"
            ),
            models.CheckConstraint(
                condition=Q(state="DRAFT", figures__isnull=True, asked_at__isnull=True, asked_by__isnull=True)
                | (~Q(state="DRAFT") & Q(figures__isnull=False, asked_at__isnull=False, asked_by__isnull=False)),
                name="a_report_is_sent_with_its_figures",
                violation_error_message="报送时数字一并固定，草稿没有固定的数字。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "ASKED"], receipt_no="", decided_by__isnull=True)
                | (Q(state="APPROVED", decided_by__isnull=False) & ~Q(receipt_no=""))
                | (Q(state="RETURNED", decided_by__isnull=False, receipt_no="") & ~Q(opinion="")),
                name="a_report_received_has_a_number_and_a_return_its_reason",
                violation_error_message="签收要有回执编号，退回要写明原因。",
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def no(self) -> str:
        """210504-2026Q1, or 210504-2026 of a year."""
        return f"{self.unit.code}-{self.year}" + (f"Q{self.number}" if self.number else "")

    def get_absolute_url(self):
        return reverse("inspections:report-detail", args=[self.no])


class ProvincialReport(models.Model):
    """上报省生态环境厅: one sending of a quarter's data, with the workbook that was sent. Insert-only."""

    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("季度")
    document_no = models.CharField("文号", max_length=60)
    sent_on = models.DateField("报出日期")
    note = models.CharField("说明", max_length=200, blank=True)
    missing = models.JSONField("没有报送的单位", default=list)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+", verbose_name="报出的数据")
    marked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    marked_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "省厅报送"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(document_no=""),
                name="a_provincial_report_has_a_document_number",
                violation_error_message="填写报出的文号。",
            ),
            models.UniqueConstraint(
                fields=["year", "number", "document_no"],
                name="one_provincial_report_per_document",
                violation_error_message="这个文号已经登记过。",
            ),
        ]

    def __str__(self):
        return f"{self.year}Q{self.number} {self.document_no}"


class ProvincialSheet(models.TextChoices):
    UNITS = "UNITS", "各单位汇总"
    RESULTS = "RESULTS", "检查结果"


class ProvincialLayout(models.Model):
    """The columns of the province for one sheet, as a mapping; the newest counts, the earlier ones stay (七(六)-c)."""

    sheet = models.CharField("表", max_length=7, choices=ProvincialSheet)
    columns = models.JSONField(
        "栏目"
    )  # [the province's heading, our data or "" for a column that stays empty], in order
    document = models.CharField("依据文件", max_length=200)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "省厅报送的栏目"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(document="") & ~Q(columns=[]),
                name="a_layout_names_its_columns_and_its_document",
                violation_error_message="写明栏目和依据文件。",
            ),
        ]

    def __str__(self):
        return f"{self.get_sheet_display()} {self.document}"
