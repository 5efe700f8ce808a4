"""合规体检 as everybody will read it: counted by one, let through by another (八(一)-b, 四(3)-f)."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, decided_by_another
from benxi_shuangsuiji.workdays.days import Quarter


class SelfCheckSummaryQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """It counts all units, so it is of those who follow all of them."""
        return self.all() if user.units_with(Permission.SEE_CITY) else self.none()

    def of(self, quarter: Quarter):
        return self.filter(year=quarter.year, number=quarter.number)


class SelfCheckSummary(Decision):
    """The summary of one quarter, with the figures of the moment in which it was put forward: what is let through is what was read.

    Published by `disclosure.selfcheck`, which lies to the right; after a withdrawal another one is put forward.
    """

    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("季度")
    facts = models.JSONField("摘要", encoder=DjangoJSONEncoder)

    objects = SelfCheckSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "合规体检公开摘要"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another("写摘要的人不能自己批准，由监督员批准。", opinion="退回时写明哪里要改。"),
            models.UniqueConstraint(
                fields=["year", "number"],
                condition=Q(state="ASKED"),
                name="one_selfcheck_summary_waits_at_a_time",
                violation_error_message="这一季度已有一份摘要等批准。重新打开页面看最新的情况。",
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.year, self.number)

    @property
    def no(self) -> str:
        return str(self.quarter)


class SelfCheckBefore(models.Model):
    """What the page of a quarter says of the quarter before, as it was reckoned today; one row a quarter, written anew each day (decision 0106)."""

    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("季度")
    counted_on = models.DateField("算的那天")
    broken = models.JSONField("上季没守住的")  # [rule, unit]

    class Meta:
        verbose_name = verbose_name_plural = "合规体检上季同日"
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="one_selfcheck_before_a_quarter")]

    def __str__(self):
        return f"{self.year}Q{self.number}"
