"""Why a drawn check is not finished, why a facility is not checked in its years: written, then decided (六(一)2, 七(一)1, 2)."""

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another


class GapKind(models.TextChoices):
    STOPPED = "STOPPED", "停产"
    POSITIVE_LIST = "POSITIVE_LIST", "正面清单"
    CLOSED = "CLOSED", "关闭或注销"
    NEW = "NEW", "年内新纳入"
    OTHER = "OTHER", "其他"


REASON_DECIDED = "写原因的人不能自己批准或退回，由分管负责人办理并写意见。"


class ReasonState(models.TextChoices):
    ASKED = State.ASKED.value, "等批准"
    APPROVED = State.APPROVED.value, "已批准"
    RETURNED = State.RETURNED.value, "已退回"


class Reason(Decision):
    """One reason by the planner; the leader, another person, approves it or gives it back with an opinion.

    What came back and is written anew waits again, as if nobody had decided.
    """

    rewritten = True

    words = models.CharField("原因", max_length=200)
    state = models.CharField("状态", max_length=9, choices=ReasonState, default=ReasonState.ASKED)

    class Meta:
        abstract = True
        constraints = [
            *decided_by_another(REASON_DECIDED, named=REASON_DECIDED),
            models.CheckConstraint(
                condition=Q(state="ASKED", opinion="") | ~Q(state="ASKED") & ~Q(opinion=""),
                name="%(class)s_is_decided_with_an_opinion",
                violation_error_message=REASON_DECIDED,
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="%(class)s_has_words",
                violation_error_message="写明原因。",
            ),
        ]

    @property
    def version(self) -> str:
        """Which words these are: each writing has its moment."""
        return self.asked_at.isoformat()


class UnfinishedReasonQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """The circle of decisions.md 3 alone: a row says who was drawn."""
        return self.filter(pick__draw__unit__in=user.units_with(Permission.SEE_SEALED))


class UnfinishedReason(Reason):
    """没有查完的原因 of one pick of a quarter (六(一)2-g)."""

    pick = models.OneToOneField("plans.Pick", models.PROTECT, related_name="unfinished_reason")

    objects = UnfinishedReasonQuerySet.as_manager()

    class Meta(Reason.Meta):
        verbose_name = verbose_name_plural = "没有查完的原因"
        ordering = ["pick"]


class CoverageReasonQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """That a facility was not checked is as secret as that it was."""
        return self.filter(facility__unit__in=user.units_with(Permission.SEE_SEALED))


class CoverageReason(Reason):
    """没有检查的原因 of one facility: a key ground in its year, a general one in the last year of its cycle (七(一)1-b, 2-b)."""

    facility = models.ForeignKey("registry.Facility", models.PROTECT, related_name="coverage_reasons")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("情形", max_length=13, choices=GapKind)

    objects = CoverageReasonQuerySet.as_manager()

    class Meta(Reason.Meta):
        verbose_name = verbose_name_plural = "没有检查的原因"
        ordering = ["year", "facility"]
        constraints = [
            *Reason.Meta.constraints,
            models.UniqueConstraint(
                fields=["facility", "year"],
                name="one_reason_of_a_facility_and_year",
                violation_error_message="这家企业本年已有一条原因。修改那一条。",
            ),
        ]
