"""Every clause of 《实施方案》, one row each: its words and what the system does for it.

A row counts as carried out when its id stands in CARRIED_OUT and a test wearing
`@pytest.mark.clause("<id>")` can fail for it; tests/test_clauses.py compares the two.
Letters such as D-4, K5, A-6 and N-13 are the deadlines, figures, readings and national duties
that the project's documents number so.
"""

from dataclasses import dataclass

# One id a line, in the order of the plan. Add an id together with the test that proves it.
CARRIED_OUT: frozenset[str] = frozenset(
    [
        "0-a",
        "0-b",
        "0-c",
        "一-a",
        "一-b",
        "一-c",
        "一-d",
        "一-e",
        "一-f",
        "二-a",
        "二-b",
        "二-c",
        "二-d",
        "三-a",
        "三-b",
        "三-c",
        "三-d",
        "三-e",
        "三-f",
        "三-g",
        "三-h",
        "三-i",
        "三-j",
        "三-k",
        "三-l",
        "三-m",
        "三-n",
        "三-o",
        "三-o1",
        "三-o2",
        "三-o3",
        "三-o4",
        "三-o5",
        "三-o6",
        "三-o7",
        "三-o8",
        "四(1)-a",
        "四(1)-b",
        "四(1)-c",
        "四(2)-a",
        "四(2)-b",
        "四(2)-c",
        "四(2)-d",
        "四(3)-a",
        "四(3)-b",
        "四(3)-c",
        "四(3)-d",
        "四(3)-e",
        "四(3)-f",
        "五-1a",
        "五-2a",
        "五-2b",
        "五-2c",
        "五-2d",
        "五-2e",
        "五-2f",
        "五-3a",
        "五-4a",
        "五-4b",
        "五-4c",
        "五-4d",
        "五-4e",
        "五-4f",
        "五-4g",
        "五-4h",
        "五-4i",
        "五-4j",
        "五-4k",
        "五-4l",
        "六(一)1-a",
        "六(一)1-b",
        "六(一)1-c",
        "六(一)1-d",
        "六(一)2-a",
        "六(一)2-b",
        "六(一)2-c",
        "六(一)2-d",
        "六(一)2-e",
        "六(一)2-f",
        "六(一)2-g",
        "六(一)2-h",
        "六(二)-a",
        "六(二)-b",
        "六(二)-c",
        "六(二)-d",
        "六(二)-e",
        "六(二)-f",
        "六(二)-g",
        "六(二)-h",
        "六(二)-i",
        "六(二)-j",
        "六(二)-k",
        "六(二)-l",
        "六(二)-m",
        "六(二)-n",
        "六(二)-o",
        "六(二)-p",
        "六(二)-q",
        "六(二)-r",
        "六(二)-s",
        "六(二)-t",
        "六(二)-u",
        "六(二)-v",
        "六(二)-w",
        "六(二)-x",
        "六(二)-y",
        "六(二)-z",
        "六(二)-aa",
        "六(二)-ab",
        "六(二)-ac",
        "六(二)-ad",
        "六(二)-ae",
        "六(二)-af",
        "六(二)-ag",
        "六(二)-ah",
        "六(二)-ai",
        "六(二)-aj",
        "六(二)-ak",
        "六(二)-al",
        "六(二)-am",
        "六(三)-a",
        "六(三)-b",
        "六(三)-c",
        "六(三)-d",
        "六(三)-e",
        "六(三)-f",
        "六(三)-g",
        "六(三)-h",
        "六(三)-i",
        "六(三)-j",
        "六(三)-k",
        "六(三)-l",
        "六(三)-m",
        "六(三)-n",
        "六(三)-o",
        "六(三)-p",
        "七(一)-a",
        "七(一)1-a",
        "七(一)1-b",
        "七(一)2-a",
        "七(一)2-b",
        "七(一)3-a",
        "七(一)3-b",
        "七(一)4-a",
        "七(一)4-b",
        "七(一)4-c",
        "七(一)4-d",
        "七(二)-a",
        "七(二)-b",
        "七(二)-c",
        "七(二)-d",
        "七(二)-e",
        "七(二)-f",
        "七(二)-g",
        "七(二)-h",
        "七(二)-i",
        "七(二)-j",
        "七(三)-a",
        "七(三)-b",
        "七(三)-c",
        "七(三)-d",
        "七(三)-e",
        "七(四)-1",
        "七(四)-2",
        "七(四)-3",
        "七(四)-4",
        "七(四)-5",
        "七(四)-6",
        "七(四)-7",
        "七(四)-8",
        "七(四)-9",
        "七(四)-10",
        "七(五)-a",
        "七(五)-b",
        "七(五)-c",
        "七(五)-d",
        "七(五)-e",
        "七(五)-f",
        "七(五)-g",
        "七(五)-h",
        "七(五)-i",
        "七(五)-j",
        "七(五)-k",
        "七(五)-l",
        "七(五)-m",
        "七(五)-n",
        "七(五)-o",
        "七(五)-p",
        "七(五)-q",
        "七(六)-a",
        "七(六)-b",
        "七(六)-c",
        "七(七)-a",
        "七(七)-b",
        "七(七)-c",
        "七(七)-d",
        "七(七)-e",
        "七(七)-f",
        "七(七)-g",
        "七(七)-h",
        "七(七)-i",
        "七(七)-j",
        "七(七)-k",
        "七(七)-l",
        "七(七)-m",
        "七(七)-n",
        "七(七)-o",
        "七(七)-p",
        "七(七)-q",
        "七(七)-r",
        "八(一)-a",
        "八(一)-b",
        "八(一)-c",
        "八(二)-a",
        "八(二)-b",
        "八(二)-c",
        "八(二)-d",
        "八(二)-e",
        "八(二)-f",
        "八(二)-g",
        "八(二)-h",
        "八(二)-i",
        "附-a",
        "附-b",
        "附-c",
    ]
)

