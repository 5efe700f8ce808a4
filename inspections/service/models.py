"""送达: that a paper of a check reached the enterprise, or that it was refused (七(五)-j, -k; N-7, N-10)."""

from datetime import date

from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from inspections.checks.models import Inspection


class Paper(models.TextChoices):
    NOTICE = "NOTICE", "检查通知书"
    RESULT = "RESULT", "检查结果告知"


class Delivery(models.Model):
    """One serving of one paper. What was refused first may be taken afterwards; the later one stands.

    A result that was changed after it was told is another one, and is told anew.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="deliveries", verbose_name="检查")
    paper = models.CharField("文书", max_length=6, choices=Paper)
    at = models.DateTimeField("送达时间")
    accepted = models.BooleanField("签收")
    refused_because = models.CharField("拒收的原因", max_length=200, blank=True)
    witness = models.CharField("见证人", max_length=80, blank=True)  # or that there was none and what recorded it
    covers = models.CharField("所告知结果的指纹", max_length=64, blank=True)  # of a result; see `rules.as_it_stands`
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="送达人")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = verbose_name_plural = "送达"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "paper", "accepted", "covers"],
                name="a_paper_is_taken_once_and_refused_once",
                violation_error_message="这份文书的送达已经记过。",
            ),
            models.CheckConstraint(
                condition=Q(accepted=True, refused_because="")
                | (Q(accepted=False) & ~Q(refused_because="") & ~Q(witness="")),
                name="a_refusal_has_its_reason_and_its_witness",
                violation_error_message="拒收要写明原因和见证人。",
            ),
        ]

    def __str__(self):
        return f"{self.get_paper_display()} {'已送达' if self.accepted else '拒收'}"


class Body(models.TextChoices):
    """In whose name and under whose seal a branch's check is made."""

    TEAM = "TEAM", "市执法队"
    BRANCH = "BRANCH", "派发检查的分局"
    BUREAU = "BUREAU", "市生态环境局"


class PaperBody(models.Model):
    """行政主体 of the checks of branches from a day on, by a document; rows are added, never changed (五-2a, N-1)."""

    body = models.CharField("行政主体和印章", max_length=6, choices=Body)
    document = models.CharField("依据文件", max_length=100)
    valid_from = models.DateField("起始日")
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "文书的行政主体"
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(document=""),
                name="a_body_of_papers_names_its_document",
                violation_error_message="写明依据文件。",
            ),
        ]


class NumberWordQuerySet(models.QuerySet):
    def word_of(self, unit: Unit, day: date) -> str:
        """As the lead office has entered it; until then the city's word, with the unit in it where it is a branch."""
        standing = self.filter(unit=unit, valid_from__lte=day).first()
        if standing:
            return standing.word
        mark = this_city().mark_in(day.year)
        if unit.kind == UnitKind.CITY_TEAM:
            return f"{mark}检通字"
        return f"{mark}（{unit.on(day).short_name.removesuffix('分局')}）检通字"


class NumberWord(models.Model):
    """字 of a unit's notices from a day on, by a document: 本环检通字. Rows are added, never changed."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    word = models.CharField("发文字号的字", max_length=20)
    document = models.CharField("依据文件", max_length=100)
    valid_from = models.DateField("起始日")
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")

    objects = NumberWordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知书的字"
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(document="") & ~Q(word=""),
                name="a_number_word_names_its_document",
                violation_error_message="写明字和依据文件。",
            ),
        ]


class NoticeNumber(models.Model):
    """本环检通字〔2026〕第 1 号: given to a notice once, one after another in its unit and year, and never taken back."""

    inspection = models.OneToOneField(Inspection, models.PROTECT, related_name="notice_number", verbose_name="检查")
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年")
    number = models.PositiveIntegerField("序号")
    text = models.CharField("文号", max_length=60, unique=True)
    given_at = models.DateTimeField("编号时间")

    class Meta:
        verbose_name = verbose_name_plural = "通知书文号"
        ordering = ["unit", "year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "number"],
                name="a_notice_number_is_given_once",
                violation_error_message="这个文号已经用过。",
            ),
            models.CheckConstraint(
                condition=Q(number__gt=0),
                name="notice_numbers_begin_at_one",
                violation_error_message="文号从第 1 号起。",
            ),
        ]

    def __str__(self):
        return self.text
