"""The columns of every kind of workbook: under which heads and words each fact of the registry is read and written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from . import divisions, heads
from .codes import normal_word
from .inspectors import leavers
from .models import (
    AirGrade,
    BatchKind,
    Category,
    Employment,
    Expertise,
    Ground,
    HazwasteKind,
    OperatingStatus,
    PastKind,
    PastMode,
    PastResult,
    PermitCategory,
    PollutionType,
    Scope,
)

PERSONAL = ("legal_person", "contact_name", "contact_phone")


@dataclass(frozen=True)
class Column:
    """One column. `words` maps every accepted word to the stored value; the first word of a value is the one written."""

    field: str
    title: str
    kind: str = "text"
    also: tuple[str, ...] = ()
    required: bool = False  # the sheet must have the column
    filled: bool = False  # and every row a value in it
    words: Mapping[str, str] = field(default_factory=dict)
    max_length: int = 200
    width: float = 14
    hint: str = ""
    example: str = ""
    near: Callable[[str], tuple[str, str]] | None = None  # other ways to write a value → the value, and a remark
    # Of a date: the columns that the two days of a validity belong to, when one cell holds both.
    first: str = ""
    last: str = ""
    one_of: bool = False  # it says whom a row means: the sheet must have one of these columns
    several: bool = False  # a text that names several things, with 、 between
    latest: bool = False  # of two rows of one permit that with the later of these days counts
    each: dict[str, str] = field(
        default_factory=dict
    )  # how one of the several is called by a head or a sheet → its text

    @property
    def down(self) -> bool:
        """Whether a merged cell says the same of every row it covers. Days and coordinates are a row's own."""
        return self.kind not in ("date", "longitude", "latitude")

    @property
    def joins(self) -> bool:
        """Whether it takes several values, each of which may have a column of ticks."""
        return self.several or self.kind in ("choices", "card")

    @property
    def headed(self) -> bool:
        """Whether a section or a sheet may say it of all its rows."""
        return bool(self.each) or (self.kind == "level" and self.required)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.label(value) for value in self.words.values()))

    def label(self, value: str) -> str:
        return next((word for word, v in self.words.items() if v == value), value)


def words_of(choices, **synonyms) -> dict[str, str]:
    words = {label: value for value, label in choices.choices}
    for value, others in synonyms.items():
        words |= {other: getattr(choices, value).value for other in others}
    return words


_GROUND_SYNONYMS = {
    "KF1": ("重点排污单位", "重点排污单位名录", "环境监管重点单位"),
    "KF2": ("排污许可重点管理", "许可重点管理", "重点管理"),
    "KF3": ("两高", "“两高”项目", "两高项目", "涉及两高项目", '涉及"两高"项目'),
    "KF4": ("危废", "涉危险废物", "危险废物企业"),
    "KF5": ("尾矿库", "湿式贮灰库"),
    "KF6": ("危险化学品", "涉危化品"),
    "KF7": ("涉重金属", "重金属企业"),
    "KF8": ("填埋场", "生活垃圾填埋场"),
    "KF9": ("矿山", "历史遗留矿山"),
    "KF10": ("重要环保设施", "重要环保设施企业", "环保设施企业"),
    "KF11": ("其他", "其他重点"),
    "SF1": ("挂牌督办", "上一年度挂牌督办"),
    "SF2A": ("媒体曝光",),
    "SF2B": ("反复投诉",),
    "SF3": ("涉刑", "严重违法违规记录", "有涉刑等严重违法违规记录的"),
    "SF4": ("严重失信",),
    "SF5": ("环境风险高", "高环境风险", "环境风险等级高的"),
    "SF6": ("其他", "其他特殊"),
}


def ground_words(makes: str) -> dict[str, str]:
    grounds = [g for g in Ground if g.makes == makes]
    words = {g.label: g.value for g in grounds}
    for g in grounds:
        words |= {g.value: g.value, f"{g.value} {g.label}": g.value, f"{g.value}{g.label}": g.value}
        words |= dict.fromkeys(_GROUND_SYNONYMS.get(g.value, ()), g.value)
    return words


