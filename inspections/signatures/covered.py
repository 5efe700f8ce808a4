"""What a signature stands under: everything that was read before it, as one digest."""

import hashlib
import json
from datetime import date, datetime

from django.db.models import Max
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import User
from inspections.models import AnswerConflict, Conclusion, Inspection


def digest_of(inspection: Inspection) -> str:
    """Of the answers and of what the team wrote at the end; anything changed afterwards makes another."""
    points = inspection.answers.order_by("item_code", "number").values_list(
        "item_code", "number", "answer", "words", "found_under"
    )
    written = Conclusion.objects.filter(inspection=inspection).first()
    parts = [list(map(list, points)), written.said if written else None]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, default=str).encode()).hexdigest()


def changed_on(inspection: Inspection) -> date:
    """The day on which something that is signed was last written: of a record that was mended, the day of that."""
    answered = inspection.answers.aggregate(last=Max("answered_at"))["last"]
    written = Conclusion.objects.filter(inspection=inspection).values_list("at", flat=True).first()
    return localtime(max(filter(None, [answered, written]), default=inspection.uploaded_at)).date()


def changed_by_another(inspection: Inspection, since: datetime, by: User) -> bool:
    """Whether somebody else changed what was read on this phone: it had no network, and kept the page it had.

    What its owner answered there before he signed has come before the signature, and is no such change.
    """
    return (
        inspection.answers.filter(answered_at__gt=since).exclude(answered_by=by).exists()
        or Conclusion.objects.filter(inspection=inspection, at__gt=since).exclude(by=by).exists()
        or AnswerConflict.objects.filter(point__inspection=inspection, decided_at__gt=since)
        .exclude(decided_by=by)
        .exists()
    )
