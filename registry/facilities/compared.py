"""A place beside what the list of 排污许可信息 said of it last (ui.md 7.2, PNG 08)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localtime

from registry.models import BatchKind, BatchState, Facility, ImportBatch, PermitRecord

from . import wording

# A list that was put aside or taken back was the wrong one; one that waits to be confirmed says what it says.
COUNTS = (BatchState.CHECKED, BatchState.WRITING, BatchState.CONFIRMED)
FIELDS = {"permit_no": "编号", "permit_category": "管理类别", "permit_valid_to": "有效期至"}


@dataclass(frozen=True)
class Compared:
    """`differs`: (what, in the list, in the registry), as they are today: a value changed by hand counts."""

    on: date
    waits: bool  # the list is not confirmed yet
    differs: list[tuple[str, str, str]]


def with_permit_list(facility: Facility) -> Compared | None:
    """Compare with the latest list that names the place, by its number or by its permit; None where none does."""
    named = Q(code=facility.code)
    if facility.permit_no:
        named |= Q(permit_no=facility.permit_no)
    rows = PermitRecord.objects.filter(named, batch__unit=facility.unit_id, batch__state__in=COUNTS)
    record = rows.select_related("batch").first()
    if record is None:
        return None
    batch = record.batch
    differs = [
        (label, wording.value_text(name, said), wording.value_text(name, kept))
        for name, label in FIELDS.items()
        if (said := getattr(record, name)) and said != (kept := getattr(facility, name))
    ]
    read = batch.confirmed_at or batch.uploaded_at
    return Compared(localtime(read).date(), batch.state != BatchState.CONFIRMED, differs)


def in_another_category(unit) -> QuerySet[Facility]:
    """The unit's places of which its last list says another 管理类别 than the registry (ui.md 7.2, PNG 05; decision 0099).

    One statement without a table of last records: a list is of the whole unit, so the last one names whom it is about.
    """
    lists = ImportBatch.objects.filter(kind=BatchKind.PERMIT, unit=unit, state__in=COUNTS)
    last = Subquery(lists.order_by("-uploaded_at", "-pk").values("pk")[:1])
    said = PermitRecord.objects.filter(batch=last).exclude(permit_category="")
    other = said.exclude(permit_category=OuterRef("permit_category"))
    named = Q(Exists(other.filter(code=OuterRef("code")))) | Q(
        ~Q(permit_no=""), Exists(other.filter(permit_no=OuterRef("permit_no")))
    )
    return Facility.objects.on_books().filter(named, unit=unit)