_STATUS = words_of(
    OperatingStatus,
    OPERATING=("正常生产", "正常", "生产", "运营", "在营", "开业"),
    SUSPENDED=("停产停业", "停业", "停工停产", "临时停产", "已停产", "停产中", "停业中"),
    BUILDING=("建设中", "在建设", "筹建", "筹建中"),
    CLOSED=("已关闭", "关停"),
    CANCELLED=("已注销", "吊销"),
    MOVED_OUT=("迁出", "搬迁", "已迁出"),
)


_CATEGORY = re.compile(
    r"(?:[国省市区县]级|环境|监管)*(?:(?P<KEY>(?:[国省市]控)?重点|[国省市]控)|(?P<SPECIAL>特殊))(?:排污|监管|监控|管理|污染)*"
    r"(?:单位|企业|对象|源)?"
)


def _category_meant(text: str) -> tuple[str, str]:
    """重点排污单位, 国控: the category is said, so that what it needs besides is told with it, at once (六(二)-r)."""
    found = _CATEGORY.fullmatch(normal_word(text))
    meant = Category[found.lastgroup] if found else None
    return (meant.value, f"已读作{meant.label}") if meant else ("", "")


def _called(columns: tuple[Column, ...], others: dict[str, str]) -> tuple[Column, ...]:
    return tuple(replace(c, also=(*c.also, *others.get(c.field, "").split())) for c in columns)


