"""检查: one check of one facility by one team (七(五))."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.locks import LockingQuerySet
from plans.models import DrawStatus, Mode
from registry.models import Category

from . import visit_codes
from .means_models import OffsiteMeans


class Source(models.TextChoices):
    """Where a check comes from: the draw, the eleven of 三, and 七(一)3."""

    DRAW = "DRAW", "随机抽取"
    COMPLAINT = "COMPLAINT", "投诉举报"
    MEDIA = "MEDIA", "媒体曝光"
    ASSIGNED = "ASSIGNED", "上级转办交办"
    REFERRED_IN = "REFERRED_IN", "其他部门移送"
    APPROVAL_RELATED = "APPROVAL_RELATED", "审批检查"
    REVIEW = "REVIEW", "执法复核"
    EMERGENCY = "EMERGENCY", "突发环境事件"
    NUCLEAR_SAFETY = "NUCLEAR_SAFETY", "核安全检查"
    CAMPAIGN = "CAMPAIGN", "专项检查"
    JOINT = "JOINT", "部门联合检查"
    DATA_CLUE = "DATA_CLUE", "数据或监测线索"
    OTHER_TARGETED = "OTHER_TARGETED", "其他针对性检查"
    SPECIAL_FACILITY = "SPECIAL_FACILITY", "特殊监管对象检查"


class InspectionStatus(models.TextChoices):
    DISPATCHED = "DISPATCHED", "待检查"
    STARTED = "STARTED", "检查中"
    FINISHED = "FINISHED", "待审核"
    RETURNED = "RETURNED", "已退回"
    REVIEWED = "REVIEWED", "待公开"
    PUBLISHED = "PUBLISHED", "已公开"
    REPLACED = "REPLACED", "已更换"
    CANCELLED = "CANCELLED", "已取消"


class Outcome(models.TextChoices):
    """检查结果 (domain.md 2.4)."""

    NO_ISSUE = "NO_ISSUE", "未发现问题"
    ON_SITE_FIXED = "ON_SITE_FIXED", "当场改正"
    RECTIFY_ORDERED = "RECTIFY_ORDERED", "责令限期改正"
    CASE_FILED = "CASE_FILED", "立案查处"
    TRANSFERRED = "TRANSFERRED", "移送其他部门"
    TRANSFERRED_CRIMINAL = "TRANSFERRED_CRIMINAL", "移送公安机关"
    NOT_OPERATING = "NOT_OPERATING", "停产未检查"
    UNREACHABLE = "UNREACHABLE", "无法联系"
    REFUSED = "REFUSED", "不配合检查"
    PENDING = "PENDING", "待后续处理"


class Answer(models.TextChoices):
    NONE_FOUND = "NONE_FOUND", "未发现问题"
    FOUND = "FOUND", "发现问题"
    NOT_APPLICABLE = "NOT_APPLICABLE", "不涉及"


def new_visit_code() -> str:
    return visit_codes.by_chance()


def in_team(user) -> Q:
    """Of the team as it now is: whoever was replaced sees the task no longer (decisions.md 3)."""
    return Q(members__inspector__user=user, members__left_at__isnull=True)


class InspectionQuerySet(LockingQuerySet):
    def of_valid_run(self):
        """Of random checks, those of objects that the run which holds has drawn (SSJ1 9.1)."""
        return self.filter(pick__run=models.F("draw__run"))

    def counted_for(self, user):
        """Of random checks, those that are counted for a reader: of the run that holds.

        Outside the circle a published result counts until the release whatever run drew it: the results are public, and
        how many of them stayed in the sealed list would tell who is in it (decisions.md 3, SSJ1 9.1).
        """
        sealed = models.Q(status=InspectionStatus.PUBLISHED, draw__status=DrawStatus.DRAWN)
        outside = ~models.Q(unit__in=user.units_with(Permission.SEE_SEALED))
        return self.filter(models.Q(pick__run=models.F("draw__run")) | (sealed & outside))

    def visible_to(self, user):
        """Whose record a reader opens: once its public words are withdrawn it is its circle's again (八(二)-c)."""
        circle = Q(unit__in=user.units_with(Permission.SEE_SEALED)) | in_team(user)
        return self.known_to(user).filter(circle | Q(withdrawn_at__isnull=True)).distinct()

    def known_to(self, user):
        """That a check was made, for counts: a withdrawn result was public, and counts as that.

        Before its result is public a check is known to its team, its unit's planner and leader, the supervisor, and,
        once reviewed, the officer who publishes it; afterwards to whoever may follow the unit's progress (decisions.md 3).
        """
        return self.filter(
            Q(unit__in=user.units_with(Permission.SEE_SEALED))
            | in_team(user)
            | Q(
                status__in=[InspectionStatus.REVIEWED, InspectionStatus.PUBLISHED],
                unit__in=user.units_with(Permission.PUBLISH),
            )
            | Q(status=InspectionStatus.PUBLISHED, unit__in=user.units_with(Permission.SEE_PROGRESS))
        ).distinct()

    def settled(self):
        """Results that have come to their end: public; or kept back by law, once their list no longer is secret (二-b)."""
        told = Q(draw__isnull=True) | Q(draw__released_at__isnull=False)
        return self.filter(Q(status=InspectionStatus.PUBLISHED) | Q(withheld_at__isnull=False) & told)

    def in_my_team(self, user):
        return self.filter(in_team(user))

    def in_circle_of(self, user):
        """Those whose papers the user may have: the team's, and the planner's, leader's and supervisor's (decisions.md 3)."""
        return self.filter(Q(unit__in=user.units_with(Permission.SEE_SEALED)) | in_team(user)).distinct()


