"""Open data: the published results as CSV at any size and as a workbook up to 5,000 rows (四(3)-e, ui.md 4.4)."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from urllib.parse import quote

from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.workbooks import writing as workbooks_out
from disclosure import words
from disclosure.models import Publication
from disclosure.revisions.terms import penalties_end, term_of

MOST_ROWS_IN_A_WORKBOOK = 5000
# (column, width in the workbook, what it holds)
COLUMNS = [
    ("公示编号", 22, "本条结果的编号，也是网页地址的一部分"),
    ("检查对象", 34, "公开时的名称；自然人隐去名字"),
    ("统一社会信用代码", 22, "18 位；自然人不公开"),
    ("名录编号", 24, "检查对象名录里的固定编号"),
    ("所在县区", 16, "检查对象所在的县区"),
    ("类别", 8, "抽取时的类别：重点、一般、特殊"),
    ("检查来源", 14, "随机抽取，或投诉举报等其他来源"),
    ("抽取编号", 22, "随机抽取的编号；不是随机抽取的为空"),
    ("年度", 8, "计入的年度"),
    ("季度", 8, "计入的季度，1 到 4"),
    ("检查单位", 26, "实施检查的单位"),
    ("检查日期", 12, "检查结束的日期"),
    ("检查方式", 10, "现场、非现场、书面"),
    ("检查人数", 10, "检查人员人数"),
    ("检查事项", 50, "逐项列出，用分号隔开"),
    ("检查结果", 18, "未发现问题不等于对企业的整体评价"),
    ("发现的问题", 50, "有问题时的描述"),
    ("后续处理", 30, "责令改正的期限、立案、移送等"),
    ("后续处理的最近一步", 40, "结果公开以后的整改、立案、移送；每一步另见后续处理（CSV）"),
    ("公开日期", 12, "公开的日期"),
    ("第几个工作日公开", 14, "检查结束后的第几个工作日；0 是检查当天"),
    ("逾期原因", 30, "没有在规定的工作日内公开的原因"),
    ("版次", 8, "第几版；更正以后是新的一版"),
    ("更正日期", 12, "这一版更正的日期；没有更正的为空"),
    ("更正理由", 40, "这一版更正的理由"),
    ("公开目录类别", 26, "行政执法公示目录里的类别"),
    ("公示期限", 18, "公示到哪一天"),
    ("异议处理中", 16, "有异议正在办理的受理编号；没有的为空"),
    ("指纹", 36, "公示原文的 SHA-256"),
]
# What a spreadsheet takes for a formula when a text begins with it (reliability.md P21).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def row_of(publication: Publication, penalties: Mapping[str, date]) -> list:
    s = publication.snapshot
    term, correction = term_of(publication, penalties), publication.correction or {}
    handling = dict.fromkeys(i["handling"] for i in s["items"] if i["handling"])
    return [
        publication.no,
        publication.facility_name,
        s["facility"]["uscc"],
        publication.facility_code,
        publication.district,
        s["category_label"],
        s["source_label"],
        s["draw"],
        publication.year,
        publication.number,
        s["executing_unit"],
        publication.checked_on,
        s["mode_label"],
        s["inspectors"],
        "；".join(i["name"] for i in s["items"]),
        words.OUTCOMES[publication.outcome].row,
        s["finding"],
        "；".join(handling) or s["measures"],
        publication.last_step,
        localtime(publication.issued_at).date(),
        publication.workday_number,
        publication.late_reason,
        publication.version,
        correction.get("corrected_on"),
        correction.get("reason"),
        term.category,
        term.words,
        publication.objection,
        publication.digest,
    ]


def safe(value) -> str:
    """A text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(_FORMULA) else text


class _Line:
    """A file that hands each line straight on."""

    def write(self, line: str) -> str:
        return line


def lines_of(heads: Iterable[str], rows: Iterable[list]) -> Iterator[str]:
    """A table as CSV that spreadsheets open with its Chinese, and in which no field is a formula."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield "\ufeff" + writer.writerow(heads)
    for row in rows:
        yield writer.writerow([safe(value) for value in row])


def csv_response(publications, name: str, heads: Iterable[str], row: Callable) -> StreamingHttpResponse:
    """Stream the rows as they come from the database; nothing is held in memory."""
    lines = lines_of(heads, map(row, publications))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def workbook_response(publications, name: str) -> HttpResponse:
    penalties = penalties_end()
    content = workbooks_out.table(
        sheet="检查结果",
        title=workbooks_out.heading("随机抽查和针对性检查结果", "本溪市生态环境局", clock.today()),
        named_by=2,
        columns=[workbooks_out.OutColumn(title, width) for title, width, _ in COLUMNS],
        rows=(row_of(p, penalties) for p in publications),
    )
    return files.attachment(content, name=name, content_type=files.XLSX)


def refused(query) -> JsonResponse:
    """400 with what is allowed: a file of everything in place of what was asked would print a false figure."""
    said = [{"name": u.name, "value": u.value, "allowed": list(u.allowed)} for u in query.unknown]
    words_said = "；".join(f"不认识的条件 {u}，可以用：{'、'.join(u.allowed) or '（还没有）'}" for u in query.unknown)
    return JsonResponse({"error": words_said, "unknown": said}, status=400, json_dumps_params={"ensure_ascii": False})
