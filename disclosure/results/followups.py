"""What followed a result, as the public reads it: from publications only, joined by the check's number (八(二)-e)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import QuerySet
from django.utils.timezone import localtime

from disclosure.models import FOLLOWUPS, Publication
from disclosure.register.places import Registered
from disclosure.revisions.tombstones import sentence

# What each step is shown as (components/status.html); every other one is under way.
_MARKS = {"MENDED": "ok", "CASE_ENDED": "ok", "ANSWERED": "ok", "TO_CASE": "bad", "CASE_OPENED": "bad", "SENT": "bad"}
AT_A_TIME = 500
COLUMNS = [
    ("公示编号", 26, "这一步的编号"),
    ("检查编号", 22, "同一次检查的结果和各步共用的编号"),
    ("检查对象", 34, "结果公开时的名称；自然人隐去名字"),
    ("统一社会信用代码", 22, "18 位；自然人不公开"),
    ("名录编号", 24, "检查对象名录里的固定编号"),
    ("种类", 14, "整改情况、立案查处情况、移送情况"),
    ("步骤", 14, "责令改正、延长改正期限、复查、整改办结等"),
    ("日期", 12, "办理的日期"),
    ("内容", 50, "公开的原文"),
    ("要点", 50, "期限、文号等"),
    ("公开日期", 12, "这一步公开的日期"),
    ("版次", 8, "第几版；更正以后是新的一版"),
    ("指纹", 36, "公示原文的 SHA-256"),
]


@dataclass(frozen=True)
class Shown:
    """One step beside its result; of a withdrawn one only that it was, and why."""

    publication: Publication
    gone: str = ""
    registered: Registered | None = None

    @property
    def on(self) -> date:
        return date.fromisoformat(self.publication.snapshot["on"])

    @property
    def mark(self) -> str:
        return _MARKS.get(self.publication.snapshot["step"], "warn")


def of_facility(code: str) -> dict[str, list[Shown]]:
    """Check number → its steps in the order in which they became public."""
    return _by_check(steps().filter(facility_code=code))


def of_check(no: str) -> list[Shown]:
    """The steps of one check, withdrawn ones as what stands in their place."""
    newest: dict[str, Publication] = {}
    found = Publication.everything.filter(kind__in=FOLLOWUPS, no__startswith=f"{no}-")
    for publication in found.order_by("version"):
        newest[publication.no] = publication
    registered = Registered.of_all(newest.values()) if newest else {}
    shown = [Shown(p, sentence(p) if p.is_withdrawn else "", registered[p.pk]) for p in newest.values()]
    return sorted(shown, key=lambda s: (s.publication.issued_at, s.publication.pk))


def steps() -> QuerySet[Publication]:
    return Publication.objects.current().filter(kind__in=FOLLOWUPS)


def with_last(results: QuerySet[Publication]) -> Iterator[Publication]:
    """Results for a file, each with the words of the last step that is public; so many are in memory at a time."""
    rows = results.defer("text", "search_text", "item_codes").iterator(chunk_size=AT_A_TIME)
    while some := list(islice(rows, AT_A_TIME)):
        same = steps().filter(facility_code__in={p.facility_code for p in some}).order_by("issued_at", "pk")
        last = dict(same.values_list("snapshot__check", "snapshot__words"))
        for publication in some:
            publication.last_step = last.get(publication.no)
            yield publication


def row_of(p: Publication) -> list:
    s = p.snapshot
    return [
        p.no,
        s["check"],
        p.facility_name,
        s["facility"]["uscc"],
        p.facility_code,
        p.get_kind_display(),
        s["step_label"],
        date.fromisoformat(s["on"]),
        s["words"],
        "；".join(f"{fact['label']}：{fact['value']}" for fact in s["facts"]),
        localtime(p.issued_at).date(),
        p.version,
        p.digest,
    ]


def _by_check(found: Iterable[Publication]) -> dict[str, list[Shown]]:
    grouped: dict[str, list[Shown]] = defaultdict(list)
    listed = list(found.order_by("issued_at", "pk"))
    registered = Registered.of_all(listed) if listed else {}
    for publication in listed:
        grouped[publication.snapshot["check"]].append(Shown(publication, registered=registered[publication.pk]))
    return dict(grouped)