# Carried out, but thinly: the row's test passes while its words ask for more than the system does. Later work empties it.
THIN: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Clause:
    """One row of 《实施方案》."""

    id: str
    words: str
    """The plan's own words, or the heart of them."""
    duty: str
    """What the system must do for it."""
    carried_out: bool


_ROWS: tuple[tuple[str, str, str], ...] = (
    # 标题和引言
    (
        "0-a",
        "“（试行）”",
        (
            "version label of the policy shown on public pages; policy version stored on each record so rules can "
            "change after the trial"
        ),
    ),
    (
        "0-b",
        "为落实《优化执法方式意见》《双随机指导意见》《辽宁省优化…实施方案》《辽宁省双随机实施方案（试行）》",
        "legal-basis library with these four; citable on plan, notice, report",
    ),
    (
        "0-c",
        "深化“放管服”改革、优化营商环境",
        "enterprise-facing pages: what is checked, rights, complaint channel; no duty on the firm to register",
    ),
    # 一 指导思想
    (
        "一-a",
        "全面推行“双随机、一公开”监管工作",
        (
            'all daily checks start from a plan and a draw; no "free" daily task button (ad-hoc tasks need an exempt '
            "source code)"
        ),
    ),
    ("一-b", "转变监管理念、创新监管方式", "off-site mode as first-class task mode"),
    ("一-c", "规范监管行为、提高监管效能", "mandatory workflow states, checklists, forms; dashboards of K1–K23"),
    (
        "一-d",
        "解决多头监管、重复执法的问题",
        "one visit registry over all units; overlap warning in the same 30 days; merge action",
    ),
    ("一-e", "减轻企业负担", "visit counter and cap (K11); notice lists needed materials"),
    ("一-f", "营造公平竞争的市场环境和法治环境", "verifiable draw; public bundle and re-run page"),
    # 二 总体目标
    (
        "二-a",
        "2025年起…实现常态化",
        "data and plans per year from 2025; historic years enterable; every quarter opens automatically",
    ),
    (
        "二-b",
        "年度抽查结果100％公开",
        (
            "K1 per unit and year; cannot close the year below 100 % unless each gap carries a lawful non-disclosure "
            "ground"
        ),
    ),
    (
        "二-c",
        "力争三年时间内…更加完善更加规范",
        "2025–2027 progress page: coverage, timeliness, paper completeness trend",
    ),
    ("二-d", "依法监管、精准监管、科学监管", "item has legal basis (依法); tags and risk (精准); statistics (科学)"),
    # 三 适用范围
    ("三-a", "适用于全市生态环境执法领域开展日常监督执法检查活动", "task type `DAILY` for the whole city, all 8 units"),
    ("三-b", "除投诉举报", "source code `COMPLAINT` (exempt from random); complaint number required"),
    ("三-c", "媒体曝光", "`MEDIA`; link/date required"),
    ("三-d", "上级部门转办交办", "`ASSIGNED`; superior document number"),
    ("三-e", "其他部门移送案件", "`REFERRED_IN`; referring body and letter"),
    ("三-f", "相关审批检查", "`APPROVAL_RELATED`; permit/EIA acceptance number"),
    ("三-g", "环境执法复核", "`REVIEW`; link to the original check/case"),
    ("三-h", "突发环境事件", "`EMERGENCY`; incident id; retro approval allowed"),
    ("三-i", "核安全检查", "`NUCLEAR_SAFETY`"),
    ("三-j", "专项检查", "`CAMPAIGN`; campaign with approval doc, period, scope (N-13)"),
    ("三-k", "部门联合检查", "`JOINT`; partner bodies"),
    ("三-l", "数据分析或监测发现问题线索", "`DATA_CLUE`; clue record (source system, values, time)"),
    (
        "三-m",
        "等需要对具体被检查对象实施的针对性检查",
        "extensible code list `OTHER_TARGETED` requiring free text + approval",
    ),
    (
        "三-n",
        "执法部门开展的日常性检查，需采取随机抽查方式",
        "DAILY tasks only through a draw; system refuses manual object choice",
    ),
    (
        "三-o",
        "事项检查应采取“双随机、一公开”的方式，包括但不限于",
        "item category list of 8 + extensible; each item carries `random_required=True`",
    ),
    ("三-o1", "生态环境保护措施落实情况", "category code 1"),
    ("三-o2", "污染防治设施运行情况", "category 2"),
    ("三-o3", "排污许可制度落实及证后执行情况", "category 3; permit-based checklist auto-filled from the permit"),
    ("三-o4", "碳排放情况", "category 4"),
    ("三-o5", "辐射安全项目管理情况", "category 5; officer specialty 辐射 preferred/required"),
    ("三-o6", "固体废物及危险废物管理情况", "category 6; hazardous-waste tags"),
    ("三-o7", "环评及批复落实、“三同时”、竣工自主验收", "category 7 with three sub-items"),
    ("三-o8", "环境安全隐患情况", "category 8"),
    # 四 基本原则
    ("四(1)-a", "作为生态环境执法监管的基本手段", "default route for DAILY; navigation puts it first"),
    (
        "四(1)-b",
        "原则上所有日常检查都纳入随机抽查范围",
        "K8 = 100 %; each DAILY task outside a draw needs a recorded exception",
    ),
    (
        "四(1)-c",
        "全面梳理随机抽查清单，实现抽查化管理 (read 清单化, A-30)",
        'versioned item list; "list outside → no check" rule',
    ),
    ("四(2)-a", "属地管理", "object assigned to a jurisdiction unit; unit-level permissions"),
    (
        "四(2)-b",
        "压实主体责任、监管责任、属地责任",
        "responsible person fields: firm's environment person, unit's 专人, reviewers",
    ),
    ("四(2)-c", "对监管对象实施差别化监管", "class-based quotas, credit/positive-list effect, mode choice"),
    ("四(2)-d", "提升精准性、科学性、绩效性", "tag filters in plans; problem-found analysis by tag"),
    ("四(3)-a", "落实行政执法公示制度", "public pages for items, plans, results; 20-wd clock"),
    ("四(3)-b", "执法全过程记录制度", "photo/video/paper record types, hashes, time stamps, immutable audit"),
    ("四(3)-c", "依法公开抽查事项清单", "public item list page with versions"),
    ("四(3)-d", "…抽查工作计划", "public plan page"),
    ("四(3)-e", "…检查结果等内容", "public result page, search, download (CSV/XLSX), permanent link"),
    ("四(3)-f", "公开透明、规范有序的监管环境", "accessible pages, plain language, contact, error report form"),
    # 五 职责分工
    (
        "五-1a",
        "市生态环境局负责…组织、协调、指导和监督",
        "CB role: see all units, dashboards, comments/instructions, supervision notes",
    ),
    ("五-2a", "市执法队…是检查主体", "`EnforcementBody` default issuer on all papers; seal name"),
    (
        "五-2b",
        "对全市监督执法检查工作进行统筹指导和监督",
        "LD role: city overview, coordination tasks, return for correction",
    ),
    ("五-2c", "通报…相关工作的开展情况", "quarterly bulletin (通报) generator: ranking, problems, good practice"),
    ("五-2d", "…和评估", "yearly evaluation sheet per unit with K1–K23 and comments"),
    (
        "五-2e",
        "市执法队局机关各执法科室负责执行市级双随机检查任务",
        "tasks of city draws assigned to HQ sections; HQ officers form the city pool",
    ),
    (
        "五-2f",
        "市执法队各县区执法科室负责执行各县区分局分派的双随机检查任务",
        "task.owner=分局, task.executor=县区执法科室",
    ),
    ("五-3a", "各县区分局是…实施主体", "SB can plan, draw, publish, report for its area only"),
    (
        "五-4a",
        "应按照市局发布…实施方案，结合本辖区实际",
        "local policy parameters per unit within city bounds (general ratio, optional items)",
    ),
    ("五-4b", "制定完善随机抽查方案和抽查工作计划", "local scheme document + plan"),
    ("五-4c", "建立健全随机抽查事项清单", "unit's list = city list + local items (approved)"),
    ("五-4d", "…检查对象名录库", "object registry per unit"),
    ("五-4e", "…和检查人员名录库", "inspector registry per unit"),
    ("五-4f", "开展随机抽查", "unit-level draw with own batch"),
    ("五-4g", "…和结果公开等工作", "unit publishes its results"),
    (
        "五-4h",
        "负责在移动执法平台中完成…任务的发起",
        "task initiation from plan; export/API hand-over package for the mobile platform (XLSX/JSON)",
    ),
    ("五-4i", "…分配", "dispatch to teams, acceptance by the leader"),
    ("五-4j", "…汇总", "automatic roll-up per unit and city"),
    ("五-4k", "…统计", "statistics (K, N-16)"),
    ("五-4l", "…和报送", "report package with sending mark, receipt"),
    # 六(一) 事项清单和计划
    (
        "六(一)1-a",
        "结合监管职责、权责清单、年度重点工作等，制定随机抽查事项清单",
        "item fields 权责清单编码, 年度重点标记; draft from last year; approval",
    ),
    (
        "六(一)1-b",
        "根据法律法规规章的“立、改、废”",
        "legal-basis library with validity; change alert; affected items listed",
    ),
    ("六(一)1-c", "或者实际监管工作需要，动态调整", "mid-year amendment with reason, new version, re-publication"),
    ("六(一)1-d", "应于每年1月5日前制定完成", "D-1 clock, reminders, overdue flag"),
    ("六(一)2-a", "根据随机抽查事项清单", "plan items must belong to the valid list version"),
    ("六(一)2-b", "于每季度首月5日前制定完成季度…工作计划", "D-2 clock"),
    ("六(一)2-c", "应当包括年度随机抽查事项", "plan.items required"),
    ("六(一)2-d", "检查对象", "plan.object_scope (classes, filters, counts) — not names (A-3)"),
    ("六(一)2-e", "检查单位", "plan.units (implementing + executing)"),
    ("六(一)2-f", "检查方式等", "plan.modes, ratio, schedule, draw time and random source"),
    (
        "六(一)2-g",
        "于每季度最后一个月25日前完成本季度检查工作计划",
        "D-5 clock; progress bar; unfinished list with reason",
    ),
    ("六(一)2-h", "并公示检查结果", "D-6 clock; batch publish"),
    # 六(二) 对象名录库
    (
        "六(二)-a",
        "以排污许可管理信息为基础",
        "import of permit data (XLSX/CSV): permit number, category, industry, place; key = 22-character code",
    ),
    (
        "六(二)-b",
        "覆盖分管领域的监管对象名录库",
        "domains (水、气、固废、危废、辐射、碳、环评、生态…) and coverage count per domain",
    ),
    ("六(二)-c", "要指定专人", "`RegistryKeeper(unit, person, from, to, document)`"),
    (
        "六(二)-d",
        "对其新设、注销、变更以及停工停产等情况",
        (
            "change types: NEW, CANCELLED, CHANGED, SUSPENDED(seasonal), SHUTDOWN, RESUMED; each with evidence and "
            "effective date"
        ),
    ),
    ("六(二)-e", "进行定期审核", "monthly audit task with checklist; sign-off; overdue flag (D-13)"),
    ("六(二)-f", "动态更新", "effective-dated rows (valid_from/to); past draws keep their snapshot"),
    ("六(二)-g", "按行业类型", "GB/T 4754 code"),
    ("六(二)-h", "监管类型", "class flags + management level"),
    ("六(二)-i", "污染类型", "multi-value tag"),
    ("六(二)-j", "危险废物管理", "tag + licence number"),
    ("六(二)-k", "重污染天气绩效分级", "tag with year"),
    ("六(二)-l", "排污许可管理类别", "tag, synced from permit"),
    ("六(二)-m", "监督执法正面清单", "tag, synced from positive list module"),
    ("六(二)-n", "环境信用评价结果", "yearly level with source"),
    ("六(二)-o", "市场监管领域信用风险分类等要素", "A/B/C/D with month"),
    ("六(二)-p", "并结合企业监管特点", "free custom tags per unit"),
    ("六(二)-q", "实行标识化管理", "tag filters in plans and exports; public roster shows only allowed tags"),
    (
        "六(二)-r",
        "按照差异化管理原则…将…分为重点、一般和特殊监管对象",
        "classification engine with flags, evidence, history; manual override by approval",
    ),
    (
        "六(二)-s",
        "…结合排污许可管理类别、排污单位信用记录和生态环境管理需要等因素",
        "these factors stored and shown beside the class",
    ),
    ("六(二)-t", "重点：纳入重点排污单位名录", "flag KF1 from yearly list import"),
    ("六(二)-u", "实行排污许可重点管理", "flag KF2 from permit"),
    ("六(二)-v", "涉及“两高”项目", "flag KF3"),
    ("六(二)-w", "危险废物", "flag KF4"),
    ("六(二)-x", "尾矿库(含燃煤发电企业湿式贮灰库)", "flag KF5"),
    ("六(二)-y", "危化品", "flag KF6"),
    ("六(二)-z", "重金属", "flag KF7"),
    ("六(二)-aa", "垃圾填埋场", "flag KF8"),
    ("六(二)-ab", "历史遗留问题较多的矿山", "flag KF9"),
    ("六(二)-ac", "重要环保设施企业等重点行业企业", "flag KF10"),
    ("六(二)-ad", "及其他应当进行重点监管的被检查对象", "flag KF11 with reason + approval"),
    ("六(二)-ae", "特殊：上一年度被国家、省、市挂牌督办的", "flag SF1 (level, document, year = Y−1)"),
    ("六(二)-af", "被媒体曝光", "flag SF2a (date, link)"),
    ("六(二)-ag", "或群众反复投诉的", "flag SF2b; count rule configurable (Minqing used ≥3 verified)"),
    ("六(二)-ah", "有涉刑等严重违法违规记录的", "flag SF3"),
    ("六(二)-ai", "信用评价为严重失信的", "flag SF4 from credit"),
    ("六(二)-aj", "环境风险等级高", "flag SF5 from risk assessment/plan"),
    ("六(二)-ak", "及其他需要进行特殊监管的", "flag SF6 with approval"),
    ("六(二)-al", "一般：未列入重点、特殊监管的其他被检查对象", "computed default"),
    (
        "六(二)-am",
        "S/K membership changes over time",
        "automatic re-computation on 1 January (previous year condition) and on tag changes; history",
    ),
    # 六(三) 人员名录库
    ("六(三)-a", "建立健全检查人员名录库", "inspector registry with effective dates"),
    ("六(三)-b", "包括所有具有行政执法资格的工作人员", "all certified staff; completeness check against the HR list"),
    ("六(三)-c", "和从事日常监管的工作人员", "also non-certified, `drawable=False` (N-2)"),
    ("六(三)-d", "应当明确…姓名", "field"),
    ("六(三)-e", "科室（单位）", "field (unit, section)"),
    ("六(三)-f", "职务", "field"),
    ("六(三)-g", "执法证号", "field + card type, validity, scan"),
    ("六(三)-h", "监管执法类型（范围）等内容", "field (item categories allowed)"),
    (
        "六(三)-i",
        "根据人员变动、岗位调整等因素实行动态调整",
        "change types; card-expiry alerts; snapshots for past draws",
    ),
    ("六(三)-j", "按行政区域", "tag"),
    ("六(三)-k", "性别", "tag (never on public pages)"),
    ("六(三)-l", "工作年限", "computed from entry date"),
    ("六(三)-m", "业务专长", "tag list"),
    ("六(三)-n", "部门岗位", "tag"),
    ("六(三)-o", "专业类别", "tag"),
    ("六(三)-p", "在编在岗等要素，进行标识化管理", "tag + filters; 在岗 required for drawing"),
    # 七(一) 抽查比例
    (
        "七(一)-a",
        "2025年起，市执法队和各县（市）区分局按照以下最低比例开展随机抽查",
        (
            "minimum-ratio rule per unit per quarter from 2025Q1; approval of a plan below it is refused, no reason "
            "lifts that; too few drawable objects show as the draw's shortfall"
        ),
    ),
    (
        "七(一)1-a",
        "每季度至少对辖区内25%的重点监管对象进行抽查",
        "quota of the draw specification §4, never below ⌈0.25·N_key⌉ (A-6)",
    ),
    (
        "七(一)1-b",
        "原则上每年对辖区内所有重点监管对象进行一次全覆盖检查",
        (
            "places reserved for the unseen (draw specification §4); K6, special objects with a key ground included; "
            "year-end gap list with reasons"
        ),
    ),
    (
        "七(一)2-a",
        "可根据区域生态环境质量、污染源数量、检查人员数量、行政区面积…自行确定抽查比例",
        "`GeneralRatioPolicy` with those five factors and approval",
    ),
    ("七(一)2-b", "及三年内实现辖区一般监管对象全覆盖检查", "cycle coverage, required pace, warning"),
    ("七(一)3-a", "特殊监管对象：不设置抽查最低次数限制", "no minimum quota; no maximum counter"),
    (
        "七(一)3-b",
        "市执法队和各分局可以在随机抽查的基础上，随时发起检查任务",
        "ad-hoc task on special objects (source `SPECIAL_FACILITY`) with reason, approval, notice",
    ),
    ("七(一)4-a", "市执法队对市管重点…开展抽查", "city unit owns objects flagged 市管"),
    ("七(一)4-b", "各县区分局对辖区…开展抽查", "sub-bureau owns the rest of its area; no object belongs to two pools"),
    (
        "七(一)4-c",
        "原则上在同一年度对同一监管对象的相同监管事项，抽查次数不超过2次",
        "counter; objects at 2 excluded from drawing; override needs approval + reason",
    ),
    ("七(一)4-d", "特殊监管对象不受此限制", "counter skipped for special flag"),
    # 七(二) 抽取方式
    ("七(二)-a", "被抽查对象名单…应在每季度首月10日前完成抽取", "D-4 clock; draw wizard; signed record"),
    ("七(二)-b", "和检查人员名单", "second draw: team selection with constraints, same seed, own pool"),
    ("七(二)-c", "随机抽取", "the ceremony of §6.4; reproducible seed; no UI to pick"),
    (
        "七(二)-d",
        "一经确定，不得随意变更",
        "list frozen; all edits go through an adjustment request; audit of attempts",
    ),
    (
        "七(二)-e",
        "如因执法回避等特殊情况",
        (
            "closed list, stored as the codes of the draw specification §2: 回避 `RECUSE`, 人员离岗或证件失效 `LEAVE`, "
            "其他公务 `DUTY`, 停产停业 `HALT`, 注销关闭 `CLOSED`, 迁出辖区 `MOVED`, 上级指令 `ORDER`, 季末未完成 "
            "`NOTDONE`; the words of the request stand beside the code"
        ),
    ),
    ("七(二)-f", "需经本部门分管负责同志同意", "DH approval mandatory before effect"),
    ("七(二)-g", "方可对抽取名单进行调整更换", "replacement = next in the committed order only"),
    (
        "七(二)-h",
        "名单和检查人员通过移动执法平台派发给相关检查人员实施",
        "dispatch list per officer; export to the platform; read receipt",
    ),
    ("七(二)-i", "市执法队和各分局自行抽取辖区的重点…对象", "per-unit draws, own batch numbers"),
    (
        "七(二)-j",
        "抽查结果报市执法队备案",
        (
            "filing of the draw record with receipt number (D-4b): counts and digests on the receipt; the names are "
            "open to the city supervisor, each look logged"
        ),
    ),
    # 七(三) 正向激励
    ("七(三)-a", "对纳入正面清单内的企业，除信访举报外", "exception reason list starts with 信访举报"),
    (
        "七(三)-b",
        "优先使用“非现场”监管手段进行监管",
        "task mode defaults to off-site for listed objects; evidence required",
    ),
    ("七(三)-c", "原则上不进行现场执法检查", "on-site needs reason + DH approval; shown on the object page"),
    (
        "七(三)-d",
        "同时根据在线监控情况、环境守法状况等",
        "exit triggers from monitoring over-limit counts, penalties, credit",
    ),
    ("七(三)-e", "动态调整正面清单", "list versions, entry/exit with reason and date, public list if wanted"),
    # 七(四) 实施流程
    (
        "七(四)-1",
        "建立检查对象名录库和检查人员名录库",
        (
            "step 1: last audit of both registries shown before sealing; older than 31 days (D-13, our own figure) "
            "needs a written reason, it does not stop the draw"
        ),
    ),
    ("七(四)-2", "制定随机抽查事项清单和计划", "step 2"),
    ("七(四)-3", "公开抽查事项清单和计划", "step 3: publication before draw; draw blocked until published (A-26)"),
    ("七(四)-4", "随机抽取被检查对象和检查人员", "step 4"),
    (
        "七(四)-5",
        "检查人员实施检查",
        "step 5: visit workflow (approval → notice → entry code → record → checklist → finish)",
    ),
    ("七(四)-6", "公示检查结果", "step 6"),
    ("七(四)-7", "依法对检查中发现的问题进行后续处理", "step 7: rectification/case/transfer"),
    ("七(四)-8", "形成工作报告", "step 8: per-visit result report + quarterly + annual"),
    ("七(四)-9", "完善档案", "step 9: file assembly, archive check"),
    ("七(四)-10", "(order of steps)", "state machine forbids skipping; timeline shown on every task"),
    # 七(五) 检查要求
    ("七(五)-a", "组成检查小组，小组由小组长和成员组成", "team with exactly one leader"),
    ("七(五)-b", "检查小组不少于2人", "≥2 certified; validation at dispatch and at visit start"),
    (
        "七(五)-c",
        "检查人员与检查对象有利害关系的，应当回避",
        "declaration per task; conflicts register; decision workflow; substitution",
    ),
    ("七(五)-d", "应按要求填写行政执法检查审批表", "generated, signed, blocks visit start"),
    ("七(五)-e", "同时，填写《行政执法检查登记表》", "generated from the visit record"),
    ("七(五)-f", "和《生态环境局涉企行政执法检查结果报告》", "generated report with editable text"),
    ("七(五)-g", "做好归档工作", "both attached to the file automatically"),
    (
        "七(五)-h",
        "现场检查时，检查人员须全程佩戴和开启执法记录仪",
        "device assignment, recording upload or index with start/end covering the visit; gap warning",
    ),
    ("七(五)-i", "并向被检查对象表明身份", "certificate shown mark with time; check code; refusal handling"),
    ("七(五)-j", "说明检查事项、检查目的", "notice lists items and purpose; read mark"),
    ("七(五)-k", "要求予以配合", "duty text on the notice; non-cooperation recorded (`REFUSED`)"),
    (
        "七(五)-l",
        "采取以排污许可证载明事项为重点的清单式执法检查",
        "checklist generator from permit conditions + item points; per point 未发现问题/发现问题/不涉及",
    ),
    (
        "七(五)-m",
        "检查结束后，要按时将检查情况和相关工作数据上传到移动执法平台",
        "upload queue with status, D-10 clock, export package, retry, acknowledgement",
    ),
    (
        "七(五)-n",
        "实现现场执法和案件办理全程实时留痕、全过程记录",
        "event log with time, user, device, IP; hash chain; case link",
    ),
    (
        "七(五)-o",
        "应遵守工作纪律、廉洁纪律、保密纪律",
        (
            "pre-visit discipline confirmation; secrecy: names visible only to the team and approvers before the "
            "visit; access log"
        ),
    ),
    ("七(五)-p", "遵守被检查对象安全防护等相关规定", "site safety notes shown in the dossier"),
    (
        "七(五)-q",
        "不得防碍正常生产经营活动",
        "planned duration, arrival/leave times, firm rating form; complaint channel",
    ),
    # 七(六) 结果上报
    (
        "七(六)-a",
        "应在每季度首月5日前，将检查计划报市执法队牵头部门汇总公开",
        "D-3 clock; submission package; receipt; city summary page",
    ),
    (
        "七(六)-b",
        "应在每季度最后一个月25日前，将检查结果报…汇总公开",
        "D-7 clock; quarterly result report; city summary",
    ),
    (
        "七(六)-c",
        "市执法队牵头部门将相关数据上报省生态环境厅",
        "export in agreed columns; sending record with document number; history",
    ),
    # 七(七) 归档要求
    ("七(七)-a", "年度随机抽查事项清单", "yearly volume, part 1"),
    ("七(七)-b", "和季度工作计划", "parts 2a–2d"),
    ("七(七)-c", "检查对象名录库", "yearly snapshot print + data"),
    ("七(七)-d", "执法检查人员名录库", "yearly snapshot"),
    ("七(七)-e", "抽查情况", "draw records and statistics"),
    ("七(七)-f", "检查结果", "result tables"),
    ("七(七)-g", "违法违规情形处理等各项材料", "follow-up list"),
    ("七(七)-h", "应装订成册统一归档保管", "print-ready PDF with cover, 卷内目录, page numbers, 备考表; volume number"),
    ("七(七)-i", "对…审批表", "file item type, required"),
    ("七(七)-j", "笔录", "required for on-site"),
    ("七(七)-k", "影像资料", "recording index with hashes; media stored or location noted"),
    ("七(七)-l", "监测报告", "optional, mandatory if sampled"),
    ("七(七)-m", "书证", "optional"),
    ("七(七)-n", "检查表单", "required"),
    ("七(七)-o", "检查报告等材料", "required (结果报告)"),
    ("七(七)-p", "进行组卷", "file assembly in order with 卷内目录"),
    ("七(七)-q", "并做好归档保管", "archive transfer list, retention period, location, destruction appraisal"),
    (
        "七(七)-r",
        "确保移动执法系统电子档案与纸质档案双向并存",
        "both-exist check: electronic file hash and paper shelf number both present; mismatch report",
    ),
    # 八 保障措施
    ("八(一)-a", "市执法队要加强…组织协调、督促指导", "city overview, reminders to units, instruction messages"),
    (
        "八(一)-b",
        "要按照“谁监管、谁负责”、“属地管理、一岗双责”的原则，严格落实…责任",
        "responsibility table per step; names printed on reports; audit by person",
    ),
    (
        "八(一)-c",
        "应当在每年年底前，将本年度…工作情况向市生态环境局报告",
        "D-11 clock; annual report template (§2.5) filled with figures; submission and receipt",
    ),
    (
        "八(二)-a",
        "抽查事项清单和抽查工作计划应及时通过门户网站等媒介向社会公示",
        "public pages + export package for the portal site (title, body, attachment, doc number)",
    ),
    (
        "八(二)-b",
        "按照“谁检查、谁录入、谁公开”的原则",
        "the inspecting unit enters and publishes; publisher identity logged; no one else may",
    ),
    ("八(二)-c", "和行政执法公示制度要求", "privacy review, catalogue categories, retention and withdrawal"),
    ("八(二)-d", "在检查结束之日起20个工作日内依法向社会公开检查结果", "D-8 clock from each visit's end"),
    (
        "八(二)-e",
        "对检查结果中发现的违法违规情形，属于本部门职责范围内的，应依法依规作出处理决定",
        "follow-up record: order, case, decision reference, closing",
    ),
    (
        "八(二)-f",
        "属于其他部门管辖的，应及时移交相关部门",
        "transfer letter generator, receipt, deadline (recommended ≤3 wd), feedback",
    ),
    (
        "八(二)-g",
        "按照环境信用评价等有关规定，随机抽查结果可作为…环境信用等级评价…的重要依据",
        "credit feed export (object, result, date, basis)",
    ),
    ("八(二)-h", "…失信修复", "show credit-repair status; closing of rectification feeds it"),
    ("八(二)-i", "…监管执法正面清单等工作的重要依据", "positive-list proposals from results"),
    # 附则
    ("附-a", "由市生态环境局负责解释，自发布之日起实施", "contact and interpretation page; `effective_from` on policy"),
    (
        "附-b",
        "如法律…另有调整规定的，应从其规定",
        (
            "rule parameters (quotas, caps, working-day rules, disclosure terms) changeable by data, versioned, with "
            "effective dates; no rule hard-coded"
        ),
    ),
    (
        "附-c",
        "与本《实施方案》相冲突的，应按照本《实施方案》执行",
        "old documents library marked superseded; conflicts noted",
    ),
)

CLAUSES: tuple[Clause, ...] = tuple(
    Clause(id=id_, words=words, duty=duty, carried_out=id_ in CARRIED_OUT) for id_, words, duty in _ROWS
)


def clause(id_: str) -> Clause:
    """Return the row with this id, for example 七(二)-d."""
    for row in CLAUSES:
        if row.id == id_:
            return row
    raise LookupError(f"《实施方案》条款表中没有“{id_}”。")
