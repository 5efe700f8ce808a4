"""更正和撤下: who asked that something public be corrected or withdrawn, and who decided it (八(二)-c)."""

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another

BY_ANOTHER = "提出的人不能决定自己的申请，由分管负责人决定。"


class Act(models.TextChoices):
    CORRECT = "CORRECT", "更正"
    WITHDRAW = "WITHDRAW", "撤下"
    REISSUE = "REISSUE", "撤下并重新公开"


class Ground(models.TextChoices):
    """Why something is withdrawn: a closed list (行政处罚法48, 50; 八(二)-c)."""

    REVOKED = "REVOKED", "决定被撤销或者变更"
    PRIVATE = "PRIVATE", "涉及个人隐私"
    SECRET = "SECRET", "涉及国家秘密或者商业秘密"
    TERM = "TERM", "公示期满"


class RevisionState(models.TextChoices):
    ASKED = State.ASKED.value, "等决定"
    APPROVED = State.APPROVED.value, "已批准"
    RETURNED = State.RETURNED.value, "没有批准"
    MORE = "MORE", "退回补充"  # the officer completes it and asks once more: a further row
    WITHDRAWN = "WITHDRAWN", "已撤回"


class RevisionQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """The officer who asks, the leader who decides, and whoever may read what was withdrawn."""
        parts = (Permission.PUBLISH, Permission.PUBLISH_CITY, Permission.APPROVE_REVISION, Permission.SEE_WITHDRAWN)
        return self.filter(unit__in=set().union(*(user.units_with(part) for part in parts)))


class Revision(Decision):
    """One request about one version. `changes` are the new words, by the key of their place (`places`)."""

    publication = models.ForeignKey(
        "disclosure.Publication", models.PROTECT, related_name="revisions", verbose_name="公示"
    )
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="公示单位")
    act = models.CharField("办理", max_length=8, choices=Act)
    ground = models.CharField("撤下的事由", max_length=7, choices=Ground, blank=True)
    reason = models.CharField("理由", max_length=200)  # becomes public
    evidence = models.CharField("证明材料", max_length=300)
    file = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="证明材料的文件"
    )
    document_no = models.CharField("文号", max_length=60, blank=True)
    known_on = models.DateField("撤销、变更决定的日期", null=True)  # from there the three working days count (D-23)
    changes = models.JSONField("改成", default=dict)
    # Where the new words hold a name: why it has to be public (八(二)-c); never public itself.
    names_because = models.CharField("文字里的姓名为什么要公开", max_length=100, blank=True)
    # Of an objection that it answers: decided there, once for both (docs/decisions/0043).
    receipt = models.CharField("更正与申诉的受理编号", max_length=16, blank=True)
    state = models.CharField("状态", max_length=9, choices=RevisionState, default=RevisionState.ASKED)
    became = models.ForeignKey(
        "disclosure.Publication", models.PROTECT, null=True, related_name="+", verbose_name="办成的一版"
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正和撤下申请"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another(BY_ANOTHER, opinion="不批准的，写明意见。"),
            models.CheckConstraint(
                condition=Q(act="CORRECT", ground="") | Q(act__in=["WITHDRAW", "REISSUE"]) & ~Q(ground=""),
                name="a_withdrawal_has_its_ground",
                violation_error_message="撤下要选事由。",
            ),
            models.CheckConstraint(
                condition=~Q(ground="REVOKED") | Q(known_on__isnull=False) & ~Q(document_no=""),
                name="a_revoked_decision_has_day_and_number",
                violation_error_message="决定被撤销或者变更的，写明那份决定的日期和文号。",
            ),
            models.CheckConstraint(
                condition=Q(state="APPROVED") ^ Q(became__isnull=True),
                name="an_approved_revision_became_a_version",
                violation_error_message="批准以后才有新的一版。",
            ),
            models.CheckConstraint(
                condition=~Q(state="MORE") | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(opinion=""),
                name="what_is_sent_back_says_what_is_missing",
                violation_error_message="退回补充的，写明补什么。",
            ),
            models.UniqueConstraint(
                fields=["publication"],
                condition=Q(state="ASKED"),
                name="one_revision_of_a_version_at_a_time",
                violation_error_message="这一版已有一份申请等决定。重新打开页面看最新的情况。",
            ),
        ]

    def __str__(self):
        return f"{self.publication.no} {self.get_act_display()}"

    @property
    def is_withdrawal(self) -> bool:
        return self.act != Act.CORRECT
