"""案卷: the bound volumes of a check, what was taken in for them, and what two people decided about them (七(七)-i…-r)."""

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.database.locks import LockingQuerySet
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, decided_by_another
from inspections.checks.models import Inspection, InspectionStatus


class VolumeQuerySet(LockingQuerySet):
    def bound(self):
        return self.filter(file__isnull=False)

    def visible_to(self, user):
        return self.filter(inspection__in=of_archive(user))


def of_archive(user):
    """Checks whose files a reader knows: of public results only, the archivist is outside the circle (decisions.md 3).

    Withdrawn words leave the public pages, not the file: it is kept ten years, the words are public for three.
    """
    keeps = user.units_with(P.KEEP_ARCHIVE) | user.units_with(P.REVIEW_RESULTS)
    mine = Q(unit__in=keeps) | Q(unit__in=user.units_with(P.SEE_ARCHIVE), withdrawn_at=None)
    return Inspection.objects.filter(mine, status=InspectionStatus.PUBLISHED)


class Volume(models.Model):
    """One bound PDF: the file itself, part 0, or a supplement for papers that came later. Once bound its pages are fixed.

    The row is there from the moment somebody asks for it, so that its number is given once; `file` when it is done.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="volumes", verbose_name="检查")
    part = models.PositiveSmallIntegerField("补充卷", default=0)
    no = models.CharField("档号", max_length=40, unique=True)
    reason = models.CharField("为什么补充", max_length=200, blank=True)
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="立卷人")
    asked_at = models.DateTimeField("提交时间")
    job = models.ForeignKey("documents.Job", models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="合订本")
    pages = models.PositiveIntegerField("页数", default=0)
    bound_at = models.DateTimeField("成册时间", null=True)
    box = models.CharField("盒号", max_length=40, blank=True)
    shelf = models.CharField("架位", max_length=60, blank=True)
    kept_longer = models.PositiveSmallIntegerField("延长保管（年）", default=0)
    destroyed_at = models.DateTimeField("销毁时间", null=True)

    objects = VolumeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "案卷"
        ordering = ["inspection", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "part"],
                name="a_volume_is_bound_once",
                violation_error_message="这一卷已经在成册。",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=True, bound_at__isnull=True) | Q(file__isnull=False, bound_at__isnull=False),
                name="a_bound_volume_has_its_file_and_its_time",
                violation_error_message="成册的案卷要有合订本和成册时间。",
            ),
            models.CheckConstraint(
                condition=Q(part=0) | ~Q(reason=""),
                name="a_supplement_says_why",
                violation_error_message="补充卷写明理由。",
            ),
        ]

    def __str__(self):
        return self.no


class VolumePaper(models.Model):
    """One line of 卷内目录. `digest`: of the paper as made, or of what it was taken from; `file` only of what was made."""

    volume = models.ForeignKey(Volume, models.PROTECT, related_name="papers", verbose_name="案卷")
    key = models.CharField("文书", max_length=40)
    n = models.PositiveSmallIntegerField("顺序号")
    title = models.CharField("题名", max_length=200)
    number = models.CharField("文号", max_length=100, blank=True)
    author = models.CharField("责任者", max_length=80, blank=True)
    dated = models.DateField("日期")
    digest = models.CharField("指纹", max_length=64)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, related_name="+")
    first_page = models.PositiveIntegerField("页号", default=0)
    pages = models.PositiveIntegerField("页数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "卷内文件"
        ordering = ["volume", "n"]
        constraints = [
            models.UniqueConstraint(
                fields=["volume", "key"],
                name="a_paper_is_once_in_a_volume",
                violation_error_message="这份文书已在卷内。",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def span(self) -> str:
        last = self.first_page + self.pages - 1
        return f"{self.first_page}—{last}" if self.pages > 1 else f"{self.first_page}"


class Taken(models.TextChoices):
    """What comes from outside and has no room of its own."""

    MONITORING = "MONITORING", "监测报告"
    PROOF = "PROOF", "书证"
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
