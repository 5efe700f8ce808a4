"""The list a city team starts from in its first year: the eight kinds of 三, each item with its check points (七(五)-l).

Statutes carry an article only where article and subject were checked; otherwise the title stands alone and the office
adds the article before it submits the list. From the second year on a list begins as a copy of the last one.
"""

from dataclasses import dataclass

from benxi_shuangsuiji.policy import Policy
from benxi_shuangsuiji.policy.parameters import share
from plans.models import EITHER, AppliesTo, ItemCategory, Mode


@dataclass(frozen=True)
class Point:
    text: str
    standard: str
    basis: str = ""
    method: str = ""  # the item's where none is given
    applies_to: str = AppliesTo.ALL


@dataclass(frozen=True)
class Item:
    code: str
    category: ItemCategory
    name: str
    content: str
    objects_text: str
    modes: str
    legal_basis: str
    points: tuple[Point, ...]
    importance: str = "GENERAL"
    needs_scope: str = ""
    annual_focus: bool = False
    materials: str = ""
    applies_to: str = AppliesTo.ALL

    @property
    def method(self) -> str:
        return METHODS[self.modes]


def ratio_words(law: Policy) -> str:
    """七(一)1 to 3 for the list of a year, as it stands in every item."""
    return f"重点每季度不低于 {share(law.key_basis_points)}，一般 {law.general_coverage_years} 年全覆盖，特殊由计划确定"


def frequency_words(law: Policy) -> str:
    return f"每季度抽取一次，同一对象同一事项每年不超过 {law.cap_per_item} 次"


BODY = "市生态环境保护综合行政执法队、县区生态环境分局"
METHODS = {
    Mode.ONSITE: "现场查看、查阅记录",
    Mode.OFFSITE: "查阅平台数据和电子资料",
    EITHER: "查阅资料，必要时现场核对",
}

