"""执法证 of the inspectors: every statement about a card, in the order in which it was entered (六(三)-g, domain.md 4.3)."""

from django.db import models
from django.db.models import Q

from .models import CertificateKind, CertificateStatus, Inspector


class InspectorCertificate(models.Model):
    """What was stated about one card: its number, validity and status. A later statement about it makes this one old.

    Rows are added; only the withdrawal of an import takes its own rows away again. Which card counts today follows from
    the rows (`registry.inspectors.certificates`) and stands in `Inspector.certificate_*`.
    """

    inspector = models.ForeignKey(Inspector, models.CASCADE, related_name="certificates", verbose_name="检查人员")
    number = models.CharField("执法证号", max_length=24)
    kind = models.CharField("证件类型", max_length=8, choices=CertificateKind, blank=True)
    issuer = models.CharField("发证机关", max_length=80, blank=True)
    valid_from = models.DateField("有效期起")
    valid_to = models.DateField("有效期止")
    status = models.CharField("状态", max_length=9, choices=CertificateStatus, default=CertificateStatus.VALID)
    status_on = models.DateField("状态日期", null=True, blank=True)
    scan = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("原因", max_length=200, blank=True)
    batch = models.ForeignKey("registry.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "执法证"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["number"], name="certificate_number")]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^[0-9A-Z-]{6,24}$"), name="stated_certificate_number_has_6_to_24_characters"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=models.F("valid_from")), name="stated_certificate_has_a_validity"
            ),
            models.CheckConstraint(
                condition=Q(status=CertificateStatus.VALID) | Q(status_on__isnull=False),
                name="withheld_certificate_has_a_day",
            ),
        ]

    def __str__(self):
        return self.number
