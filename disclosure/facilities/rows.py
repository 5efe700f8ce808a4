"""Facilities as data: one as JSON, all of them as a table, a roster's description (四(3)-e)."""

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.city import this_city
from disclosure import words
from disclosure.draws import amendments, coverage
from disclosure.draws import documents as public_documents
from disclosure.kept import SHELF
from disclosure.kept_files import CSV, File
from disclosure.models import Publication, RosterRow
from disclosure.opendata import rows as result_rows
from disclosure.tables import Column, Table

from . import answers, story
from .forms import FacilityQuery
from .pages import FacilityPage

COLUMNS = [
    Column("名录编号", 24, "检查对象名录里的固定编号，也是网页地址的一部分", "r.code"),
    Column("名称", 34, "最近一份公开名录里的名称；自然人隐去名字", "r.name"),
    Column("统一社会信用代码", 22, "18 位；自然人不公开", "r.uscc"),
    Column("曾用名", 34, "用顿号隔开", "array_to_string(r.former_names, '、')"),
    Column("类别", 8, "最近一份名录里的类别：重点、一般、特殊", "f.categories ->> r.category"),
    Column("行业代码", 10, "GB/T 4754", "r.industry_code"),
    Column("行业", 24, "行业名称", "r.industry"),
    Column("地址", 40, "自然人和个体工商户只到街道、村", "r.address"),
    Column("所在县区", 16, "检查对象所在的县区", "r.district"),
    Column("监管单位", 16, "最近一份名录的单位", "r.unit_name"),
    Column(
        "在最近一份名录",
        12,
        "是、否；还没有列入名录的为空",
        "CASE WHEN NOT r.of_roster THEN NULL WHEN f.newest -> r.unit_code = jsonb_build_array(r.year, r.number) THEN '是' ELSE '否' END",
    ),
    Column(
        "首次列入公开名录",
        14,
        "有这家企业的第一份名录公开的日期",
        "(r.since AT TIME ZONE 'Asia/Shanghai')::date",
        is_text=False,
    ),
    Column(
        "参加抽取次数",
        12,
        "名单已经公开的随机抽取里，参加的次数",
        "coalesce((f.took_part ->> r.code)::int, 0)",
        is_text=False,
    ),
    Column(
        "抽中次数", 10, "其中抽中的次数；抽中以后更换的也计入", "coalesce((f.drawn ->> r.code)::int, 0)", is_text=False
    ),
    Column(
        "从未检查",
        10,
        "是：没有公开过检查结果，启用以前也没有随机抽查的记录；去了没有查成的也是",
        "CASE WHEN r.of_roster AND NOT r.ever AND NOT f.carried ? r.code THEN '是' ELSE '否' END",
    ),
    Column("最近检查日期", 12, "最近一次公开的检查；去了没有查成的不算", "r.checked_on", is_text=False),
    Column("检查结果", 18, "未发现问题不等于对企业的整体评价", "f.outcomes ->> r.outcome"),
    Column("距今天数", 10, "从最近检查日期到下载这一天", "(f.today ->> 0)::date - r.checked_on", is_text=False),
]
_ROWS = (
    "code",
    "name",
    "uscc",
    "former_names",
    "category",
    "industry_code",
    "industry",
    "address",
    "district",
    "unit_code",
)
_ROWS += ("year", "number", "of_roster", "checked_on", "outcome", "since", "ever")


def table(found: QuerySet[RosterRow], today: date) -> Table:
    """The facilities with what a line needs; the draws are read once for each state."""
    took_part, drawn = SHELF.once(_counted)
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
    annotated = found.annotate(
        checked_on=Subquery(newest.values("checked_on")[:1]),
        outcome=Subquery(newest.values("outcome")[:1]),
        since=Subquery(first.values("at")),
        ever=Exists(story.done_results().filter(facility_code=OuterRef("code"))),
    )
    return Table(
        COLUMNS,
        annotated.order_by("code").values(*_ROWS, unit_name=F("publication__unit_name")),
        facts={
            "categories": words.CATEGORIES,
            "outcomes": {code: outcome.row for code, outcome in words.OUTCOMES.items()},
            "newest": last,
            "took_part": took_part,
            "drawn": drawn,
            "carried": sorted(story.carried_codes()),
            "today": [str(today)],
        },
    )


def file_of(query: FacilityQuery) -> File:
    """The facilities that are asked for; what was searched by words is not kept."""
    today = clock.today()
    name = f"{this_city().label}_企业{'_从未检查' if query.never else ''}_{today:%Y%m%d}.csv"
    address = "" if query.q else f"/data/facilities.csv{query.address()}".removesuffix("?")
    return File(name, CSV, lambda out: table(query.facilities(), today).write_csv(out), address)


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
