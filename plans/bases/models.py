"""法律依据库: what an item rests on, article by article, and what becomes of it (六(一)1-b, 附-c)."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from benxi_shuangsuiji.database.locks import LockingQuerySet


class BasisKind(models.TextChoices):
    LAW = "LAW", "法律"
    REGULATION = "REGULATION", "行政法规"
    RULE = "RULE", "部门规章"
    LOCAL = "LOCAL", "地方性法规"
    NORMATIVE = "NORMATIVE", "规范性文件"
    POLICY = "POLICY", "政策"


class ChangeOfBasis(models.TextChoices):
    """立、改、废 (六(一)1-b)."""

    MADE = "MADE", "新制定（立）"
    AMENDED = "AMENDED", "修改（改）"
    REPLACED = "REPLACED", "以新代旧"
    REPEALED = "REPEALED", "废止（废）"


class LegalBasisQuerySet(LockingQuerySet):
    def visible_to(self, user):
        """Laws are everybody's to read."""
        return self

    def in_force(self, day: date):
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day)).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )


class LegalBasis(models.Model):
    """One law, regulation, rule or document. Its end and its successor are written by a `BasisChange` only."""

    title = models.CharField("全称", max_length=120)  # without 《》
    document_no = models.CharField("文号", max_length=60, blank=True)
    kind = models.CharField("种类", max_length=10, choices=BasisKind)
    issuer = models.CharField("制定机关", max_length=60, blank=True)
    valid_from = models.DateField("施行日期", null=True, blank=True)
    valid_to = models.DateField("失效前最后一天", null=True, editable=False)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="replaces", verbose_name="被取代"
    )
    # 0-b: named by the opening words of 《实施方案》; printed on every list, plan and paper.
    is_ground = models.BooleanField("工作依据", default=False)
    # 附-c: a document of the city's own bureau that says otherwise than 《实施方案》.
    conflict = models.CharField("与《实施方案》不一致之处", max_length=200, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    # Nobody: written by the migration of an older list.
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")

    objects = LegalBasisQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "法律依据"
        ordering = ["kind", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "document_no"],
                condition=Q(valid_to__isnull=True),
                name="one_basis_in_force_per_title_and_number",
                violation_error_message="依据库里已有这部依据。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="basis_does_not_end_before_it_begins",
                violation_error_message="失效早于施行。核对两个日期。",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | (Q(valid_to__isnull=False) & ~Q(replaced_by=F("pk"))),
                name="a_replaced_basis_has_ended",
                violation_error_message="被取代的依据要有失效日期，也不能由自己取代。",
            ),
        ]

    def __str__(self):
        return f"《{self.title}》"

    def get_absolute_url(self):
        return reverse("plans:basis-detail", args=[self.pk])

    @property
    def cited(self) -> str:
        """As a list prints it: full title, and the number where there is one."""
        return f"《{self.title}》" + (f"（{self.document_no}）" if self.document_no else "")

    def holds_on(self, day: date) -> bool:
        return not (self.valid_from and self.valid_from > day) and not (self.valid_to and self.valid_to < day)

    def standing_on(self, day: date) -> str:
        if self.valid_from and self.valid_from > day:
            return "尚未施行"
        if self.holds_on(day):
            return "现行有效"
        return "已被取代" if self.replaced_by_id else "已废止"


class BasisArticle(models.Model):
    """One article, as it is cited: 第四十二条."""

    basis = models.ForeignKey(LegalBasis, models.CASCADE, related_name="articles")
    label = models.CharField("条款", max_length=30)
    position = models.PositiveIntegerField("次序", default=0)
    gist = models.CharField("内容", max_length=200, blank=True)
    valid_to = models.DateField("失效前最后一天", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "条款"
        ordering = ["position", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["basis", "label"],
                name="one_article_per_label",
                violation_error_message="这部依据里已有这一条。",
            ),
            models.CheckConstraint(
                condition=Q(label__regex=r"^第.{1,20}$"),
                name="an_article_begins_with_its_number",
                violation_error_message="条款按“第四十二条”的写法填写。",
            ),
        ]

    def __str__(self):
        return self.label

    def holds_on(self, day: date) -> bool:
        return not (self.valid_to and self.valid_to < day)


class ItemBasis(models.Model):
    """What one item of a list cites: a whole document, or one of its articles."""

    item = models.ForeignKey("plans.InspectionItem", models.CASCADE, related_name="cites")
    basis = models.ForeignKey(LegalBasis, models.PROTECT, related_name="cited_by")
    article = models.ForeignKey(BasisArticle, models.PROTECT, null=True, related_name="cited_by")
    position = models.PositiveSmallIntegerField("次序")

    class Meta:
        verbose_name = verbose_name_plural = "引用"
        ordering = ["item", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "position"],
                name="one_citation_per_position",
                violation_error_message="法律依据刚才被另外一人改过。重新打开页面再填。",
            )
        ]


class BasisChange(models.Model):
    """立、改、废 of one basis: from when, by which document, what changed. Insert-only."""

    basis = models.ForeignKey(LegalBasis, models.PROTECT, related_name="changes", verbose_name="依据")
    kind = models.CharField("变化", max_length=8, choices=ChangeOfBasis)
    effective_on = models.DateField("施行日期")
    document = models.CharField("文件", max_length=120)
    summary = models.CharField("变化内容", max_length=300)
    articles = ArrayField(models.CharField(max_length=30), verbose_name="条款", default=list)  # none: the whole
    categories = ArrayField(models.PositiveSmallIntegerField(), verbose_name="涉及的类别", default=list)  # 立 only
    successor = models.ForeignKey(LegalBasis, models.PROTECT, null=True, related_name="+", verbose_name="新的依据")
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "依据变化"
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="REPLACED", successor__isnull=False)
                | (~Q(kind="REPLACED") & Q(successor__isnull=True)),
                name="only_a_replacement_names_a_successor",
                violation_error_message="以新代旧要写明由哪一部取代，其他变化不写。",
            )
        ]

    def __str__(self):
        return f"{self.basis}{self.get_kind_display()}"

    def get_absolute_url(self):
        return reverse("plans:basis-change-detail", args=[self.pk])


class BasisEffectQuerySet(LockingQuerySet):
    def open(self):
        return self.filter(settled_at__isnull=True)


class BasisEffect(models.Model):
    """One item that a change concerns, until a new version of its list is approved or somebody says it is not (D-15)."""

    change = models.ForeignKey(BasisChange, models.PROTECT, related_name="effects")
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    item_list = models.ForeignKey("plans.ItemList", models.PROTECT, related_name="+", verbose_name="清单")
    code = models.CharField("编号", max_length=8)
    name = models.CharField("抽查事项", max_length=80)
    settled_at = models.DateTimeField("办结时间", null=True)
    settled_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    settled_list = models.ForeignKey(
        "plans.ItemList", models.PROTECT, null=True, related_name="+", verbose_name="调整后的清单"
    )
    reason = models.CharField("不受影响的理由", max_length=200, blank=True)

    objects = BasisEffectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "受影响的事项"
        ordering = ["unit__position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "unit", "code"],
                name="one_effect_per_change_and_item",
                violation_error_message="这一变化对该事项的影响已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, settled_list__isnull=True, reason="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False, settled_list__isnull=False, reason=""))
                | (Q(settled_at__isnull=False, settled_by__isnull=False, settled_list__isnull=True) & ~Q(reason="")),
                name="an_effect_is_settled_by_a_list_or_a_reason",
                violation_error_message="受影响的事项由新的一版清单办结，或者写明不受影响的理由。",
            ),
        ]
