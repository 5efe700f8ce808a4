"""What of a paper is data: a bureau changes it on a page, from a day on, without a programmer (domain.md 3.2).

The defaults follow 《行政检查文书基本格式文本（试行）》 and the 2016 guide as far as they are known here; where the layouts of
Benxi were not found, the fields are those of domain.md 3.2 (a) to (h).
"""

from dataclasses import asdict, dataclass, field
from datetime import date

from benxi_shuangsuiji.accounts.city import this_city
from inspections.models import PaperKind, PaperLayout


@dataclass(frozen=True)
class Layout:
    """`number` may hold {word} (机关代字), {year} and {no}; `fields` are (key, label) in their order, a field left out is not printed."""

    title: str
    number: str
    opening: str
    closing: str
    fields: tuple[tuple[str, str], ...]
    signers: tuple[tuple[str, str], ...] = field(default=())

    def numbered(self, year: int, no: str) -> str:
        word = this_city().mark_in(year)
        return self.number.replace("{word}", word).replace("{year}", str(year)).replace("{no}", no)


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
_OF_MENDING = (("facility", "被检查单位"), ("check", "责令改正的检查"), ("finding", "要改正的问题"))
_RIGHTS = (
    "对本告知书有异议的，可以自收到之日起向检查单位陈述、申辩，或者对公示内容提出更正。"
    "依法作出行政处理决定的，另行送达决定书，并告知行政复议和行政诉讼的权利。"
)

_BOTH = (
    "你单位有权陈述和申辩；认为检查人员与本单位有利害关系的，有权申请回避；检查人员不出示行政执法证件的，有权拒绝检查。"
    "对检查有异议的，可以向检查主体反映，也可以按检查码上的联系方式投诉。\n"
    "你单位应当如实反映情况，提供与检查事项有关的资料，予以配合，不得拒绝、阻挠。"
)
_OF_A_REFERRAL = (
    ("facility", "一、当事人"),
    ("found", "二、检查情况"),
    ("matter", "三、移送的事项"),
    ("basis", "四、管辖依据"),
    ("enclosed", "五、随函材料"),
    ("asked", "六、办理的要求"),
)

DEFAULTS = {
    PaperKind.APPROVAL: Layout(
        title="行政执法检查审批表",
        number="{no}",
        opening="",
        closing="没有批准不进入企业检查。",
        fields=(
            ("facility", "检查对象"),
            ("category", "监管类别"),
            ("uscc", "统一社会信用代码"),
            ("legal_person", "法定代表人"),
            ("contact", "联系人"),
            ("address", "地址"),
            ("source", "任务来源"),
            ("mode", "检查方式"),
            ("duration", "计划用时"),
            ("period", "检查时间"),
            ("frequency", "检查频次"),
            ("served", "检查通知书"),
            ("items", "检查事项"),
            ("bases", "检查依据"),
            ("people", "检查人员及执法证"),
            ("assistants", "协助检查人员"),
            ("made_up", "紧急补办"),
            ("proposed", "承办人意见"),
            ("decided_by", "审批意见"),
        ),
    ),
    PaperKind.NOTICE: Layout(
        title="行政检查通知书",
        number="{no}",
        opening="依照法律、法规和规章，对你单位进行行政检查，现将有关事项通知如下。",
        closing=_BOTH,
        fields=(
            ("facility", "被检查单位"),
            ("address", "检查地点"),
            ("issuer", "检查主体"),
            ("source", "任务来源"),
            ("purpose", "检查目的"),
            ("frequency", "本年检查频次"),
            ("items", "检查事项"),
            ("bases", "检查依据"),
            ("grounds", "工作依据"),
            ("materials", "备查资料"),
            ("period", "检查方式和时间"),
            ("people", "检查人员及执法证号"),
            ("assistants", "协助检查人员"),
            ("slip", "到访凭证"),
            ("discipline", "检查纪律"),
        ),
        signers=(("SERVED", "签收人"), ("SEAL", "检查主体（印章）")),
    ),
    PaperKind.FORM: Layout(
        title="行政执法检查登记表",
        number="{no}",
        opening="",
        closing="登记表一式两份，一份归档，一份交被检查单位。",
        fields=(
            ("facility", "被检查单位"),
            ("uscc", "统一社会信用代码"),
            ("category", "对象类别"),
            ("permit_no", "排污许可证编号"),
            ("permit", "许可管理"),
            ("industry", "行业"),
            ("phone", "联系电话"),
            ("address", "地址"),
            ("responsible", "现场负责人"),
            ("period", "检查时间"),
            ("way", "检查方式"),
            ("people", "检查人员及证号"),
            ("recorded", "表明身份和记录"),
            ("answers", "检查事项"),
            ("finding", "检查情况"),
            ("decision", "处理意见"),
            ("opinion", "被检查单位意见"),
            ("remark", "备注"),
        ),
        signers=(("RESPONSIBLE", "现场负责人"), ("INSPECTOR", "检查人员")),
    ),
    PaperKind.SWAP: Layout(
        title="检查人员更换审批表",
        number="{no}",
        opening="",
        closing="换上的人员由批准人选定，符合执法证件、执法范围、回避和请假的要求，不由换下的人员指定。",
        fields=(
            ("check", "检查编号"),
            ("facility", "检查对象"),
            ("unit", "实施单位"),
            ("reason", "更换原因"),
            ("leaving", "换下的人员"),
            ("coming", "换上的人员"),
            ("evidence", "情况和证明材料"),
            ("asked", "承办"),
            ("decision", "分管负责人意见"),
            ("outcome", "更换结果"),
        ),
        signers=(("ASKED", "承办人"), ("LEADER", "分管负责人")),
    ),
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
        number="{word}检报〔{year}〕{no}",
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
        number="{word}检告〔{year}〕{no}",
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
    PaperKind.REFERRAL: Layout(
        title="关于移送案件线索的函",
        number="{no}",
        opening="我单位在行政检查中发现下列情形，不属于我单位职责范围。依照行政处罚法和有关规定，现移送{body}处理。",
        closing="收到本函后，填写回执并告知受理情况；处理结束后，将处理结果反馈我单位。",
        fields=_OF_A_REFERRAL,
    ),
    PaperKind.CRIME: Layout(
        title="涉嫌犯罪案件移送书",
        number="{no}",
        opening=(
            "我单位在行政检查中发现当事人的行为涉嫌犯罪。依照行政处罚法第二十七条和《行政执法机关移送涉嫌犯罪案件的规定》，"
            "现移送{body}，同时抄送同级人民检察院。"
        ),
        closing="收到本移送书后，在回执上签字，并依法审查决定是否立案，将决定书面通知我单位；不立案的，说明理由并退回案卷材料。",
        fields=_OF_A_REFERRAL,
    ),
}


