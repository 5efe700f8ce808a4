"""检查审批: nobody arrives before the unit's leader has approved the check (国办发〔2024〕54号 凡检查必审批; 七(五)-d, N-6)."""

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.locks import LockingQuerySet
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another
from inspections.checks.models import Inspection, in_team


class ApprovalState(models.TextChoices):
    ASKED = State.ASKED.value, "待审批"
    APPROVED = State.APPROVED.value, "已批准"
    RETURNED = State.RETURNED.value, "已退回"
    TAKEN_BACK = "TAKEN", "不再审批"  # asked again with other days, or nobody goes there any more


class ApprovalChainQuerySet(LockingQuerySet):
    def in_force(self, unit: Unit, day: date) -> "ApprovalChain | None":
        """What counts for the unit on that day; None: its leader alone."""
        return self.filter(unit=unit, valid_from__lte=day).order_by("-valid_from", "-pk").first()


class ApprovalChain(models.Model):
    """审批层级: who approves the checks of a unit from a day on, by a document; rows are added, never changed."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="approval_chains", verbose_name="单位")
    with_section = models.BooleanField("先由科室负责人写意见", default=False)
    with_bureau = models.BooleanField("分管负责人批准以后，再由市局批准")
    document = models.CharField("依据文件", max_length=100)
    valid_from = models.DateField("起始日")
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")

    objects = ApprovalChainQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查审批层级"
        ordering = ["unit__position", "-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(document=""),
                name="an_approval_chain_names_its_document",
                violation_error_message="写明审批层级的依据文件。",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.valid_from}"


def offices_of(user) -> set[int]:
    """Units whose requests this person decides: a leader his unit's; the head of a section his section's, nothing else."""
    heads = user.units_with(Permission.REVIEW_CHECK)
    sections = Unit.objects.filter(pk__in=heads, kind__in=(UnitKind.HQ_SECTION, UnitKind.COUNTY_SECTION))
    return user.units_with(Permission.APPROVE_CHECK) | (set(sections.values_list("pk", flat=True)) if heads else set())


class CheckApprovalQuerySet(DecisionQuerySet):
    def final(self):
        """Approved by everybody who has to."""
        return self.approved().filter(then_in__isnull=True)

    def visible_to(self, user):
        """The circle of the check, and whoever must approve it, that check only (decisions.md 3)."""
        mine = Inspection.objects.filter(in_team(user)).values("pk")
        return self.filter(
            Q(inspection__unit__in=user.units_with(Permission.SEE_SEALED))
            | Q(decided_in__in=offices_of(user))
            | Q(inspection__in=mine)
        )

    def to_decide(self, user):
        """What waits for this person's word: of his office, neither asked for by him at any step nor a visit of his own."""
        his = CheckApproval.objects.filter(no=OuterRef("no"), inspection=OuterRef("inspection"), asked_by=user)
        found = self.pending().filter(decided_in__in=offices_of(user)).exclude(Exists(his))
        return found.exclude(inspection__in=Inspection.objects.filter(in_team(user)).values("pk"))


class CheckApproval(Decision):
    """检查审批: the planned days, team, items and notice of one check, as they were asked for, and who decided.

    Those asked for together share a number, so that a list is decided at once. Where the unit's chain says so the head
    of the section has it first, and the bureau last; each row that was approved is followed by the next office's, asked
    by whoever approved.
    """

    no = models.CharField("审批编号", max_length=32, db_index=True)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="approvals", verbose_name="检查")
    decided_in = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="审批单位")
    then_in = models.ForeignKey("accounts.Unit", models.PROTECT, null=True, related_name="+", verbose_name="再由")
    first_day = models.DateField("检查时间起")
    last_day = models.DateField("检查时间止")
    minutes = models.PositiveSmallIntegerField("计划用时（分钟）")
    notice_beforehand = models.BooleanField("提前送达通知书", default=False)
    notice_reason = models.CharField("提前送达的理由", max_length=200, blank=True)
    made_up = models.BooleanField("补办", default=False)
    facts = models.JSONField("审批表内容", editable=False)  # of the paper, as asked; see `sheet`
    state = models.CharField("状态", max_length=9, choices=ApprovalState, default=ApprovalState.ASKED)

    objects = CheckApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查审批"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another(
                "申请审批的人不能批准自己报批的检查，由分管负责人审批。", opinion="退回时写明哪里要改。"
            ),
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(state="ASKED"),
                name="one_pending_approval_of_a_check",
                violation_error_message="这次检查已有一份审批表等审批。",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="approved_days_do_not_end_before_they_begin",
                violation_error_message="检查时间的止日早于起日。",
            ),
            models.CheckConstraint(
                condition=Q(notice_beforehand=False) | ~Q(notice_reason=""),
                name="a_notice_beforehand_has_its_reason",
                violation_error_message="提前送达通知书要写明理由。",
            ),
        ]
        indexes = [models.Index(fields=["decided_in"], condition=Q(state="ASKED"), name="approval_waiting")]

    def __str__(self):
        return f"{self.no} {self.inspection}"

    @property
    def decider(self) -> str:
        """Who decides, as a sentence says it."""
        if self.decided_in_id == self.inspection.unit_id:
            return "分管负责人"
        return "市局分管负责人" if self.decided_in.kind == UnitKind.CITY_BUREAU else "科室负责人"
