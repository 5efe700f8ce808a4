"""What speaks against staying in the 正面清单, and the exits proposed from it (七(三)-d, -e)."""

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another


class EventKind(models.TextChoices):
    MONITORING = "MONITORING", "在线监控超标"
    PENALTY = "PENALTY", "行政处罚"
    CREDIT = "CREDIT", "信用降级"
    CASE = "CASE", "检查后立案查处"
    ORDER = "ORDER", "检查后责令限期改正"


class OfVisibleFacilities(models.QuerySet):
    def visible_to(self, user):
        return self.filter(facility__unit__in=user.units_with(Permission.SEE_FACILITIES))


class ComplianceEvent(models.Model):
    """守法情况: one exceedance, penalty or loss of credit, with its number and source. Insert-only."""

    facility = models.ForeignKey(
        "registry.Facility", models.PROTECT, related_name="compliance_events", verbose_name="检查对象"
    )
    kind = models.CharField("情形", max_length=10, choices=EventKind)
    day = models.DateField("发生日期")
    number = models.CharField("文号或编号", max_length=60)
    source = models.CharField("来源", max_length=100)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入时间")

    objects = OfVisibleFacilities.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "守法情况"
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "kind", "number"],
                name="one_compliance_event_per_number",
                violation_error_message="这家的这个文号已经登记过。",
            )
        ]


class MonitoringMonth(models.Model):
    """在线监控超标: how often one place was over its limits in one month, as the workbook of the platform says.

    A later workbook about the same month corrects by a row of its own; what a withdrawn one brought counts no more. Insert-only.
    """

    facility = models.ForeignKey(
        "registry.Facility", models.PROTECT, related_name="monitoring_months", verbose_name="检查对象"
    )
    month = models.DateField("月份")  # its first day
    times = models.PositiveSmallIntegerField("超标次数")
    source = models.CharField("来源", max_length=200)
    batch = models.ForeignKey(
        "registry.ImportBatch", models.PROTECT, related_name="monitoring_months", verbose_name="导入批次"
    )
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="导入人")
    entered_at = models.DateTimeField("导入时间")

    objects = OfVisibleFacilities.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "在线监控超标（按月）"
        ordering = ["-month", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "facility"],
                name="a_workbook_counts_a_month_of_a_place_once",
                violation_error_message="同一份表里一家企业只写一行。",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="a_month_is_its_first_day",
                violation_error_message="月份写成当月 1 日。",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="a_month_names_its_source",
                violation_error_message="写明来源。",
            ),
        ]

    def __str__(self):
        return f"{self.facility} {self.month:%Y-%m}"


class ExitState(models.TextChoices):
    ASKED = State.ASKED.value, "待批准"
    APPROVED = State.APPROVED.value, "已移出"
    RETURNED = State.RETURNED.value, "不移出"
    ENDED = "ENDED", "已终止"  # by itself: what it rested on is gone, or the place left the list another way


class PositiveExitQuerySet(OfVisibleFacilities, DecisionQuerySet):
    pass


class PositiveExit(Decision):
    """移出建议: the monthly job's, with the events as evidence; the lead office decides with an opinion (七(三)-d)."""

    facility = models.ForeignKey(
        "registry.Facility", models.PROTECT, related_name="positive_exits", verbose_name="检查对象"
    )
    # What it rests on, so that the same is proposed once: keys of events, “month:…”, “rating:…” and “check:…”.
    events = models.JSONField("依据")
    words = models.CharField("理由", max_length=200)
    # Nobody asks: the job does.
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    state = models.CharField("状态", max_length=9, choices=ExitState, default=ExitState.ASKED)

    objects = PositiveExitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "移出正面清单建议"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility"],
                condition=Q(state="ASKED"),
                name="one_pending_exit",
                violation_error_message="这家已有待批准的移出建议。",
            ),
            *decided_by_another("提出移出的人不能自己决定，由牵头部门决定。"),
            models.CheckConstraint(
                condition=Q(state="ASKED")
                | Q(decided_at__isnull=False)
                & ~Q(opinion="")
                & (Q(state="ENDED", decided_by__isnull=True) | ~Q(state="ENDED") & Q(decided_by__isnull=False)),
                name="an_exit_is_decided_with_an_opinion",
                violation_error_message="写明意见。",
            ),
        ]
