"""What programs can ask for, as OpenAPI 3.1: addresses from the table of addresses, filters from the forms that read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from benxi_shuangsuiji.accounts import contacts
from benxi_shuangsuiji.accounts.city import this_city
from disclosure import words
from disclosure.results.forms import SORTS, SOURCES
from disclosure.statistics.figures import GROUPS

from . import rows, schemas
from .schemas import COUNT, DIALECT, TEXT, Schema, one_of, some, thing

JSON, LINES, CSV, ATOM, PLAIN, HTML = (
    "application/json",
    "application/jsonl",
    "text/csv",
    "application/atom+xml",
    "text/plain",
    "text/html",
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTES = "application/octet-stream"
REFUSAL = thing(error=TEXT, unknown=some(thing(name=TEXT, value=TEXT, allowed=some(TEXT))))
Filters = Mapping[str, tuple[str, Schema]]  # name → what it asks for, what it may be

_DAY: Schema = {"type": "string", "format": "date"}
_CATEGORY = one_of(words.CATEGORIES)
RESULTS: Filters = {
    "q": ("企业名称或代码的一部分，空格隔开最多五个词", TEXT),
    "district": ("所在县区，写法见 400 的答复", TEXT),
    "category": ("抽取时的类别", _CATEGORY),
    "quarter": ("计入的季度，如 2026Q2", {"type": "string", "pattern": "^20[0-9]{2}Q[1-4]$"}),
    "outcome": ("检查结果", one_of(words.OUTCOMES)),
    "unit": ("公示单位的代码", TEXT),
    "source": ("random 随机抽取，other 其他来源", one_of(SOURCES)),
    "item": ("检查事项的代码", TEXT),
    "from": ("检查日期不早于，如 2026-07-01", _DAY),
    "to": ("检查日期不晚于，如 2026-07-31", _DAY),
    "on": ("公开的日期", _DAY),
    "sort": ("网页和表格的次序；JSON 总按公示日志的次序", one_of(SORTS)),
}
FACILITIES: Filters = {
    "q": ("名称、代码、地址或行业的一部分", TEXT),
    "never": ("1 只要从未检查的", one_of("1")),
    "category": ("类别", _CATEGORY),
    "district": ("所在县区，写法见 400 的答复", TEXT),
    "industry": ("行业，写法见 400 的答复", TEXT),
    "unit": ("监管单位的代码", TEXT),
}
STATISTICS: Filters = {
    "period": ("季度或者年度，如 2026Q2、2026；没有写的是最近一个季度", TEXT),
    "category": ("类别", _CATEGORY),
    "by": ("分组", one_of(GROUPS)),
}
_AFTER = {"after": ("上一页最后一条的 log_index", {"type": "integer", "minimum": 0, "maximum": 10**15 - 1})}

_FIGURE: Schema = {
    "type": "object",
    "properties": {"numerator": COUNT, "denominator": COUNT, "value": TEXT, "numerator_before_correction": COUNT},
    "required": ["numerator", "denominator", "value"],
    "additionalProperties": False,
}
_TABLE_ROW = thing(key=TEXT, label=TEXT, note=TEXT, figures={"type": "object", "additionalProperties": _FIGURE})
_BAND = thing(
    label=TEXT,
    took_part=COUNT,
    expected={"type": "number"},
    range=some(COUNT),
    drawn=COUNT,
    outside={"type": "boolean"},
)
TABLE = thing(
    licence=TEXT, table=TEXT, period=TEXT, category=TEXT, by=TEXT, title=TEXT,
    rows=some({"anyOf": [_TABLE_ROW, _BAND]}),
)  # fmt: skip
_RESULT: Schema = {"$ref": "#/components/schemas/Result"}
LIST = {**thing(licence=TEXT, results=some(_RESULT), next=schemas.PLACE), "required": ["licence", "results"]}
_ENTRY = {"kind": TEXT, "no": TEXT, "version": COUNT, "log_index": COUNT, "text": schemas.PLACE}
_NOW = dict.fromkeys(("code", "name", "uscc", "address", "district", "industry_code", "industry"), TEXT)
FACILITY = thing(
    licence=TEXT,
    facility=thing(**_NOW, former_names=some(TEXT), category=_CATEGORY, unit=schemas.UNIT, page=schemas.PLACE),
    answers=some(thing(question=TEXT, answer=TEXT, note=TEXT)),
    never_checked={"type": "boolean"},
    rosters=some(thing(**_ENTRY, line=COUNT)),
    draws=some(thing(**dict.fromkeys(("draw_id", "chance", "seen", "result", "note"), TEXT), took_part={"type": "boolean"})),
    left_out=TEXT,
    results=some(_RESULT),
    followed=some(thing(**_ENTRY, words=TEXT)),
)  # fmt: skip
UNITS = thing(units=some(thing(code=TEXT, name=TEXT, **dict.fromkeys(contacts.FIELDS, TEXT))))


_COUNTED = thing(**dict.fromkeys(("kept", "broken", "open"), COUNT))
SELF_CHECKS = thing(
    licence=TEXT,
    quarters=some(
        thing(
            quarter=TEXT,
            version=COUNT,
            as_of=TEXT,
            units=COUNT,
            totals=_COUNTED,
            rules=some(schemas.CHECKED_RULE),
        )
    ),
)


@dataclass(frozen=True)
class Operation:
    """One address: what comes from it, what it can be asked with, and what else it answers."""

    words: str
    content: str = JSON
    schema: Schema = field(default_factory=dict)
    filters: Filters = field(default_factory=dict)
    others: tuple[str, ...] = ()


_MISSING, _GONE = ("404",), ("404", "410")
OPERATIONS: dict[str, Operation] = {
    "results-json": Operation("检查结果，一次最多一百条，next 是下一页", schema=LIST, filters={**RESULTS, **_AFTER}, others=("400",)),
    "results-jsonl": Operation("检查结果的公示原文，一行一条", LINES, filters=RESULTS, others=("400",)),
    "results-csv": Operation("检查结果（CSV）", CSV, filters=RESULTS, others=("400",)),
    "results-xlsx": Operation("检查结果（Excel）", XLSX, filters=RESULTS, others=("400",)),
    "followups-csv": Operation("后续处理（CSV），没有条件", CSV, others=("400",)),
    "facilities-csv": Operation("检查对象（CSV）", CSV, filters=FACILITIES, others=("400",)),
    "enterprise-json": Operation("一家企业的全部记录", schema=FACILITY, others=("302", "404")),
    "enterprise-feed": Operation("一家企业的更新", ATOM, others=_MISSING),
    "feed": Operation("全市的更新", ATOM),
    "unit-feed": Operation("一个单位的更新", ATOM, others=_MISSING),
    "objection-feed": Operation("一件更正与申诉的进度", ATOM, others=_MISSING),
    "statistics-json": Operation("统计表，每个比率有分子和分母", schema=TABLE, filters=STATISTICS, others=("400", "404")),
    "statistics-csv": Operation("统计表（CSV）", CSV, filters=STATISTICS, others=("400", "404")),
    "selfchecks-json": Operation("各季度合规体检摘要，每条规则守住、没守住、还没到期各几处", schema=SELF_CHECKS, others=("400",)),
    "selfchecks-csv": Operation("各季度合规体检摘要（CSV），没有条件", CSV, others=("400",)),
    "sums": Operation("现有各文件的 SHA-256", PLAIN),
    "statistics-xlsx": Operation("统计表（Excel）", XLSX, filters=STATISTICS, others=("400",)),
    "catalogue": Operation("开放数据目录（DCAT）", "application/ld+json", schema={"type": "object"}),
    "units-json": Operation("各单位的地址和电话", schema=UNITS),
    "schema": Operation("检查结果一行的说明（JSON Schema）", schema={"type": "object"}),
    "text-schema": Operation("一种公示原文的说明（JSON Schema）", schema={"type": "object"}, others=_MISSING),
    "openapi": Operation("本说明", schema={"type": "object"}),
    "draw-bundle": Operation("一次抽取的证据包", schema={"type": "object"}, others=_MISSING),
    "draw-document": Operation("一次抽取的文书", PLAIN, others=_MISSING),
    "draw-frame-text": Operation("参加抽取的名单", PLAIN, others=_MISSING),
    "draw-sums": Operation("文书的指纹", PLAIN, others=_MISSING),
    "draw-tickets": Operation("全部签号（CSV）", CSV, others=_MISSING),
    "history": Operation("一年的证据包", schema={"type": "object"}, others=_MISSING),
    "chain-entry": Operation("公示链的一条", PLAIN, others=_MISSING),
    "carry": Operation("启用以前的抽查", PLAIN, others=_MISSING),
    "register-checkpoint": Operation("公示日志最新的检查点（C2SP）", PLAIN, others=_MISSING),
    "register-file": Operation("整本公示日志（PUB1 §5）", PLAIN, others=_MISSING),
    "register-tile": Operation("公示日志的一块，256 条（C2SP）", BYTES, others=_MISSING),
    "register-tile-part": Operation("公示日志没有满的一块（C2SP）", BYTES, others=_MISSING),
    **{f"tlog-proof-{kind}": Operation("凭证（C2SP）", PLAIN, others=_MISSING) for kind in schemas.WORDS},
}  # fmt: skip
_ANSWERS: dict[str, dict[str, Any]] = {
    "302": {"description": "这个代码的企业在 Location 写的地址"},
    "400": {"description": "不认识的条件；写明可以用的值", "content": {JSON: {"schema": REFUSAL}}},
    "404": {"description": "没有公开过", "content": {HTML: {}}},
    "410": {"description": "已经撤下；是撤下的说明", "content": {JSON: {"schema": {"type": "object"}}}},
}


@cache
def patterns() -> dict[str, URLPattern]:
    """The addresses of this site's public side, by name."""
    found = [r for r in get_resolver().url_patterns if isinstance(r, URLResolver) and r.app_name == "disclosure"]
    return {pattern.name: pattern for resolver in found for pattern in resolver.url_patterns}


