"""One step of what came after a result, in the words that become public (八(二)-e, -f)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.database.locks import LockingQuerySet
from benxi_shuangsuiji.forms.decision import DecisionQuerySet
from inspections.checks.models import Inspection

ANOTHER = "提出的人不能自己批准，由另一位分管负责人批准。"


class FollowUpKind(models.TextChoices):
    """The kind of publication that a step becomes."""

    RECTIFICATION = "RECTIFICATION", "整改情况"
    CASE = "CASE", "立案查处情况"
    REFERRAL = "REFERRAL", "移送情况"


class FollowUpStep(models.TextChoices):
    ORDERED = "ORDERED", "责令改正"
    EXTENDED = "EXTENDED", "延长改正期限"
    HALTED = "HALTED", "整改期中止"
    RESUMED = "RESUMED", "整改期恢复"
    CHECKED_AGAIN = "CHECKED_AGAIN", "复查"
    ORDERED_AGAIN = "ORDERED_AGAIN", "再次责令改正"
    MENDED = "MENDED", "整改办结"
    TO_CASE = "TO_CASE", "转立案"
    CASE_OPENED = "CASE_OPENED", "立案"
    CASE_DECIDED = "CASE_DECIDED", "作出决定"
    CASE_ENDED = "CASE_ENDED", "结案"
    SENT = "SENT", "移送"
    TAKEN = "TAKEN", "受理"
    ANSWERED = "ANSWERED", "反馈"

    @property
    def publication(self) -> FollowUpKind:
        if self.name.startswith("CASE_"):
            return FollowUpKind.CASE
        return FollowUpKind.REFERRAL if self.name in ("SENT", "TAKEN", "ANSWERED") else FollowUpKind.RECTIFICATION


class OfACheck(LockingQuerySet):
    """What follows from one `inspection`: whoever reads the check reads it, whoever changes it holds the check first."""

    def visible_to(self, user):
        return self.filter(inspection__in=Inspection.objects.visible_to(user))

    def held(self, row, *along: str):
        """The row as it stands now, with its check, both held until the transaction ends."""
        inspection = Inspection.objects.locked(row.inspection_id, "unit", "draw", "facility")
        row = self.locked(row.pk, *along)
        row.inspection = inspection
        return row


class FollowUpQuerySet(OfACheck):
    def waiting(self):
        """Handed over, and not public yet."""
        return self.filter(published_at__isnull=True)


class DecisionOfACheck(DecisionQuerySet, OfACheck):
    """立案, 移送: asked for by one, decided by another."""


class FollowUp(models.Model):
    """What happened on one day, as it is to be published. Its words stay; only its publication is noted, once."""

    no = models.CharField("公示编号", max_length=40, unique=True)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="followups", verbose_name="检查")
    kind = models.CharField("种类", max_length=13, choices=FollowUpKind)
    step = models.CharField("步骤", max_length=13, choices=FollowUpStep)
    happened_on = models.DateField("日期")
    words = models.CharField("内容", max_length=300)
    facts = models.JSONField("要点", default=list)  # [{"label": "期限", "value": "…"}]
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出公开的人")
    handed_at = models.DateTimeField("提出时间")
    published_at = models.DateTimeField("公开时间", null=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后续处理的一步"
        ordering = ["handed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(words=""),
                name="a_step_that_is_published_has_words",
                violation_error_message="写明这一步办了什么。",
            ),
        ]

    def __str__(self):
        return f"{self.get_step_display()} {self.no}"
