from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, decided_by_another
from plans.models import RequestState


def leads_the_city(user) -> bool:
    """The leader of the city team, no leader of another unit."""
    return Unit.objects.filter(kind=UnitKind.CITY_TEAM, pk__in=user.units_with(Permission.APPROVE_PLANS)).exists()


def may_see(user) -> bool:
    """Of the whole city: whoever follows it, and who decides."""
    return bool(user.units_with(Permission.SEE_CITY)) or leads_the_city(user)


class YearClosingQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        return self if may_see(user) else self.none()


class YearClosing(Decision):
    """One year, with how much of each unit is public and the results that a law keeps from the public, as they were counted then."""

    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField("状态", max_length=9, choices=RequestState, default=RequestState.ASKED)
    lines = models.JSONField("各单位")  # [{"unit", "name", "due", "public", "withheld", "k1"}]
    withheld = models.JSONField("依法不公开的结果")  # [{"no", "unit", "ground", "document"}]
    note = models.CharField("说明", max_length=300, blank=True)

    objects = YearClosingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度办结"
        ordering = ["-year", "-pk"]
        constraints = [
            *decided_by_another(
                "申请年度办结和批准不能是同一个人，由市执法队分管负责人批准。", opinion="退回的写明理由。"
            ),
            models.UniqueConstraint(
                fields=["year"],
                condition=~Q(state="RETURNED"),
                name="a_year_is_closed_once",
                violation_error_message="这个年度已经申请办结，或者已经办结。",
            ),
        ]

    def __str__(self):
        return f"{self.year} 年度办结"
