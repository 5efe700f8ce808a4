"""The same as the next package, for people: one sheet for each kind (docs/exchange/)."""

from collections.abc import Iterable

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, long_tables
from inspections.models import Answer, FollowUpStep, Mode, RecordKind, Source

from .records import Line

TASK_STATES = {"PROPOSED": "建议", "ISSUED": "已发起", "CANCELLED": "不再检查"}
COLUMNS = {
    RecordKind.TASKS: ("状态", "来源", "检查方式", "名录编号", "检查对象", "地址", "检查事项", "完成不晚于"),
    RecordKind.TEAMS: ("组长", "执法证号", "组员"),
    RecordKind.NOTICES: ("文号", "编号日期", "送达时间"),
    RecordKind.RESULTS: ("到达", "结束", "检查结果", "发现的问题", "现场处理", "整改期限", "检查点"),
    RecordKind.EVIDENCE: ("种类", "拍摄时间", "说明", "指纹（SHA-256）", "字节"),
    RecordKind.FOLLOWUPS: ("步骤", "日期", "内容"),
}


def workbook(lines: Iterable[Line], unit: Unit, today) -> bytes:
    rows = list(lines)
    sheets = []
    for kind, names in COLUMNS.items():
        mine = [line.record for line in rows if line.kind == kind]
        columns = [OutColumn(name, 24) for name in ("检查编号", "平台编号", "版次", *names)]
        told = [[r["task"], r["platform_task"], r["record_version"], *_cells(kind, r)] for r in mine]
        sheets.append((str(kind.label), columns, told))
    return long_tables(sheets, title=heading("待上传移动执法平台", unit.name, today))


def _cells(kind: str, r: dict) -> list:
    if kind == RecordKind.TASKS:
        place = r["facility"]
        names = "、".join(item["name"] for item in r["items"])
        source, mode = str(Source(r["source"]).label), str(Mode(r["mode"]).label)
        return [
            TASK_STATES[r["state"]],
            source,
            mode,
            place["code"],
            place["name"],
            place["address"],
            names,
            r["finish_by"],
        ]
    if kind == RecordKind.TEAMS:
        leader = next((m for m in r["members"] if m["leader"]), {"name": "", "certificate_no": ""})
        others = "、".join(f"{m['name']}（{m['certificate_no']}）" for m in r["members"] if not m["leader"])
        return [leader["name"], leader["certificate_no"], others]
    if kind == RecordKind.NOTICES:
        return [r["number"], r["given_on"], r["served_at"]]
    if kind == RecordKind.RESULTS:
        points = "；".join(f"{a['item']['name']} {a['number']} {Answer(a['answer']).label}" for a in r["answers"])
        said = [r["outcome"]["name"], r["finding"], r["measures"], r["rectify_by"]]
        return [r["started_at"], r["ended_at"], *said, points[:32000]]
    if kind == RecordKind.EVIDENCE:
        return [r["kind"], r["taken_at"], r["words"], r["sha256"], r["size"]]
    return [str(FollowUpStep(r["step"]).label), r["happened_on"], r["words"]]
