from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime

from inspections.checks.models import Answer, CheckAnswer, Inspection


class ReceiptState(models.TextChoices):
    KEPT = "KEPT", "已收到"
    DIFFERS = "DIFFERS", "和同组的不同"
    REFUSED = "REFUSED", "没有收"
    ASIDE = "ASIDE", "交计划员留存"


class ReceiptQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user)

    def set_aside(self, inspection):
        """What came too late of a team that goes no longer; for whoever may see the check."""
        return self.filter(inspection=inspection, state=ReceiptState.ASIDE).select_related("user", "file")


class Receipt(models.Model):
    """回执: that something a phone had kept was received, once. Written with the act or not at all; never changed.

    `tapped_at` and `sent_at` are the phone's own words, `skew` how much its clock was fast; both times are kept.
    """

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, related_name="receipts")
    path = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    tapped_at = models.DateTimeField("手机上的时间")
    sent_at = models.DateTimeField("手机发出的时间")
    received_at = models.DateTimeField("收到的时间")
    skew = models.DurationField("手机时间快多少")
    state = models.CharField(max_length=7, choices=ReceiptState)
    why = models.CharField(max_length=500, blank=True)
    next = models.CharField(max_length=500, blank=True)
    # What did not get into the record is kept as it came.
    content = models.JSONField(null=True)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, related_name="+")

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "回执"
        ordering = ["received_at", "pk"]
        indexes = [models.Index(fields=["user", "received_at"], name="receipt_of_a_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="KEPT") | ~Q(why=""),
                name="a_receipt_says_why_it_is_not_plain",
                violation_error_message="没有收下的要写明原因。",
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def done_at(self):
        """When it was tapped, by the server's clock."""
        return self.tapped_at - self.skew

    @property
    def answer(self) -> dict:
        return {
            "id": str(self.pk),
            "state": self.state.lower(),
            "why": self.why,
            "at": localtime(self.received_at).isoformat(),
            "next": self.next,
        }


LITTLE = timedelta(minutes=2)  # a clock so little wrong is not spoken of


class Chosen(models.TextChoices):
    FIRST = "FIRST", "先到的"
    SECOND = "SECOND", "后到的"


class AnswerConflict(models.Model):
    """两人答案不同: what the second person answered to a point that the first had answered meanwhile (七(五)-l).

    The point keeps the first answer until the two have chosen; both stay here whatever they choose.
    """

    point = models.ForeignKey(CheckAnswer, models.PROTECT, related_name="conflicts")
    first_answer = models.CharField(max_length=14, choices=Answer)
    first_words = models.CharField(max_length=2000, blank=True)
    first_found_under = models.CharField(max_length=300, blank=True)
    first_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    second_answer = models.CharField(max_length=14, choices=Answer)
    second_words = models.CharField(max_length=2000, blank=True)
    second_found_under = models.CharField(max_length=300, blank=True)
    second_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    second_at = models.DateTimeField()
    chosen = models.CharField("用哪一份", max_length=6, choices=Chosen, blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "两人答案不同"
        ordering = ["point__item_code", "point__number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "second_by"], condition=Q(chosen=""), name="one_open_difference_of_a_person_at_a_point"
            ),
            models.CheckConstraint(
                condition=~Q(first_by=F("second_by")),
                name="a_difference_is_between_two_people",
                violation_error_message="两个答案是两个人的。",
            ),
            models.CheckConstraint(
                condition=Q(chosen="", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(chosen="") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_difference_names_who_settled_it",
                violation_error_message="写明由谁、在什么时候定的。",
            ),
        ]

    @property
    def answers(self) -> list[dict]:
        """Both, as the page shows them."""
        return [
            {
                "value": which.value,
                "answer": getattr(self, f"{name}_answer"),
                "label": getattr(self, f"get_{name}_answer_display")(),
                "words": getattr(self, f"{name}_words"),
                "found_under": getattr(self, f"{name}_found_under"),
                "by": getattr(self, f"{name}_by"),
                "at": getattr(self, f"{name}_at"),
            }
            for which, name in ((Chosen.SECOND, "second"), (Chosen.FIRST, "first"))
        ]

    @property
    def taken(self) -> dict | None:
        return next((a for a in self.answers if a["value"] == self.chosen), None)

    @property
    def left(self) -> dict | None:
        return next((a for a in self.answers if self.chosen and a["value"] != self.chosen), None)
