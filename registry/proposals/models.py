"""Changes that another person must approve before they count: category and pool (六(二)-d, -r, -ad, -ak)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another


class ProposalKind(models.TextChoices):
    STATUS = "STATUS", "变更生产状态"
    GROUND = "GROUND", "增加类别依据"
    GROUND_END = "GROUND_END", "取消类别依据"
    TRANSFER = "TRANSFER", "移交监管单位"
    LISTED = "LISTED", "纳入正面清单"
    DELISTED = "DELISTED", "移出正面清单"

    @property
    def by_lead_office(self) -> bool:
        """正面清单 is the city's: its lead office decides, everything else the unit's leader (七(三)-e)."""
        return self in (ProposalKind.LISTED, ProposalKind.DELISTED)


class ProposalState(models.TextChoices):
    ASKED = State.ASKED.value, "待批准"
    APPROVED = State.APPROVED.value, "已批准"
    RETURNED = State.RETURNED.value, "已退回"
    WITHDRAWN = "WITHDRAWN", "已撤回"


TONES = {
    ProposalState.ASKED: "warn",
    ProposalState.APPROVED: "ok",
    ProposalState.RETURNED: "bad",
    ProposalState.WITHDRAWN: "wait",
}


class OfUnits(DecisionQuerySet):
    def visible_to(self, user):
        return self.filter(unit__in=user.units_with(Permission.SEE_FACILITIES))


class ProposalBatch(Decision):
    """What one workbook asks for, decided as a whole (六(二)-r, 七(三)-e). What is wrong in it is returned beforehand."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    imported = models.ForeignKey(
        "registry.ImportBatch", models.PROTECT, related_name="proposal_batches", verbose_name="导入批次"
    )
    by_lead_office = models.BooleanField("由牵头部门决定")
    title = models.CharField("名称", max_length=120)
    state = models.CharField("状态", max_length=9, choices=ProposalState, default=ProposalState.ASKED)

    objects = OfUnits.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成批的名录变更"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["imported", "by_lead_office"], name="one_proposal_batch_of_a_workbook"),
            *decided_by_another("提出变更的人不能自己批准或退回，由另一人办。"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("registry:proposal-batch", args=[self.pk])

    @property
    def tone(self) -> str:
        return TONES[ProposalState(self.state)]


class ChangeProposalQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """Whoever sees the facility, and whoever is asked to decide."""
        units = user.units_with(Permission.SEE_FACILITIES)
        return self.filter(Q(facility__unit__in=units) | Q(unit__in=units))

    def for_lead_office(self):
        return self.filter(kind__in=[k for k in ProposalKind if k.by_lead_office])

    def for_leaders(self):
        return self.exclude(kind__in=[k for k in ProposalKind if k.by_lead_office])


class ChangeProposal(Decision):
    """One proposed change of one facility. Approved, it becomes a FacilityChange that names both people."""

    facility = models.ForeignKey("registry.Facility", models.PROTECT, related_name="proposals", verbose_name="检查对象")
    # Who decides: the facility's unit; for a transfer the unit that takes it over.
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="审批单位")
    kind = models.CharField("变更", max_length=10, choices=ProposalKind)
    # What it is about, so that one thing is proposed once at a time: "status", "unit", or a ground's kind.
    subject = models.CharField(max_length=10)
    payload = models.JSONField("变更内容", default=dict)
    effective_on = models.DateField("生效日期")
    reason = models.CharField("原因", max_length=200)
    evidence = models.CharField("证据", max_length=200)
    document = models.CharField("文件", max_length=100, blank=True)
    # Of a workbook: decided with the others of its batch.
    batch = models.ForeignKey(ProposalBatch, models.PROTECT, null=True, related_name="proposals", verbose_name="批次")
    state = models.CharField("状态", max_length=9, choices=ProposalState, default=ProposalState.ASKED)

    objects = ChangeProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名录变更申请"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "subject"],
                condition=Q(state="ASKED"),
                name="one_pending_proposal_of_a_subject",
                violation_error_message="这家的同一项变更已经提出，正等批准。",
            ),
            *decided_by_another("提出变更的人不能自己批准或退回，由另一人办。"),
            models.CheckConstraint(
                condition=~Q(state="WITHDRAWN") | Q(decided_at__isnull=False),
                name="withdrawn_proposal_has_a_moment",
                violation_error_message="撤回要写明是什么时候撤回的。",
            ),
        ]
        indexes = [models.Index(fields=["unit"], condition=Q(state="ASKED"), name="proposal_waiting")]

    def __str__(self):
        return f"{self.facility}：{self.get_kind_display()}"


class CategoryRun(models.Model):
    """One day's recomputation of the categories, and whom it moved (六(二)-am). Insert-only."""

    day = models.DateField("日期", unique=True)
    at = models.DateTimeField("时间")
    checked = models.PositiveIntegerField("核对家数")
    lines = models.JSONField(default=list)  # {code, name, unit, ended, from, to}

    class Meta:
        verbose_name = verbose_name_plural = "类别重算"
        ordering = ["-day"]
