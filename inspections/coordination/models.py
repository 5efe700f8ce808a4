"""统筹指导: what the city tells a unit, the unit's answers, and what the city says to them (五-1a, 五-2b, 八(一)-a)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.database.locks import LockingQuerySet
from benxi_shuangsuiji.workdays.days import Quarter


class InstructionKind(models.TextChoices):
    REMIND = "REMIND", "督办"
    GUIDE = "GUIDE", "指导"
    COORDINATE = "COORDINATE", "协调"


class InstructionState(models.TextChoices):
    SENT = "SENT", "待回复"
    ANSWERED = "ANSWERED", "待审定"
    RETURNED = "RETURNED", "退回重报"
    ACCEPTED = "ACCEPTED", "已办结"


# Who may write one, and whom the unit answers to: what the bureau asks, the bureau accepts.
OFFICES = [(r.value, r.label) for r in (Role.LEAD_OFFICE, Role.SUPERVISOR, Role.BUREAU_READER)]
ADDRESSEES = [(r.value, r.label) for r in (Role.PLANNER, Role.APPROVER)]


class InstructionQuerySet(LockingQuerySet):
    def visible_to(self, user):
        """A unit sees what was said to it; the city, and who watches it, everything."""
        return self.filter(unit__in=user.units_with(Permission.SEE_PROGRESS))

    def of(self, quarter: Quarter):
        return self.filter(year=quarter.year, number=quarter.number)

    def open(self):
        return self.exclude(state=InstructionState.ACCEPTED)


class Instruction(models.Model):
    """One 督办, 指导 or 协调 to one unit about one quarter. It never names a facility (decisions.md 3)."""

    no = models.CharField("编号", max_length=40, unique=True)  # 210504-2026Q3-Z001
    kind = models.CharField("种类", max_length=10, choices=InstructionKind)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="instructions", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("季度")
    title = models.CharField("事项", max_length=60)
    text = models.CharField("内容", max_length=500)
    due = models.DateField("办理期限")
    to_role = models.CharField("办理人", max_length=20, choices=ADDRESSEES)
    duty = models.ForeignKey(  # the matter that it was written about, where it was written beside one
        "notices.Duty", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所督办的事"
    )
    office = models.CharField("发出", max_length=20, choices=OFFICES)
    sent_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="发出人")
    sent_at = models.DateTimeField("发出时间")
    state = models.CharField("状态", max_length=8, choices=InstructionState, default=InstructionState.SENT)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "统筹指导"
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["year", "number", "unit"], name="instruction_by_quarter")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text=""),
                name="instruction_says_what_and_how",
                violation_error_message="写明事项和内容。",
            ),
        ]

    def __str__(self):
        return self.no

    def get_absolute_url(self):
        return reverse("inspections:coordination-detail", args=[self.no])

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.year, self.number)


class InstructionAnswer(models.Model):
    """One answer of the unit, accepted or given back by the office; an answer given back stays, the next is a new row."""

    instruction = models.ForeignKey(Instruction, models.PROTECT, related_name="answers", verbose_name="统筹指导")
    words = models.CharField("回复", max_length=500)
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="回复人")
    answered_at = models.DateTimeField("回复时间")
    accepted = models.BooleanField("同意办结", null=True)
    opinion = models.CharField("审定意见", max_length=200, blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="审定人")
    decided_at = models.DateTimeField("审定时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "回复"
        ordering = ["answered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["instruction"],
                condition=Q(accepted__isnull=True),
                name="one_answer_waits_at_a_time",
                violation_error_message="已经回复，等审定。",
            ),
            models.UniqueConstraint(
                fields=["instruction"],
                condition=Q(accepted=True),
                name="one_answer_is_accepted",
                violation_error_message="这一件已经办结。",
            ),
            models.CheckConstraint(
                condition=~Q(words=""), name="answer_has_words", violation_error_message="写明回复。"
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True, decided_by__isnull=True, decided_at__isnull=True, opinion="")
                | (
                    Q(accepted__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(opinion="")
                    & ~Q(decided_by=F("answered_by"))
                ),
                name="answer_is_decided_by_another_with_an_opinion",
                violation_error_message="回复的人不能自己审定；审定要写意见。",
            ),
        ]

    def __str__(self):
        return f"{self.instruction} {self.answered_at:%Y-%m-%d}"
