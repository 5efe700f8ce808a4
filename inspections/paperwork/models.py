from django.db import models
from django.db.models import Q


class PaperKind(models.TextChoices):
    """The papers of a check and of its draw (domain.md 3.1)."""

    APPROVAL = "APPROVAL", "行政执法检查审批表"
    NOTICE = "NOTICE", "行政检查通知书"
    RECORD = "RECORD", "现场检查（勘察）笔录"
    CHECKLIST = "CHECKLIST", "清单式检查表"
    FORM = "FORM", "行政执法检查登记表"
    REPORT = "REPORT", "生态环境局涉企行政执法检查结果报告"
    RESULT = "RESULT", "检查结果告知书"
    RECEIPT = "RECEIPT", "送达回证"
    CHANGE = "EXCHANGE", "抽取名单更换审批表"
    RECUSAL = "RECUSAL", "回避申请和决定书"
    SWAP = "RELIEF", "检查人员更换审批表"
    ORDER = "ORDER", "责令改正通知书"
    EXTENSION = "EXTENSION", "整改延期审批表"
    CLOSING = "CLOSING", "整改办结审批表"
    FILING = "FILING", "立案审批表"
    REFERRAL = "REFERRAL", "案件线索移送函"
    CRIME = "CRIME", "涉嫌犯罪案件移送书"


# Made in the rooms of what followed, by numbers of their own.
OF_FOLLOWUPS = (
    PaperKind.ORDER,
    PaperKind.EXTENSION,
    PaperKind.CLOSING,
    PaperKind.FILING,
    PaperKind.REFERRAL,
    PaperKind.CRIME,
)
OF_A_CHECK = tuple(
    kind for kind in PaperKind if kind not in (PaperKind.CHANGE, PaperKind.RECUSAL, PaperKind.SWAP, *OF_FOLLOWUPS)
)


class PaperLayout(models.Model):
    """How a bureau wants a paper from a day on: title, number, fixed sentences, names and order of fields, who signs.

    Rows are added, never changed: a paper of an earlier check stays as it was.
    """

    kind = models.CharField("文书", max_length=9, choices=PaperKind)
    layout = models.JSONField("版式")  # see `layouts.Layout`
    document = models.CharField("依据文件", max_length=200)
    valid_from = models.DateField("起始日")
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "文书版式"
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(document=""),
                name="a_paper_layout_names_its_document",
                violation_error_message="写明版式的依据文件。",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.valid_from}"


class PaperScan(models.Model):
    """A paper that was printed, signed and scanned: which one it is, and which of its pages are there (四(3)-b).

    `pages`: the numbers of the pages as they lay in the scanner, 0 for one whose code could not be read; none where the
    officer said which paper it is. `changed`: the paper says something else today than when it was printed.
    """

    inspection = models.ForeignKey(
        "inspections.Inspection", models.PROTECT, related_name="paper_scans", verbose_name="检查"
    )
    paper = models.CharField("文书", max_length=9, choices=PaperKind)
    evidence = models.OneToOneField(
        "inspections.Evidence", models.PROTECT, related_name="paper_scan", verbose_name="扫描件"
    )
    pages = models.JSONField("扫描次序", default=list, blank=True)
    of_pages = models.PositiveSmallIntegerField("文书的页数", default=0)
    changed = models.BooleanField("印出以后改过", default=False)
    heap = models.CharField("整摞扫描件的指纹", max_length=64, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "签名后扫描的文书"
        ordering = ["paper", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "paper", "heap"],
                condition=~Q(heap=""),
                name="a_heap_gives_a_paper_once",
                violation_error_message="这一摞里的这份文书已经收过。",
            ),
        ]

    def __str__(self):
        return f"{self.inspection} {self.get_paper_display()}"

    @property
    def missing(self) -> list[int]:
        """Pages of the paper that are not in this scan."""
        return [n for n in range(1, self.of_pages + 1) if n not in self.pages]
