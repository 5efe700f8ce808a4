"""Open data: the published results as CSV and as a workbook, at any size (四(3)-e, ui.md 4.4)."""

from django.db.models import F, Min
from django.http import JsonResponse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.documents.files import XLSX
from benxi_shuangsuiji.documents.workbooks.writing import heading
from benxi_shuangsuiji.workdays.days import full_date
from disclosure import words
from disclosure.kept_files import CSV, File
from disclosure.models import Objection, Publication, PublicationKind
from disclosure.revisions.terms import Term, penalties_end, whole_terms
from disclosure.tables import Column, Line, Table

from . import followups

ISSUED = "(r.issued_at AT TIME ZONE 'Asia/Shanghai')::date"
_TERM = f"CROSS JOIN LATERAL (SELECT f.terms -> {ISSUED}::text AS term OFFSET 0) w"
# The text of each is taken apart once; what was found of its items likewise.
BESIDE = f"""{_TERM}
    CROSS JOIN LATERAL jsonb_to_record(r.snapshot) AS s (
        facility jsonb, category_label text, source_label text, executing_unit text, mode_label text, inspectors text,
        items jsonb, finding text, measures text, correction jsonb)
    CROSS JOIN LATERAL (
        SELECT string_agg(i.name, '；') AS names, array_agg(i.handling) FILTER (WHERE i.handling <> '') AS handled
        FROM jsonb_to_recordset(s.items) AS i (name text, handling text)) i"""
HANDLING = """CASE WHEN i.handled IS NULL THEN s.measures ELSE (
    SELECT string_agg(h.words, '；' ORDER BY h.n)
    FROM (SELECT words, min(n) AS n FROM unnest(i.handled) WITH ORDINALITY u (words, n) GROUP BY words) h) END"""
# A penalty may end the term earlier.
TERM = """CASE WHEN f.penalties -> r.no ->> 0 < coalesce(w.term ->> 1, '9999') THEN f.penalties -> r.no ->> 1
    ELSE w.term ->> 2 END"""
COLUMNS = [
    Column("公示编号", 22, "本条结果的编号，也是网页地址的一部分", "r.no"),
    Column("检查对象", 34, "公开时的名称；自然人隐去名字", "r.facility_name"),
    Column("统一社会信用代码", 22, "18 位；自然人不公开", "s.facility ->> 'uscc'"),
    Column("名录编号", 24, "检查对象名录里的固定编号", "r.facility_code"),
    Column("所在县区", 16, "检查对象所在的县区", "r.district"),
    Column("类别", 8, "抽取时的类别：重点、一般、特殊", "s.category_label"),
    Column("检查来源", 14, "随机抽取，或投诉举报等其他来源", "s.source_label"),
    Column("抽取编号", 22, "随机抽取的编号；不是随机抽取的为空", "r.draw"),
    Column("年度", 8, "计入的年度", "r.year", is_text=False),
    Column("季度", 8, "计入的季度，1 到 4", "r.number", is_text=False),
    Column("检查单位", 26, "实施检查的单位", "s.executing_unit"),
    Column("检查日期", 12, "检查结束的日期", "r.checked_on", is_text=False),
    Column("检查方式", 10, "现场、非现场、书面", "s.mode_label"),
    Column("检查人数", 10, "检查人员人数", "s.inspectors::int", is_text=False),
    Column("检查事项", 50, "逐项列出，用分号隔开", "i.names"),
    Column("检查结果", 18, "未发现问题不等于对企业的整体评价", "f.outcomes ->> r.outcome"),
    Column("发现的问题", 50, "有问题时的描述", "s.finding"),
    Column("后续处理", 30, "责令改正的期限、立案、移送等", HANDLING),
    Column("后续处理的最近一步", 40, "结果公开以后的整改、立案、移送；每一步另见后续处理（CSV）", "f.steps ->> r.no"),
    Column("公开日期", 12, "公开的日期", ISSUED, is_text=False),
    Column("第几个工作日公开", 14, "检查结束后的第几个工作日；0 是检查当天", "r.workday_number", is_text=False),
    Column("逾期原因", 30, "没有在规定的工作日内公开的原因", "r.late_reason"),
    Column("版次", 8, "第几版；更正以后是新的一版", "r.version", is_text=False),
    Column(
        "更正日期",
        12,
        "这一版更正的日期；没有更正的为空",
        "CASE WHEN r.change = 'correction' THEN s.correction ->> 'corrected_on' END",
        is_text=False,
    ),
    Column("更正理由", 40, "这一版更正的理由", "CASE WHEN r.change = 'correction' THEN s.correction ->> 'reason' END"),
    Column("公开目录类别", 26, "行政执法公示目录里的类别", "w.term ->> 0"),
    Column("公示期限", 18, "公示到哪一天", TERM),
    Column("异议处理中", 16, "有异议正在办理的受理编号；没有的为空", "f.objections ->> r.no"),
    Column("指纹", 36, "公示原文的 SHA-256", "r.digest"),
]
# The line that the database has kept of each (disclosure/results/rules.sql), with what changes without it in its gaps.
LINE = Line(
    "format(r.csv_line, f.outcomes ->> r.outcome, csv_cell(f.steps ->> r.no), w.term ->> 0, "
    f"{TERM}, csv_cell(f.objections ->> r.no))",
    ("no", "outcome", "issued_at", "csv_line"),
    _TERM,
)
_ROWS = ("no", "version", "change", "facility_name", "facility_code", "district", "draw", "year", "number", "outcome")
_ROWS += ("checked_on", "workday_number", "late_reason", "issued_at", "digest", "snapshot")


