"""通报 and 评估: figures locked when it was made, words written since, 签发 by another (五-2c, 五-2d, 二-c)."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another


class BulletinKind(models.TextChoices):
    QUARTER = "QUARTER", "季度通报"
    YEAR = "YEAR", "年度评估"
    CYCLE = "CYCLE", "三年总结评估"


class BulletinState(models.TextChoices):
    """Signed and sent out is what elsewhere is approved; a draft waits for its words."""

    DRAFT = "DRAFT", "草稿"
    ASKED = State.ASKED.value, "待签发"
    ISSUED = State.APPROVED.value, "已签发"
    RETURNED = State.RETURNED.value, "已退回"


class BulletinQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """Once signed, a 通报 is everybody's who follows a unit, an evaluation theirs who follow this one; before, the office's."""
        follows = user.units_with(Permission.SEE_PROGRESS)
        issued = Q(unit__in=follows) if not follows else Q(unit__in=follows) | ~Q(kind=BulletinKind.YEAR)
        inside = Q(pk__isnull=False) if user.units_with(Permission.RECEIVE_REPORTS) else Q(pk__in=[])
        signs = Q(office__in=user.units_with(Permission.ISSUE_BULLETINS)) & ~Q(state=BulletinState.DRAFT)
        return self.filter(issued & Q(state=BulletinState.ISSUED) | inside | signs)

    def standing(self):
        return self.exclude(state=BulletinState.RETURNED)


class Bulletin(Decision):
    """One paper. Its figures are those of the day on which it was made; after a return another one is made."""

    kind = models.CharField("种类", max_length=7, choices=BulletinKind)
    office = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="编写单位")
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="bulletins", verbose_name="所评估的单位")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("季度", null=True)
    figures = models.JSONField("数字", encoder=DjangoJSONEncoder)
    text = models.JSONField("文字", default=dict)  # chapter → words
    state = models.CharField("状态", max_length=9, choices=BulletinState, default=BulletinState.DRAFT)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="编写人")
    made_at = models.DateTimeField("统计时间")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="报签人")
    asked_at = models.DateTimeField("报签时间", null=True)
    document_no = models.CharField("文号", max_length=60, blank=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通报和评估"
        ordering = ["-pk"]
        constraints = [
            *decided_by_another("提出签发的人不能自己签发，由市执法队分管负责人签发。", opinion="退回时写明哪里要改。"),
            models.UniqueConstraint(
                fields=["kind", "unit", "year", "number"],
                condition=~Q(state="RETURNED"),
                nulls_distinct=False,
                name="one_bulletin_of_a_kind_and_period",
                violation_error_message="这一期已有一份。重新打开页面看最新的情况。",
            ),
            models.CheckConstraint(
                condition=Q(state="DRAFT", asked_by__isnull=True, asked_at__isnull=True, decided_by__isnull=True)
                | (~Q(state="DRAFT") & Q(asked_by__isnull=False, asked_at__isnull=False)),
                name="a_bulletin_to_be_signed_says_who_asked",
                violation_error_message="报签要写明由谁、在什么时候报的。",
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | ~Q(document_no=""),
                name="an_issued_bulletin_has_its_number",
                violation_error_message="签发要填写文号。",
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def no(self) -> str:
        """TB-2026Q3; PG-210504-2026; ZJ-2027."""
        if self.kind == BulletinKind.QUARTER:
            return f"TB-{self.year}Q{self.number}"
        return f"PG-{self.unit.code}-{self.year}" if self.kind == BulletinKind.YEAR else f"ZJ-{self.year}"

    @property
    def seen(self) -> str:
        """What its words are now: two people may have the draft open at once."""
        return hashlib.sha256(json.dumps(self.text, sort_keys=True).encode()).hexdigest()[:16]

    def get_absolute_url(self):
        return reverse("inspections:bulletin-detail", args=[self.pk])
