"""Every number and date of 《实施方案》 beside its clause, versioned by effective date (附-b).

Three sources are kept apart, because only the first binds by the plan itself:

* `Policy` holds what the plan says;
* `OtherLaw` holds terms that other law sets for the same work;
* `Recommended` holds our own figures where the plan says only 及时, 按时 or 定期 (domain.md 8.1). Missing
  one is a reminder, never a breach, and no page may call it a rule of the plan.

A change of the law adds a version: a new plan to VERSIONS, a single number as an approved row (`changes`).
Records of earlier days keep theirs.
"""

from dataclasses import dataclass
from datetime import date

MonthDay = tuple[int, int]  # (month, day) of any year


@dataclass(frozen=True, kw_only=True)
class SpecialWindows:
    """How long a ground makes a special object (六(二), reading A-33)."""

    listed_supervision_years_back: int  # 六(二): “上一年度”被挂牌督办
    media_months: int
    complaint_months: int
    complaint_count: int  # 六(二) “反复”: so many verified complaints within the window
    criminal_months: int  # A-33; 严重失信 has no window, it lasts as long as the rating does


@dataclass(frozen=True)
class PublicTerm:
    """How long a penalty of one degree is public: after `least` months it may be repaired, after `most` it is withdrawn."""

    degree: str  # of `Degree`
    least: int
    most: int


@dataclass(frozen=True, kw_only=True)
class OtherLaw:
    """Terms that stand in other law, not in the plan."""

    list_change_within_months: int  # 辽政办发〔2025〕6号 一(二): begin after a legal basis changed, D-15
    case_filed_within_days: int  # 生态环境行政处罚办法（部令第30号）18: 十五日内决定是否立案, after the finding
    case_closed_within_days: int  # 行政处罚法 60, 部令第30号 57: 立案之日起九十日内, calendar days, D-22
    case_extension_days: int  # 部令第30号 57: 可以延长三十日, each time, D-22
    case_extensions: int  # the same: at most so often, the second one discussed by the heads together
    discussed_from_yuan: int  # 部令第30号 52: 罚款、没收五十万元以上 are discussed by the heads together
    crime_decided_within_days: int  # 国务院令第310号（2020年修订）5: 接到报告之日起3日内, by the head of the body
    crime_sent_within_hours: int  # the same: 决定批准的，24小时内
    public_terms: tuple[PublicTerm, ...]  # 信用修复管理办法, from 2026-04-01 (domain.md 0.9)
    withdraw_within_workdays: int  # 行政处罚法 48, D-23
    justice_filing_due: MonthDay  # 辽宁省涉企行政执法检查计划管理办法, D-24
    cap_of_principle_per_body: int  # 辽政办发〔2015〕29号: checks of one firm by one body in a year


@dataclass(frozen=True)
class Shelf:
    """Where one kind of publication stands in the catalogue of what is public, and for how long (八(二)-c)."""

    kind: str  # of `Publication`
    category: str
    years: int  # from the day it first became public; 0: as long as there is the site


@dataclass(frozen=True)
class Keeping:
    """How long a kind of evidence is kept after the check ended, and how long when a case came of it (domain.md 3)."""

    kind: str  # of `EvidenceKind`, or SAMPLE, RECORDING
    months: int
    months_of_a_case: int


