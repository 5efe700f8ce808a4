"""Changes that another person must approve before they count: category and pool (六(二)-d, -r, -ad, -ak)."""

from django.db import models
from django.db.models import F, Q

from benxi_shuangsuiji.accounts.roles import Permission


class ProposalKind(models.TextChoices):
    STATUS = "STATUS", "变更生产状态"
    GROUND = "GROUND", "增加类别依据"
    GROUND_END = "GROUND_END", "取消类别依据"
    TRANSFER = "TRANSFER", "移交监管单位"


class ProposalState(models.TextChoices):
    PENDING = "PENDING", "待批准"
    APPROVED = "APPROVED", "已批准"
    RETURNED = "RETURNED", "已退回"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class ChangeProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the facility, and whoever is asked to decide."""
        units = user.units_with(Permission.SEE_FACILITIES)
        return self.filter(Q(facility__unit__in=units) | Q(unit__in=units))

    def pending(self):
        return self.filter(state=ProposalState.PENDING)


class ChangeProposal(models.Model):
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
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=10, choices=ProposalState, default=ProposalState.PENDING)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="审批人")
    decided_at = models.DateTimeField("办结时间", null=True)
    opinion = models.CharField("意见", max_length=200, blank=True)

    objects = ChangeProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名录变更申请"
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "subject"], condition=Q(state="PENDING"), name="one_pending_proposal_of_a_subject"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="proposal_is_not_decided_by_who_made_it",
            ),
            models.CheckConstraint(
                condition=Q(state="PENDING", decided_at__isnull=True)
                | Q(state="WITHDRAWN", decided_at__isnull=False)
                | Q(state__in=["APPROVED", "RETURNED"], decided_at__isnull=False, decided_by__isnull=False),
                name="proposal_is_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["unit"], condition=Q(state="PENDING"), name="proposal_waiting")]

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
