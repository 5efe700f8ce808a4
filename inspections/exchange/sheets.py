"""The same as the next package, for people: what stands in its records, a sheet for each kind (docs/exchange/ 3)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, long_tables
from inspections.models import Answer, EvidenceKind, FollowUpKind, FollowUpStep, Mode, RecordKind, Source

from .records import Line

LONGEST = 32_000  # what a cell of a workbook holds


def _as_is(value: Any) -> Any:
    return value[:LONGEST] if isinstance(value, str) else value


def _then(value: str | None) -> str | None:
    at = datetime.fromisoformat(value) if value else None
    return f"{at:%Y-%m-%d} {at.hour}:{at:%M}" if at else None


def _code(pair: dict) -> str:
    """Its name with the codes of both sides, as the other side will look them up."""
    return f"{pair['name']}（{pair['bxs'] or '—'}／{pair['mep'] or '—'}）"


def _codes(pairs: list[dict]) -> str:
    return "、".join(map(_code, pairs))[:LONGEST]


def _yes(value: bool | None) -> str | None:
    return None if value is None else "是" if value else "否"


def _facts(facts: list[dict]) -> str:
    return "；".join(f"{fact['label']}：{fact['value']}" for fact in facts)[:LONGEST]


def _one_of(labels: Any) -> Callable[[Any], str | None]:
    words = labels if isinstance(labels, dict) else {str(value): str(label) for value, label in labels.choices}
    return lambda value: None if value is None else words[value]


class Column(NamedTuple):
    """`path` is where the value stands in the record, by its keys."""

    title: str
    path: str
    words: Callable[[Any], Any] = _as_is


class Sheet(NamedTuple):
    """One row for each record of a kind, or for `each` of what it lists."""

    name: str
    kind: str
    columns: tuple[Column, ...]
    each: str = ""


_STATE = _one_of({"PROPOSED": "建议", "ISSUED": "已发起", "CANCELLED": "不再检查"})
_TEAM = _one_of({"PROPOSED": "建议", "ISSUED": "已派发"})
_SAID = _one_of({"ACCEPTED": "收下", "REFUSED": "退回"})
IDENTITY = (Column("检查编号", "task"), Column("平台编号", "platform_task"), Column("版次", "record_version"))
SHEETS = (
    Sheet(
        "任务",
        RecordKind.TASKS,
        (
            Column("状态", "state", _STATE),
            Column("来源", "source", _one_of(Source)),
            Column("检查方式", "mode", _one_of(Mode)),
            Column("名录编号", "facility.code"),
            Column("统一社会信用代码", "facility.uscc"),
            Column("检查对象", "facility.name"),
            Column("地址", "facility.address"),
            Column("实施单位", "unit", _code),
            Column("检查事项", "items", _codes),
            Column("年度", "year"),
            Column("季度", "quarter"),
            Column("派发时间", "dispatched_at", _then),
            Column("完成不晚于", "finish_by"),
            Column("检查事由", "reason"),
        ),
    ),
    Sheet(
        "派发",
        RecordKind.TEAMS,
        (
            Column("状态", "state", _TEAM),
            Column("姓名", "members.name"),
            Column("人员编号", "members.code"),
            Column("执法证号", "members.certificate_no"),
            Column("证件有效期至", "members.certificate_to"),
            Column("组长", "members.leader", _yes),
        ),
        each="members",
    ),
    Sheet(
        "通知书",
        RecordKind.NOTICES,
        (
            Column("文号", "number"),
            Column("编号日期", "given_on"),
            Column("送达时间", "served_at", _then),
            Column("签收", "accepted", _yes),
        ),
    ),
    Sheet(
        "检查情况",
        RecordKind.RESULTS,
        (
            Column("到达", "started_at", _then),
            Column("结束", "ended_at", _then),
            Column("检查方式", "mode", _one_of(Mode)),
            Column("检查结果", "outcome", _code),
            Column("发现的问题", "finding"),
            Column("现场处理", "measures"),
            Column("整改期限", "rectify_by"),
            Column("交齐时间", "handed_in_at", _then),
        ),
    ),
    Sheet(
        "检查点",
        RecordKind.RESULTS,
        (
            Column("检查事项", "answers.item", _code),
            Column("第几点", "answers.number"),
            Column("检查要点", "answers.text"),
            Column("结论", "answers.answer", _one_of(Answer)),
            Column("情况", "answers.words"),
        ),
        each="answers",
    ),
    Sheet(
        "证据索引",
        RecordKind.EVIDENCE,
        (
            Column("种类", "kind", _one_of(EvidenceKind)),
            Column("拍摄时间", "taken_at", _then),
            Column("说明", "words"),
            Column("已划去", "struck", _yes),
            Column("文件类型", "content_type"),
            Column("字节", "size"),
            Column("指纹（SHA-256）", "sha256"),
        ),
    ),
    Sheet(
        "后续处理",
        RecordKind.FOLLOWUPS,
        (
            Column("公示编号", "key"),
            Column("种类", "kind", _one_of(FollowUpKind)),
            Column("步骤", "step", _one_of(FollowUpStep)),
            Column("日期", "happened_on"),
            Column("内容", "words"),
            Column("要点", "facts", _facts),
        ),
    ),
    Sheet(
        "回执",
        RecordKind.ACKS,
        (
            Column("回复的包", "package"),
            Column("回复的种类", "kind", _one_of(RecordKind)),
            Column("回复的记录", "record"),
            Column("回复的版次", "version"),
            Column("回复", "state", _SAID),
            Column("退回的代码", "reason_code"),
            Column("退回的原因", "reason"),
            Column("时间", "at", _then),
        ),
    ),
)


def workbook(lines: Iterable[Line], answers: Iterable[dict], unit: Unit, today) -> bytes:
    told = [(line.kind, line.record) for line in lines] + [(RecordKind.ACKS, answer) for answer in answers]
    sheets = []
    for sheet in SHEETS:
        columns = [*IDENTITY, *sheet.columns]
        rows = [
            [column.words(_at(row, column.path)) for column in columns]
            for kind, record in told
            if kind == sheet.kind
            for row in ([{**record, sheet.each: one} for one in record[sheet.each]] if sheet.each else [record])
        ]
        sheets.append((sheet.name, [OutColumn(column.title, 24) for column in columns], rows))
    return long_tables(sheets, title=heading("待上传移动执法平台", unit.name, today))


def _at(record: dict, path: str) -> Any:
    value: Any = record
    for step in path.split("."):
        value = value[step]
    return value
