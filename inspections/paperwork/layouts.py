"""What of a paper is data: a bureau changes it on a page, from a day on, without a programmer (domain.md 3.2).

The defaults follow 《行政检查文书基本格式文本（试行）》 and the 2016 guide as far as they are known here; where the layouts of
Benxi were not found, the fields are those of domain.md 3.2 (c), (d), (f), (g), (h).
"""

from dataclasses import asdict, dataclass, field
from datetime import date

from inspections.models import PaperKind, PaperLayout


@dataclass(frozen=True)
class Layout:
    """`number` may hold {year} and {no}; `fields` are (key, label) in their order, a field left out is not printed."""

    title: str
    number: str
    opening: str
    closing: str
    fields: tuple[tuple[str, str], ...]
    signers: tuple[tuple[str, str], ...] = field(default=())

    def numbered(self, year: int, no: str) -> str:
        return self.number.replace("{year}", str(year)).replace("{no}", no)


_TOLD = (
    "我们是行政执法人员，已出示行政执法证件，由你单位核对。今天依法进行检查，你单位应当配合，如实提供情况和材料。"
    "认为检查人员与检查事项有直接利害关系的，可以申请回避；对检查有权陈述和申辩，对不出示证件的检查有权拒绝。"
)
_LOT = "换成谁由抽取时确定的签号算出，不能指定。"
_WITHDRAW = (
    "执法人员与检查有直接利害关系或者有其他关系可能影响公正执法的，应当回避（行政处罚法第四十三条）。"
    "回避申请由行政机关负责人决定，决定作出以前不停止检查。"
)
_OF_A_CHANGE = (("ASKED", "承办人"), ("LEADER", "分管负责人"))
_RIGHTS = (
    "对本告知书有异议的，可以自收到之日起向检查单位陈述、申辩，或者对公示内容提出更正。"
    "依法作出行政处理决定的，另行送达决定书，并告知行政复议和行政诉讼的权利。"
)

DEFAULTS = {
    PaperKind.RECORD: Layout(
        title="现场检查（勘察）笔录",
        number="{no}",
        opening=_TOLD,
        closing="以上笔录经被检查单位现场负责人核对。",
        fields=(
            ("period", "检查时间"),
            ("address", "检查地点"),
            ("facility", "被检查单位"),
            ("uscc", "统一社会信用代码"),
            ("legal_person", "法定代表人"),
            ("responsible", "现场负责人"),
            ("people", "检查人员"),
            ("recorder", "执法记录仪"),
            ("shown", "表明身份"),
            ("served", "通知书送达"),
            ("situation", "现场情况"),
            ("evidence", "照片和样品"),
            ("finding", "发现的问题"),
            ("opinion", "被检查单位意见"),
            ("addenda", "追加说明"),
        ),
        signers=(("RESPONSIBLE", "现场负责人"), ("INSPECTOR", "检查人员")),
    ),
    PaperKind.CHECKLIST: Layout(
        title="清单式检查表",
        number="{no}",
        opening="",
        closing="",
        fields=(
            ("facility", "被检查单位"),
            ("uscc", "统一社会信用代码"),
            ("legal_person", "法定代表人"),
            ("category", "监管类别"),
            ("address", "地址"),
            ("source", "检查来源"),
            ("period", "检查时间"),
            ("people", "检查人员"),
            ("points", "检查清单"),
        ),
        signers=(("RESPONSIBLE", "现场负责人"), ("INSPECTOR", "检查人员")),
    ),
    PaperKind.REPORT: Layout(
        title="涉企行政执法检查结果报告",
        number="本环检报〔{year}〕{no}",
        opening="",
        closing="",
        fields=(
            ("source", "一、检查任务来源与依据"),
            ("who", "二、检查时间、人员和方式"),
            ("firm", "三、被检查单位基本情况"),
            ("situation", "四、检查内容与情况"),
            ("finding", "五、发现的问题"),
            ("bases", "六、检查依据"),
            ("decision", "七、处理意见"),
            ("rectify", "八、整改期限与复查安排"),
            ("publication", "九、公示建议"),
            ("attached", "附件"),
        ),
    ),
    PaperKind.RESULT: Layout(
        title="检查结果告知书",
        number="本环检告〔{year}〕{no}",
        opening="依照法律、法规和《实施方案》，我单位对你单位进行了检查，现将检查结果告知如下。",
        closing=_RIGHTS,
        fields=(
            ("facility", "被检查单位"),
            ("uscc", "统一社会信用代码"),
            ("address", "地址"),
            ("period", "检查时间"),
            ("people", "检查人员"),
            ("items", "检查事项"),
            ("result", "检查结果"),
            ("finding", "事实和理由"),
            ("bases", "依据"),
            ("decision", "处理意见"),
            ("rectify", "改正要求和期限"),
            ("publication", "公开"),
        ),
        signers=(("SERVED", "收件人"),),
    ),
    PaperKind.RECEIPT: Layout(
        title="送达回证",
        number="{no}",
        opening="",
        closing="",
        fields=(("facility", "受送达人"), ("address", "送达地点"), ("deliveries", "送达情况")),
        signers=(("SERVED", "收件人"), ("SERVER", "送达人")),
    ),
    PaperKind.CHANGE: Layout(
        title="抽取名单更换审批表",
        number="{no}",
        opening="",
        closing=_LOT,
        fields=(
            ("draw", "抽取编号"),
            ("unit", "实施单位"),
            ("what", "更换事项"),
            ("reason", "原因"),
            ("subject", "原抽中的对象或人员"),
            ("evidence", "情况和证明材料"),
            ("asked", "承办"),
            ("decision", "分管负责人意见"),
            ("outcome", "更换结果"),
        ),
        signers=_OF_A_CHANGE,
    ),
    PaperKind.RECUSAL: Layout(
        title="回避申请和决定书",
        number="{no}",
        opening=_WITHDRAW,
        closing=_LOT,
        fields=(
            ("draw", "抽取编号"),
            ("unit", "实施单位"),
            ("subject", "申请回避的人员和检查对象"),
            ("evidence", "申请的理由和证明材料"),
            ("asked", "申请人和时间"),
            ("decision", "决定和理由"),
            ("decided", "决定人和时间"),
            ("outcome", "回避以后的检查小组"),
        ),
        signers=_OF_A_CHANGE,
    ),
}


def in_force(kind: str, day: date) -> Layout:
    """The layout of a paper whose check ended on that day."""
    row = PaperLayout.objects.filter(kind=kind, valid_from__lte=day).first()
    return _read(kind, row.layout) if row else DEFAULTS[PaperKind(kind)]


def latest(kind: str) -> Layout:
    """The one that was entered last, for whoever goes on from it."""
    row = PaperLayout.objects.filter(kind=kind).first()
    return _read(kind, row.layout) if row else DEFAULTS[PaperKind(kind)]


def written(layout: Layout) -> dict:
    return asdict(layout)


def _read(kind: str, kept: dict) -> Layout:
    """Who signs is not the bureau's to leave out; only how he is called."""
    called = dict(kept["signers"])
    return Layout(
        title=kept["title"],
        number=kept["number"],
        opening=kept["opening"],
        closing=kept["closing"],
        fields=tuple((key, label) for key, label in kept["fields"]),
        signers=tuple((key, called.get(key, label)) for key, label in DEFAULTS[PaperKind(kind)].signers),
    )