class Inspection(models.Model):
    """检查: what was done at one facility. The public number tells nothing about the draw's order."""

    no = models.CharField("检查编号", max_length=32, unique=True)
    source = models.CharField("来源", max_length=18, choices=Source)
    mode = models.CharField("检查方式", max_length=8, choices=Mode)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="inspections", verbose_name="实施单位")
    executing_unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="检查单位")
    facility = models.ForeignKey(
        "registry.Facility", models.PROTECT, related_name="inspections", verbose_name="检查对象"
    )
    category = models.CharField("抽取时类别", max_length=7, choices=Category)
    draw = models.ForeignKey("plans.Draw", models.PROTECT, null=True, related_name="inspections", verbose_name="抽取")
    pick = models.OneToOneField("plans.Pick", models.PROTECT, null=True, related_name="inspection")
    # The pick of the run that was corrected after this visit had begun; its team went, and its slip was shown (SSJ1 9.1).
    begun_under = models.ForeignKey("plans.Pick", models.PROTECT, null=True, related_name="+", editable=False)
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("季度")
    status = models.CharField("状态", max_length=10, choices=InspectionStatus, default=InspectionStatus.DISPATCHED)
    visit_code = models.CharField(
        "检查码", max_length=visit_codes.LENGTH, unique=True, default=new_visit_code, editable=False
    )
    dispatched_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="派发人")
    dispatched_at = models.DateTimeField("派发时间")
    finish_by = models.DateField("完成不晚于")
    planned_on = models.DateField("计划检查日", null=True)  # suggested so that the team's tasks are spread (七(五)-q)
    planned_from = models.TimeField("计划到场时刻", null=True)
    planned_minutes = models.PositiveSmallIntegerField("计划用时（分钟）", null=True)
    accepted_at = models.DateTimeField("组长接收时间", null=True)
    started_at = models.DateTimeField("到达时间", null=True)
    # Of a check that began off-site and went on at the place (N-14): when they came there.
    entered_at = models.DateTimeField("进入现场时间", null=True)
    identity_shown_at = models.DateTimeField("出示执法证时间", null=True)
    recorder_no = models.CharField("执法记录仪编号", max_length=40, blank=True)
    no_recorder_because = models.CharField("没有记录仪的原因", max_length=200, blank=True)
    contact_person = models.CharField("现场负责人", max_length=40, blank=True)
    ended_at = models.DateTimeField("检查结束时间", null=True)
    outcome = models.CharField("检查结果", max_length=22, choices=Outcome, blank=True)
    finding = models.TextField("发现的问题", blank=True, max_length=2000)
    offsite_means = models.CharField("非现场方式", max_length=6, choices=OffsiteMeans, blank=True)
    offsite_evidence = models.CharField("非现场检查的依据", max_length=300, blank=True)
    measures = models.CharField("现场处理", max_length=400, blank=True)
    rectify_by = models.DateField("整改期限", null=True, blank=True)
    enterprise_opinion = models.CharField("被检查对象意见", max_length=500, blank=True)
    # Of a visit in vain: the day of the attempt before it, and the photo or paper that proves it.
    earlier_attempt_on = models.DateField("上一次上门的日期", null=True, blank=True)
    outcome_file = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="照片或证明材料"
    )
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="记录人")
    uploaded_at = models.DateTimeField("上传时间", null=True)
    reviewed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="审核人")
    reviewed_at = models.DateTimeField("审核时间", null=True)
    opinion = models.CharField("审核意见", max_length=200, blank=True)
    publish_by = models.DateField("公开不晚于", null=True)  # end + 20 working days (八(二))
    published_at = models.DateTimeField("公开时间", null=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True)  # its public words were sealed; it counts as published
    # A law forbids publication, and a leader has said so: neither public nor late (二-b, `withholding`).
    withheld_at = models.DateTimeField("批准不公开时间", null=True)
    replaced_at = models.DateTimeField("更换时间", null=True)  # an amendment took its object off the list (七(二)-f)
    # Joined to another visit, its campaign is over, or no longer drawn after a correction.
    cancelled_at = models.DateTimeField("取消时间", null=True)
    cancelled_because = models.CharField("取消的原因", max_length=200, blank=True)
    policy_version = models.CharField(
        "实施方案版本", max_length=20, editable=False
    )  # in force when it was set up (0-a)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查"
        ordering = ["finish_by", "no"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(policy_version=""),
                name="check_names_the_version_of_the_policy",
                violation_error_message="检查要写明按哪一版实施方案办理。",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("recorded_by")),
                name="result_is_not_reviewed_by_who_recorded_it",
                violation_error_message="检查结果由另一人审核，记录人不能审核自己的记录。",
            ),
            models.CheckConstraint(
                condition=Q(source="DRAW", draw__isnull=False, pick__isnull=False)
                | (~Q(source="DRAW") & Q(draw__isnull=True, pick__isnull=True)),
                name="a_random_check_comes_from_a_pick",
                violation_error_message="随机检查只能从抽取结果派发。",  # 三-n: DAILY only through a draw
            ),
            models.CheckConstraint(
                condition=Q(status__in=["DISPATCHED", "REPLACED", "CANCELLED"]) | Q(started_at__isnull=False),
                name="a_check_that_went_on_was_begun",
                violation_error_message="检查还没有开始。先登记到达。",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(started_at__isnull=False, ended_at__gte=models.F("started_at")),
                name="a_check_does_not_end_before_it_starts",
                violation_error_message="结束时间早于到达时间。核对结束时间。",
            ),
            models.CheckConstraint(
                condition=Q(withheld_at__isnull=True) | Q(status="REVIEWED"),
                name="only_a_reviewed_result_is_withheld",
                violation_error_message="批准不公开的结果是审核过、没有公开的。要公开，先由分管负责人终止不公开。",
            ),
            models.CheckConstraint(
                condition=~Q(mode="OFFSITE")
                | Q(ended_at__isnull=True)
                | ~Q(offsite_means="") & ~Q(offsite_evidence=""),
                name="an_offsite_check_says_what_it_looked_at",
                violation_error_message="非现场检查要写明方式和依据。",
            ),
        ]
        indexes = [models.Index(fields=["unit", "status"], name="inspection_unit_status")]

    def __str__(self):
        return self.no

    def save(self, *args, **kwargs):
        self.policy_version = self.policy_version or policy.on(localtime(self.dispatched_at).date()).version
        super().save(*args, **kwargs)

    def save_anew(self) -> None:
        """Keep a change: whoever has an older page open is asked to look again (reliability.md P15)."""
        self.version += 1
        self.save()

    def get_absolute_url(self):
        return reverse("inspections:task-detail", args=[self.no])

    @property
    def settled_at(self) -> datetime | None:
        """When its result came to its end, see `settled`."""
        if self.withheld_at is None:
            return self.published_at
        if self.draw_id is None:
            return self.withheld_at
        return self.draw.released_at and max(self.withheld_at, self.draw.released_at)

    @property
    def code_groups(self) -> list[str]:
        """The visit's code as people read it: three groups of four."""
        return visit_codes.groups(self.visit_code)

    @property
    def field_url(self) -> str:
        """Its page for the team."""
        return reverse("inspections:field-task", args=[self.no])

    @property
    def slip_pick(self):
        """Whose team goes or went, and whose slip the enterprise sees (SSJ1 14.5).

        None where the draw no longer has the object and nobody had gone: then only another check's reference is left.
        """
        if self.begun_under_id is None and self.is_superseded and self.started_at is None:
            return None
        return self.begun_under or self.pick

    @property
    def is_there(self) -> bool:
        """Whether somebody came to the place: what began off-site and was let in has still to arrive (N-14)."""
        came = self.mode == Mode.ONSITE and self.started_at is not None
        said = self.entered_at or self.recorder_no or self.no_recorder_because
        return came and (bool(said) or not self.looks.exists())

    @property
    def is_to_show(self) -> bool:
        """Whether those who came have still to say who they are: until then nothing of the visit is taken (`why_not_shown`)."""
        return not self.identity_shown_at and self.is_there

    @property
    def there_since(self) -> datetime | None:
        """Since when somebody is at the place; of a check from outside, since when it goes on."""
        return self.entered_at or self.started_at

    @property
    def who_came(self) -> list["VisitMember"]:
        """Of the team, those who were there when the check began: it is they who checked (七(五)-a)."""
        return [member for member in self.members.all() if member.arrived_at]

    @property
    def is_superseded(self) -> bool:
        """A correction gave the draw a list without its object, and the check goes on all the same."""
        return self.pick_id is not None and self.pick.run != self.draw.run

    @property
    def trail_key(self) -> str:
        """The trail names a check by its draw until the result is public, then by its number (decisions.md 3, 6)."""
        return self.draw.draw_id if self.draw_id and self.status != InspectionStatus.PUBLISHED else self.no


