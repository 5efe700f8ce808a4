"""Which words of a publication can be corrected, and what follows from new ones (八(二)-c).

Of a result nearly all. Of a list or plan its words: numbers, days and sources bind the draw and are changed where they
come from (更改计划, 下一版清单). Of a summary its figures. Of a roster the rows that
the registry has put right since. A place is named by its key, the way to it in the snapshot.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from disclosure import words
from disclosure.city.result_tables import COLUMNS
from disclosure.models import FOLLOWUPS, Publication, PublicationKind
from disclosure.publishing import snapshots
from disclosure.rosters import corrections
from disclosure.selfcheck import tables as selfcheck
from inspections.models import Answer, Outcome

TEXT, LINE, DAY, NUMBER = "text", "line", "day", "number"
# Places whose words may be taken out altogether; every other one that says something now must say something afterwards.
MAY_BE_EMPTY = frozenset({"uscc", "rectify_by", "finding", "measures", "late_reason", "answer", "words"})
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Place:
    """One correctable place as a form shows it: its value is text, a list of sentences has a line for each."""

    key: str
    label: str
    value: str
    kind: str = LINE
    choices: Choices = ()
    needed: bool = False  # cannot be left empty

    def shown(self, value: str) -> str:
        return dict(self.choices).get(value, value)


def places_of(publication: Publication) -> list[Place]:
    s = publication.snapshot
    found = {
        PublicationKind.REGISTER: lambda _: corrections.places_of(publication),
        PublicationKind.RESULT: _of_result,
        PublicationKind.ITEM_LIST: _of_list,
        PublicationKind.PLAN: _of_plan,
        PublicationKind.SUMMARY: _of_summary,
        PublicationKind.RESULT_SUM: _of_result_summary,
        PublicationKind.SELF_CHECK: _of_selfcheck,
        **dict.fromkeys(FOLLOWUPS, _of_step),
        PublicationKind.DECISION: _of_answer,
        PublicationKind.STATEMENT: _of_nothing,
    }[publication.kind](s)
    places = [Place(key, label, _text(_get(s, key)), *more) for key, label, *more in found]
    may_be_empty = MAY_BE_EMPTY
    if publication.kind == PublicationKind.REGISTER:
        may_be_empty = frozenset(corrections.COLUMNS) - {"name"}
    return [replace(p, needed=bool(p.value) and p.key.rpartition(".")[2] not in may_be_empty) for p in places]


def changed(publication: Publication, typed: Mapping[str, str]) -> dict[str, str]:
    """Of what was typed, the places whose words are new."""
    wanted = {key: value.strip().replace("\r\n", "\n") for key, value in typed.items()}
    return {p.key: wanted[p.key] for p in places_of(publication) if p.key in wanted and wanted[p.key] != p.value}


def differences(publication: Publication, changes: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(哪一处, 原来, 改成)."""
    return [(p.label, p.shown(p.value), p.shown(changes[p.key])) for p in places_of(publication) if p.key in changes]


def of_the_finding(changes: Mapping[str, str]) -> dict[str, str]:
    """Of the changes of a result those that say what was found: an order to correct goes on from it (八(二)-e)."""
    return {key: new for key, new in changes.items() if key in ("finding", "measures") or key.startswith("items.")}


def corrected(publication: Publication, changes: Mapping[str, str]) -> dict[str, Any]:
    """The snapshot with the new words, and what follows from them; the register's own keys are written anew."""
    s = deepcopy(publication.snapshot)
    s.pop("correction", None)
    for place in places_of(publication):
        if place.key in changes:
            _set(s, place.key, changes[place.key])
    if publication.kind == PublicationKind.RESULT:
        published_on = localtime(publication.issued_at).date()
        snapshots.follow(s, published_on=published_on, calendar=workdays.calendar())
    return s


