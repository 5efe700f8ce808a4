"""检查对象名录库 (六(二))."""

from functools import lru_cache

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.keys import SharedKey
from benxi_shuangsuiji.database.locks import LockingQuerySet


class Spread(models.Func):
    """Each Chinese character three times over, so that one or two of them are found by trigrams as well."""

    function = "registry_spread"
    output_field = models.TextField()


class Category(models.TextChoices):
    """The shown label; stored are the grounds. 特殊 wins over 重点 (decisions.md 1).

    Every list and table of the three keeps this order, public or not (PNG 04); SSJ1 documents have that of bytes.
    """

    KEY = "key", "重点"
    GENERAL = "general", "一般"
    SPECIAL = "special", "特殊"


class Ground(models.TextChoices):
    """Why a facility is 重点 (KF…) or 特殊 (SF…); rows 六(二)-t … 六(二)-ak."""

    KF1 = "KF1", "纳入重点排污单位名录"
    KF2 = "KF2", "实行排污许可重点管理"
    KF3 = "KF3", "涉及“两高”项目"
    KF4 = "KF4", "危险废物"
    KF5 = "KF5", "尾矿库（含燃煤发电企业湿式贮灰库）"
    KF6 = "KF6", "危化品"
    KF7 = "KF7", "重金属"
    KF8 = "KF8", "垃圾填埋场"
    KF9 = "KF9", "历史遗留问题较多的矿山"
    KF10 = "KF10", "重要环保设施企业等重点行业企业"
    KF11 = "KF11", "其他应当进行重点监管的"
    SF1 = "SF1", "上一年度被国家、省、市挂牌督办"
    SF2A = "SF2A", "被媒体曝光"
    SF2B = "SF2B", "群众反复投诉"
    SF3 = "SF3", "有涉刑等严重违法违规记录"
    SF4 = "SF4", "信用评价为严重失信"
    SF5 = "SF5", "环境风险等级高"
    SF6 = "SF6", "其他需要进行特殊监管的"

    @property
    def makes(self) -> str:
        return Category.KEY if self.value.startswith("K") else Category.SPECIAL


class PermitCategory(models.TextChoices):
    KEY = "KEY", "重点管理"
    SIMPLIFIED = "SIMPLIFIED", "简化管理"
    REGISTERED = "REGISTERED", "登记管理"
    NONE = "NONE", "未纳入"


class OperatingStatus(models.TextChoices):
    OPERATING = "OPERATING", "在产"
    SUSPENDED = "SUSPENDED", "停产"
    SEASONAL = "SEASONAL", "季节性停产"
    LONG_SUSPENDED = "LONG_SUSPENDED", "长期停产"
    BUILDING = "BUILDING", "在建"
    CLOSED = "CLOSED", "关闭"
    CANCELLED = "CANCELLED", "注销"
    MOVED_OUT = "MOVED_OUT", "迁出辖区"


OFF_BOOKS = [OperatingStatus.CLOSED, OperatingStatus.CANCELLED, OperatingStatus.MOVED_OUT]


class PollutionType(models.TextChoices):
    WATER = "WATER", "水"
    AIR = "AIR", "大气"
    SOIL = "SOIL", "土壤"
    NOISE = "NOISE", "噪声"
    SOLID = "SOLID", "固废"
    HAZWASTE = "HAZWASTE", "危废"
    RADIATION = "RADIATION", "辐射"
    CARBON = "CARBON", "碳排放"
    ECOLOGY = "ECOLOGY", "生态"  # 生态影响类: mines, tailings, river works (六(二)-b)


class HazwasteKind(models.TextChoices):
    NONE = "NONE", "无"
    PRODUCER_KEY = "PRODUCER_KEY", "产生单位（重点监管）"
    PRODUCER_SIMPLE = "PRODUCER_SIMPLE", "产生单位（简化管理）"
    PRODUCER_REGISTERED = "PRODUCER_REGISTERED", "产生单位（登记管理）"
    OPERATOR = "OPERATOR", "经营单位"
    SELF = "SELF", "自行利用处置"


class AirGrade(models.TextChoices):
    A = "A", "A"
    B = "B", "B"
    B_MINUS = "B_MINUS", "B−"
    C = "C", "C"
    D = "D", "D"
    LEADING = "LEADING", "引领性"
    NON_LEADING = "NON_LEADING", "非引领性"
    UNRATED = "UNRATED", "未评级"


class Scope(models.TextChoices):
    """What an inspector must be allowed to check there (SSJ1 `scopes`)."""

    HW = "HW", "危险废物"
    RAD = "RAD", "辐射"


class FacilityQuerySet(LockingQuerySet):
    def visible_to(self, user):
        """A unit sees its own facilities; city roles see all (五)."""
        return self.filter(unit__in=user.units_with(Permission.SEE_FACILITIES))

    def on_books(self):
        """Those that count as N: not closed, cancelled or moved away (SSJ1 3.6)."""
        return self.exclude(status__in=OFF_BOOKS)