FACILITY_COLUMNS = (
    Column(
        "code",
        "名录编号",
        "code",
        ("编号", "对象编号", "对象编码"),
        max_length=32,
        width=26,
        hint="由系统编排。新增的行留空；修改已有对象时照抄导出表里的编号。",
    ),
    Column(
        "name",
        "名称",
        "name",
        ("企业名称", "单位名称", "检查对象名称", "检查对象", "对象名称", "被检查对象", "污染源名称"),
        required=True,
        filled=True,
        width=32,
        example="本溪示例化工有限公司",
    ),
    Column(
        "uscc",
        "统一社会信用代码",
        "uscc",
        ("信用代码", "社会信用代码", "统一信用代码", "信用代码(统一社会信用代码)"),
        required=True,
        max_length=18,
        width=22,
        hint="18 位，只有数字和大写字母，不含 I、O、S、V、Z。自然人可以留空。",
        example="91210504DEM000030E",
    ),
    Column(
        "permit_no",
        "排污许可证／登记编号",
        "permit",
        ("排污许可证编号", "许可证编号", "排污许可编号", "排污登记编号", "固定污染源排污登记编号", "排污许可证号"),
        max_length=22,
        width=26,
        hint="22 位：18 位信用代码、3 位顺序号、1 位字母。",
        example="91210504DEM000030E001P",
    ),
    Column(
        "permit_category",
        "排污许可管理类别",
        "choice",
        ("许可管理类别", "管理类别", "许可管理", "排污许可类别"),
        words=words_of(
            PermitCategory,
            KEY=("重点",),
            SIMPLIFIED=("简化",),
            REGISTERED=("登记", "排污登记", "登记管理类"),
            NONE=("无", "不纳入", "豁免"),
        ),
        hint="重点管理的，系统自动记“实行排污许可重点管理”为重点依据。",
        example="重点管理",
    ),
    Column(
        "permit_valid_to",
        "排污许可有效期至",
        "date",
        ("排污许可有效期", "许可有效期", "许可证有效期至", "有效期至"),
        last="permit_valid_to",
    ),
    Column("unit", "监管单位", "unit", ("所属分局", "所属单位", "监管分局", "管辖单位", "分局"), width=16),
    Column(
        "managed_by_city",
        "市管",
        "bool",
        ("是否市管", "市级监管"),
        hint="可以留空：市执法队名录里的都是市管，分局的都不是。",
    ),
    Column("is_natural_person", "自然人", "bool", ("是否自然人", "个人"), hint="自然人的名称对外公开时遮盖。"),
    Column("operator_name", "经营者", "name", ("经营者名称", "运营单位", "经营单位"), width=24),
    Column(
        "division_code",
        "行政区划",
        "choice",
        ("行政区划代码", "所在县区", "县区", "行政区域", "区县", "所在区县"),
        words=divisions.CODES,
        near=divisions.read,
    ),
    Column("address", "地址", also=("生产地址", "经营地址", "详细地址", "企业地址"), width=32),
    Column("longitude", "经度", "longitude", ("中心经度", "东经")),
    Column("latitude", "纬度", "latitude", ("中心纬度", "北纬")),
    Column("industry_code", "行业代码", "industry", ("行业类别代码", "国民经济行业代码"), max_length=5),
    Column("industry_name", "行业类型", "trade", ("行业", "行业类别", "行业名称", "所属行业"), max_length=60, width=18),
    Column("legal_person", "法定代表人", "name", ("法定代表人(负责人)", "法人代表", "法人", "负责人"), max_length=40),
    Column("contact_name", "环保负责人", "name", ("现场联系人", "联系人", "环保联系人"), max_length=40),
    Column("contact_phone", "联系电话", "phone", ("电话", "手机", "联系方式"), max_length=20, width=16),
    Column(
        "pollution_types",
        "污染类型",
        "choices",
        ("污染物类型", "污染要素"),
        words=words_of(
            PollutionType,
            WATER=("废水", "水污染"),
            AIR=("废气", "气", "大气污染"),
            SOIL=("土", "土壤污染"),
            NOISE=("声", "噪音", "噪声污染"),
            SOLID=("固体废物", "一般固废"),
            HAZWASTE=("危险废物",),
            CARBON=("碳", "温室气体"),
            ECOLOGY=("生态影响", "生态破坏"),
        ),
        hint="多项用顿号隔开，如：水、大气、危废。",
        example="水、大气",
    ),
    Column(
        "hazwaste",
        "危险废物管理",
        "choice",
        ("危废管理", "危险废物管理类别"),
        words=words_of(
            HazwasteKind,
            NONE=("不涉及", "否"),
            PRODUCER_KEY=("重点监管", "产生单位(重点监管)", "产生单位"),
            PRODUCER_SIMPLE=("简化管理", "产生单位(简化管理)"),
            PRODUCER_REGISTERED=("登记管理", "产生单位(登记管理)"),
            OPERATOR=("经营", "利用处置单位"),
            SELF=("自行处置",),
        ),
        width=22,
    ),
    Column(
        "hazwaste_licence",
        "危险废物经营许可证编号",
        also=("危废经营许可证编号", "危险废物许可证", "危废许可证编号"),
        max_length=40,
        width=22,
        hint="经营单位必填。",
    ),
    Column(
        "air_grade",
        "重污染天气绩效分级",
        "choice",
        ("绩效分级", "绩效等级", "重污染天气绩效"),
        words=words_of(
            AirGrade,
            A=("A级",),
            B=("B级",),
            B_MINUS=("B-", "B-级", "B−级"),
            C=("C级",),
            D=("D级",),
            LEADING=("引领性企业",),
            NON_LEADING=("非引领性企业",),
            UNRATED=("未评", "无", "不参评"),
        ),
    ),
    Column("credit_level", "环境信用评价", "level", ("信用评价", "环境信用", "环境信用评价结果"), max_length=10),
    Column(
        "credit_risk",
        "信用风险分类",
        "level",
        ("市场监管信用风险", "信用风险", "市场监管领域信用风险分类"),
        max_length=12,
    ),
    Column(
        "scopes",
        "专业要求",
        "choices",
        ("专业资格要求", "检查专业要求"),
        words=words_of(Scope, HW=("危废", "HW"), RAD=("核与辐射", "RAD")),
        hint="派去的检查人员须有的专业资格；没有要求的留空。",
    ),
    Column("status", "生产状态", "choice", ("状态", "经营状态", "运行状态", "生产经营状态"), words=_STATUS),
    Column("status_on", "状态起始日期", "date", ("停产日期", "状态日期")),
    Column("status_evidence", "状态依据", also=("停产依据", "状态变更依据"), width=24),
    Column(
        "category",
        "监管类别",
        "choice",
        ("类别", "监管类型", "对象类别", "监管对象类别"),
        words=words_of(
            Category,
            KEY=("重点监管", "重点监管对象", "重点对象"),
            GENERAL=("一般监管", "一般监管对象", "一般对象"),
            SPECIAL=("特殊监管", "特殊监管对象", "特殊对象"),
        ),
        near=_category_meant,
        hint="由依据算出，用来核对；可以留空。",
        example="重点",
    ),
    Column(
        "key_grounds",
        "重点依据",
        "choices",
        ("重点监管依据", "纳入重点依据", "列入重点的依据"),
        words=ground_words(Category.KEY),
        width=28,
        hint="多项用分号隔开；见“填表说明”里的 KF1—KF10。",
        example="纳入重点排污单位名录",
    ),
    Column(
        "key_evidence",
        "重点依据证据",
        also=("认定理由", "重点认定理由", "重点证据", "重点依据文件"),
        width=28,
        example="2026 年重点排污单位名录",
    ),
    Column(
        "special_grounds",
        "特殊依据",
        "choices",
        ("特殊监管依据", "纳入特殊依据", "列入特殊的依据"),
        words=ground_words(Category.SPECIAL),
        width=28,
        hint="多项用分号隔开；见“填表说明”里的 SF1—SF5。",
    ),
    Column("special_evidence", "特殊依据证据", also=("特殊认定理由", "特殊证据", "特殊依据文件"), width=28),
    Column("positive", "正面清单", "bool", ("监督执法正面清单", "是否正面清单", "列入正面清单")),
    Column("positive_batch", "正面清单批次", also=("正面清单文号", "批次"), max_length=60, width=18),
    Column(
        "positive_from",
        "正面清单纳入日期",
        "date",
        ("纳入正面清单日期",),
        hint="导出时写着；导入不读，从牵头部门批准当天起算。",
    ),
    Column("former_names", "曾用名", "names", ("原名称", "原名"), width=24),
    Column("entered_on", "纳入名录日期", "date", ("入库日期", "纳入日期")),
)
FACILITY_COLUMNS = _called(FACILITY_COLUMNS, heads.FACILITY)
INSPECTOR_COLUMNS = (
    Column("code", "人员编号", "code", ("编号", "工号"), max_length=16, hint="留空时由系统编排。"),
    Column("name", "姓名", "person", required=True, filled=True, max_length=40, example="示例一"),
    Column("gender", "性别", "choice", width=8, words={"男": "M", "女": "F"}),
    Column(
        "unit",
        "科室（单位）",
        "section",
        ("科室", "单位", "部门", "所在科室", "所属单位"),
        width=28,
    ),
    Column(
        "division_code",
        "行政区域",
        "choice",
        ("行政区划", "所在区域", "县区"),
        words=divisions.CODES,
        near=divisions.read,
        hint="留空时是所在单位的行政区域。",
    ),
    Column("position", "职务", also=("职务职级", "职级"), max_length=40),
    Column("post", "部门岗位", also=("岗位", "岗位名称"), max_length=40, example="现场执法"),
    Column(
        "certificate_no",
        "执法证号",
        "certificate",
        ("行政执法证号", "执法证编号", "证号", "执法证件号"),
        required=True,
        max_length=24,
        width=18,
        hint="没有执法证的留空：可以列入名录，但不参加抽取。",
        example="21050400001",
    ),
    Column(
        "certificate_kind",
        "证件类型",
        "choice",
        ("执法证类型",),
        words={"全国统一": "NATIONAL", "统一": "NATIONAL", "行政执法证": "NATIONAL", "部颁": "MINISTRY"},
    ),
    Column(
        "certificate_from",
        "执法证有效期起",
        "date",
        ("有效期起", "发证日期", "执法证有效期开始", "有效期自"),
        width=16,
        first="certificate_from",
        last="certificate_to",
    ),
    Column(
        "certificate_to",
        "执法证有效期止",
        "date",
        ("有效期止", "有效期至", "执法证有效期", "执法证有效期至", "执法证有效期截止"),
        width=16,
        first="certificate_from",
        last="certificate_to",
    ),
    Column(
        "enforcement_kinds",
        "监管执法类型（范围）",
        "card",
        also=("执法类型", "执法范围", "监管执法类型", "监管执法范围"),
        width=24,
        hint="执法证上的范围：生态环境（全部），或者用顿号隔开，如：大气、水。抽取时只派范围够的人。",
        example="大气、水",
    ),
    Column(
        "scopes",
        "专业资格",
        "choices",
        ("专业资质", "检查专业资格"),
        words=words_of(Scope, HW=("危废", "HW"), RAD=("核与辐射", "RAD")),
        hint="多项用顿号隔开：危险废物、辐射。",
    ),
    Column("scope_basis", "专业资格依据", also=("资格依据", "资格证书"), width=24, hint="培训证书、文号等。"),
    Column("can_lead", "可任组长", "bool", ("组长", "是否可任组长")),
    Column(
        "employment",
        "在编在岗",
        "choice",
        ("在岗情况", "编制情况", "是否在编在岗"),
        words=words_of(Employment, **{kind: words.split() for kind, words in heads.EMPLOYMENT.items()}),
        near=leavers.not_here,
    ),
    Column("entered_service_on", "参加执法工作日期", "date", ("从事执法工作日期", "参加工作日期")),
    Column(
        "expertise",
        "业务专长",
        "choices",
        ("专长",),
        words=words_of(
            Expertise,
            WATER=("水污染防治", "水环境"),
            AIR=("大气", "大气污染防治", "废气"),
            SOLID=("固体废物",),
            HAZWASTE=("危险废物",),
            RADIATION=("核与辐射", "辐射安全"),
            EIA=("环境影响评价",),
            MONITORING=("环境监测",),
            EMERGENCY=("环境应急",),
            LEGAL=("法治", "法规"),
        ),
        hint="多项用顿号隔开：水、气、危废。",
    ),
    Column("field_of_study", "专业类别", also=("学历专业", "所学专业"), max_length=60),
)
INSPECTOR_COLUMNS = _called(INSPECTOR_COLUMNS, heads.INSPECTOR)