class MemberManager(models.Manager):
    """The team as it now is."""

    def get_queryset(self):
        return super().get_queryset().filter(left_at__isnull=True)


class VisitMember(models.Model):
    """One person of the team, with the certificate as it was at dispatch, then at the visit (七(五)-a, -b).

    Whom an amendment takes off the team stays on record with the time (七(二)-g); `inspection.members` are those who go.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="members")
    inspector = models.ForeignKey("registry.Inspector", models.PROTECT, related_name="visits", verbose_name="检查人员")
    is_leader = models.BooleanField("组长")
    certificate_no = models.CharField("执法证号", max_length=24)
    certificate_to = models.DateField("执法证有效期止")
    arrived_at = models.DateTimeField("到场时间", null=True)
    left_at = models.DateTimeField("换下时间", null=True)

    objects = MemberManager()
    ever = models.Manager()

    @classmethod
    def of(cls, inspection: Inspection, inspector, is_leader: bool) -> "VisitMember":
        """With the certificate as the registry has it now; not saved."""
        as_it_is = {name: getattr(inspector, name) for name in ("certificate_no", "certificate_to")}
        return cls(inspection=inspection, inspector=inspector, is_leader=is_leader, **as_it_is)

    class Meta:
        verbose_name = verbose_name_plural = "检查组成员"
        ordering = ["-is_leader", "inspector__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "inspector"],
                condition=Q(left_at__isnull=True),
                name="a_person_is_once_in_a_visit",
                violation_error_message="同一人在检查小组里只写一次。",
            ),
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(is_leader=True, left_at__isnull=True),
                name="a_visit_has_one_leader",
                violation_error_message="检查小组只有一名组长。",
            ),
        ]


class CheckAnswer(models.Model):
    """One check point of one check; the words of the point as they stood at dispatch (七(五)-l)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="answers")
    item_code = models.CharField("事项编号", max_length=8)
    item_name = models.CharField("抽查事项", max_length=80)
    number = models.PositiveSmallIntegerField("序号")
    text = models.CharField("检查要点", max_length=400)  # an item without points is one point with its whole content
    basis = models.CharField("依据", max_length=300, blank=True)
    standard = models.CharField("标准", max_length=300, blank=True)
    method = models.CharField("方法", max_length=100, blank=True)
    known = models.CharField("名录登记的许可信息", max_length=200, blank=True)  # 三-o3
    # None: dispatched before the item was kept, or asked by hand.
    item = models.ForeignKey("plans.InspectionItem", models.PROTECT, null=True, related_name="+")
    answer = models.CharField("结果", max_length=14, choices=Answer, blank=True)
    words = models.CharField("问题记录", max_length=2000, blank=True)  # there when the result is written
    found_under = models.CharField("问题的依据", max_length=300, blank=True)  # chosen of what the item rests on
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查记录"
        ordering = ["item_code", "number"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "item_code", "number"], name="one_answer_per_point"),
            models.CheckConstraint(
                condition=Q(answer="FOUND") | Q(words="", found_under=""),
                name="only_a_problem_found_is_described",
                violation_error_message="写了问题，结果却不是“发现问题”。",
            ),
        ]
