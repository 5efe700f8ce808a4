"""The numbers of a version in words, for the page that shows which version says what (附-b). Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from .changes import CHANGEABLE
from .versions import MonthDay, Policy

PLAN, LAW, OWN = "方案规定", "法规规定", "建议"


@dataclass(frozen=True)
class Parameter:
    """`shown` gives a version's number as a person reads it; `paths` are the fields of `Policy` behind it."""

    words: str
    source: str
    binding: str
    shown: Callable[[Policy], str]
    paths: tuple[str, ...]


def share(basis_points: int) -> str:
    """25%, 8.6%, 12.34%."""
    return f"{basis_points / 100:g}%"


def day_of_year(day: MonthDay) -> str:
    return f"{day[0]} 月 {day[1]} 日前"


PARAMETERS: tuple[Parameter, ...] = (
    Parameter("年度抽查结果公开", "二", PLAN, lambda p: share(p.published_basis_points), ("published_basis_points",)),
    Parameter("纳入随机抽查的日常检查", "四", PLAN, lambda p: share(p.random_basis_points), ("random_basis_points",)),
    Parameter(
        "事项清单制定完成", "六(一)1", PLAN, lambda p: f"每年 {day_of_year(p.item_list_due)}", ("item_list_due",)
    ),
    Parameter(
        "季度计划制定、报送",
        "六(一)2，七(六)",
        PLAN,
        lambda p: f"季度首月 {p.plan_due_day} 日前",
        ("plan_due_day",),
    ),
    Parameter("名单抽取", "七(二)", PLAN, lambda p: f"季度首月 {p.draw_due_day} 日前", ("draw_due_day",)),
    Parameter(
        "检查完成、结果公示和报送",
        "六(一)2，七(六)",
        PLAN,
        lambda p: f"季度末月 {p.close_day} 日前",
        ("close_day",),
    ),
    Parameter("年度工作报告", "八(一)", PLAN, lambda p: f"每年 {day_of_year(p.year_report_due)}", ("year_report_due",)),
    Parameter(
        "检查结果公开",
        "八(二)",
        PLAN,
        lambda p: f"检查结束后 {p.publish_within_workdays} 个工作日",
        ("publish_within_workdays",),
    ),
    Parameter("重点对象每季度至少", "七(一)1", PLAN, lambda p: share(p.key_basis_points), ("key_basis_points",)),
    Parameter(
        "重点对象比例的基数",
        "七(一)1，附则",
        PLAN,
        lambda p: CHANGEABLE["key_counted"].shown(p.key_counted),
        ("key_counted",),
    ),
    Parameter("重点对象全覆盖", "七(一)1", PLAN, lambda p: f"{p.key_coverage_years} 年", ("key_coverage_years",)),
    Parameter(
        "一般对象全覆盖",
        "七(一)2",
        PLAN,
        lambda p: f"{p.general_coverage_years} 年，从 {p.coverage_from_year} 年起",
        ("general_coverage_years", "coverage_from_year"),
    ),
    Parameter("特殊对象最低次数", "七(一)3", PLAN, lambda p: f"{p.special_minimum or '不设'}", ("special_minimum",)),
    Parameter("同一对象同一事项每年不超过", "七(一)4", PLAN, lambda p: f"{p.cap_per_item} 次", ("cap_per_item",)),
    Parameter(
        "检查小组不少于",
        "七(五)",
        PLAN,
        lambda p: f"{p.min_team_size} 人，组长 {p.leaders_per_team} 人",
        ("min_team_size", "leaders_per_team"),
    ),
    Parameter(
        "挂牌督办列为特殊对象",
        "六(二)",
        PLAN,
        lambda p: f"前 {p.special_windows.listed_supervision_years_back} 个年度",
        ("special_windows.listed_supervision_years_back",),
    ),
    Parameter(
        "清单随依据变动调整",
        "辽政办发〔2025〕6号",
        LAW,
        lambda p: f"{p.other_law.list_change_within_months} 个月内开始",
        ("other_law.list_change_within_months",),
    ),
    Parameter(
        "决定是否立案",
        "生态环境行政处罚办法第十八条",
        LAW,
        lambda p: f"发现之日起 {p.other_law.case_filed_within_days} 天内",
        ("other_law.case_filed_within_days",),
    ),
    Parameter(
        "案件办结",
        "行政处罚法第六十条",
        LAW,
        lambda p: f"{p.other_law.case_closed_within_days} 天",
        ("other_law.case_closed_within_days",),
    ),
    Parameter(
        "案件办结延长",
        "生态环境行政处罚办法第五十七条",
        LAW,
        lambda p: f"每次 {p.other_law.case_extension_days} 天，不超过 {p.other_law.case_extensions} 次",
        ("other_law.case_extension_days", "other_law.case_extensions"),
    ),
    Parameter(
        "罚没数额大的集体讨论",
        "生态环境行政处罚办法第五十二条",
        LAW,
        lambda p: f"{p.other_law.discussed_from_yuan} 元以上",
        ("other_law.discussed_from_yuan",),
    ),
    Parameter(
        "涉嫌犯罪移送公安机关",
        "行政执法机关移送涉嫌犯罪案件的规定第五条",
        LAW,
        lambda p: (
            f"{p.other_law.crime_decided_within_days} 天内决定，决定后 {p.other_law.crime_sent_within_hours} 小时内移送"
        ),
        ("other_law.crime_decided_within_days", "other_law.crime_sent_within_hours"),
    ),
    Parameter(
        "处罚信息的公示期限",
        "信用修复管理办法",
        LAW,
        lambda p: "、".join(f"{t.least}—{t.most} 个月" for t in p.other_law.public_terms) + "（轻微、一般、严重）",
        ("other_law.public_terms",),
    ),
    Parameter(
        "移送其他部门",
        "八(二)",
        OWN,
        lambda p: (
            f"{p.recommended.referral_within_workdays} 个工作日内移送，"
            f"{p.recommended.referral_receipt_within_workdays} 个工作日催回执，"
            f"{p.recommended.referral_answer_within_workdays} 个工作日催反馈"
        ),
        (
            "recommended.referral_within_workdays",
            "recommended.referral_receipt_within_workdays",
            "recommended.referral_answer_within_workdays",
        ),
    ),
    Parameter(
        "撤下公开内容",
        "行政处罚法第四十八条",
        LAW,
        lambda p: f"{p.other_law.withdraw_within_workdays} 个工作日",
        ("other_law.withdraw_within_workdays",),
    ),
    Parameter(
        "检查结果的公示期限",
        "八(二)",
        OWN,
        lambda p: next(f"{shelf.years} 年" for shelf in p.recommended.catalogue if shelf.kind == "RESULT"),
        ("recommended.catalogue",),
    ),
    Parameter(
        "随机抽查报司法局备案",
        "辽宁省涉企行政执法检查计划管理办法",
        LAW,
        lambda p: day_of_year(p.other_law.justice_filing_due),
        ("other_law.justice_filing_due",),
    ),
    Parameter(
        "媒体曝光列为特殊对象",
        "六(二)",
        OWN,
        lambda p: f"{p.special_windows.media_months} 个月内",
        ("special_windows.media_months",),
    ),
    Parameter(
        "环境犯罪列为特殊对象",
        "六(二)",
        OWN,
        lambda p: f"{p.special_windows.criminal_months} 个月内",
        ("special_windows.criminal_months",),
    ),
    Parameter(
        "汇总公开各单位计划",
        "七(六)",
        OWN,
        lambda p: f"{p.recommended.city_summary_within_workdays} 个工作日",
        ("recommended.city_summary_within_workdays",),
    ),
    Parameter(
        "抽取结果备案",
        "七(二)",
        OWN,
        lambda p: f"{p.recommended.filing_within_workdays} 个工作日",
        ("recommended.filing_within_workdays",),
    ),
    Parameter(
        "检查情况上传",
        "七(五)",
        OWN,
        lambda p: f"{p.recommended.upload_within_workdays} 个工作日",
        ("recommended.upload_within_workdays",),
    ),
    Parameter(
        "检查结果告知企业",
        "七(五)",
        OWN,
        lambda p: f"检查结束后 {p.recommended.result_told_within_workdays} 个工作日",
        ("recommended.result_told_within_workdays",),
    ),
    Parameter(
        "执法记录仪读出",
        "七(五)",
        OWN,
        lambda p: f"检查结束后 {p.recommended.recording_read_within_workdays} 个工作日",
        ("recommended.recording_read_within_workdays",),
    ),
    Parameter(
        "复核企业的陈述申辩",
        "七(五)",
        OWN,
        lambda p: f"{p.recommended.statement_considered_within_workdays} 个工作日",
        ("recommended.statement_considered_within_workdays",),
    ),
    Parameter(
        "答复企业对公开结果的异议",
        "八(二)",
        OWN,
        lambda p: f"{p.recommended.objection_answered_within_workdays} 个工作日",
        ("recommended.objection_answered_within_workdays",),
    ),
    Parameter(
        "删除更正与申诉的申请人信息",
        "四(3)",
        OWN,
        lambda p: f"办结满 {p.recommended.applicants_kept_months} 个月",
        ("recommended.applicants_kept_months",),
    ),
    Parameter(
        "答复冒充检查人员的反映",
        "七(五)",
        OWN,
        lambda p: (
            f"当天 {p.recommended.impostor_same_day_hour}:00 前，"
            f"其他时间反映的次一工作日 {p.recommended.impostor_next_day_hour}:00 前"
        ),
        ("recommended.impostor_same_day_hour", "recommended.impostor_next_day_hour"),
    ),
    Parameter(
        "建议几点到企业",
        "七(五)",
        OWN,
        lambda p: "当天第一家 {}:00，第二家 {}:00，最晚 {}:00".format(*p.recommended.visit_hours),
        ("recommended.visit_hours",),
    ),
    Parameter(
        "现场短视频",
        "四(3)",
        OWN,
        lambda p: f"最多 {p.recommended.video_most_megabytes} MB、{p.recommended.video_most_seconds} 秒",
        ("recommended.video_most_megabytes", "recommended.video_most_seconds"),
    ),
    Parameter(
        "名录审核",
        "六(二)",
        OWN,
        lambda p: f"每月 {p.recommended.registry_audit_day} 日前，不超过 {p.recommended.registry_audit_within_days} 天",
        ("recommended.registry_audit_day", "recommended.registry_audit_within_days"),
    ),
    Parameter(
        "审批更换和回避",
        "七(二)",
        OWN,
        lambda p: f"{p.recommended.recusal_decision_within_workdays} 个工作日",
        ("recommended.recusal_decision_within_workdays",),
    ),
    Parameter(
        "突发情况先查后补，补办审批",
        "国办发〔2024〕54号",
        OWN,
        lambda p: f"{p.recommended.retro_approval_within_hours} 小时内",
        ("recommended.retro_approval_within_hours",),
    ),
    Parameter(
        "相近检查的提醒",
        "一",
        OWN,
        lambda p: f"前后 {p.recommended.overlap_within_days} 天",
        ("recommended.overlap_within_days",),
    ),
    Parameter(
        "数据报省厅",
        "七(六)",
        OWN,
        lambda p: f"季后次月 {p.recommended.provincial_report_day} 日前",
        ("recommended.provincial_report_day",),
    ),
    Parameter(
        "合规体检不再变动",
        "八(一)",
        OWN,
        lambda p: f"季后次月 {p.recommended.self_check_day} 日前",
        ("recommended.self_check_day",),
    ),
)
# Whether the plan, another law or we ourselves set a number, by the field of `Policy`.
BINDING_OF = {path: parameter.binding for parameter in PARAMETERS for path in parameter.paths}
