from django.db import models
from django.db.models import Q


class PaperKind(models.TextChoices):
    """The papers that this room makes; 审批表, 通知书 and 登记表 stand in rooms of their own (domain.md 3.1)."""

    RECORD = "RECORD", "现场检查（勘察）笔录"
    CHECKLIST = "CHECKLIST", "清单式检查表"
    REPORT = "REPORT", "生态环境局涉企行政执法检查结果报告"
    RESULT = "RESULT", "检查结果告知书"
    RECEIPT = "RECEIPT", "送达回证"


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
