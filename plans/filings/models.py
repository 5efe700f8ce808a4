"""报送: plans and draws handed to the lead office with a receipt (七(六)-a, 七(二)-j), and to the district's justice bureau."""

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State


class FilingKind(models.TextChoices):
    PLAN = "PLAN", "季度计划"
    DRAW = "DRAW", "抽查结果"


class FilingState(models.TextChoices):
    """Signed for is what elsewhere is approved; the lead office may sign for what it has handed in itself."""

    SENT = State.ASKED.value, "待签收"
    RECEIVED = State.APPROVED.value, "已签收"
    RETURNED = State.RETURNED.value, "已退回"


class FilingQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """A unit sees what it has sent, the city team what everybody has."""
        return self.filter(unit__in=user.units_with(Permission.SEE_PLANS))

    def of(self, quarter):
        return self.filter(year=quarter.year, number=quarter.number)


class Filing(Decision):
    """One sending of a plan's version or of a draw. Of a draw it holds counts and digests, never a name (decisions.md 3)."""

    kind = models.CharField("种类", max_length=4, choices=FilingKind)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="filings", verbose_name="报送单位")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("季度")
    plan = models.ForeignKey("plans.QuarterlyPlan", models.PROTECT, null=True, related_name="filings")
    revision = models.PositiveSmallIntegerField("计划第几版", null=True)
    draw = models.ForeignKey("plans.Draw", models.PROTECT, null=True, related_name="filings")
    run = models.PositiveSmallIntegerField("第几次计算", default=1)  # of the draw: a corrected one is filed again
    summary = models.JSONField("报送内容")  # [[what, value], …]: counts, dates, digests
    note = models.CharField("说明", max_length=200, blank=True)
    record = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="签字的抽取记录"
    )
    state = models.CharField("状态", max_length=9, choices=FilingState, default=FilingState.SENT)
    receipt_no = models.CharField("回执编号", max_length=24, blank=True)

    objects = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报送"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="PLAN", plan__isnull=False, revision__isnull=False, draw__isnull=True)
                | Q(kind="DRAW", draw__isnull=False, plan__isnull=True, revision__isnull=True),
                name="a_filing_is_of_one_plan_or_one_draw",
                violation_error_message="一次报送只报一份计划或者一次抽取。",
            ),
            models.UniqueConstraint(fields=["receipt_no"], condition=~Q(receipt_no=""), name="receipt_numbers_differ"),
            models.UniqueConstraint(
                fields=["plan", "revision"],
                condition=Q(state__in=["ASKED", "APPROVED"], plan__isnull=False),
                name="a_plan_is_filed_once_unless_returned",
                violation_error_message="这一版计划已经报送，不用再报。",
            ),
            models.UniqueConstraint(
                fields=["draw", "run"],
                condition=Q(state__in=["ASKED", "APPROVED"], draw__isnull=False),
                name="a_draw_is_filed_once_unless_returned",
                violation_error_message="这次抽取已经报送备案，不用再报。",
            ),
            models.CheckConstraint(
                condition=Q(state="ASKED", receipt_no="", decided_by__isnull=True)
                | (Q(state="APPROVED", decided_by__isnull=False) & ~Q(receipt_no=""))
                | (Q(state="RETURNED", decided_by__isnull=False, receipt_no="") & ~Q(opinion="")),
                name="a_receipt_has_a_number_and_a_return_its_reason",
                violation_error_message="签收要有回执编号，退回要写明原因。",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.get_kind_display()} {self.asked_at:%Y-%m-%d}"


class JusticeFiling(models.Model):
    """报司法局备案: the year's random checks, filed with the district's justice bureau by 10 January (D-24)."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="justice_filings", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    recipient = models.CharField("受理机关", max_length=60)
    document_no = models.CharField("报送文号或回执", max_length=60)
    sent_on = models.DateField("报送日期")
    marked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    marked_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "司法局备案"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"],
                name="one_justice_filing_per_unit_and_year",
                violation_error_message="本年度已经登记过报送。",
            )
        ]

    def __str__(self):
        return f"{self.unit} {self.year} 年度抽查备案"
