"""Why a drawn check is not finished, why a facility is not checked in its years: written, then decided (六(一)2, 七(一)1, 2)."""

from django.db import models
from django.db.models import F, Q

from benxi_shuangsuiji.accounts.roles import Permission


class GapKind(models.TextChoices):
    STOPPED = "STOPPED", "停产"
    POSITIVE_LIST = "POSITIVE_LIST", "正面清单"
    CLOSED = "CLOSED", "关闭或注销"
    NEW = "NEW", "年内新纳入"
    OTHER = "OTHER", "其他"


UNDECIDED = Q(approved_by__isnull=True, approved_at__isnull=True)
UNRETURNED = Q(returned_by__isnull=True, returned_at__isnull=True)


def _by_another(verb: str) -> Q:
    """Decided this way, with a time and an opinion, by somebody who did not write the reason."""
    done = Q(**{f"{verb}_by__isnull": False, f"{verb}_at__isnull": False})
    return done & ~Q(opinion="") & ~Q(**{f"{verb}_by": F("entered_by")})


class Reason(models.Model):
    """One reason by the planner; the leader, another person, approves it or gives it back with an opinion."""

    words = models.CharField("原因", max_length=200)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="填写人")
    entered_at = models.DateTimeField("填写时间")
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    approved_at = models.DateTimeField("批准时间", null=True)
    returned_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="退回人")
    returned_at = models.DateTimeField("退回时间", null=True)
    opinion = models.CharField("意见", max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=(UNDECIDED & UNRETURNED & Q(opinion=""))
                | (UNRETURNED & _by_another("approved"))
                | (UNDECIDED & _by_another("returned")),
                name="%(class)s_is_decided_by_another",
                violation_error_message="写原因的人不能自己批准或退回，由分管负责人办理并写意见。",
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
        return self.entered_at.isoformat()

    @property
    def waits(self) -> bool:
        """For the leader."""
        return self.approved_at is None and self.returned_at is None


class UnfinishedReasonQuerySet(models.QuerySet):
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


class CoverageReasonQuerySet(models.QuerySet):
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
