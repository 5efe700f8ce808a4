"""Interests of the inspectors and their yearly declarations (七(五)-c, domain.md 7.1)."""

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another
from registry.inspectors.models import Inspector


class ConflictKind(models.TextChoices):
    RELATIVE = "RELATIVE", "近亲属任职或持股"
    FORMER_JOB = "FORMER_JOB", "本人曾任职"
    BUSINESS = "BUSINESS", "业务往来"
    DISPUTE = "DISPUTE", "投诉争议"
    RESIDENCE = "RESIDENCE", "亲属居住受影响"
    OTHER = "OTHER", "其他"


class InterestState(models.TextChoices):
    ASKED = State.ASKED.value, "待审核"
    APPROVED = State.APPROVED.value, "已批准"
    RETURNED = State.RETURNED.value, "已退回"
    ENDED = "ENDED", "已结束"


class ConflictQuerySet(DecisionQuerySet):
    def in_force(self, day):
        """Those that keep the person away on that day; one that waits for approval protects already."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def open(self):
        return self.filter(state__in=[InterestState.ASKED, InterestState.APPROVED])


class ConflictOfInterest(Decision):
    """回避登记: a known interest, applied before the draw as a bar (七(五)-c, domain.md 7.1).

    It holds from the day it is declared; being returned or ended sets its last day, so that readers need the days only.
    """

    later = ("valid_to",)

    inspector = models.ForeignKey(Inspector, models.PROTECT, related_name="conflicts", verbose_name="检查人员")
    facility = models.ForeignKey("registry.Facility", models.PROTECT, related_name="conflicts", verbose_name="检查对象")
    kind = models.CharField("情形", max_length=10, choices=ConflictKind)
    reason = models.CharField("说明", max_length=200)
    evidence = models.CharField("证明材料", max_length=200, blank=True)
    valid_from = models.DateField("起始日")
    valid_to = models.DateField("截止日", null=True, blank=True)
    state = models.CharField("状态", max_length=9, choices=InterestState, default=InterestState.ASKED)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "回避登记"
        constraints = [
            models.UniqueConstraint(
                fields=["inspector", "facility"],
                condition=Q(valid_to__isnull=True),
                name="one_open_conflict_per_pair",
                violation_error_message="这名人员对这家已有一条有效的回避登记。",
            ),
            *decided_by_another("申报回避的人不能自己批准，由另一人批准。"),
        ]


class InterestDeclaration(Decision):
    """年度回避申报: once a year everybody names the facilities he keeps away from, or says there is none."""

    inspector = models.ForeignKey(Inspector, models.PROTECT, related_name="declarations", verbose_name="检查人员")
    year = models.PositiveSmallIntegerField("年度")
    facilities = models.JSONField("申报的企业", default=list)  # codes; empty: 无利害关系
    state = models.CharField("状态", max_length=9, choices=InterestState, default=InterestState.ASKED)

    class Meta:
        verbose_name = verbose_name_plural = "年度回避申报"
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspector", "year"],
                condition=~Q(state="RETURNED"),
                name="one_declaration_a_year",
            ),
            *decided_by_another("年度申报不能由本人批准，由另一人批准。"),
        ]
