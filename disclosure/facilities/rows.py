"""Facilities as data: one as JSON, all of them as a table, a roster's description (四(3)-e)."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.timezone import localtime

from disclosure import words
from disclosure.draws import amendments, coverage
from disclosure.draws import documents as public_documents
from disclosure.models import Publication, RosterRow
from disclosure.opendata import rows as result_rows

from . import answers, story
from .pages import FacilityPage

COLUMNS = [
    ("名录编号", 24, "检查对象名录里的固定编号，也是网页地址的一部分"),
    ("名称", 34, "最近一份公开名录里的名称；自然人隐去名字"),
    ("统一社会信用代码", 22, "18 位；自然人不公开"),
    ("曾用名", 34, "用顿号隔开"),
    ("类别", 8, "最近一份名录里的类别：重点、一般、特殊"),
    ("行业代码", 10, "GB/T 4754"),
    ("行业", 24, "行业名称"),
    ("地址", 40, "自然人和个体工商户只到街道、村"),
    ("所在县区", 16, "检查对象所在的县区"),
    ("监管单位", 16, "最近一份名录的单位"),
    ("在最近一份名录", 12, "是、否；还没有列入名录的为空"),
    ("首次列入公开名录", 14, "有这家企业的第一份名录公开的日期"),
    ("参加抽取次数", 12, "名单已经公开的随机抽取里，参加的次数"),
    ("抽中次数", 10, "其中抽中的次数；抽中以后更换的也计入"),
    ("从未检查", 10, "是：没有公开过检查结果，启用以前也没有随机抽查的记录；去了没有查成的也是"),
    ("最近检查日期", 12, "最近一次公开的检查；去了没有查成的不算"),
    ("检查结果", 18, "未发现问题不等于对企业的整体评价"),
    ("距今天数", 10, "从最近检查日期到下载这一天"),
]


def table(found: QuerySet[RosterRow], today: date) -> tuple[QuerySet[RosterRow], Callable[[RosterRow], list]]:
    """The facilities with what a line needs, and what writes the line; the draws are read once."""
    took_part, drawn = _counted()
    carried = set(story.carried_codes())
    results = Publication.objects.results().filter(facility_code=OuterRef("code")).exclude(outcome__in=story.NOT_DONE)
    newest = results.order_by("-checked_on", "-pk")
    rosters = RosterRow.objects.filter(of_roster=True)
    first = rosters.filter(code=OuterRef("code")).order_by().values("code").annotate(at=Min("publication__issued_at"))
    units = rosters.order_by().values("unit_code").annotate(last=Max("year"))  # the year, then the quarter in it
    ends = {u["unit_code"]: u["last"] for u in units}
    last = {
        unit: (year, rosters.filter(unit_code=unit, year=year).aggregate(n=Max("number"))["n"])
        for unit, year in ends.items()
    }
    annotated = found.select_related("publication").defer("publication__text", "publication__snapshot")
    annotated = annotated.annotate(
        checked_on=Subquery(newest.values("checked_on")[:1]),
        outcome=Subquery(newest.values("outcome")[:1]),
        since=Subquery(first.values("at")),
        ever=Exists(story.done_results().filter(facility_code=OuterRef("code"))),
    )

    def line(row: RosterRow) -> list:
        there = (row.year, row.number) == last.get(row.unit_code)
        return [
            row.code,
            row.name,
            row.uscc,
            "、".join(row.former_names),
            row.category_label,
            row.industry_code,
            row.industry,
            row.address,
            row.district,
            row.publication.unit_name,
            ("是" if there else "否") if row.of_roster else "",
            localtime(row.since).date() if row.since else "",
            took_part[row.code],
            drawn[row.code],
            "是" if row.of_roster and not row.ever and row.code not in carried else "否",
            row.checked_on or "",
            words.OUTCOMES[row.outcome].row if row.outcome else "",
            (today - row.checked_on).days if row.checked_on else "",
        ]

    return annotated.order_by("code"), line


def _counted() -> tuple[Counter, Counter]:
    """Code → in how many draws whose names are public it took part, and by how many it was drawn."""
    took_part, drawn = Counter(), Counter()
    found = [d for d in public_documents.draws(Q(), what=story.NAMES) if d.state == "RELEASED"]
    lists = coverage.lists_of(found)
    for draw in found:
        for rows in lists[draw.draw_id].frames.values():
            took_part.update(code for code, row in rows.items() if row.state == "in")
        drawn.update(pick.id for pick, _, _ in amendments.standing(draw.result, amendments.amends_of(draw)))
    return took_part, drawn


def of_facility(page: FacilityPage, site: str) -> dict[str, Any]:
    """All that the page says."""
    facility, now = page.facility, page.facility.now
    asked = {o.publication.no: o.receipt for o in page.objections}
    for p in facility.results:
        p.objection = asked.get(p.no, "")
    return {
        "facility": {
            "code": now.code,
            "name": now.name,
            "uscc": now.uscc,
            "former_names": now.former_names,
            "address": now.address,
            "district": now.district,
            "industry_code": now.industry_code,
            "industry": now.industry,
            "category": now.category,
            "unit": {"code": now.unit_code, "name": now.publication.unit_name},
            "page": site + reverse("disclosure:enterprise", args=[now.code]),
        },
        "answers": [*answers.facts(page.answers)],
        "never_checked": facility.never,
        "rosters": [_publication(row.publication, site) | {"line": row.line} for row in facility.rosters],
        "draws": [
            {name: row[name] for name in ("draw_id", "took_part", "chance", "seen", "result", "note")}
            for row in page.draws
        ],
        "left_out": f"{float(facility.left_out):.6f}" if facility.took_part else "",
        "results": [result_rows.of_result(p, site) for p in facility.results],
        "followed": [
            _publication(p, site) | {"words": p.snapshot.get("words", "")}
            for p in facility.published
            if p.kind != "RESULT" and not p.is_withdrawn
        ],
    }


def _publication(p: Publication, site: str) -> dict[str, Any]:
    return {
        "kind": p.kind,
        "no": p.no,
        "version": p.version,
        "log_index": p.entry.index,
        "text": site + reverse(f"disclosure:json-{p.kind}", args=[p.no, p.version]),
    }


_TEXT = {"type": "string"}
_ROW = dict.fromkeys(("code", "name", "uscc", "address", "district", "industry_code", "industry"), _TEXT)
_ROW |= {
    "former_names": {"type": "array", "items": _TEXT},
    "category": {"enum": [*words.CATEGORIES]},
    "natural_person": {"type": "boolean"},
}
# JSON Schema of the published text of a roster.
ROSTER = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "检查对象名录",
    "type": "object",
    "required": ["kind", "no", "version", "salt", "unit", "year", "quarter", "draw", "manifest", "rows"],
    "properties": {
        "kind": {"const": "REGISTER"},
        "no": _TEXT,
        "version": {"type": "integer", "minimum": 1},
        "salt": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "unit": {"type": "object", "properties": {"code": _TEXT, "name": _TEXT}, "required": ["code", "name"]},
        "year": {"type": "integer"},
        "quarter": {"type": "integer", "minimum": 1, "maximum": 4},
        "draw": _TEXT,
        "manifest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "rows": {"type": "array", "items": {"type": "object", "properties": _ROW, "required": [*_ROW]}},
    },
}
