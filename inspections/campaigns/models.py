from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, decided_by_another
from inspections.frequency.models import Consent
from registry.models import Category

CAMPAIGN_DECIDED = "登记专项检查的人不能自己批准或不同意，由分管负责人办理，不同意的写意见。"


class CampaignQuerySet(DecisionQuerySet):
    def running(self, day):
        return self.approved().filter(closed_at__isnull=True, starts_on__lte=day, ends_on__gte=day)


class Campaign(Decision):
    """专项检查: approved by document, for a period and a scope, over by itself (三-j, N-13).

    One person enters it and the leader approves it; until then nothing rests on it.
    """

    later = ("closed_at",)

    no = models.CharField("编号", max_length=24, unique=True)
    title = models.CharField("名称", max_length=60)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="campaigns", verbose_name="组织单位")
    document = models.CharField("批准文件", max_length=100)
    approving_body = models.CharField("批准机关", max_length=60)
    legal_basis = models.CharField("依据", max_length=200)
    from_superior = models.BooleanField("上级部署", default=False)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    scope = models.CharField("范围和内容", max_length=300)
    categories = ArrayField(models.CharField(max_length=7, choices=Category), verbose_name="对象类别", default=list)
    most_checks = models.PositiveSmallIntegerField("最多检查家数")
    state = models.CharField("状态", max_length=9, choices=Consent, default=Consent.ASKED)
    closed_at = models.DateTimeField("终止时间", null=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专项检查"
        ordering = ["-starts_on", "-no"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="campaign_does_not_end_before_it_starts",
                violation_error_message="专项检查的结束日期早于开始日期。核对两个日期。",
            ),
            models.CheckConstraint(
                condition=~Q(document="") & ~Q(approving_body="") & ~Q(scope="") & Q(most_checks__gte=1),
                name="campaign_has_a_document_a_scope_and_a_limit",
                violation_error_message="专项检查要写明批准文件、批准机关、范围和最多检查家数。",
            ),
            *decided_by_another(CAMPAIGN_DECIDED, named=CAMPAIGN_DECIDED, opinion=CAMPAIGN_DECIDED),
        ]

    def __str__(self):
        return self.title

    def is_open_on(self, day) -> bool:
        return self.state == Consent.APPROVED and self.closed_at is None and self.starts_on <= day <= self.ends_on
