"""结转: the random checks of before the day of first use, as the public chain's first entry (二-a, SSJ1 10)."""

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another
from benxi_shuangsuiji.policy import first_use
from plans.draw import ssj1


class CarryQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        return self if user.units_with(Permission.SEE_CITY) else self.none()


class Carry(Decision):
    """Approved, `text` is the CARRY document, verbatim: what counts for `times` and `seen` beside our own draws."""

    document_no = models.CharField("文号", max_length=60)
    silent = models.JSONField("没有提供的单位", default=list)  # short names, public with the document
    text = models.TextField(blank=True)
    digest = models.CharField("指纹", max_length=64, blank=True)

    objects = CarryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "历史抽查结转"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another("提出和批准不能是同一个人，由另一个人批准。", opinion="退回的写明理由。"),
            models.CheckConstraint(
                condition=Q(state=State.APPROVED.value) ^ Q(text="", digest=""),
                name="an_approved_carry_has_its_document",
                violation_error_message="批准的历史抽查结转要有文书，没有批准的没有。",
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state__in=[State.ASKED.value, State.APPROVED.value]),
                name="one_carry_of_the_city",
                violation_error_message="结转已经提出或者批准。重新打开页面看最新的情况。",
            ),
        ]

    def __str__(self):
        return f"历史抽查结转 {self.document_no}"


def carried() -> tuple[ssj1.OldPick, ...]:
    """The lines of the chain's CARRY; none while there is none. One query, and none where there is no past."""
    if not first_use.has_past():
        return ()
    text = Carry.objects.approved().values_list("text", flat=True).first()
    return ssj1.parse_carry(text).old if text else ()