def columns_of(publication: Publication, snapshot: dict[str, Any]) -> dict[str, Any]:
    """What lists and searches read beside the corrected snapshot."""
    p, s = publication, snapshot
    found: dict[str, Any] = {
        "title": p.title,
        "year": p.year,
        "number": p.number,
        "late_reason": s.get("late_reason", p.late_reason),
        "facility_code": p.facility_code,
        "facility_name": p.facility_name,
        "district": p.district,
        "category": p.category,
        "outcome": p.outcome,
        "checked_on": p.checked_on,
        "workday_number": p.workday_number,
        "search_text": p.search_text,
    }
    if p.kind == PublicationKind.RESULT:
        old, new = p.snapshot["facility"], s["facility"]
        codes = p.search_text.removeprefix(old["name"].lower())
        if old["uscc"] and old["uscc"] != p.facility_code:
            codes = codes.replace(old["uscc"].lower(), new["uscc"].lower())
        found |= {
            "title": f"{new['name']}检查结果",
            "facility_name": new["name"],
            "district": s["district"],
            "outcome": s["outcome"],
            "checked_on": date.fromisoformat(s["checked_on"]),
            "workday_number": s["workday_number"],
            "search_text": new["name"].lower() + codes,
        }
    return found


# --- the places of each kind ----------------------------------------------------------------------------------------


def _of_result(s: dict) -> Iterator[tuple]:
    yield "facility.name", "检查对象"
    yield "facility.uscc", "统一社会信用代码"
    yield "district", "所在县区"
    yield "executing_unit", "检查单位"
    yield "checked_on", "检查日期", DAY
    yield "inspectors", "检查人员人数", NUMBER
    yield "outcome", "检查结果", LINE, tuple((code, label) for code, label in Outcome.choices if code in words.OUTCOMES)
    yield "rectify_by", "改正期限", DAY
    yield "finding", "描述", TEXT
    yield "measures", "现场处理", TEXT
    yield "late_reason", "逾期原因"
    for n, item in enumerate(s["items"]):
        yield f"items.{n}.answer", f"“{item['name']}”的结果", LINE, (("", "没有结论"), *Answer.choices)
        yield f"items.{n}.words", f"“{item['name']}”的问题记录", TEXT


def _of_list(s: dict) -> Iterator[tuple]:
    yield "reason", "调整原因"
    for n, item in enumerate(s["items"]):
        for name, label in (
            ("name", "名称"),
            ("content", "内容"),
            ("objects", "检查对象"),
            ("legal_basis", "法律依据"),
        ):
            yield f"items.{n}.{name}", f"{item['code']} {label}", TEXT


def _of_plan(s: dict) -> Iterator[tuple]:
    yield "executing_unit", "检查单位"
    yield "revision_reason", "更改原因"
    yield "late_reason", "逾期原因"
    yield "bases", "工作依据", TEXT
    for n, item in enumerate(s["items"]):
        for name, label in (("name", "名称"), ("content", "内容"), ("legal_basis", "法律依据")):
            yield f"items.{n}.{name}", f"{item['code']} {label}", TEXT


def _of_summary(s: dict) -> Iterator[tuple]:
    for n, unit in enumerate(s["units"]):
        yield f"units.{n}.late_reason", f"{unit['name']} 逾期原因"


def _of_step(s: dict) -> Iterator[tuple]:
    yield "words", "内容", TEXT
    for n, fact in enumerate(s["facts"]):
        yield f"facts.{n}.value", fact["label"]


def _of_answer(s: dict) -> Iterator[tuple]:
    yield "reason", "理由", TEXT
    yield "document_no", "决定文号"


def _of_nothing(s: dict) -> Iterator[tuple]:
    """The words of somebody else are withdrawn, never corrected (四(3)-f)."""
    yield from ()


def _of_result_summary(s: dict) -> Iterator[tuple]:
    for n, unit in enumerate(s["units"]):
        for name, label in COLUMNS:
            yield f"units.{n}.{name}", f"{unit['name']} {label}", NUMBER


def _of_selfcheck(s: dict) -> Iterator[tuple]:
    for n, rule in enumerate(s["rules"]):
        for name, label in selfcheck.COUNTS.items():
            yield f"rules.{n}.{name}", f"{rule['clause']} {rule['looks']} {label}", NUMBER


# --- the way to a place ---------------------------------------------------------------------------------------------


def _steps(key: str) -> list[str | int]:
    return [int(step) if step.isdecimal() else step for step in key.split(".")]


def _get(s: Any, key: str) -> Any:
    for step in _steps(key):
        s = s[step]
    return s


def _text(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _set(s: Any, key: str, value: str) -> None:
    *way, last = _steps(key)
    for step in way:
        s = s[step]
    if isinstance(s[last], list):
        s[last] = [line.strip() for line in value.splitlines() if line.strip()]
    elif isinstance(s[last], int):
        s[last] = int(value)
    else:
        s[last] = value