ITEMS: tuple[Item, ...] = (
    Item(
        "A01",
        ItemCategory.MEASURES,
        "生态环境保护措施落实情况",
        "废气、废水、噪声、扬尘等污染防治措施是否按规定采取，责任制度是否建立",
        "排放污染物的企业事业单位和其他生产经营者",
        Mode.ONSITE,
        "《中华人民共和国环境保护法》第二十四条、第四十二条",
        (
            Point(
                "环境保护责任制度",
                "有责任制度，明确单位负责人和相关人员的责任",
                "《中华人民共和国环境保护法》第四十二条",
            ),
            Point("排放口设置与标识", "排放口数量、位置与许可或登记的内容一致，没有暗管、渗井、渗坑"),
            Point(
                "无组织排放控制",
                "物料贮存、输送、装卸采取密闭、围挡、遮盖、喷淋等措施",
                "《中华人民共和国大气污染防治法》第四十八条",
            ),
            Point("噪声污染防治措施", "采取减振、隔声等措施并保持有效", "《中华人民共和国噪声污染防治法》"),
        ),
        annual_focus=True,
        materials="环境保护责任制度、污染防治设施操作规程",
    ),
    Item(
        "B01",
        ItemCategory.FACILITIES,
        "水污染防治设施运行情况",
        "水污染防治设施是否正常运行，有无偷排、漏排和擅自停用",
        "排放工业废水、医疗污水的单位和城镇污水集中处理设施运营单位",
        Mode.ONSITE,
        "《中华人民共和国环境保护法》第四十二条；《中华人民共和国水污染防治法》",
        (
            Point("设施运行状态", "与生产同步运行，没有闲置、拆除或者部分停用"),
            Point("运行记录", "药剂、用电、污泥、处理水量等记录连续，与生产负荷相符"),
            Point("排放去向", "废水经规定的排放口排放，雨污分流"),
            Point("事故应急池", "容积符合要求，平时保持空置"),
        ),
        importance="KEY",
        materials="废水处理设施运行记录、用药和用电台账、雨污管网图",
    ),
    Item(
        "B02",
        ItemCategory.FACILITIES,
        "大气污染防治设施运行情况",
        "除尘、脱硫、脱硝、挥发性有机物治理等设施是否正常运行",
        "排放工业废气的单位",
        Mode.ONSITE,
        "《中华人民共和国大气污染防治法》第二十条",
        (
            Point("设施运行状态", "与生产同步运行，运行参数在设计范围内"),
            Point(
                "挥发性有机物收集",
                "产生挥发性有机物废气的活动在密闭空间或者设备中进行",
                "《中华人民共和国大气污染防治法》第四十五条",
            ),
            Point("耗材更换", "活性炭、滤袋、脱硫剂、脱硝剂等按期更换并有记录"),
            Point("旁路与应急排口", "没有未登记的旁路，应急排口平时封闭"),
        ),
        importance="KEY",
        materials="废气治理设施运行记录、耗材更换记录",
    ),
    Item(
        "B03",
        ItemCategory.FACILITIES,
        "自动监测设备运行情况",
        "自动监测设备是否按规定安装、联网并正常运行，数据是否真实",
        "重点排污单位",
        EITHER,
        "《中华人民共和国环境保护法》第四十二条；《排污许可管理条例》第二十条",
        (
            Point("安装与联网", "按规定安装，与生态环境主管部门的监控设备联网"),
            Point("参数设置", "量程、斜率、截距等与备案一致，修改有记录"),
            Point("运行维护记录", "校准、比对、故障处理记录齐全"),
            Point("数据标记", "停产、故障、校准等时段如实标记"),
        ),
        materials="自动监测设备验收和备案材料、运维和比对记录、异常和停运报告",
    ),
    Item(
        "C01",
        ItemCategory.PERMIT,
        "排污许可证载明事项执行情况",
        "是否依证排污，许可事项与实际情况是否一致",
        "持有排污许可证的单位",
        EITHER,
        "《排污许可管理条例》第十七条、第二十五条",
        (
            Point("持证情况", "排污许可证在有效期内，生产经营场所与许可证一致"),
            Point("产污和治污设施", "设施的种类、数量、工艺与许可证载明的内容一致", applies_to=AppliesTo.PERMITTED),
            Point("许可排放浓度和排放量", "没有超过许可的浓度和总量", applies_to=AppliesTo.PERMITTED),
            Point(
                "执行报告",
                "按规定的内容、频次提交，如实报告",
                "《排污许可管理条例》第二十二条",
                applies_to=AppliesTo.PERMITTED,
            ),
            Point(
                "信息公开",
                "按规定公开污染物排放信息",
                "《排污许可管理条例》第二十三条",
                applies_to=AppliesTo.PERMITTED,
            ),
        ),
        importance="KEY",
        annual_focus=True,
        materials="排污许可证正本和副本、执行报告",
    ),
    Item(
        "C02",
        ItemCategory.PERMIT,
        "自行监测与环境管理台账",
        "自行监测方案、原始监测记录和环境管理台账",
        "实行排污许可重点管理、简化管理的单位",
        Mode.OFFSITE,
        "《排污许可管理条例》第十九条、第二十一条",
        (
            Point("自行监测方案", "监测点位、指标、频次符合许可证和监测规范"),
            Point("原始监测记录", "记录齐全，保存期限不少于五年", "《排污许可管理条例》第十九条"),
            Point("环境管理台账", "按许可证规定的格式、内容和频次如实记录", "《排污许可管理条例》第二十一条"),
        ),
        applies_to=AppliesTo.PERMITTED,
        materials="自行监测方案和报告、环境管理台账",
    ),
    Item(
        "C03",
        ItemCategory.PERMIT,
        "排污登记情况",
        "应当登记的单位是否如实填报排污登记表",
        "实行排污登记管理的单位",
        Mode.OFFSITE,
        "《排污许可管理条例》第二十四条",
        (
            Point("登记表填报", "已填报，在有效期内"),
            Point("登记内容", "基本信息、排放去向、执行标准、防治措施与实际一致"),
            Point("变动更新", "内容变动的，自变动之日起 20 日内变更填报", "《排污许可管理条例》第二十四条"),
        ),
        applies_to=AppliesTo.REGISTERED,
        materials="排污登记回执",
    ),
    Item(
        "D01",
        ItemCategory.CARBON,
        "碳排放情况",
        "温室气体排放数据质量控制方案执行、排放报告和配额清缴",
        "温室气体重点排放单位",
        EITHER,
        "《碳排放权交易管理暂行条例》",
        (
            Point("数据质量控制方案", "有方案并按方案监测、记录"),
            Point("原始记录和台账", "燃料、热值、含碳量等检测报告和台账齐全、可以追溯"),
            Point("年度排放报告", "按时报送，与原始记录一致"),
            Point("配额清缴", "按时足额清缴"),
        ),
        materials="温室气体排放报告、能源消费台账、计量器具检定记录",
    ),
    Item(
        "E01",
        ItemCategory.RADIATION,
        "辐射安全项目管理情况",
        "辐射安全许可、安全和防护措施、人员与监测",
        "生产、销售、使用放射性同位素和射线装置的单位",
        Mode.ONSITE,
        "《中华人民共和国放射性污染防治法》；《放射性同位素与射线装置安全和防护条例》",
        (
            Point("辐射安全许可证", "在有效期内，种类和范围与实际一致"),
            Point("放射源和射线装置台账", "账物相符，贮存、领用、归还有记录"),
            Point("安全和防护设施", "联锁、警示标志、监测报警等设施正常"),
            Point("人员管理", "经辐射安全培训考核，佩戴个人剂量计"),
            Point("年度评估报告", "按时提交"),
        ),
        needs_scope="RAD",
        applies_to=AppliesTo.RADIATION,
        materials="辐射安全许可证、辐射工作人员培训和个人剂量档案、射线装置或放射源台账",
    ),
    Item(
        "F01",
        ItemCategory.WASTE,
        "危险废物管理情况",
        "危险废物的产生、贮存、转移、利用和处置",
        "产生、收集、贮存、利用、处置危险废物的单位",
        Mode.ONSITE,
        "《中华人民共和国固体废物污染环境防治法》第七十七条、第七十八条、第七十九条",
        (
            Point(
                "识别标志",
                "容器、包装物和设施、场所设置危险废物识别标志",
                "《中华人民共和国固体废物污染环境防治法》第七十七条",
            ),
            Point(
                "管理计划和台账",
                "制定管理计划并备案，如实记录并申报",
                "《中华人民共和国固体废物污染环境防治法》第七十八条",
            ),
            Point("贮存", "分类贮存，防渗、防漏、防雨措施完好，贮存期限符合规定"),
            Point(
                "转移联单",
                "转移前填写、运行转移联单，接收单位有资质",
                "《中华人民共和国固体废物污染环境防治法》第八十二条",
            ),
            Point(
                "应急预案",
                "有意外事故防范措施和应急预案并备案",
                "《中华人民共和国固体废物污染环境防治法》第八十五条",
            ),
        ),
        importance="KEY",
        needs_scope="HW",
        annual_focus=True,
        materials="危险废物管理计划和台账、转移联单、委托处置合同、应急预案",
    ),
    Item(
        "F02",
        ItemCategory.WASTE,
        "一般工业固体废物管理情况",
        "一般工业固体废物的台账、贮存、利用和处置",
        "产生工业固体废物的单位",
        Mode.ONSITE,
        "《中华人民共和国固体废物污染环境防治法》第三十六条",
        (
            Point("管理台账", "种类、数量、流向、贮存、利用、处置等信息可追溯、可查询"),
            Point("委托处置", "对受托方的资格和能力核实并签订书面合同"),
            Point("贮存场所", "有防扬散、防流失、防渗漏措施"),
        ),
        materials="一般工业固体废物管理台账、委托利用处置合同",
    ),
    Item(
        "G01",
        ItemCategory.PROJECTS,
        "建设项目环评及批复落实情况",
        "是否依法环评，环评文件和批复要求是否落实",
        "建设项目的建设单位",
        Mode.ONSITE,
        "《中华人民共和国环境影响评价法》第二十四条、第二十五条",
        (
            Point("环评手续", "环评文件经批准后开工建设"),
            Point(
                "建设内容",
                "性质、规模、地点、工艺、措施与批准内容一致，重大变动已重新报批",
                "《中华人民共和国环境影响评价法》第二十四条",
            ),
            Point("环境保护措施", "批复和环评文件提出的措施已落实"),
        ),
        materials="环境影响评价文件及批复或者登记表",
    ),
    Item(
        "G02",
        ItemCategory.PROJECTS,
        "建设项目“三同时”制度落实情况",
        "环境保护设施与主体工程是否同时设计、同时施工、同时投产使用",
        "建设项目的建设单位",
        Mode.ONSITE,
        "《中华人民共和国环境保护法》第四十一条；《建设项目环境保护管理条例》第十五条",
        (
            Point("同时设计", "初步设计有环境保护篇章，落实措施和投资概算"),
            Point("同时施工", "环境保护设施建设进度和资金有保证"),
            Point("同时投产使用", "主体工程投入生产时环境保护设施同时使用"),
        ),
        materials="环境保护设施的设计、施工和监理资料",
    ),
    Item(
        "G03",
        ItemCategory.PROJECTS,
        "建设项目竣工环境保护自主验收情况",
        "竣工后是否按规定自主验收并公开",
        "已竣工建设项目的建设单位",
        EITHER,
        "《建设项目环境保护管理条例》第十七条、第十九条",
        (
            Point("验收程序", "按规定的标准和程序验收，编制验收报告"),
            Point("验收真实性", "验收监测数据真实，没有弄虚作假"),
            Point("信息公开", "除需要保密的以外，依法向社会公开验收报告"),
        ),
        materials="竣工环境保护验收报告、公开和备案记录",
    ),
    Item(
        "H01",
        ItemCategory.SAFETY,
        "环境安全隐患情况",
        "突发环境事件风险防控和隐患排查治理",
        "可能发生突发环境事件的企业事业单位、尾矿库运营管理单位",
        Mode.ONSITE,
        "《中华人民共和国环境保护法》第四十七条；《突发环境事件应急管理办法》",
        (
            Point("应急预案", "制定突发环境事件应急预案并备案"),
            Point("风险评估", "开展环境风险评估，确定风险等级"),
            Point("隐患排查治理", "建立制度和档案，查出的隐患按期治理"),
            Point("应急设施和物资", "截流、收集、应急池和应急物资完好可用"),
            Point("演练和培训", "定期演练、培训并有记录"),
        ),
        importance="KEY",
        materials="突发环境事件应急预案及备案表、隐患排查治理档案、应急演练记录",
    ),
)
