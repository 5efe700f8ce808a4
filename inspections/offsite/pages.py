"""What pages show of the looks of a check."""

from django.urls import reverse

from inspections.models import Inspection, OffsiteLook

from .models import LookQuerySet
from .wording import also_words, period_words


def row(look: OffsiteLook, no: str) -> dict:
    return {
        "look": look,
        "period": period_words(look.period_from, look.period_to),
        "files": [
            {
                "url": reverse("inspections:evidence-file", args=[no, f.evidence_id]),
                "name": f.evidence.file.name,
                "sha256": f.evidence.sha256,
                "also": also_words(f.also_in),
            }
            for f in look.files.all()
        ],
        "points": list(look.points.all()),
        "corrected": getattr(look, "corrected_by", None),
    }


def rows_of(looks: LookQuerySet, no: str) -> list[dict]:
    return [row(look, no) for look in looks.whole()]


def rows(inspection: Inspection) -> list[dict]:
    """Every look in its order, corrected ones with what took their place."""
    return rows_of(inspection.looks.all(), inspection.no)
