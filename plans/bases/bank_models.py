"""题库: check points kept once and used in many items (七(五)-l, 三-o3)."""

from django.db import models

from benxi_shuangsuiji.database.locks import LockingQuerySet
from plans.lists.models import AppliesTo, ItemCategory


class BankPointQuerySet(LockingQuerySet):
    def visible_to(self, user):
        """Every writer of a list may choose from it."""
        return self

    def in_use(self):
        return self.filter(retired_at__isnull=True)


class BankPoint(models.Model):
    """One reusable check point: what is looked at, against which standard, on what basis, how."""

    category = models.PositiveSmallIntegerField("类别", choices=ItemCategory)
    text = models.CharField("检查要点", max_length=200)
    standard = models.CharField("检查标准", max_length=300, blank=True)
    method = models.CharField("检查方法", max_length=100, blank=True)
    applies_to = models.CharField("适用于", max_length=10, choices=AppliesTo, default=AppliesTo.ALL, blank=True)
    basis = models.ForeignKey(
        "plans.LegalBasis", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="依据"
    )
    article = models.ForeignKey(
        "plans.BasisArticle", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="条款"
    )
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="编写人")
    written_at = models.DateTimeField("编写时间")
    retired_at = models.DateTimeField("停用时间", null=True, editable=False)

    objects = BankPointQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "题库要点"
        ordering = ["category", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "text", "applies_to", "standard"],
                condition=models.Q(retired_at__isnull=True),
                name="one_bank_point_of_the_same_words",
                violation_error_message="题库里已有同样的要点。",
            )
        ]

    def __str__(self):
        return self.text

    @property
    def basis_text(self) -> str:
        return f"{self.basis}{self.article or ''}" if self.basis_id else ""