@dataclass(frozen=True, kw_only=True)
class Recommended:
    """Our own service levels where the plan names no figure (domain.md 8.1)."""

    # 七(六) 汇总公开: after the last plan was sent, and not later than the draw, D-3b; after the quarter, D-7b
    city_summary_within_workdays: int
    filing_within_workdays: int  # 七(二) 备案: after the draw is due or, if later, held, D-4b; what was given back
    receipt_within_workdays: int  # 七(六), 七(二) 备案, 八(一): what was sent is signed for or given back
    progress_by_week: tuple[tuple[int, int], ...]  # 六(一)2: (week of the quarter, percent done), D-5
    publish_list_within_workdays: int  # 八(二) 及时: item list and plan, D-9
    publish_list_at_latest_workdays: int  # the same, as other government information, D-9
    short_visit_minutes: int  # 八(一)-a 督促指导: a shorter visit on the spot is named, and judged by nobody but people
    upload_target_workdays: int  # 七(五) 按时: 0 is the day of the visit, D-10
    upload_within_workdays: int  # 七(五) 按时, at the latest, D-10
    recorder_gap_minutes: int  # 七(五) 全程: shorter ones, as between two files, are none, K14
    recording_read_within_workdays: int  # 七(五) 全程: what the recorder holds is entered after the visit
    video_most_megabytes: int  # 四(3): a short video of a visit, at most
    video_most_seconds: int  # 四(3): and so long
    photo_longest_side: int  # 四(3): pixels to which the phone reduces a photograph
    evidence_kept: tuple[Keeping, ...]  # 四(3), as the files of which it is part
    rehash_gigabytes: int  # 四(3): read again each night
    rehash_within_days: int  # 四(3): and everything in so many, when there is more
    release_hour: int  # 七(六): names open early enough on the last day that the report can still be sent on it
    provincial_report_day: int  # 七(六): of the month after the quarter, D-12
    self_check_day: int  # 八(一)-b: of the month after the quarter, what its self-check says stands from then on
    registry_audit_day: int  # 六(二) 定期: of each month, D-13
    registry_audit_within_days: int  # 六(二) 定期: since the last audit, D-13
    positive_exit_window_months: int  # 七(三) 动态调整: events of so many months count
    positive_exit_monitoring_count: int  # 七(三) 在线监控情况: so many exceedances
    positive_exit_penalty_count: int  # 七(三) 环境守法状况
    positive_exit_credit_count: int  # 七(三) 环境守法状况
    positive_exit_case_count: int  # 七(三) 环境守法状况: so many results with 立案查处
    positive_exit_order_count: int  # 七(三) 环境守法状况: so many with 责令限期改正
    registry_unchecked_years: int  # 六(二) 定期: no public check for so long is looked at in the audit
    inspector_change_within_workdays: int  # 六(三) 动态调整, D-14
    certificate_warning_days: tuple[int, ...]  # before a certificate expires, D-14
    list_change_reminder_days: int  # after a legal basis changed, D-15
    recusal_decision_within_workdays: int  # 七(二), D-20
    special_check_within_workdays: int  # 七(一)3: raised after a September without a check of the year
    reinspection_within_workdays: int  # after the date in the correction notice, D-21
    referral_within_workdays: int  # 八(二) 及时移交
    referral_receipt_within_workdays: int  # 八(二) 移交: until the receipt is asked after
    referral_answer_within_workdays: int  # 八(二) 移交: from the receipt, until what became of it is asked after
    catalogue: tuple[Shelf, ...]  # 八(二)-c: only what is about one enterprise has a term (domain.md 7.8)
    archive_within_workdays: int  # 七(七), K21
    volume_years: int  # 七(七) 归档保管: kept so long after the year of the check (domain.md 3.3)
    volume_years_of_a_case: int  # the same, where a case or a referral came of it
    retro_approval_within_hours: int  # an emergency check is approved afterwards, 国办发〔2024〕54号, N-6
    instruction_answer_within_workdays: int  # 五, 八(一) 督促指导: what a new one suggests as its last day
    coverage_gaps_from_month: int  # 七(一)1: who was not checked this year is listed, 特殊 is raised (decisions.md 1)
    campaign_within_days: int  # N-13 限期: the longest a 专项检查 lasts by one approval
    impostor_same_day_hour: int  # 七(五)-i: a report of an impostor before it is answered by it on the same working day
    impostor_next_day_hour: int  # 七(五)-i: later ones by it on the next working day
    visit_hours: tuple[int, int, int]  # 七(五)-q: the first visit of a day is suggested for, the second, the latest
    result_told_within_workdays: int  # N-10 及时: what came of a check is told to whom it is about
    statement_considered_within_workdays: int  # 陈述申辩 is read and considered by the team's leader
    objection_answered_within_workdays: int  # 异议 to a public result is answered by the unit that published it
    applicants_kept_months: int  # 四(3): who asked it, after the answer; then his name is forgotten (domain.md 7.8)
    enterprise_link_months: int  # the enterprise's address of a check receives papers so long after the last step
    overlap_within_days: int  # 一: another visit so near is shown before a new one is arranged
    account_unused_days: int  # GB/T 22239 8.1.4.2 c: 多余、过期的账户 are switched off
    account_unused_told_days: int  # so long after it was told that they will be
    reminder_workdays: tuple[int, ...]  # before the day to aim at, where nothing else is named
    reminders_begin: MonthDay  # of the year before for D-1, of the year itself for D-11
    item_list_reminder_workdays: tuple[int, ...]  # before the due day, D-1
    publication_reminder_workdays: tuple[int, ...]  # before the due day, D-8
    # 8.1: section head, 分管负责人, 市局, so many days after the due day
    escalation_days: tuple[int, int, int]
    prompt_publication_percent: int  # K2
    amendment_alert_percent: int  # K12
    rectification_percent: int  # K18
    positive_list_offsite_percent: int  # 七(三) 优先, K22
    indicator_percents: tuple[
        tuple[int, int], ...
    ]  # 五(二) 评估: of K…, where the plan says what but not how much of it


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One version of 《实施方案》."""

    version: str
    title: str
    label: str  # shown on public pages beside the title (0-a)
    effective_from: date  # 二, 七(一): 2025年起

    published_basis_points: int  # 二: 年度抽查结果100%公开
    random_basis_points: int  # 四: 原则上所有日常检查都纳入随机抽查范围
    item_list_due: MonthDay  # 六(一)1: 每年1月5日前
    plan_due_day: int  # 六(一)2, 七(六): 每季度首月5日前
    draw_due_day: int  # 七(二): 每季度首月10日前
    close_day: int  # 六(一)2, 七(六): 每季度最后一个月25日前
    year_report_due: MonthDay  # 八(一): 每年年底前
    publish_within_workdays: int  # 八(二): 检查结束之日起20个工作日内

    key_basis_points: int  # 七(一)1: 每季度至少25%的重点监管对象
    # 七(一)1 as the bureau reads it in writing (附则): 1 = of those that are 重点; 2 = with those whom a special label took out
    key_counted: int
    key_coverage_years: int  # 七(一)1: 原则上每年全覆盖
    general_coverage_years: int  # 七(一)2: 三年内全覆盖
    coverage_from_year: int  # 七(一), 二: 2025年起; the first cycle is 2025—2027
    special_minimum: int  # 七(一)3: 不设置抽查最低次数限制
    cap_per_item: int  # 七(一)4: 同一年度同一对象相同事项不超过2次; 特殊监管对象不受此限制
    min_team_size: int  # 七(五): 检查小组不少于2人
    leaders_per_team: int  # 七(五): 小组由小组长和成员组成

    special_windows: SpecialWindows
    other_law: OtherLaw
    recommended: Recommended

    plan_from: date | None = None  # of the plan whose number a change by data alters (附-b); None: this is the plan

    @property
    def in_force_since(self) -> date:
        """From when the plan is in force, whatever number was changed since (附-a)."""
        return self.plan_from or self.effective_from

    def coverage_cycle(self, year: int) -> tuple[int, int]:
        """Return the first and last year of the general cycle that holds `year` (七(一)2, A-22)."""
        if year < self.coverage_from_year:
            raise LookupError(f"全覆盖周期自 {self.coverage_from_year} 年起计算，{year} 年不在任何周期内。")
        first = year - (year - self.coverage_from_year) % self.general_coverage_years
        return first, first + self.general_coverage_years - 1


TRIAL_2025 = Policy(
    version="2025",
    title="本溪市生态环境执法“双随机、一公开”工作实施方案",
    label="（试行）",
    effective_from=date(2025, 1, 1),  # 二
    published_basis_points=10000,  # 二
    random_basis_points=10000,  # 四
    item_list_due=(1, 5),  # 六(一)1
    plan_due_day=5,  # 六(一)2, 七(六)
    draw_due_day=10,  # 七(二)
    close_day=25,  # 六(一)2, 七(六)
    year_report_due=(12, 31),  # 八(一)
    publish_within_workdays=20,  # 八(二)
    key_basis_points=2500,  # 七(一)1
    key_counted=1,  # 七(一)1, 附则
    key_coverage_years=1,  # 七(一)1
    general_coverage_years=3,  # 七(一)2
    coverage_from_year=2025,  # 七(一)
    special_minimum=0,  # 七(一)3
    cap_per_item=2,  # 七(一)4
    min_team_size=2,  # 七(五)
    leaders_per_team=1,  # 七(五)
    special_windows=SpecialWindows(
        listed_supervision_years_back=1,  # 六(二)
        media_months=12,
        complaint_months=12,
        complaint_count=3,  # 六(二)
        criminal_months=36,
    ),
    other_law=OtherLaw(
        list_change_within_months=1,  # D-15
        case_filed_within_days=15,  # 部令第30号 18
        case_closed_within_days=90,  # 行政处罚法 60, 部令第30号 57
        case_extension_days=30,  # 部令第30号 57
        case_extensions=2,  # 部令第30号 57
        discussed_from_yuan=500_000,  # 部令第30号 52
        crime_decided_within_days=3,  # 国务院令第310号 5
        crime_sent_within_hours=24,  # 国务院令第310号 5
        public_terms=(PublicTerm("SLIGHT", 0, 3), PublicTerm("COMMON", 3, 12), PublicTerm("SERIOUS", 12, 36)),
        withdraw_within_workdays=3,  # D-23
        justice_filing_due=(1, 10),  # D-24
        cap_of_principle_per_body=1,  # 辽政办发〔2015〕29号
    ),
    recommended=Recommended(
        city_summary_within_workdays=3,  # D-3b
        filing_within_workdays=3,  # D-4b
        receipt_within_workdays=3,
        progress_by_week=((3, 30), (6, 60), (9, 80), (11, 100)),  # D-5
        publish_list_within_workdays=3,  # D-9
        publish_list_at_latest_workdays=20,  # D-9
        upload_target_workdays=0,  # D-10
        upload_within_workdays=2,  # D-10
        short_visit_minutes=20,
        recorder_gap_minutes=2,  # K14
        recording_read_within_workdays=2,  # 七(五)
        video_most_megabytes=60,  # 四(3)
        video_most_seconds=60,  # 四(3)
        photo_longest_side=2000,  # 四(3)
        evidence_kept=(  # 四(3)
            Keeping("PHOTO", 120, 360),
            Keeping("SCAN", 120, 360),
            Keeping("VIDEO", 120, 360),
            Keeping("SAMPLE", 120, 360),
            Keeping("RECORDING", 6, 360),
        ),
        rehash_gigabytes=50,  # 四(3)
        rehash_within_days=30,  # 四(3)
        release_hour=12,  # 七(六)
        provincial_report_day=10,  # D-12
        self_check_day=15,
        registry_audit_day=25,  # D-13
        registry_audit_within_days=31,  # D-13
        positive_exit_window_months=12,  # 七(三)
        positive_exit_monitoring_count=3,  # 七(三)
        positive_exit_penalty_count=1,  # 七(三)
        positive_exit_credit_count=1,  # 七(三)
        positive_exit_case_count=1,  # 七(三)
        positive_exit_order_count=2,  # 七(三)
        registry_unchecked_years=3,  # as 七(一)2: 三年内全覆盖
        inspector_change_within_workdays=3,  # D-14
        certificate_warning_days=(60, 30, 7),  # D-14
        list_change_reminder_days=20,  # D-15
        recusal_decision_within_workdays=2,  # D-20
        special_check_within_workdays=10,  # 七(一)3
        reinspection_within_workdays=10,  # D-21
        referral_within_workdays=3,  # 八(二)
        referral_receipt_within_workdays=10,  # 八(二)
        referral_answer_within_workdays=40,  # 八(二)
        catalogue=(  # 八(二)-c
            Shelf("ITEM_LIST", "事前公开／随机抽查事项清单", 0),
            Shelf("PLAN", "事前公开／抽查工作计划", 0),
            Shelf("REGISTER", "事前公开／检查对象名录", 0),
            Shelf("SUMMARY", "事前公开／抽查工作计划汇总", 0),
            Shelf("RESULT", "事后公开／检查结果", 3),
            Shelf("RESULT_SUM", "事后公开／检查结果汇总", 0),
            Shelf("SELF_CHECK", "事后公开／合规体检摘要", 0),
            # 八(二)-e: what followed a result; it is withdrawn with it
            Shelf("RECTIFICATION", "事后公开／整改情况", 3),
            Shelf("CASE", "事后公开／立案查处情况", 3),
            Shelf("REFERRAL", "事后公开／移送情况", 3),
            # 四(3)-f: what was said to a result and answered, as long as the result itself
            Shelf("STATEMENT", "事后公开／企业说明", 3),
            Shelf("DECISION", "事后公开／异议答复", 3),
            # 四(3)-a: what the register says of itself
            Shelf("HEADS", "公示日志／每日链头", 0),
            Shelf("KEY", "公示日志／新公钥", 0),
            Shelf("LOG", "公示日志／日志接续", 0),
        ),
        archive_within_workdays=20,  # K21
        volume_years=10,  # 七(七), domain.md 3.3
        volume_years_of_a_case=30,  # 七(七), domain.md 3.3
        retro_approval_within_hours=24,  # 国办发〔2024〕54号, N-6
        instruction_answer_within_workdays=5,  # 五, 八(一)
        coverage_gaps_from_month=10,  # the end of September has passed
        campaign_within_days=365,  # N-13
        impostor_same_day_hour=18,
        impostor_next_day_hour=10,
        visit_hours=(9, 14, 17),  # 七(五)-q
        result_told_within_workdays=5,  # N-10
        statement_considered_within_workdays=5,
        objection_answered_within_workdays=15,
        applicants_kept_months=12,  # 四(3)
        enterprise_link_months=12,
        overlap_within_days=30,  # 一
        account_unused_days=90,
        account_unused_told_days=14,
        reminder_workdays=(10, 5, 2, 0),  # 8.1
        reminders_begin=(12, 1),  # D-1, D-11
        item_list_reminder_workdays=(10, 5, 2, 0),  # D-1
        publication_reminder_workdays=(5, 2, 0),  # D-8
        escalation_days=(0, 1, 3),  # 8.1
        prompt_publication_percent=98,  # K2
        amendment_alert_percent=5,  # K12
        rectification_percent=95,  # K18
        positive_list_offsite_percent=95,  # K22
        indicator_percents=(
            (3, 100),  # 六(一)2: 于每季度首月5日前制定完成
            (4, 100),  # 七(二): 应在每季度首月10日前完成抽取
            (6, 100),  # 七(一)1: 原则上每年全覆盖
            (9, 100),  # 六(一)2: 于每季度最后一个月25日前完成
            (13, 100),  # 七(五): 检查小组不少于2人
            (14, 100),  # 七(五): 全程
            (15, 100),  # 七(七): 归档
            (16, 100),  # 七(五): 通知书、检查码
            (19, 100),  # 七(二): 回避
            (20, 100),  # 四, 七(二): 可验证
            (21, 100),  # 七(七): 归档
        ),
    ),
)


# Earliest first. A new version of the plan is added at the end; none is ever edited.
VERSIONS: tuple[Policy, ...] = (TRIAL_2025,)


def cited(title: str, label: str) -> str:
    """Return how a plan is cited, as the plan cites itself in its first sentence: 《…实施方案（试行）》 (0-a)."""
    return f"《{title}{label}》"