def table(found) -> Table:
    """These results, in their order."""
    first = Publication.everything.filter(kind=PublicationKind.RESULT).aggregate(first=Min("issued_at"))["first"]
    today = clock.today()
    since = localtime(first).date() if first else today
    terms = whole_terms(PublicationKind.RESULT, since, max(today, since))
    return Table(
        COLUMNS,
        found.values(*_ROWS),
        BESIDE,
        facts={
            "outcomes": {code: outcome.row for code, outcome in words.OUTCOMES.items()},
            "terms": {str(day): [t.category, _day(t), t.words] for day, t in terms.items()},
            "penalties": {no: [str(day), f"至 {full_date(day)}"] for no, day in penalties_end().items()},
        },
        asked={"steps": followups.last_steps(), "objections": _objections()},
        line=LINE,
    )


def _day(term: Term) -> str | None:
    return term.ends_on and str(term.ends_on)


def _objections() -> tuple[str, tuple]:
    """Number → receipt of the first that is asked about it and not decided yet."""
    pending = Objection.objects.pending().filter(publication__kind=PublicationKind.RESULT)
    rows, arguments = pending.order_by().values("id", "receipt", no=F("publication__no")).query.sql_with_params()
    return f"SELECT jsonb_object_agg(o.no, o.receipt ORDER BY o.id DESC) FROM ({rows}) o", arguments


def file_of(query, ending: str) -> File:
    """The results that are asked for, as a file that is kept unless they were searched by words or by days."""
    found, quarter = query.ordered(), [str(query.quarter)] if query.quarter else []
    name = "_".join([this_city().label, "检查结果", *quarter, f"{clock.today():%Y%m%d}"]) + f".{ending}"
    address = "" if query.is_free else f"/results/export.{ending}{query.address()}".removesuffix("?")
    if ending == "csv":
        return File(name, CSV, lambda out: table(found).write_csv(out), address)
    title = heading("随机抽查和针对性检查结果", this_city().bureau, clock.today())
    return File(
        name,
        XLSX,
        lambda out: table(found).write_workbook(out, sheet="检查结果", title=title, named_by=2),
        address,
    )


def refused(query) -> JsonResponse:
    """400 with what is allowed: a file of everything in place of what was asked would print a false figure."""
    said = [{"name": u.name, "value": u.value, "allowed": list(u.allowed)} for u in query.unknown]
    words_said = "；".join(f"不认识的条件 {u}，可以用：{'、'.join(u.allowed) or '（还没有）'}" for u in query.unknown)
    return JsonResponse({"error": words_said, "unknown": said}, status=400, json_dumps_params={"ensure_ascii": False})
