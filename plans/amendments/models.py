"""更换: who asked that a drawn object or an inspector be replaced, and who decided it (七(二)-f, -g; SSJ1 8)."""

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another


class ChangeReason(models.TextChoices):
    """The reasons of SSJ1 (DROPOBJ, DROPINSP) and the coming of another inspector; the first letter says what changes."""

    HALT = "O_HALT", "企业停产停业"
    CLOSED = "O_CLOSED", "企业注销关闭"
    MOVED = "O_MOVED", "企业迁出辖区"
    ORDER = "O_ORDER", "上级机关书面决定由其直接检查"
    NOTDONE = "O_NOTDONE", "季末没有查完，不再补入"
    RECUSE = "I_RECUSE", "检查人员应当回避"
    LEAVE = "I_LEAVE", "检查人员请假"
    DUTY = "I_DUTY", "检查人员有其他公务"
    NOCERT = "I_NOCERT", "检查人员的执法证到期或被收回"
    JOIN = "J_JOIN", "增派检查人员"

    @property
    def code(self) -> str:
        """The reason as SSJ1 writes it."""
        return self.value[2:]


OF_OBJECTS = [reason for reason in ChangeReason if reason.value.startswith("O")]
OF_PEOPLE = [reason for reason in ChangeReason if reason.value.startswith("I")]


class RequestState(models.TextChoices):
    """The words of 更换, 更正 and 作废."""

    ASKED = State.ASKED.value, "待批准"
    APPROVED = State.APPROVED.value, "已批准"
    RETURNED = State.RETURNED.value, "未批准"


class AmendmentRequestQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """A request names who was drawn, so it keeps to the circle of the sealed list; who asked sees his own.

        The leader of the city team sees whom he is asked to send, and not to whom (`decided_in`).
        """
        his = user.units_with(Permission.APPROVE_AMENDMENT)
        lent = Q(inspector__unit__kind=UnitKind.CITY_TEAM, inspector__unit__in=his)
        lent |= Q(inspector__unit__kind=UnitKind.HQ_SECTION, inspector__unit__parent__in=his)
        inside = Q(draw__unit__in=user.units_with(Permission.SEE_SEALED))
        return self.filter(inside | Q(asked_by=user) | Q(reason=ChangeReason.JOIN) & lent)


class AmendmentRequest(Decision):
    """One request. What follows from it is computed when it is approved, never typed (SSJ1 15 D8)."""

    draw = models.ForeignKey("plans.Draw", models.PROTECT, related_name="amendment_requests", verbose_name="抽取")
    run = models.PositiveSmallIntegerField(
        "第几次计算", default=1
    )  # whose list it is about; numbers begin anew (SSJ1 9.1)
    reason = models.CharField("原因", max_length=10, choices=ChangeReason)
    picks = models.ManyToManyField("plans.Pick", related_name="+", verbose_name="检查对象")
    inspector = models.ForeignKey(
        "registry.Inspector", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="检查人员"
    )
    evidence = models.CharField("情况和证明材料", max_length=300)
    file = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="证明材料的文件"
    )
    order_no = models.CharField("上级决定的文号", max_length=60, blank=True)  # of ORDER
    state = models.CharField("状态", max_length=9, choices=RequestState, default=RequestState.ASKED)
    document_no = models.CharField("批准文号", max_length=60, blank=True)
    number = models.PositiveIntegerField("第几次更换", null=True)

    objects = AmendmentRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更换申请"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another(
                "申请和批准不能是同一个人，由另一位分管负责人批准。",
                # A correction overtook it: nobody decided when the correction was approved by who had asked for this.
                or_else=Q(state="RETURNED", decided_by__isnull=True, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(state="APPROVED", number__isnull=False, decided_by__isnull=False) & ~Q(document_no="")
                | ~Q(state="APPROVED") & Q(number__isnull=True),
                name="approved_amendment_has_number_and_document",
                violation_error_message="批准更换要有次序、批准人和文号。",
            ),
            models.CheckConstraint(
                condition=~Q(reason__startswith="O") | Q(file__isnull=False),
                name="who_leaves_the_list_leaves_with_a_file",
                violation_error_message="更换检查对象要附证明材料的文件。",
            ),
            models.CheckConstraint(
                condition=Q(reason="O_ORDER") & ~Q(order_no="") | ~Q(reason="O_ORDER") & Q(order_no=""),
                name="an_order_from_above_has_its_number",
                violation_error_message="上级机关书面决定由其直接检查的，写明决定的文号。",
            ),
            models.UniqueConstraint(
                fields=["draw", "run", "number"],
                name="one_request_per_amendment",
                violation_error_message="这一次更换已经办理。重新打开页面看最新的情况。",
            ),
        ]

    def __str__(self):
        return f"{self.draw} {self.get_reason_display()}"

    @property
    def decided_in(self) -> Unit:
        """Whose leader decides: the unit that drew, or the city team whose inspector would be sent (decisions 0023)."""
        home = self.inspector.unit.drawing_unit if self.reason == ChangeReason.JOIN else self.draw.unit
        return home if home.kind == UnitKind.CITY_TEAM else self.draw.unit

    @property
    def is_loan(self) -> bool:
        return self.decided_in != self.draw.unit

    @property
    def decider(self) -> str:
        return f"{'市执法队' if self.is_loan else '本单位'}分管负责人"

    @property
    def brings_in(self) -> bool:
        """Whether another object comes in by the tickets, which the planner then dispatches."""
        return self.about_object and self.reason != ChangeReason.NOTDONE

    @property
    def about_object(self) -> bool:
        return self.reason in OF_OBJECTS

    @property
    def about_person(self) -> bool:
        return self.reason in OF_PEOPLE
