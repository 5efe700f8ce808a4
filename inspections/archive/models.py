"""案卷: the bound volumes of a check, what was taken in for them, and what two people decided about them (七(七)-i…-r)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents.bound import Bound, BoundPaper, BoundQuerySet
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, decided_by_another
from inspections.checks.models import Inspection, InspectionStatus


class VolumeQuerySet(BoundQuerySet):
    def visible_to(self, user):
        return self.filter(inspection__in=of_archive(user))


def of_archive(user):
    """Checks whose files a reader knows: of settled results only, the archivist is outside the circle (decisions.md 3).

    What is kept from the public, and withdrawn words, only the unit's own archivist and leader read; a file once bound
    stays theirs, also while a result whose ground is gone waits to be published.
    """
    keeps = user.units_with(P.KEEP_ARCHIVE) | user.units_with(P.REVIEW_RESULTS)
    bound = Exists(Volume.objects.filter(inspection=OuterRef("pk"), file__isnull=False))
    mine = Q(unit__in=keeps) & (Q(pk__in=Inspection.objects.settled().values("pk")) | bound)
    public = Q(unit__in=user.units_with(P.SEE_ARCHIVE), status=InspectionStatus.PUBLISHED, withdrawn_at=None)
    return Inspection.objects.filter(mine | public)


class Volume(Bound):
    """案卷 of one check."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="volumes", verbose_name="检查")
    kept_longer = models.PositiveSmallIntegerField("延长保管（年）", default=0)
    destroyed_at = models.DateTimeField("销毁时间", null=True)

    objects = VolumeQuerySet.as_manager()

    class Meta(Bound.Meta):
        verbose_name = verbose_name_plural = "案卷"
        ordering = ["inspection", "part"]
        constraints = [
            *Bound.Meta.constraints,
            models.UniqueConstraint(
                fields=["inspection", "part"],
                name="a_volume_is_bound_once",
                violation_error_message="这一卷已经在成册。",
            ),
        ]


class VolumePaper(BoundPaper):
    volume = models.ForeignKey(Volume, models.PROTECT, related_name="papers", verbose_name="案卷")

    class Meta(BoundPaper.Meta):
        verbose_name = verbose_name_plural = "卷内文件"


class Taken(models.TextChoices):
    """What comes from outside and has no room of its own."""

    MONITORING = "MONITORING", "监测报告"
    PROOF = "PROOF", "书证"
    GROUND = "GROUND", "不公开的批准文件"  # by whose number a result was withheld (二-b)
    OTHER = "OTHER", "其他材料"


class Enclosure(models.Model):
    """收入的文书: a monitoring report, written proof, something else that belongs to the check (七(七)-l, -m)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="enclosures", verbose_name="检查")
    kind = models.CharField("种类", max_length=10, choices=Taken)
    title = models.CharField("题名", max_length=100)
    number = models.CharField("文号", max_length=60, blank=True)
    author = models.CharField("出具单位", max_length=80)
    dated = models.DateField("日期")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+", verbose_name="文件")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="收入人")
    at = models.DateTimeField("收入时间")

    class Meta:
        verbose_name = verbose_name_plural = "收入案卷的文书"
        ordering = ["dated", "pk"]

    def __str__(self):
        return self.title


class Wish(models.TextChoices):
    WITHOUT = "WITHOUT", "没有这份文书"
    DESTROY = "DESTROY", "期满销毁"
    KEEP = "KEEP", "期满以后继续保管"


class ArchiveRequestQuerySet(DecisionQuerySet):
    def visible_to(self, user):
        return self.filter(inspection__in=of_archive(user))


class ArchiveRequest(Decision):
    """What two people decide about a file: that a paper is lacking for good, or what becomes of it when its term is over."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="archive_requests", verbose_name="检查")
    wish = models.CharField("申请", max_length=7, choices=Wish)
    paper = models.CharField("文书", max_length=40, blank=True)  # the name of a `Filed`
    years = models.PositiveSmallIntegerField("再保管几年", null=True, blank=True)
    reason = models.CharField("理由", max_length=200)

    objects = ArchiveRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "案卷的申请"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *decided_by_another("提出的人不能批准自己的申请，由分管负责人批准。", opinion="不批准的，写明意见。"),
            models.UniqueConstraint(
                fields=["inspection"],
                condition=Q(state="ASKED"),
                name="one_pending_request_of_a_file",
                violation_error_message="这一卷已有一份申请等批准。",
            ),
            models.CheckConstraint(
                condition=Q(wish="WITHOUT", years__isnull=True) & ~Q(paper="")
                | Q(wish="KEEP", years__gt=0, paper="")
                | Q(wish="DESTROY", years__isnull=True, paper=""),
                name="a_request_of_a_file_says_what_it_is_about",
                violation_error_message="写明是哪一份文书，或者再保管几年。",
            ),
        ]

    def __str__(self):
        return f"{self.inspection} {self.get_wish_display()}"
