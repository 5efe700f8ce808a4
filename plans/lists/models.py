"""随机抽查事项清单 (六(一)1)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.database.locks import LockingQuerySet
from benxi_shuangsuiji.forms.decision import Decision, DecisionQuerySet, decided_by_another
from registry.models import Scope


class ItemCategory(models.IntegerChoices):
    """The eight kinds of 三 (rows 三-o1 … 三-o8)."""

    MEASURES = 1, "生态环境保护措施落实情况"
    FACILITIES = 2, "污染防治设施运行情况"
    PERMIT = 3, "排污许可制度落实及证后执行情况"
    CARBON = 4, "碳排放情况"
    RADIATION = 5, "辐射安全项目管理情况"
    WASTE = 6, "固体废物及危险废物管理情况"
    PROJECTS = 7, "环评、“三同时”及自主验收情况"
    SAFETY = 8, "环境安全隐患情况"


class ItemKind(Decision):
    """One more kind behind the eight: 三 says 包括但不限于. Proposed by the lead office, approved by a leader (三-o)."""

    number = models.PositiveSmallIntegerField("序号", unique=True)
    label = models.CharField("抽查类别", max_length=40)
    basis = models.CharField("依据", max_length=200)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽查类别"
        ordering = ["number"]
        constraints = [
            *decided_by_another("提出和批准不能是同一个人，由另一位分管负责人批准。"),
            models.CheckConstraint(
                condition=Q(number__gt=8) & ~Q(label="") & ~Q(basis=""),
                name="a_further_kind_has_its_number_name_and_basis",
                violation_error_message="增加的抽查类别从第 9 类起，写明名称和依据。",
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="ASKED"),
                name="one_further_kind_waits_at_a_time",
                violation_error_message="已有一份增加抽查类别的申请等批准。重新打开页面看最新的情况。",
            ),
        ]

    def __str__(self):
        return self.label


class Mode(models.TextChoices):
    """检查方式."""

    ONSITE = "ONSITE", "现场"
    OFFSITE = "OFFSITE", "非现场"
    DOCUMENT = "DOCUMENT", "书面"


class AppliesTo(models.TextChoices):
    """At which facilities a point is looked at, by what the registry knows of permit, pollution and waste (三-o3)."""

    ALL = "", "所有对象"
    PERMITTED = "PERMITTED", "持有排污许可证"
    PERMIT_KEY = "KEY", "排污许可重点管理"
    PERMIT_SIMPLIFIED = "SIMPLIFIED", "排污许可简化管理"
    REGISTERED = "REGISTERED", "排污登记管理"
    WATER = "WATER", "排放水污染物"
    AIR = "AIR", "排放大气污染物"
    HAZWASTE = "HAZWASTE", "产生或者经营危险废物"
    RADIATION = "RADIATION", "使用放射源或者射线装置"


class ListStatus(models.TextChoices):
    DRAFT = "DRAFT", "草稿"
    SUBMITTED = "SUBMITTED", "待审核"
    RETURNED = "RETURNED", "已退回"
    APPROVED = "APPROVED", "已批准"
    PUBLISHED = "PUBLISHED", "已公开"


class ItemListQuerySet(LockingQuerySet):
    def visible_to(self, user):
        """The city list is everybody's; a unit's own list is its own."""
        return self.filter(Q(unit__kind=UnitKind.CITY_TEAM) | Q(unit__in=user.units_with(Permission.SEE_ITEMS)))

    def in_force(self, year):
        return self.filter(year=year, status=ListStatus.PUBLISHED)


class ItemList(models.Model):
    """One version of a year's list. The city team's list binds everyone; branches may add local items."""

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="item_lists", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    version = models.PositiveSmallIntegerField("版本", default=1)
    status = models.CharField("状态", max_length=10, choices=ListStatus, default=ListStatus.DRAFT)
    reason = models.CharField("调整原因", max_length=200, blank=True)
    created_at = models.DateTimeField("编制时间", null=True, editable=False)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="编制人")
    submitted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    approved_at = models.DateTimeField("批准时间", null=True)
    opinion = models.CharField("审核意见", max_length=200, blank=True)
    published_at = models.DateTimeField("公开时间", null=True)

    objects = ItemListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "随机抽查事项清单"
        ordering = ["-year", "unit__position", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "version"],
                name="one_list_per_unit_year_and_version",
                violation_error_message="这一版清单刚才已经建立。重新打开页面看最新的情况。",
            ),
            models.UniqueConstraint(
                fields=["unit", "year"],
                condition=Q(status__in=["DRAFT", "SUBMITTED", "RETURNED", "APPROVED"]),
                name="one_open_list_per_unit_and_year",
                violation_error_message="本年度已有一份没有公开的清单，先办完它。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("submitted_by")),
                name="list_is_not_approved_by_who_submitted_it",
                violation_error_message="编制和提交的人不能批准自己的清单，由另一名分管负责人审批。",
            ),
            models.CheckConstraint(
                condition=Q(status="PUBLISHED", published_at__isnull=False)
                | (~Q(status="PUBLISHED") & Q(published_at__isnull=True)),
                name="list_has_a_publication_time_once_published",
                violation_error_message="清单的状态和公开时间不一致，没有保存。重新打开页面看最新的情况。",
            ),
        ]

    def __str__(self):
        return f"{self.year} 年{self.unit}随机抽查事项清单（第 {self.version} 版）"

    def get_absolute_url(self):
        return reverse("plans:itemlist-detail", args=[self.unit.code, self.year, self.version])


EITHER = "EITHER"  # 现场或非现场


class InspectionItem(models.Model):
    """事项, with the columns of domain.md 2.1."""

    list = models.ForeignKey(ItemList, models.CASCADE, related_name="items")
    code = models.CharField("编号", max_length=8)  # SSJ1 CODE, such as A01
    category = models.PositiveSmallIntegerField("抽查类别")  # one of the eight of 三, or the number of an `ItemKind`
    random_required = models.BooleanField(
        "随机抽查", default=True, editable=False
    )  # 三-o: whatever a list holds is drawn
    name = models.CharField("抽查事项", max_length=80)
    content = models.CharField("抽查内容", max_length=400)
    objects_text = models.CharField("检查对象", max_length=100)
    importance = models.CharField(
        "事项类别", max_length=7, choices=[("GENERAL", "一般检查事项"), ("KEY", "重点检查事项")], default="GENERAL"
    )
    modes = models.CharField("检查方式", max_length=20, choices=[*Mode.choices, ("EITHER", "现场或非现场")])
    ratio_text = models.CharField("抽查比例", max_length=60)
    frequency_text = models.CharField("抽查频次", max_length=60)
    body = models.CharField("检查主体", max_length=60)
    # As it is printed, written from `cites` when the item is saved. A list from before the library has only the text.
    legal_basis = models.CharField("法律依据", max_length=300)
    power_code = models.CharField("权责清单编码", max_length=40, blank=True)
    annual_focus = models.BooleanField("年度重点", default=False)
    needs_scope = models.CharField("专业要求", max_length=4, choices=Scope, blank=True)
    valid_from = models.DateField("生效日期")
    note = models.CharField("备注", max_length=100, blank=True)
    # What an enterprise lays ready; the notice lists it, so that nobody has to come twice for it (一-e).
    materials = models.CharField("备查资料", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "抽查事项"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "code"],
                name="one_item_per_code_in_a_list",
                violation_error_message="清单里已有这个编号，换一个。",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9A-Z][0-9A-Z_-]{0,7}$"),
                name="item_code_fits_ssj1",
                violation_error_message="事项编号用 1 到 8 位大写字母和数字，例如 A01。",
            ),
            models.CheckConstraint(
                condition=~Q(legal_basis=""),
                name="item_has_a_legal_basis",
                violation_error_message="填写法律依据。",
            ),
            models.CheckConstraint(
                condition=Q(random_required=True),
                name="item_is_inspected_at_random",
                violation_error_message="清单里的事项都以随机抽查的方式检查。",
            ),
        ]

    def __str__(self):
        return self.name


class CheckPoint(models.Model):
    """One line of the check sheet of an item (七(五)-l); `bank` is the point of the question bank it came from."""

    item = models.ForeignKey(InspectionItem, models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField("序号")
    text = models.CharField("检查要点", max_length=200)
    standard = models.CharField("检查标准", max_length=300, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    method = models.CharField("检查方法", max_length=100, blank=True)
    applies_to = models.CharField("适用于", max_length=10, choices=AppliesTo, default=AppliesTo.ALL, blank=True)
    bank = models.ForeignKey("plans.BankPoint", models.PROTECT, null=True, blank=True, related_name="used_in")

    class Meta:
        verbose_name = verbose_name_plural = "检查要点"
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "number"],
                name="one_point_per_number",
                violation_error_message="检查要点的序号重复。重新打开页面再填。",
            )
        ]
