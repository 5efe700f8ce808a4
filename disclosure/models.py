"""公示: frozen public snapshots. The public site reads these rows and the public draw documents, nothing else (八(二))."""

from functools import reduce
from operator import or_

from django.contrib.postgres.indexes import GinIndex
from django.db import connections, models
from django.db.models import Q
from django.db.models.functions import Cast

from disclosure.objections.models import (
    OF_THE_CITY,
    Applicant,
    ApplicantKey,
    Objection,
    ObjectionFile,
    ObjectionPaper,
    Ruling,
)
from disclosure.register.models import Checkpoint, Cosignature, RegisterEntry, RegisterNode, Witness
from disclosure.revisions.models import Act, Ground, Revision
from disclosure.rosters.models import RosterRow
from disclosure.statements.models import OwnWords, WordsRequest
from disclosure.yearbook.models import YearPaper, YearVolume

__all__ = [
    "FOLLOWUPS",
    "OF_THE_CITY",
    "OWN",
    "Act",
    "Applicant",
    "ApplicantKey",
    "Change",
    "Checkpoint",
    "Cosignature",
    "Ground",
    "Objection",
    "ObjectionFile",
    "ObjectionPaper",
    "OwnWords",
    "Publication",
    "PublicationKind",
    "PublicationState",
    "RegisterEntry",
    "RegisterNode",
    "Revision",
    "RosterRow",
    "Ruling",
    "Witness",
    "WordsRequest",
    "YearPaper",
    "YearVolume",
]


class PublicationKind(models.TextChoices):
    ITEM_LIST = "ITEM_LIST", "事项清单"
    PLAN = "PLAN", "抽查计划"
    REGISTER = "REGISTER", "检查对象名录"
    RESULT = "RESULT", "检查结果"
    SUMMARY = "SUMMARY", "全市汇总"
    RESULT_SUM = "RESULT_SUM", "检查结果汇总"
    RECTIFICATION = "RECTIFICATION", "整改情况"
    CASE = "CASE", "立案查处情况"
    REFERRAL = "REFERRAL", "移送情况"
    STATEMENT = "STATEMENT", "企业说明"
    DECISION = "DECISION", "异议答复"
    SELF_CHECK = "SELF_CHECK", "合规体检摘要"
    HEADS = "HEADS", "每日链头"
    KEY = "KEY", "新公钥"
    LOG = "LOG", "日志接续"


# What came after a result: each step its own publication, joined by the number of the check (八(二)-e).
FOLLOWUPS = (PublicationKind.RECTIFICATION, PublicationKind.CASE, PublicationKind.REFERRAL)
# What the register says of itself: no person publishes it (PUB1 §2, §3).
OWN = (PublicationKind.HEADS, PublicationKind.KEY, PublicationKind.LOG)


class PublicationState(models.TextChoices):
    """What a version is in the public register (PUB1 §2)."""

    ISSUED = "ISSUED", "公开"
    CORRECTED = "CORRECTED", "更正"
    WITHDRAWN = "WITHDRAWN", "撤下"


class Change(models.TextChoices):
    """Why there is a further version, in the word that pages and files use (PUB1 §1)."""

    CORRECTION = "correction", "更正"
    ADJUSTMENT = "adjustment", "调整"
    COMPLETION = "completion", "补充"
    WITHDRAWAL = "withdrawal", "撤下"


def _later(**conditions) -> models.Exists:
    """Whether a later version of the same number meets these."""
    same = {"kind": models.OuterRef("kind"), "no": models.OuterRef("no"), "version__gt": models.OuterRef("version")}
    return models.Exists(Publication.everything.filter(**same, **conditions))


class Holding(models.Func):
    """The keys of the publications whose words of the search are like this (disclosure/rules.sql)."""

    function = "publications_holding"
    template = "(SELECT found FROM %(function)s(%(expressions)s) found)"
    output_field = models.BigIntegerField()


class PublicationQuerySet(models.QuerySet):
    def unsealed(self):
        """What no later withdrawal has sealed: what can be read, and the tombstones in place of what cannot (PUB1 §1)."""
        return self.filter(~_later(state=PublicationState.WITHDRAWN))

    def tombstones(self):
        return self.filter(state=PublicationState.WITHDRAWN)

    def counted(self):
        """The last words of each number, also of what was withdrawn: for counts only, which name nobody."""
        words = self.exclude(state=PublicationState.WITHDRAWN)
        return words.filter(~_later(state__in=[PublicationState.ISSUED, PublicationState.CORRECTED]))

    def current(self):
        """The newest version of each thing published."""
        return self.filter(~_later())

    def versions(self, kind: str, **which):
        """Everything that was published of these, the newest version first."""
        return self.filter(kind=kind, **which).order_by("-version")

    def results(self):
        return self.current().filter(kind=PublicationKind.RESULT)

    def holding(self, *spellings: str):
        """Those whose name or code has this part in one of its spellings, by the index of the search, whoever asks."""
        parts = [connections[self.db].ops.prep_for_like_query(word) for word in spellings]
        return self.filter(reduce(or_, (Q(pk__in=Holding(models.Value(f"%{part}%"))) for part in parts)))


class OpenManager(models.Manager.from_queryset(PublicationQuerySet)):
    """What everybody may read: no withdrawn words, and no tombstone, which has none (八(二)-c)."""

    def get_queryset(self):
        return super().get_queryset().unsealed().exclude(state=PublicationState.WITHDRAWN)


