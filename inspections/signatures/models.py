"""签名: one signature below the record of a check, or why the person in charge gave none."""

from django.db import models
from django.db.models import Q

from inspections.checks.models import Inspection


class Signer(models.TextChoices):
    RESPONSIBLE = "RESPONSIBLE", "现场负责人"
    INSPECTOR = "INSPECTOR", "检查人员"


class Unsigned(models.TextChoices):
    """Why the person in charge did not sign."""

    UNWILLING = "UNWILLING", "看过记录，不愿签"
    UNREAD = "UNREAD", "不愿看记录"
    LEFT = "LEFT", "负责人离开，没有人签"
    OTHER = "OTHER", "其他原因，写下来"


class Signature(models.Model):
    """One signature. `covers` is the digest of what was read; a later one takes the place of an earlier, which is kept.

    Drawn on the screen it has its path beside the picture; on paper, the photograph or scan of it. A refusal carries in the
    same place the signature of its witness.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="signatures", verbose_name="检查")
    signer = models.CharField("谁签", max_length=11, choices=Signer)
    inspector = models.ForeignKey("registry.Inspector", models.PROTECT, null=True, related_name="+")
    name = models.CharField("姓名", max_length=40, blank=True)
    position = models.CharField("职务", max_length=80, blank=True)
    drawing = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="签名"
    )
    path = models.JSONField("笔迹", null=True)
    refused_because = models.CharField("拒签的原因", max_length=9, choices=Unsigned, blank=True)
    refused_words = models.CharField("拒签的说明", max_length=200, blank=True)
    witness = models.CharField("见证人", max_length=40, blank=True)
    witness_position = models.CharField("见证人单位和职务", max_length=80, blank=True)
    covers = models.CharField("所签内容的指纹", max_length=64)
    at = models.DateTimeField("签名时间")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="在谁的手机上签")
    recorded_at = models.DateTimeField("记录时间")
    replaced_at = models.DateTimeField("重签时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "签名"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "signer"],
                condition=Q(signer="RESPONSIBLE", replaced_at__isnull=True),
                name="the_person_in_charge_signs_once",
                violation_error_message="现场负责人已经签名。要改，重签。",
            ),
            models.UniqueConstraint(
                fields=["inspection", "inspector"],
                condition=Q(signer="INSPECTOR", replaced_at__isnull=True),
                name="an_inspector_signs_once",
                violation_error_message="这名检查人员已经签名。要改，重签。",
            ),
            models.CheckConstraint(
                condition=Q(refused_because="", drawing__isnull=False)
                | Q(signer="RESPONSIBLE", witness="", drawing__isnull=True) & ~Q(refused_because="")
                | Q(signer="RESPONSIBLE", drawing__isnull=False) & ~Q(refused_because="") & ~Q(witness=""),
                name="a_signature_is_given_or_refused",
                violation_error_message="签名或者拒签的情况不完整。",
            ),
            models.CheckConstraint(
                condition=Q(signer="INSPECTOR", inspector__isnull=False)
                | Q(signer="RESPONSIBLE", inspector__isnull=True),
                name="an_inspectors_signature_names_him",
                violation_error_message="检查人员的签名要写明是谁。",
            ),
        ]

    def __str__(self):
        return f"{self.name or self.get_signer_display()}{'拒签' if self.refused_because else '签名'}"
