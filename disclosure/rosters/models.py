from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.words import CATEGORIES


class RosterRow(models.Model):
    """One facility as one publication names it. Written by the database with the publication, and by nobody else.

    Of a roster there is a row for each facility; a result has one for a facility that no roster names, as one that is
    checked for a complaint before its first freeze. Only the newest version of a number has rows, a withdrawn one none.
    `is_last`: the newest word about this facility, which search, list and file go by.
    """

    publication = models.ForeignKey("disclosure.Publication", models.PROTECT, related_name="rows", verbose_name="公示")
    of_roster = models.BooleanField()
    is_last = models.BooleanField(default=False)
    unit_code = models.CharField(max_length=16)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    line = models.PositiveIntegerField("第几行")
    code = models.CharField("名录编号", max_length=32)
    name = models.CharField("名称", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18)
    former_names = ArrayField(models.CharField(max_length=200), verbose_name="曾用名")
    address = models.CharField("地址", max_length=200)
    district = models.CharField("县区", max_length=30)
    industry_code = models.CharField("行业代码", max_length=5)
    industry = models.CharField("行业", max_length=60)
    category = models.CharField("类别", max_length=7)
    search_text = models.TextField()  # as the index wants it: each Chinese character three times over

    class Meta:
        verbose_name = verbose_name_plural = "名录里的企业"
        ordering = ["publication", "line"]
        indexes = [
            models.Index(fields=["code", "year", "number"], name="rosterrow_by_code"),
            models.Index(fields=["publication", "line"], name="rosterrow_by_line"),
            models.Index(fields=["is_last", "name", "code"], name="rosterrow_by_name"),
            models.Index(fields=["uscc"], condition=Q(is_last=True), name="rosterrow_by_uscc"),
            GinIndex(
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                condition=Q(is_last=True),
                name="rosterrow_search",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def category_label(self) -> str:
        return CATEGORIES[self.category]

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.year, self.number)