class Publication(models.Model):
    """What the public sees of one list, plan or result, exactly as it stood when it was published. Insert-only.

    `text` is what was published, to the byte, and `digest` its SHA-256 (PUB1 §1). `snapshot` is the same as data; the
    other columns repeat what is searched and sorted by. `objects` are those that may be read: whoever forgets to ask
    shows too little. `everything` holds what a withdrawal has sealed as well.
    """

    no = models.CharField("公示编号", max_length=40)
    version = models.PositiveSmallIntegerField("版本", default=1)
    kind = models.CharField("种类", max_length=13, choices=PublicationKind)
    title = models.CharField("标题", max_length=150)
    unit_code = models.CharField("单位代码", max_length=16)
    unit_name = models.CharField("公示单位", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("季度", null=True)
    state = models.CharField("公示状态", max_length=9, choices=PublicationState, default=PublicationState.ISSUED)
    change = models.CharField("变动", max_length=10, choices=Change, blank=True)
    text = models.TextField("公示原文")
    snapshot = models.GeneratedField(
        expression=Cast("text", models.JSONField()),
        output_field=models.JSONField(),
        db_persist=True,
        verbose_name="公示内容",
    )
    # Of a result: the draw it came from, or "", and the items that were checked.
    draw = models.GeneratedField(
        expression=models.Func(
            Cast("text", models.JSONField()),
            template="coalesce(%(expressions)s ->> 'draw', '')",
            output_field=models.CharField(),
        ),
        output_field=models.CharField(max_length=40),
        db_persist=True,
        verbose_name="抽取编号",
    )
    item_codes = models.GeneratedField(
        expression=models.Func(
            Cast("text", models.JSONField()), template="jsonb_path_query_array(%(expressions)s, '$.items[*].code')"
        ),
        output_field=models.JSONField(),
        db_persist=True,
        verbose_name="检查事项的代码",
    )
    digest = models.CharField("指纹", max_length=64)
    facility_code = models.CharField("名录编号", max_length=32, blank=True)
    facility_name = models.CharField("检查对象", max_length=200, blank=True)
    district = models.CharField("县区", max_length=30, blank=True)
    category = models.CharField("类别", max_length=7, blank=True)
    outcome = models.CharField("检查结果", max_length=22, blank=True)
    checked_on = models.DateField("检查日期", null=True)
    workday_number = models.PositiveSmallIntegerField("第几个工作日公开", null=True)
    late_reason = models.CharField("逾期原因", max_length=200, blank=True)
    search_text = models.TextField(editable=False, default="")
    # Of a result: its line in the file of all (disclosure/results/rules.sql). Written by the database.
    csv_line = models.TextField("表格里的一行", editable=False, default="")
    published_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="公开人"
    )
    published_at = models.DateTimeField("公开时间", editable=False, db_default=models.functions.Now())
    # When the number first became public: its term is counted from there.
    issued_at = models.DateTimeField("首次公开时间", editable=False, db_default=models.functions.Now())

    objects = OpenManager()
    everything = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示"
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "no", "version"],
                name="one_publication_per_version",
                violation_error_message="刚才已经有人公开了这一版。重新打开页面看最新的情况。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="RESULT") | Q(state="WITHDRAWN") | (Q(checked_on__isnull=False) & ~Q(outcome="")),
                name="a_published_result_has_a_day_and_an_outcome",
                violation_error_message="检查结果缺少检查日期或结果，不能公开。退回检查小组补齐。",
            ),
            models.CheckConstraint(
                condition=Q(version=1, state="ISSUED", change="")
                | Q(version__gt=1, state="WITHDRAWN", change="withdrawal")
                | Q(version__gt=1, state="CORRECTED", change__in=["correction", "adjustment", "completion"]),
                name="a_version_is_in_the_state_that_its_change_says",
                violation_error_message="第一版是公开，以后各版写明更正、调整、补充或者撤下。",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["HEADS", "KEY", "LOG"]) | Q(published_by__isnull=True, version=1),
                name="nobody_publishes_what_the_register_says_of_itself",
                violation_error_message="日志自己的记录由系统登记，只有一版。",
            ),
            models.UniqueConstraint(fields=["digest"], name="no_two_publications_are_the_same_text"),
        ]
        indexes = [
            models.Index(
                fields=["kind", "no", "version"], condition=Q(state="WITHDRAWN"), name="publication_withdrawn"
            ),
            models.Index(fields=["kind", "-checked_on", "-id"], name="publication_kind_day"),
            models.Index(fields=["kind", "-published_at", "-id"], name="publication_kind_public"),
            models.Index(fields=["kind", "year", "number", "district", "outcome"], name="publication_kind_quarter"),
            models.Index(fields=["facility_code"], name="publication_facility"),
            GinIndex(fields=["item_codes"], name="publication_items"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="publication_search"),
        ]

    def __str__(self):
        return self.title

    @property
    def is_withdrawn(self) -> bool:
        return self.state == PublicationState.WITHDRAWN

    @property
    def correction(self) -> dict | None:
        """When, why and by whom it was corrected, of a version that corrects the one before."""
        return self.snapshot["correction"] if self.change == Change.CORRECTION else None
