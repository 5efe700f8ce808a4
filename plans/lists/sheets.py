"""An item list as a workbook, with the columns of domain.md 2.1: what is written can be read again (`comparison`)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from benxi_shuangsuiji.documents.workbooks.writing import heading, table
from plans.models import InspectionItem, ItemList, Mode
from registry.columns import Column, words_of
from registry.models import Scope
from registry.sheets import out_column, written

from . import kinds

IMPORTANCE = dict(InspectionItem._meta.get_field("importance").choices)
_MODES = {label: value for value, label in (*Mode.choices, ("EITHER", "现场或非现场"))} | {
    "现场检查": "ONSITE",
    "实地检查": "ONSITE",
    "实地": "ONSITE",
    "实地核查": "ONSITE",
    "非现场检查": "OFFSITE",
    "非现场监管": "OFFSITE",
    "线上检查": "OFFSITE",
    "书面检查": "DOCUMENT",
    "书面审查": "DOCUMENT",
    "现场和非现场": "EITHER",
    "现场、非现场": "EITHER",
    "现场/非现场": "EITHER",
    "现场检查或非现场检查": "EITHER",
    "现场检查、非现场检查": "EITHER",
}
_IMPORTANCE = {label: value for value, label in IMPORTANCE.items()} | {
    "一般": "GENERAL",
    "一般事项": "GENERAL",
    "重点": "KEY",
    "重点事项": "KEY",
}


def _longest(name: str) -> int:
    return InspectionItem._meta.get_field(name).max_length


def _text(field: str, title: str, also: tuple[str, ...] = (), **more) -> Column:
    return Column(field, title, also=also, max_length=_longest(field), **more)


COLUMNS = (
    Column(
        "code",
        "序号",
        "code",
        ("编号", "事项编号", "事项代码", "抽查事项编号"),
        required=True,
        filled=True,
        max_length=_longest("code"),
        width=8,
        hint="事项编号，例如 A01；分局的以 L 开头",
    ),
    Column("category", "抽查类别", "choice", ("抽查事项类别", "类别"), width=18),  # its words are rows: `columns`
    _text(
        "name", "抽查事项", ("事项名称", "抽查事项名称", "检查事项", "抽查项目"), required=True, filled=True, width=22
    ),
    _text("content", "抽查内容", ("检查内容", "抽查内容及要求", "内容"), width=32),
    _text("objects_text", "检查对象", ("抽查对象", "适用对象"), width=20),
    Column("importance", "事项类别", "choice", ("事项性质", "重要程度"), words=_IMPORTANCE, width=12),
    Column("modes", "检查方式", "choice", ("抽查方式", "方式"), words=_MODES, width=12),
    _text("ratio_text", "抽查比例", ("比例", "年度抽查比例"), width=15),
    _text("frequency_text", "抽查频次", ("频次", "检查频次", "年度抽查频次"), width=15),
    _text("body", "检查主体", ("抽查主体", "实施主体", "检查单位", "责任单位"), width=20),
    _text(
        "legal_basis",
        "法律依据",
        ("检查依据", "抽查依据", "依据", "法律法规依据", "设定依据", "执法依据"),
        width=32,
        hint="依据库里的全称和条款，几部之间用分号隔开",
    ),
    _text("power_code", "权责清单编码", ("权责事项编码", "权责编码", "职权编码"), width=14),
    Column("annual_focus", "年度重点", "bool", ("是否年度重点", "本年重点"), width=8),
    Column(
        "needs_scope",
        "专业要求",
        "choice",
        ("专业资格要求", "检查专业要求"),
        words=words_of(Scope, HW=("危废", "HW"), RAD=("核与辐射", "RAD")),
        width=10,
        hint="检查人员要有的专业资格",
    ),
    Column(
        "valid_from",
        "生效日期",
        "date",
        ("生效时间", "施行日期"),
        width=12,
        hint="空着是当年 1 月 1 日；早于清单年度的，从当年 1 月 1 日起算",
    ),
    _text("note", "备注", ("说明",), width=14),
    _text("materials", "备查资料", ("备查材料", "企业备查资料"), width=24, hint="企业要备好的资料，写在检查通知书上"),
)
# A new item says all of these; of a known one an empty cell changes nothing.
NEEDED = tuple(c.field for c in COLUMNS[: [c.field for c in COLUMNS].index("legal_basis") + 1])


def columns() -> tuple[Column, ...]:
    """With the kinds that may stand in a list now (三-o)."""
    words = {label: number for number, label in kinds.labels().items()}
    return tuple(replace(c, words=words) if c.field == "category" else c for c in COLUMNS)


def export(items: Iterable[InspectionItem], item_list: ItemList, day: date) -> bytes:
    known = columns()
    version = f"（第 {item_list.version} 版）" if item_list.version > 1 else ""
    return table(
        sheet="随机抽查事项清单",
        title=heading(f"{item_list.year} 年随机抽查事项清单{version}", item_list.unit.name, day),
        columns=[replace(out_column(c), required=c.field in NEEDED) for c in known],
        rows=([written(getattr(item, c.field), c) for c in known] for item in items),
        named_by=3,
        rows_prepared=30,
    )
