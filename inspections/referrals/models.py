"""移送函: asked, approved by another, sent, taken or not, answered (八(二)-f)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from benxi_shuangsuiji.forms.decision import Decision, State, decided_by_another
from inspections.checks.models import Inspection
from inspections.followups.models import ANOTHER, DecisionOfACheck


class ReferralKind(models.TextChoices):
    DEPARTMENT = "DEPARTMENT", "移送其他部门"
    POLICE = "POLICE", "涉嫌犯罪移送公安机关"


class ReferralState(models.TextChoices):
    ASKED = State.ASKED.value, "待批准移送"
    APPROVED = State.APPROVED.value, "待送出"
    RETURNED = State.RETURNED.value, "不移送"
    SENT = "SENT", "等回执"
    TAKEN = "TAKEN", "已受理"
    DECLINED = "DECLINED", "不受理"
    ANSWERED = "ANSWERED", "已反馈"


class Referral(Decision):
    """One letter to one department. Each moment of its way is noted once."""

    later = (
        "sent_at",
        "sent_by",
        "sent_way",
        "receipt_on",
        "receipt_no",
        "receipt_words",
        "answered_on",
        "answer_no",
        "answer",
    )

    no = models.CharField("编号", max_length=32, unique=True)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="referrals", verbose_name="检查")
    kind = models.CharField("种类", max_length=10, choices=ReferralKind)
    body = models.CharField("接收单位", max_length=60)
    matter = models.CharField("移送的事项", max_length=500)
    basis = models.CharField("管辖依据", max_length=300)
    enclosed = models.CharField("随函材料", max_length=300)
    found_on = models.DateField("发现日期")  # from there the working days count
    state = models.CharField("状态", max_length=9, choices=ReferralState, default=ReferralState.ASKED)
    document_no = models.CharField("移送函文号", max_length=60, blank=True)
    sent_at = models.DateTimeField("送出时间", null=True)
    sent_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="送出人")
    sent_way = models.CharField("送出方式", max_length=100, blank=True)
    receipt_on = models.DateField("回执日期", null=True)
    receipt_no = models.CharField("回执文号或签收人", max_length=60, blank=True)
    receipt_words = models.CharField("回执的意见", max_length=300, blank=True)
    answered_on = models.DateField("反馈日期", null=True)
    answer_no = models.CharField("反馈文号", max_length=60, blank=True)
    answer = models.CharField("反馈的处理结果", max_length=500, blank=True)

    objects = DecisionOfACheck.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "移送"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another(ANOTHER, opinion="不移送的，写明理由。"),
            models.UniqueConstraint(
                fields=["inspection", "body"],
                condition=~Q(state__in=["RETURNED", "DECLINED"]),
                name="one_referral_of_a_check_to_a_body",
                violation_error_message="这次检查已经向这个单位移送。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ASKED", "RETURNED"]) | ~Q(document_no=""),
                name="an_approved_referral_has_its_number",
                violation_error_message="批准移送要写明文号。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ASKED", "APPROVED", "RETURNED"], sent_at__isnull=True)
                | Q(state__in=["SENT", "TAKEN", "DECLINED", "ANSWERED"], sent_at__isnull=False, sent_by__isnull=False)
                & ~Q(sent_way=""),
                name="a_sent_referral_says_when_how_and_by_whom",
                violation_error_message="写明送出的时间和方式。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["TAKEN", "DECLINED", "ANSWERED"])
                | Q(receipt_on__isnull=False) & ~Q(receipt_no=""),
                name="a_receipt_has_its_day_and_number",
                violation_error_message="写明回执的日期和文号。",
            ),
            models.CheckConstraint(
                condition=~Q(state="ANSWERED") | Q(answered_on__gte=F("receipt_on")) & ~Q(answer=""),
                name="an_answer_has_its_day_and_words",
                violation_error_message="写明反馈的日期和处理结果，日期不早于回执。",
            ),
        ]

    def __str__(self):
        return self.no

    def get_absolute_url(self):
        return reverse("inspections:referral", args=[self.no])

    @property
    def is_crime(self) -> bool:
        return self.kind == ReferralKind.POLICE