class Facility(models.Model):
    """检查对象: one place with at most one permit, not the legal person (decisions.md 1)."""

    # SSJ1 ID; never changes after its first freeze. Unique by a constraint below: of a unique field, Django makes a second index
    # for LIKE, which each row of an import pays for and no question uses.
    code = models.CharField("名录编号", max_length=32)
    name = models.CharField("名称", max_length=200)
    operator_name = models.CharField("经营者", max_length=200, blank=True)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    permit_no = models.CharField("排污许可证／登记编号", max_length=22, blank=True)
    permit_category = models.CharField(
        "排污许可管理类别", max_length=10, choices=PermitCategory, default=PermitCategory.NONE
    )
    permit_valid_to = models.DateField("排污许可有效期至", null=True, blank=True)
    is_natural_person = models.BooleanField("自然人", default=False)
    unit = SharedKey(
        "accounts.Unit", models.PROTECT, db_index=False, related_name="facilities", verbose_name="监管单位"
    )
    managed_by_city = models.BooleanField("市管", default=False)
    division_code = models.CharField("行政区划代码", max_length=6)
    address = models.CharField("地址", max_length=200, blank=True)
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=6, null=True, blank=True)
    industry_code = models.CharField("行业代码", max_length=5, blank=True)
    industry_name = models.CharField("行业类型", max_length=60, blank=True)
    legal_person = models.CharField("法定代表人（负责人）", max_length=40, blank=True)
    contact_name = models.CharField("环保负责人", max_length=40, blank=True)
    contact_phone = models.CharField("联系电话", max_length=20, blank=True)
    pollution_types = ArrayField(
        models.CharField(max_length=10, choices=PollutionType), verbose_name="污染类型", default=list, blank=True
    )
    hazwaste = models.CharField("危险废物管理", max_length=20, choices=HazwasteKind, default=HazwasteKind.NONE)
    hazwaste_licence = models.CharField("危险废物经营许可证编号", max_length=40, blank=True)
    air_grade = models.CharField("重污染天气绩效分级", max_length=12, choices=AirGrade, default=AirGrade.UNRATED)
    credit_level = models.CharField("环境信用评价", max_length=10, blank=True)
    credit_risk = models.CharField("信用风险分类", max_length=1, blank=True)
    scopes = ArrayField(
        models.CharField(max_length=4, choices=Scope), verbose_name="专业要求", default=list, blank=True
    )
    status = models.CharField("生产状态", max_length=14, choices=OperatingStatus, default=OperatingStatus.OPERATING)
    former_names = ArrayField(models.CharField(max_length=200), verbose_name="曾用名", default=list, blank=True)
    category = models.CharField("监管类别", max_length=7, choices=Category, default=Category.GENERAL, editable=False)
    has_key_ground = models.BooleanField(default=False, editable=False)
    search_text = models.TextField(editable=False, default="")
    version = models.PositiveIntegerField(default=1, editable=False)
    entered_on = models.DateField("纳入名录日期")

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查对象"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="one_facility_per_code"),
            models.UniqueConstraint(
                fields=["permit_no"],
                condition=~Q(permit_no=""),
                name="one_facility_per_permit",
                violation_error_message="该排污许可证编号已在名录中。",
            ),
            models.CheckConstraint(
                condition=Q(uscc="") | Q(uscc__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
                name="uscc_has_18_allowed_characters",
            ),
            models.CheckConstraint(
                condition=Q(permit_no="") | Q(permit_no__regex=r"^[0-9A-Za-z]{18}[0-9]{3}[A-Z]$"),
                name="permit_number_has_22_characters",
            ),
            models.CheckConstraint(
                condition=Q(hazwaste_licence="") | ~Q(hazwaste=HazwasteKind.NONE),
                name="who_has_a_hazwaste_licence_has_hazwaste",
                violation_error_message="写了危险废物经营许可证编号，危险废物管理就不能是“无”。",
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^[^\s,|]{1,32}$"), name="facility_code_fits_ssj1"),
        ]
        # Every index costs each row of an import: none beside these, but for what is unique.
        indexes = [
            models.Index(fields=["uscc"], name="facility_by_uscc"),
            models.Index(fields=["unit", "category", "code"], name="facility_unit_category"),
            models.Index(fields=["unit", "code"], name="facility_by_code"),
            models.Index(fields=["unit", "name", "code"], name="facility_by_name"),
            models.Index(fields=["unit", "industry_name", "code"], name="facility_by_industry"),
            models.Index(fields=["unit", "status", "code"], name="facility_by_status"),
            models.Index(fields=["unit", "permit_category", "code"], name="facility_by_permit"),
            # And facility_search, made by hand: GIN of the trigrams of registry_spread(search_text).
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return _address(self.code)


@lru_cache(5000)
def _address(code: str) -> str:
    """Asked for by every row of every list: looking fifty of them up takes as long as reading the rows."""
    return reverse("registry:facility-detail", args=[code])


class CategoryGround(models.Model):
    """One ground for 重点 or 特殊, with its evidence and validity (六(二)-t … -ak).

    There is none without the two people who made it: what one of them proposed waits as a `ChangeProposal`.
    """

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="grounds")
    kind = models.CharField("依据", max_length=4, choices=Ground)
    evidence = models.CharField("证据", max_length=200)
    document = models.CharField("文件", max_length=100, blank=True)
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    valid_from = models.DateField("起始日")
    valid_to = models.DateField("截止日", null=True, blank=True)
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="录入人")
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="批准人")

    class Meta:
        verbose_name = verbose_name_plural = "类别依据"
        ordering = ["kind", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "kind"], condition=Q(valid_to__isnull=True), name="one_open_ground_of_a_kind"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=models.F("entered_by")),
                name="ground_is_not_approved_by_who_entered_it",
                violation_error_message="提出依据的人不能自己批准，由另一人批准。",
            ),
        ]


