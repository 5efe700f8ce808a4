"""One published result as data, and the description of it (四(3)-e)."""

from django.urls import reverse
from django.utils.timezone import localtime

from disclosure import words
from disclosure.models import Publication

from .schemas import CATEGORY, COUNT, DAY, HEX, MODE, PLACE, QUARTER, SOURCE, TEXT, UNIT, one_of, thing

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def of_result(p: Publication, site: str) -> dict:
    """What the list says of a result; the words to the byte are behind `text`."""
    s = p.snapshot
    place = [p.no, p.version]
    return {
        "no": p.no,
        "version": p.version,
        "log_index": p.entry.index,
        "facility": {"code": p.facility_code, "name": p.facility_name, "uscc": s["facility"]["uscc"]},
        "district": p.district,
        "category": p.category,
        "source": s["source"],
        "draw": s["draw"],
        "unit": {"code": p.unit_code, "name": p.unit_name},
        "quarter": f"{p.year}Q{p.number}",
        "checked_on": p.checked_on.isoformat(),
        "mode": s["mode"],
        "outcome": p.outcome,
        "outcome_words": words.OUTCOMES[p.outcome].row,
        "published_at": localtime(p.issued_at).isoformat(timespec="seconds"),
        "workday_number": p.workday_number,
        "digest": p.digest,
        "objection": getattr(p, "objection", "") or "",
        "page": site + reverse("disclosure:result", args=[p.no]),
        "text": site + reverse("disclosure:json-RESULT", args=place),
        "proof": site + reverse("disclosure:tlog-proof-RESULT", args=place),
    }


# JSON Schema of one row of the list.
SCHEMA = thing(
    no=TEXT,
    version={"type": "integer", "minimum": 1},
    log_index=COUNT,
    facility=thing(code=TEXT, name=TEXT, uscc=TEXT),
    district=TEXT,
    category=CATEGORY,
    source=SOURCE,
    draw=TEXT,
    unit=UNIT,
    quarter=QUARTER,
    checked_on=DAY,
    mode=MODE,
    outcome=one_of(words.OUTCOMES),
    outcome_words=TEXT,
    published_at={"type": "string", "format": "date-time"},
    workday_number=COUNT,
    digest=HEX,
    objection={"type": "string", "description": "异议处理中的受理编号；没有的为空"},
    page=PLACE,
    text=PLACE,
    proof=PLACE,
)
