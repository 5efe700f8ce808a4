"""The finding is made from the words at the points, and follows them until somebody writes another (七(五)-l)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from inspections.models import Answer, Conclusion, Inspection, InspectionStatus


def joined(words: Iterable[str]) -> str:
    """What was written at the points, each a sentence."""
    return "".join(f"{said.rstrip('。')}。" for said in words if said)


@contextmanager
def follows(inspection: Inspection) -> Iterator[None]:
    """Around a change of answers: a finding that said what the points said says so afterwards, too. The caller holds the row.

    Of a returned record that is its own; before, what was concluded, whose stamp stays: it says nothing else.
    """
    returned = inspection.status == InspectionStatus.RETURNED
    written = inspection if returned else Conclusion.objects.filter(inspection=inspection).first()
    before = _of_the_points(inspection) if written and written.finding else ""
    yield
    if not before or _plain(written.finding) != _plain(before):
        return
    after = _of_the_points(inspection)
    if after == before:
        return
    written.finding = after
    if returned:
        inspection.save_anew()
    else:
        written.save(update_fields=["finding"])


def _of_the_points(inspection: Inspection) -> str:
    found = inspection.answers.filter(answer=Answer.FOUND).order_by("item_code", "number")
    return joined(found.values_list("words", flat=True))


def _plain(text: str) -> str:
    """Browsers end a line in two ways."""
    return text.replace("\r\n", "\n").strip()