DEFAULTS |= {
    PaperKind.ORDER: Layout(
        title="责令改正通知书",
        number="{word}责改〔{year}〕{no}",
        opening="经检查，你单位存在下列问题。依照行政处罚法第二十八条和所列依据，责令限期改正。",
        closing=(
            "改完以后交整改报告，附照片。期限不够的，期满以前申请延期，批准以前期限不变。"
            "到期复查，没有改好的转立案查处，或者再次责令改正；办理情况向社会公开。对本通知有异议的，可以陈述、申辩。"
        ),
        fields=(
            ("facility", "被检查单位"),
            ("uscc", "统一社会信用代码"),
            ("address", "地址"),
            ("check", "检查编号和日期"),
            ("points", "问题和要求"),
            ("due", "改正期限"),
        ),
        signers=(("SERVED", "签收人"), ("SEAL", "检查主体（印章）")),
    ),
    PaperKind.FILING: Layout(
        title="立案审批表",
        number="{no}",
        opening="",
        closing="",
        fields=(
            ("facility", "当事人"),
            ("uscc", "统一社会信用代码"),
            ("address", "地址"),
            ("check", "发现问题的检查"),
            ("origin", "案件来源"),
            ("matter", "案由"),
            ("finding", "发现的问题"),
            ("basis", "涉嫌违反的条款"),
            ("review", "法制审核"),
            ("asked", "承办人意见"),
            ("decision", "审批意见"),
            ("decided", "审批"),
        ),
        signers=_OF_A_CHANGE,
    ),
    PaperKind.EXTENSION: Layout(
        title="整改延期审批表",
        number="{no}",
        opening="",
        closing="",
        fields=(
            *_OF_MENDING,
            ("what", "申请事项"),
            ("asked", "承办人意见"),
            ("decision", "审批意见"),
            ("decided", "审批"),
        ),
        signers=_OF_A_CHANGE,
    ),
    PaperKind.CLOSING: Layout(
        title="整改办结审批表",
        number="{no}",
        opening="",
        closing="",
        fields=(
            *_OF_MENDING,
            ("recheck", "复查情况"),
            ("what", "申请事项"),
            ("asked", "承办人意见"),
            ("decision", "审批意见"),
            ("decided", "审批"),
        ),
        signers=_OF_A_CHANGE,
    ),
}


def in_force(kind: str, day: date) -> Layout:
    """The layout of a paper that came to be on that day: of most, when the check ended."""
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
