"""针对性检查: the checks that 三 sets apart from the draw, and those of special facilities (七(一)3)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.locks import LockingQuerySet
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, State, decided_by_another
from inspections.campaigns.models import Campaign
from inspections.checks.models import InspectionStatus, Source
from inspections.onsite.models import OnsiteReason
from plans.models import Mode

# What a source must name (三-b … 三-m); the database and the forms read the same table.
REFERENCES: dict[str, tuple[str, ...]] = {
    Source.COMPLAINT: ("complaint", "reference_no"),  # of the register, and its number there
    Source.MEDIA: ("reference_link", "reference_on"),
    Source.ASSIGNED: ("reference_no",),
    Source.REFERRED_IN: ("reference_body", "reference_no"),
    Source.APPROVAL_RELATED: ("reference_no",),
    Source.REVIEW: (),  # the earlier check, or the number of the case: see the constraint
    Source.EMERGENCY: ("reference_no",),
    Source.NUCLEAR_SAFETY: ("reference_no",),
    Source.CAMPAIGN: ("campaign",),
    Source.JOINT: ("reference_body",),
    Source.DATA_CLUE: ("reference_body", "reference_text", "reference_at"),
    Source.OTHER_TARGETED: ("kind", "reference_text"),
    Source.SPECIAL_FACILITY: (),
}


_NOT_TEXT = ("reference_on", "reference_at", "campaign", "complaint", "kind", "original")


def _there(name: str) -> Q:
    return Q(**{f"{name}__isnull": False}) if name in _NOT_TEXT else ~Q(**{name: ""})


def referenced() -> Q:
    """Each source with what it must name; no other source exists here, so none comes from the draw (三-n)."""
    wanted = Q(source=Source.REVIEW) & (_there("original") | _there("reference_no"))
    for source, names in REFERENCES.items():
        if source != Source.REVIEW:
            part = Q(source=source)
            for name in names:
                part &= _there(name)
            wanted |= part
    return wanted


class CapExemption(models.TextChoices):
    """Why a visit does not count toward the yearly cap: a closed list, each with a document (domain.md 1.4)."""

    COMPLAINT = "COMPLAINT", "投诉举报、信访"
    TRANSFERRED = "TRANSFERRED", "移送、转办、交办"
    MONITORING = "MONITORING", "监测数据线索"
    OFFSITE_FINDING = "OFFSITE_FINDING", "非现场检查发现、需现场核实"
    RAISED_FREQUENCY = "RAISED_FREQUENCY", "信用等级低、提高频次"
    AT_REQUEST = "AT_REQUEST", "企业申请"
    URGENT = "URGENT", "其他依法的紧急情形"
    SUPERIOR_CAMPAIGN = "SUPERIOR_CAMPAIGN", "上级部署的专项检查"
    RECHECK = "RECHECK", "环境执法复核"  # 整改 looked at again (domain.md 7.6, docs/decisions/0036)


class TargetedState(models.TextChoices):
    ASKED = State.ASKED.value, "待批准"
    APPROVED = State.APPROVED.value, "已批准"
    RETURNED = State.RETURNED.value, "未批准"
    CLOSED = "CLOSED", "已终止"


class TargetedKind(models.Model):
    """一种其他针对性检查: the list behind `OTHER_TARGETED`, lengthened by the lead office (三-m)."""

    code = models.CharField("编号", max_length=8, unique=True)
    label = models.CharField("名称", max_length=40)
    basis = models.CharField("依据", max_length=200)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")
    retired_on = models.DateField("停用日期", null=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "其他针对性检查的种类"
        ordering = ["code"]

    def __str__(self):
        return self.label


class TargetedCheckQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        """Who raises, approves or supervises checks of the unit. The visit itself is shown by `Inspection.visible_to`.

        The lead office raises those of the city team alone: of a branch's it reads what everybody may read (decision 0112).
        """
        raising = user.units_with(Permission.RAISE_CHECK)
        circle = (
            (raising & user.units_with(Permission.DISPATCH))
            | user.units_with(Permission.APPROVE_CHECK)
            | user.units_with(Permission.SEE_SEALED)
        )
        of_the_city = Q(unit__in=raising, unit__kind=UnitKind.CITY_TEAM)
        public = Q(unit__in=raising, inspection__status=InspectionStatus.PUBLISHED)
        return self.filter(Q(unit__in=circle) | of_the_city | public)

    def standing(self):
        """Asked for or approved, and neither refused nor over."""
        return self.filter(state__in=[TargetedState.ASKED, TargetedState.APPROVED])


class TargetedCheck(Decision):
    """针对性检查: who asks for a check of one facility, from which source, with which reference, and who approved it.

    Approved it becomes an `Inspection`; one that joined another visit (综合查一次) points at that one and keeps its own
    reference.
    """

    later = ("inspection", "merged_by", "merged_at")

    no = models.CharField("编号", max_length=32, unique=True)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="targeted_checks", verbose_name="发起单位")
    facility = models.ForeignKey(
        "registry.Facility", models.PROTECT, related_name="targeted_checks", verbose_name="检查对象"
    )
    source = models.CharField("来源", max_length=18, choices=[c for c in Source.choices if c[0] != Source.DRAW])
    mode = models.CharField("检查方式", max_length=8, choices=Mode)
    reason = models.CharField("检查事由", max_length=300)
    # Why on the spot, where everything could be checked from outside (N-5).
    onsite_reason = models.CharField("进现场的原因", max_length=9, choices=OnsiteReason, blank=True)
    onsite_reference = models.CharField(
        "进现场的编号", max_length=60, blank=True
    )  # what was asked before 0118 has none
    onsite_words = models.CharField("进现场的情况", max_length=200, blank=True)
    reference_no = models.CharField("编号或文号", max_length=80, blank=True)
    reference_body = models.CharField("部门或来源", max_length=120, blank=True)
    reference_link = models.CharField("链接或版面", max_length=300, blank=True)
    reference_on = models.DateField("日期", null=True, blank=True)
    reference_at = models.DateTimeField("时间", null=True, blank=True)
    reference_text = models.CharField("说明", max_length=500, blank=True)
    complaint = models.ForeignKey(
        "registry.Complaint", models.PROTECT, null=True, blank=True, related_name="checks", verbose_name="投诉"
    )
    original = models.ForeignKey(
        "inspections.Inspection", models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="checks")
    kind = models.ForeignKey(TargetedKind, models.PROTECT, null=True, blank=True, related_name="checks")
    items = models.ManyToManyField(
        "plans.InspectionItem", through="TargetedItem", related_name="+", verbose_name="检查事项"
    )
    finish_by = models.DateField("完成不晚于")
    cap_exemption = models.CharField("不计入上限的情形", max_length=18, choices=CapExemption, blank=True)
    exemption_document = models.CharField("情形的文号", max_length=100, blank=True)
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField("状态", max_length=9, choices=TargetedState, default=TargetedState.ASKED)
    document_no = models.CharField("批准文号", max_length=60, blank=True)
    inspection = models.ForeignKey("inspections.Inspection", models.PROTECT, null=True, related_name="targeted")
    merged_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="合并人")
    merged_at = models.DateTimeField("合并时间", null=True)

    objects = TargetedCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "针对性检查"
        ordering = ["-asked_at", "-no"]
        constraints = [
            models.CheckConstraint(
                condition=referenced(),
                name="a_targeted_check_names_what_its_source_rests_on",
                violation_error_message="这种来源要写明编号、文号或依据。补齐之后再提交。",
            ),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(state__in=["ASKED", "APPROVED"]),
                name="one_check_of_a_complaint",
                violation_error_message="这件投诉已经有一次检查。再查用“执法复核”。",
            ),
            *decided_by_another(
                "发起检查的人不能自己批准，由分管负责人批准。", named="批准或不批准要写明由谁、在什么时候办的。"
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | ~Q(document_no="") & Q(inspection__isnull=False),
                name="an_approved_targeted_check_has_a_document_and_a_visit",
                violation_error_message="批准针对性检查要填写批准文号。",
            ),
            models.CheckConstraint(
                condition=Q(inspection__isnull=True) | Q(state__in=["APPROVED", "CLOSED"]) | Q(source="EMERGENCY"),
                name="only_an_emergency_begins_before_its_approval",
                violation_error_message="先由分管负责人批准，再检查。只有突发环境事件可以补办批准。",
            ),
            models.CheckConstraint(
                condition=Q(onsite_reason="", onsite_reference="", onsite_words="")
                | Q(onsite_reason__in=OnsiteReason.values, mode="ONSITE")
                & (~Q(onsite_reason="OTHER") | ~Q(onsite_words="")),
                name="going_there_gives_a_listed_reason_or_other_in_words",
                violation_error_message="进现场的原因从列表里选；选“其他”的，写明情况。",
            ),
            models.CheckConstraint(
                condition=Q(cap_exemption="", exemption_document="")
                | (~Q(cap_exemption="") & ~Q(exemption_document="")),
                name="an_exemption_from_the_cap_has_a_document",
                violation_error_message="不计入上限的情形要同时写明文号。",
            ),
            models.CheckConstraint(
                condition=Q(merged_at__isnull=True, merged_by__isnull=True)
                | Q(merged_at__isnull=False, merged_by__isnull=False, inspection__isnull=False),
                name="a_merged_targeted_check_names_who_merged",
                violation_error_message="合并要写明由谁、在什么时候办的。",
            ),
        ]
        indexes = [models.Index(fields=["unit", "year", "source"], name="targeted_unit_source")]

    def __str__(self):
        return self.no

    def get_absolute_url(self):
        return reverse("inspections:targeted-detail", args=[self.no])

    @property
    def onsite_why(self) -> str:
        """Why it goes to the place, in words; "" where nobody had to say it."""
        paper = f"（{self.onsite_reference}）" if self.onsite_reference else ""
        return "：".join(filter(None, [self.get_onsite_reason_display() + paper, self.onsite_words]))

    @property
    def is_late(self) -> bool:
        """Approved after the team was sent (N-6)."""
        return bool(self.source == Source.EMERGENCY and self.decided_at)


class TargetedItem(models.Model):
    """One item of a request; it keeps the item from being taken off its list."""

    targetedcheck = models.ForeignKey(TargetedCheck, models.PROTECT, related_name="+")
    inspectionitem = models.ForeignKey("plans.InspectionItem", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "检查事项"
        db_table = "inspections_targetedcheck_items"
        unique_together = [("targetedcheck", "inspectionitem")]


class TargetedMember(models.Model):
    """One person whom the request names for the team (七(五)-a)."""

    targeted = models.ForeignKey(TargetedCheck, models.PROTECT, related_name="members")
    inspector = models.ForeignKey("registry.Inspector", models.PROTECT, related_name="+", verbose_name="检查人员")
    is_leader = models.BooleanField("组长")

    class Meta:
        verbose_name = verbose_name_plural = "拟派人员"
        ordering = ["-is_leader", "inspector__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["targeted", "inspector"],
                name="a_person_is_once_in_a_targeted_check",
                violation_error_message="同一人在检查小组里只写一次。",
            ),
        ]
