"""The papers of a check in a list, for its page on the desk and on the phone."""

from django.urls import reverse
from django.utils.timezone import localtime

from inspections.models import Inspection, PaperKind, PaperScan

from .models import OF_A_CHECK
from .rules import why_not_paper
from .scans import order_words


def papers(inspection: Inspection) -> list[dict]:
    """(title, addresses) of each paper that can be made; of the others why not. And its signed scans."""
    kept: dict[str, list[dict]] = {}
    for scan in inspection.paper_scans.select_related("by"):
        kept.setdefault(scan.paper, []).append(_scan(scan, inspection.no))
    rows = [
        {
            "title": kind.label,
            "why_not": why_not_paper(inspection, kind),
            "pdf": reverse("inspections:paper", args=[inspection.no, kind.value.lower(), "pdf"]),
            "docx": reverse("inspections:paper", args=[inspection.no, kind.value.lower(), "docx"]),
            "scans": kept.pop(kind.value, []),
        }
        for kind in OF_A_CHECK
    ]
    return rows + [{"title": PaperKind(paper).label, "scans": scans} for paper, scans in kept.items()]


def _scan(scan: PaperScan, no: str) -> dict:
    words = [f"{localtime(scan.at):%-m 月 %-d 日} {scan.by.full_name}上传", order_words(scan.pages, scan.of_pages)]
    return {
        "url": reverse("inspections:evidence-file", args=[no, scan.evidence_id]),
        "words": "，".join(filter(None, words)),
        "changed": scan.changed,
    }
