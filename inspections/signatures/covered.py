"""What a signature stands under: everything that was read before it, as one digest."""

import hashlib
import json

from inspections.models import Conclusion, Inspection


def digest_of(inspection: Inspection) -> str:
    """Of the answers and of what the team wrote at the end; anything changed afterwards makes another."""
    points = inspection.answers.order_by("item_code", "number").values_list("item_code", "number", "answer", "words")
    written = Conclusion.objects.filter(inspection=inspection).first()
    parts = [list(map(list, points)), written.said if written else None]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, default=str).encode()).hexdigest()
