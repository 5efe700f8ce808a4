"""What is bound: a volume with its number and its place, and the lines of its 卷内目录 (七(七)-h, -p, -r). Knows no business."""

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.database.locks import LockingQuerySet

from .models import JobState


class BoundQuerySet(LockingQuerySet):
    def bound(self):
        return self.filter(file__isnull=False)


class Bound(models.Model):
    """One bound PDF: the volume itself, part 0, or a supplement for papers that came later. Once bound its pages are fixed.

    The row is there from the moment somebody asks for it, so that its number is given once; `file` when it is done.
    """

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

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=True, bound_at__isnull=True) | Q(file__isnull=False, bound_at__isnull=False),
                name="%(class)s_bound_has_its_file_and_its_time",
                violation_error_message="成册的卷要有合订本和成册时间。",
            ),
            models.CheckConstraint(
                condition=Q(part=0) | ~Q(reason=""),
                name="%(class)s_supplement_says_why",
                violation_error_message="补充卷写明理由。",
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def why_running(self) -> str:
        """It is asked for once; after a job that failed, again under the same number."""
        if not self.file_id and self.job and self.job.state != JobState.FAILED:
            return f"正在成册，档号 {self.no}。可以离开这一页，做好以后再来看。"
        return ""

    def supplement(self, part: int, **fields) -> "Bound":
        """The part behind this volume, not yet asked for."""
        return type(self)(part=part, no=f"{self.no}-补{part}", **fields)

    def put(self, box: str, shelf: str) -> None:
        self.box, self.shelf = box.strip(), shelf.strip()
        self.save(update_fields=["box", "shelf"])


class BoundPaper(models.Model):
    """One line of 卷内目录. `digest`: of the paper as made, or of what it was taken from; `file` only of what was made."""

    key = models.CharField("文书", max_length=60)
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
        abstract = True
        ordering = ["volume", "n"]
        constraints = [
            models.UniqueConstraint(
                fields=["volume", "key"],
                name="%(class)s_is_once_in_a_volume",
                violation_error_message="这份文书已在卷内。",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def span(self) -> str:
        last = self.first_page + self.pages - 1
        return f"{self.first_page}—{last}" if self.pages > 1 else f"{self.first_page}"