def _of(name: str, *, more: str = "", **changes) -> Column:
    found = next(c for c in FACILITY_COLUMNS if c.field == name)
    return replace(found, also=(*found.also, *more.split()), **changes)


# By one of these a row of somebody else's list says whom it means: published lists often have nothing but names, which are then
# compared to the letter. Its county tells rows of other units from those that are wrong.
_WHO = (
    _of("name", hint="没有信用代码和许可证编号的，按名称对应。", required=False, filled=False, one_of=True),
    _of("uscc", required=False, one_of=True),
    _of("permit_no", one_of=True),
)
_WHERE = (
    _of("division_code", hint="可以没有；用来分出其他单位的行。"),
    _of("unit", hint="可以没有；用来分出其他单位的行。"),
)
KEY_LIST_COLUMNS = (
    *_WHO,
    *_WHERE,
    Column(
        "list_kinds",
        "名录类别",
        also=("管控要素", "要素", "名录类型", "类别", *heads.KEY_LIST["list_kinds"].split()),
        width=22,
        example="水环境、大气环境",
        several=True,
        each=heads.LIST_KINDS,
    ),
)
PERMIT_COLUMNS = (
    _of("permit_no", required=True, filled=True),
    _of("name"),
    _of("uscc", required=False),
    _of(
        "permit_category",
        hint="留空的，名录里已有的对象不变；新增的对象要填。",
        each={word: word for word in ("重点管理", "简化管理", "登记管理")},
    ),
    _of("permit_valid_to", latest=True),
    *(
        _of(name)
        for name in (
            "industry_code",
            "industry_name",
            "division_code",
            "address",
            "longitude",
            "latitude",
            "legal_person",
            "contact_name",
            "contact_phone",
        )
    ),
)
CREDIT_COLUMNS = (*_WHO, *_WHERE, _of("credit_level", more=heads.CREDIT, required=True, filled=True, example="绿"))
RISK_COLUMNS = (*_WHO, *_WHERE, _of("credit_risk", more=heads.RISK, required=True, filled=True, example="A"))
POSITIVE_COLUMNS = (*_WHO, *_WHERE)
MONITORING_COLUMNS = (
    *_WHO,
    *_WHERE,
    Column(
        "times",
        "超标次数",
        "number",
        (
            "在线监控超标次数",
            "在线监测超标次数",
            "自动监控超标次数",
            "自动监测超标次数",
            "超限次数",
            "超标次数(次)",
            "次数",
        ),
        required=True,
        filled=True,
        max_length=12,
        hint="当月在线监控超标的次数，整数；没有超标的填 0。",
        example="3",
    ),
)
PAST_COLUMNS = (
    _of("code", hint="名录编号、信用代码、许可证编号、名称填一项。", one_of=True),
    *_WHO,
    Column("day", "检查日期", "date", ("检查时间", "现场检查日期"), required=True, filled=True, example="2025-05-20"),
    Column(
        "kind",
        "检查类型",
        "choice",
        ("抽查类型", "类型"),
        required=True,
        filled=True,
        words=words_of(
            PastKind,
            RANDOM=("双随机", "随机", "双随机抽查", "双随机检查"),
            TARGETED=("针对性检查", "投诉举报", "投诉举报检查", "举报检查", "专项检查", "专项"),
        ),
        hint="“特殊监管对象检查”是七(一)3 的检查；投诉举报、专项等填“其他针对性检查”。",
        example="随机抽查",
    ),
    Column(
        "items",
        "事项编号",
        also=("抽查事项编号", "事项代码"),
        hint="随机抽查必填，多项用顿号隔开。",
        example="A01、B02",
    ),
    Column(
        "mode",
        "检查方式",
        "choice",
        words=words_of(PastMode, ONSITE=("现场检查", "实地检查", "实地核查"), OFFSITE=("非现场检查", "线上检查")),
        hint="留空的按现场。",
    ),
    Column(
        "result",
        "检查结果",
        "choice",
        ("结果",),
        required=True,
        filled=True,
        words=words_of(
            PastResult,
            CLEAN=("未发现违法行为", "未发现违法问题", "未见异常", "正常", "合格"),
            FOUND=("发现问题已处理", "发现违法行为", "责令整改", "责令改正"),
            NOT_HELD=("停产未检查", "无法联系"),
        ),
        example="未发现问题",
    ),
    Column(
        "public_at",
        "公示网址或文号",
        also=("公示网址", "公开网址", "公示文号"),
        width=30,
        hint="结果已经公开的随机抽查填写，写入公示链第 1 条。",
    ),
)
PAST_COLUMNS = _called(PAST_COLUMNS, heads.PAST)
COLUMNS = {
    BatchKind.FACILITY: FACILITY_COLUMNS,
    BatchKind.INSPECTOR: INSPECTOR_COLUMNS,
    BatchKind.KEY_LIST: KEY_LIST_COLUMNS,
    BatchKind.PERMIT: PERMIT_COLUMNS,
    BatchKind.CREDIT: CREDIT_COLUMNS,
    BatchKind.RISK: RISK_COLUMNS,
    BatchKind.POSITIVE: POSITIVE_COLUMNS,
    BatchKind.MONITORING: MONITORING_COLUMNS,
    BatchKind.HISTORY: PAST_COLUMNS,
}
# What is the same for every row of a list, and is asked once when it is uploaded.
ASKED = {
    BatchKind.KEY_LIST: ("year", "document"),
    BatchKind.CREDIT: ("year", "source"),
    BatchKind.RISK: ("year", "month", "source"),
    BatchKind.POSITIVE: ("batch", "document"),
    BatchKind.MONITORING: ("year", "month", "source"),
}


def column(kind: str, name: str) -> Column:
    return next(c for c in COLUMNS[kind] if c.field == name)


def title_of(kind: str, name: str) -> str:
    return next((c.title for c in COLUMNS[kind] if c.field == name), name)
