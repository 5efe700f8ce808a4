"""What an off-site check looked at: one row for each look, written once (七(三)-b, domain.md 7.5, docs/decisions/0094)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inspections.approvals.models import CheckApproval
from inspections.checks.models import CheckAnswer, Inspection, OffsiteMeans
from inspections.evidence.models import Evidence

# The methods of domain.md 7.5; a record of before they were told apart keeps its word.
METHODS = tuple(means for means in OffsiteMeans if means != OffsiteMeans.REMOTE)


class LookResult(models.TextChoices):
    NOTHING = "NOTHING", "未发现"
    CLUE = "CLUE", "发现线索"


class LookQuerySet(models.QuerySet):
    def standing(self):
        """Without those that a later one has corrected: these count no longer, and stay."""
        return self.filter(corrected_by__isnull=True)

    def with_clue(self):
        return self.standing().filter(result=LookResult.CLUE)

    def whole(self):
        return self.select_related("by", "approval", "instead_of", "corrected_by").prefetch_related(
            "files__evidence__file", "files__evidence__looks__look", "points__point"
        )


class OffsiteLook(models.Model):
    """One look at one source for one period: how, at what, what was seen, and whether it gave a clue.

    Nothing in it changes; who entered it wrongly enters it again `instead_of` that one.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="looks", verbose_name="检查")
    number = models.PositiveSmallIntegerField("序号")
    method = models.CharField("方式", max_length=6, choices=[(m.value, m.label) for m in METHODS])
    source = models.CharField("来源系统", max_length=100)
    period_from = models.DateField("数据时段起")
    period_to = models.DateField("数据时段止")
    result = models.CharField("结论", max_length=7, choices=LookResult)
    clue = models.CharField("线索", max_length=500, blank=True)
    asks_enterprise = models.BooleanField("企业配合", default=False)
    approval = models.ForeignKey(
        CheckApproval, models.PROTECT, null=True, related_name="+", verbose_name="企业配合的审批"
    )
    instead_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", verbose_name="更正的一次"
    )
    instead_why = models.CharField("更正的原因", max_length=300, blank=True)  # what was corrected before 0119 has none
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁看的")
    at = models.DateTimeField("登记时间")

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "非现场查看"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "number"],
                name="a_look_has_a_number_of_its_own",
                violation_error_message="同时登记了另一次查看。重新打开页面再登记。",
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")),
                name="a_look_ends_after_it_begins",
                violation_error_message="数据时段的止日早于起日。核对时段。",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="a_look_names_its_source",
                violation_error_message="填写来源系统。",
            ),
            models.CheckConstraint(
                condition=Q(result="NOTHING", clue="") | Q(result="CLUE") & ~Q(clue=""),
                name="a_clue_is_described",
                violation_error_message="发现线索的写明线索，未发现的不写。",
            ),
            models.CheckConstraint(
                condition=Q(instead_why="") | Q(instead_of__isnull=False),
                name="only_a_correction_gives_a_reason_for_it",
                violation_error_message="不是更正的，不写更正的原因。",
            ),
            models.CheckConstraint(
                condition=Q(asks_enterprise=False, approval__isnull=True)
                | Q(asks_enterprise=True, approval__isnull=False, method="CALL"),
                name="an_enterprise_helps_only_where_it_was_approved",
                violation_error_message="视频连线要企业配合的，先经批准。",
            ),
        ]

    def __str__(self):
        return f"第 {self.number} 次 {self.get_method_display()}"


class LookFile(models.Model):
    """What was looked at, as evidence of the check under its SHA-256."""

    look = models.ForeignKey(OffsiteLook, models.PROTECT, related_name="files")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="looks", verbose_name="材料")

    @property
    def also_in(self) -> list[int]:
        """Numbers of the other looks of the check that rest on the same bytes: two methods seldom show one picture."""
        return sorted(f.look.number for f in self.evidence.looks.all() if f.look_id != self.look_id)

    class Meta:
        verbose_name = verbose_name_plural = "非现场查看的材料"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["look", "evidence"],
                name="a_file_is_once_in_a_look",
                violation_error_message="同一份材料在一次查看里只附一次。",
            ),
        ]


class LookPoint(models.Model):
    """What the look showed of one check point."""

    look = models.ForeignKey(OffsiteLook, models.PROTECT, related_name="points")
    point = models.ForeignKey(CheckAnswer, models.PROTECT, related_name="looks", verbose_name="检查点")
    words = models.CharField("看到了什么", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "非现场查看看到的情况"
        ordering = ["point__item_code", "point__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["look", "point"],
                name="a_point_is_once_in_a_look",
                violation_error_message="同一个检查点在一次查看里只写一次。",
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="a_look_says_what_was_seen",
                violation_error_message="写明看到了什么。",
            ),
        ]
