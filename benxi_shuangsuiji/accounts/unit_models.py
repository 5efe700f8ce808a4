"""The facts of the city, and changes of units and of these facts: asked by one, decided by another, from a day on (五)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another

from .roles import Permission


class CityRecord(models.Model):
    """One row: what `benxi_shuangsuiji.accounts.city:City` says, and what units were called before (`past`)."""

    facts = models.JSONField("名称和行政区划")
    past = models.JSONField("以前的名称", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "城市"
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1), name="one_city_only", violation_error_message="一个系统只服务一个市。"
            )
        ]

    def __str__(self):
        return self.facts.get("name", "")


class ChangeKind(models.TextChoices):
    ADD = "ADD", "设立单位"
    RENAME = "RENAME", "修改单位名称"
    CLOSE = "CLOSE", "撤销单位"
    CITY = "CITY", "修改网站名称和标识"
    DISTRICTS = "DISTRICTS", "修改行政区划"


class UnitChangeState(models.TextChoices):
    ASKED = State.ASKED.value, "待批准"
    APPROVED = State.APPROVED.value, "已批准"
    RETURNED = State.RETURNED.value, "已退回"
    # By who asked before anybody decided, or by the other one before it was done.
    WITHDRAWN = "WITHDRAWN", "已撤回"


class UnitChangeQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """The two administrators who keep units and rights."""
        may = user.units_with(Permission.MANAGE_SYSTEM) | user.units_with(Permission.MANAGE_GRANTS)
        return self.all() if may else self.none()

    def to_be_done(self):
        """Approved, and not yet carried out."""
        return self.approved().filter(done_at__isnull=True)

    def on_their_way(self):
        """Asked for, or approved and not yet carried out."""
        return self.filter(Q(state=UnitChangeState.ASKED) | Q(state=UnitChangeState.APPROVED, done_at__isnull=True))

    def due(self, day):
        """Approved, not yet carried out, and their day has come."""
        return self.to_be_done().filter(effective_from__lte=day).order_by("effective_from", "pk")


class UnitChange(Decision):
    """What becomes of a unit, or of the names of the site, from a day on. `values` is what was asked for; `before` what
    stood there when it was carried out, or why it waits or was taken back."""

    later: ClassVar[tuple[str, ...]] = ("done_at", "before", "unit_id")

    state = models.CharField("状态", max_length=9, choices=UnitChangeState, default=UnitChangeState.ASKED)
    kind = models.CharField("事项", max_length=9, choices=ChangeKind)
    unit = models.ForeignKey(
        "accounts.Unit", models.PROTECT, null=True, related_name="changes", verbose_name="单位"
    )  # of a unit that begins: written once it is there
    values = models.JSONField("内容")
    before = models.JSONField("原来的内容", default=dict)
    effective_from = models.DateField("生效日期")
    document = models.CharField("依据文件", max_length=200)
    done_at = models.DateTimeField("办理时间", null=True)

    objects = UnitChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位和名称的修改"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another("提出和批准不能是同一个人，由授权管理员批准。", opinion="退回要写明意见。"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(state="APPROVED"),
                name="only_an_approved_change_of_units_is_done",
                violation_error_message="没有批准的修改不能办理。",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state="ASKED"),
                name="one_change_of_a_unit_waits",
                violation_error_message="这个单位已有一项修改等批准。",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}：{self.about}"

    @property
    def about(self) -> str:
        """What it concerns: the unit, the one to come, or the site."""
        if self.unit:
            return self.unit.short_name
        return self.values.get("short_name") or "网站"

    def get_absolute_url(self):
        return reverse("accounts:unit-change", args=[self.pk])