def _place(name: str) -> tuple[str, list[dict[str, Any]]]:
    """The address as OpenAPI writes it, and what its parts may be."""
    found = patterns()[name].pattern
    route, parts = str(found), []
    for part, converter in found.converters.items():
        route = route.replace(f"<{_word(route, part)}:{part}>", f"{{{part}}}")
        said = {"type": "string", "pattern": f"^(?:{converter.regex})$"}
        parts.append({"name": part, "in": "path", "required": True, "schema": said})
    return f"/{route}", parts


def _word(route: str, part: str) -> str:
    return route.split(f":{part}>")[0].rpartition("<")[2]


def _texts() -> dict[str, Operation]:
    """The published texts; kinds that share their addresses are one operation."""
    shared: dict[str, list[str]] = {}
    for kind in schemas.WORDS:
        shared.setdefault(_place(f"json-{kind}")[0], []).append(kind)
    return {
        f"json-{kinds[0]}": Operation(
            "公示原文",
            schema={"oneOf": [{"$ref": f"#/components/schemas/{kind}"} for kind in kinds]},
            others=_GONE,
        )
        for kinds in shared.values()
    }


def description(site: str) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for name, operation in (OPERATIONS | _texts()).items():
        place, parts = _place(name)
        asked = [
            {"name": word, "in": "query", "description": said, "schema": schema}
            for word, (said, schema) in operation.filters.items()
        ]
        content = {operation.content: {"schema": operation.schema} if operation.schema else {}}
        answers = {"200": {"description": operation.words, "content": content}}
        answers |= {status: _ANSWERS[status] for status in operation.others}
        paths[place] = {
            "get": {"operationId": name, "summary": operation.words, "parameters": parts + asked, "responses": answers}
        }
    known = {kind: {k: v for k, v in schemas.of_kind(kind).items() if k != "$schema"} for kind in schemas.WORDS}
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": this_city().site,
            "version": "1",
            "license": {"name": "CC BY 4.0", "url": rows.LICENCE},
        },
        "servers": [{"url": site}],
        "paths": paths,
        "components": {"schemas": {"Result": rows.SCHEMA, **known}},
    }
