"""The papers of a check in a list, for its page on the desk and on the phone."""

from django.urls import reverse

from inspections.models import Inspection, PaperKind

from .rules import why_not_paper


def papers(inspection: Inspection) -> list[dict]:
    """(title, addresses) of each paper that can be made; of the others why not."""
    return [
        {
            "title": kind.label,
            "why_not": why_not_paper(inspection, kind),
            "pdf": reverse("inspections:paper", args=[inspection.no, kind.value.lower(), "pdf"]),
            "docx": reverse("inspections:paper", args=[inspection.no, kind.value.lower(), "docx"]),
        }
        for kind in PaperKind
    ]
