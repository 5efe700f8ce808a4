"""现场安全说明: what whoever enters a place has to know beforehand (七(五)-p)."""

from django.db import models
from django.db.models import Q


class SafetyNote(models.Model):
    """What protects people on the spot; rows are added, and the newest counts. An empty text says: nothing any more."""

    facility = models.ForeignKey(
        "registry.Facility", models.PROTECT, related_name="safety_notes", verbose_name="检查对象"
    )
    text = models.CharField("安全说明", max_length=500, blank=True)
    told_by = models.CharField("由谁说明", max_length=60)
    told_on = models.DateField("说明的日期")
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "现场安全说明"
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(told_by=""),
                name="a_safety_note_says_who_told_it",
                violation_error_message="写明由谁说明。",
            ),
        ]