class PositiveListEntry(models.Model):
    """正面清单: in by a document, out with the reason, each asked by one and decided by another (七(三)-e)."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="positive_entries")
    batch = models.CharField("批次", max_length=60)
    document = models.CharField("纳入文件", max_length=100)
    valid_from = models.DateField("纳入日期")
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="提出人")
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="批准人")
    valid_to = models.DateField("移出日期", null=True, blank=True)
    exit_reason = models.CharField("移出原因", max_length=200, blank=True)
    # Nobody: the monthly comparison asked (positive_list/exits.py).
    left_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="提出移出")
    exit_approved_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="批准移出"
    )

    class Meta:
        verbose_name = verbose_name_plural = "正面清单"
        constraints = [
            models.UniqueConstraint(
                fields=["facility"], condition=Q(valid_to__isnull=True), name="one_open_positive_list_entry"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=models.F("entered_by"))
                & (Q(left_by__isnull=True) | ~Q(left_by=models.F("exit_approved_by"))),
                name="positive_list_is_approved_by_another",
                violation_error_message="提出纳入或移出正面清单的人不能自己批准。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(exit_approved_by__isnull=False) & ~Q(exit_reason=""),
                name="who_leaves_the_positive_list_leaves_by_a_decision",
                violation_error_message="移出正面清单要写明原因和批准人。",
            ),
        ]


class ChangeKind(models.TextChoices):
    NEW = "NEW", "新增"
    CHANGED = "CHANGED", "变更"
    SUSPENDED = "SUSPENDED", "停产"
    SEASONAL = "SEASONAL", "季节性停产"
    RESUMED = "RESUMED", "复产"
    CLOSED = "CLOSED", "关闭"
    CANCELLED = "CANCELLED", "注销"
    MOVED_OUT = "MOVED_OUT", "迁出"
    TRANSFERRED = "TRANSFERRED", "移交监管单位"
    GROUND_ADDED = "GROUND_ADDED", "增加类别依据"
    GROUND_ENDED = "GROUND_ENDED", "取消类别依据"
    POSITIVE_IN = "POSITIVE_IN", "纳入正面清单"
    POSITIVE_OUT = "POSITIVE_OUT", "移出正面清单"
    WITHDRAWN = "WITHDRAWN", "撤回导入"


class FacilityChange(models.Model):
    """One registry change: effective day, reason, evidence, old and new values. Insert-only (decisions.md 6, SSJ1 D9)."""

    # Not a database-level reference: the history stays when the withdrawal of an import takes a new row out again.
    facility = models.ForeignKey(
        Facility,
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="changes",
        verbose_name="检查对象",
    )
    facility_code = models.CharField(max_length=32)
    kind = models.CharField("变更", max_length=14, choices=ChangeKind)
    effective_on = models.DateField("生效日期")
    reason = models.CharField("原因", max_length=200)
    evidence = models.CharField("证据", max_length=200, blank=True)
    values = models.JSONField("变更内容", default=dict)  # field → [old, new]
    # Nobody: a ground that ended by the calendar (recompute.py).
    # No index: nobody who is named is ever deleted, and nobody asks for the entries of a person.
    entered_by = SharedKey(
        "accounts.User", models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="录入人"
    )
    approved_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="批准人"
    )
    batch = SharedKey("registry.ImportBatch", models.PROTECT, null=True, related_name="facility_changes")
    at = models.DateTimeField("登记时间")
    # Written by a trigger: the entries of one record are numbered from 1, and each digest holds the one before it.
    seq = models.PositiveIntegerField("序号", db_default=0, editable=False)
    digest = models.CharField("指纹", max_length=64, db_default="", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "检查对象变更"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["facility", "seq"], name="facility_history_has_no_fork")]
        # Who belonged to a unit on a past day is asked by the few changes that moved somebody (past.py).
        indexes = [models.Index(fields=["facility"], condition=Q(values__has_key="unit"), name="facility_moved")]
