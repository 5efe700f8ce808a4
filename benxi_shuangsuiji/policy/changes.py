"""Numbers of the plan that other law changes by data: which, within what bounds, from what day (附-b). Pure.

`use` takes a loader of the approved changes; `in_order` puts them into the line of versions. A change begins
in the future only, and on the first day of what it is reckoned by, so that no quarter or year has two numbers.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import Any

from .versions import Policy

MOST_YEARS_AHEAD = 5  # of the first day of a number
MONTH_DAY = "月日，如 0105"


class Begins(Enum):
    """The days on which a new number may begin."""

    DAY = "任何一天"
    QUARTER = "季度首日"
    YEAR = "年度首日"

    def allows(self, day: date) -> bool:
        if self is Begins.DAY:
            return True
        return day.day == 1 and (day.month == 1 or (self is Begins.QUARTER and day.month % 3 == 1))


@dataclass(frozen=True)
class Changeable:
    """`path` leads to the field of `Policy`; a person types and reads number ÷ `per`, followed by `unit`.

    Where the number stands for a reading of the plan, `readings` are the words of 1, 2, ….
    """

    path: str
    words: str
    clause: str
    lowest: int
    highest: int
    begins: Begins
    unit: str
    per: int = 1
    readings: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """With what each number means, where it stands for a reading."""
        meanings = "，".join(f"{number} {words}" for number, words in enumerate(self.readings, 1))
        return f"{self.words}（{meanings}）" if meanings else self.words

    @property
    def is_day_of_year(self) -> bool:
        """A month and a day, typed as 0105."""
        return self.unit == MONTH_DAY

    def value(self, version: Policy) -> int:
        found: Any = version
        for name in self.path.split("."):
            found = getattr(found, name)
        return int(found[0] * 100 + found[1] if self.is_day_of_year else found)

    def shown(self, number: int) -> str:
        if self.is_day_of_year:
            return f"{number // 100} 月 {number % 100} 日前"
        if self.readings:
            return f"{number}（{self.readings[number - 1]}）"
        gap = "" if self.unit == "%" else " "
        return f"{number / self.per:g}{gap}{self.unit}"


CHANGEABLE: dict[str, Changeable] = {
    c.path: c
    for c in (
        # SSJ1 refuses a draw below 25 % of 重点, and caps above 9
        Changeable("key_basis_points", "重点对象每季度至少", "七(一)1", 25, 100, Begins.QUARTER, "%", per=100),
        Changeable(
            "key_counted",
            "重点对象比例的基数",
            "七(一)1，附则",
            1,
            2,
            Begins.QUARTER,
            "",
            readings=("不含列为特殊的重点对象", "含列为特殊的重点对象"),
        ),
        Changeable("cap_per_item", "同一对象同一事项每年不超过", "七(一)4", 1, 9, Begins.YEAR, "次"),
        # 行政处罚法 42: never fewer than two
        Changeable("min_team_size", "检查小组不少于", "七(五)", 2, 9, Begins.QUARTER, "人"),
        Changeable("plan_due_day", "季度计划制定、报送，季度首月", "六(一)2", 1, 28, Begins.QUARTER, "日前"),
        Changeable("draw_due_day", "名单抽取，季度首月", "七(二)", 1, 28, Begins.QUARTER, "日前"),
        Changeable("close_day", "检查完成、结果报送，季度末月", "六(一)2", 1, 30, Begins.QUARTER, "日前"),
        Changeable("publish_within_workdays", "检查结果公开，检查结束后", "八(二)", 1, 60, Begins.DAY, "个工作日"),
        Changeable(
            "other_law.withdraw_within_workdays", "撤下公开内容", "行政处罚法第四十八条", 1, 30, Begins.DAY, "个工作日"
        ),
        Changeable(
            "other_law.case_filed_within_days", "决定是否立案", "生态环境行政处罚办法第十八条", 1, 60, Begins.DAY, "天"
        ),
        Changeable("other_law.case_closed_within_days", "案件办结", "行政处罚法第六十条", 1, 365, Begins.DAY, "天"),
        Changeable("recommended.referral_within_workdays", "移送其他部门", "八(二)", 1, 30, Begins.DAY, "个工作日"),
        Changeable(
            "recommended.referral_receipt_within_workdays", "催问移送的回执", "八(二)", 1, 60, Begins.DAY, "个工作日"
        ),
        Changeable(
            "recommended.referral_answer_within_workdays", "催问移送的反馈", "八(二)", 1, 250, Begins.DAY, "个工作日"
        ),
        Changeable(
            "other_law.case_extension_days", "案件每次延长", "生态环境行政处罚办法第五十七条", 1, 365, Begins.DAY, "天"
        ),
        Changeable(
            "other_law.case_extensions", "案件最多延长", "生态环境行政处罚办法第五十七条", 0, 9, Begins.DAY, "次"
        ),
        Changeable(
            "other_law.discussed_from_yuan",
            "集体讨论的罚没数额",
            "生态环境行政处罚办法第五十二条",
            1,
            100_000_000,
            Begins.DAY,
            "元",
        ),
        Changeable(
            "other_law.crime_decided_within_days",
            "涉嫌犯罪决定移送",
            "行政执法机关移送涉嫌犯罪案件的规定第五条",
            1,
            30,
            Begins.DAY,
            "天",
        ),
        Changeable(
            "other_law.crime_sent_within_hours",
            "涉嫌犯罪批准后移送",
            "行政执法机关移送涉嫌犯罪案件的规定第五条",
            24,
            240,
            Begins.DAY,
            "小时",
        ),
        Changeable("item_list_due", "事项清单制定完成", "六(一)1", 101, 1231, Begins.YEAR, MONTH_DAY),
        Changeable("year_report_due", "年度工作报告", "八(一)", 101, 1231, Begins.YEAR, MONTH_DAY),
        Changeable(
            "other_law.justice_filing_due",
            "随机抽查报司法局备案",
            "辽宁省涉企行政执法检查计划管理办法",
            101,
            1231,
            Begins.YEAR,
            MONTH_DAY,
        ),
        Changeable(
            "other_law.list_change_within_months",
            "清单随依据变动调整",
            "辽政办发〔2025〕6号",
            1,
            12,
            Begins.DAY,
            "个月",
        ),
        Changeable("special_windows.media_months", "媒体曝光列为特殊对象", "六(二)", 1, 60, Begins.QUARTER, "个月"),
        Changeable("special_windows.criminal_months", "环境犯罪列为特殊对象", "六(二)", 1, 120, Begins.QUARTER, "个月"),
        Changeable("recommended.upload_within_workdays", "检查情况上传", "七(五)", 1, 20, Begins.DAY, "个工作日"),
        Changeable(
            "recommended.result_told_within_workdays", "检查结果告知企业", "七(五)", 1, 20, Begins.DAY, "个工作日"
        ),
        Changeable(
            "recommended.recording_read_within_workdays", "执法记录仪读出", "七(五)", 1, 20, Begins.DAY, "个工作日"
        ),
        Changeable(
            "recommended.statement_considered_within_workdays",
            "复核企业的陈述申辩",
            "七(五)",
            1,
            20,
            Begins.DAY,
            "个工作日",
        ),
        Changeable(
            "recommended.objection_answered_within_workdays", "答复企业的异议", "八(二)", 1, 30, Begins.DAY, "个工作日"
        ),
        Changeable("recommended.impostor_same_day_hour", "冒充反映当天答复", "七(五)", 9, 23, Begins.DAY, "点前"),
        Changeable("recommended.impostor_next_day_hour", "冒充反映次日答复", "七(五)", 1, 18, Begins.DAY, "点前"),
        Changeable("recommended.video_most_megabytes", "现场短视频大小", "四(3)", 5, 200, Begins.DAY, "MB"),
        Changeable("recommended.video_most_seconds", "现场短视频长度", "四(3)", 5, 300, Begins.DAY, "秒"),
        Changeable("recommended.filing_within_workdays", "抽取结果备案", "七(二)", 1, 20, Begins.QUARTER, "个工作日"),
        Changeable(
            "recommended.recusal_decision_within_workdays", "审批更换和回避", "七(二)", 1, 20, Begins.DAY, "个工作日"
        ),
        Changeable(
            "recommended.retro_approval_within_hours",
            "突发情况先查后补，补办审批",
            "国办发〔2024〕54号",
            1,
            72,
            Begins.DAY,
            "小时",
        ),
        Changeable(
            "recommended.provincial_report_day", "数据报省厅，季后次月", "七(六)", 1, 28, Begins.QUARTER, "日前"
        ),
        Changeable("recommended.self_check_day", "合规体检不再变动，季后次月", "八(一)", 1, 28, Begins.QUARTER, "日前"),
        Changeable("recommended.registry_audit_day", "名录审核，每月", "六(二)", 1, 28, Begins.QUARTER, "日前"),
        Changeable(
            "recommended.registry_audit_within_days", "名录审核，相隔不超过", "六(二)", 28, 92, Begins.QUARTER, "天"
        ),
        Changeable(
            "recommended.city_summary_within_workdays",
            "汇总公开各单位计划",
            "七(六)",
            1,
            10,
            Begins.QUARTER,
            "个工作日",
        ),
        Changeable("recommended.overlap_within_days", "相近检查的提醒，前后", "一", 1, 92, Begins.DAY, "天"),
    )
}

# What SSJ1 itself holds: a law that goes beyond it needs another version of the method, not another number.
_METHOD = "抽取方法 SSJ1"
METHOD_LIMITS: dict[str, str] = {
    "key_basis_points": f"{_METHOD} 不接受低于 25% 的重点比例",
    "cap_per_item": f"{_METHOD} 只接受同一事项每年 1 到 9 次",
    "min_team_size": f"{_METHOD} 只接受检查小组 2 到 9 人，《行政处罚法》第四十二条也要求不少于两人",
}
# What the method goes on saying whatever the number is.
METHOD_NOTES: dict[str, str] = {
    "draw_due_day": f"{_METHOD} 的核验程序仍以 10 日为界提示“抽取晚于本季度首月 10 日”，只是提示，核验结论不变",
}
# Numbers that stay, and why; the proposal page says so in place of a choice.
FIXED: dict[str, str] = {
    "published_basis_points": "全部公开，没有更高的数，更低的不合《实施方案》二",
    "random_basis_points": "全部纳入，没有更高的数，更低的不合《实施方案》四",
    "key_coverage_years": f"{_METHOD} 按年度认重点对象“已查”",
    "general_coverage_years": f"{_METHOD} 按三年认一般对象“已查”",
    "coverage_from_year": f"{_METHOD} 的三年周期从这一年算起",
    "special_minimum": f"{_METHOD} 对特殊对象不设最低家数",
    "leaders_per_team": f"人数可以改，组长不能：{_METHOD} 每组一名组长",
    "special_windows.listed_supervision_years_back": "《实施方案》写的是“上一年度”",
    "other_law.public_terms": "信用修复管理办法按失信程度定的最短和最长期限，随那份文件改",
    "recommended.visit_hours": "只是建议的钟点，检查小组自己改，不是期限",
    "recommended.applicants_kept_months": "数据库同样守着这个期限，改短改长都随版本修改",
    "recommended.catalogue": "公开目录里每类各有期限，整表随版本修改",
}


@dataclass(frozen=True)
class Change:
    """One approved change."""

    path: str
    value: int
    effective_from: date
    document: str = ""


@dataclass(frozen=True)
class Step:
    """One approved change as the history tells it: which number, from what to what, from when, by which document."""

    what: Changeable
    before: str
    after: str
    effective_from: date
    document: str


def in_order(versions: Iterable[Policy], changes: Iterable[Change]) -> tuple[Policy, ...]:
    """The versions of the code with the changes between them, in order of their day.

    Changes are given in order of approval; of two on one day the second holds both. A version is named after the
    last approved change in it, “2025+2”: so a record's name and day tell its numbers whatever was approved later.
    A later version of the whole plan takes over whole: what was changed before it is not carried on.
    """
    plans = sorted(versions, key=lambda version: version.effective_from)
    line: list[Policy] = []
    for plan, following in zip(plans, [*plans[1:], None], strict=True):
        line.append(plan)
        until = following.effective_from if following else date.max
        own = [c for c in changes if plan.effective_from <= c.effective_from < until]
        last = 0
        for number, change in sorted(enumerate(own, 1), key=lambda pair: (pair[1].effective_from, pair[0])):
            day, last = change.effective_from, max(last, number)
            changed = replace(
                with_number(line[-1], change.path, change.value),
                version=f"{plan.version}+{last}",
                effective_from=day,
                plan_from=plan.effective_from,
            )
            if line[-1].effective_from == day and line[-1] is not plan:
                line.pop()
            line.append(changed)
    return tuple(line)


def with_number(version: Policy, path: str, number: int) -> Policy:
    """A copy of the version with one number changed; a day of the year is typed as 0105."""
    part, _, name = path.rpartition(".")
    value: Any = divmod(number, 100) if CHANGEABLE[path].is_day_of_year else number
    if part:
        return replace(version, **{part: replace(getattr(version, part), **{name: value})})
    return replace(version, **{name: value})


def _is_day(month: int, day: int) -> bool:
    try:
        date(2025, month, day)  # a year without 29 February
    except ValueError:
        return False
    return True


def why_not_number(path: str, value: int, effective_from: date, line: tuple[Policy, ...], today: date) -> str:
    """Why this number may not begin on that day; "" when it may. `line` is what is known of all versions."""
    what = CHANGEABLE.get(path)
    if what is None:
        return "这个参数不能在这里修改，从列表里选。"
    if not what.lowest * what.per <= value <= what.highest * what.per:
        limit = METHOD_LIMITS.get(path, "")
        beyond = f"{limit}；法律另有规定的，先换抽取方法的版本。" if limit else ""
        return f"“{what.words}”在 {what.lowest} 到 {what.highest} 之间。{beyond}"
    if what.is_day_of_year and not _is_day(*divmod(value, 100)):
        return f"{value:04d} 不是有效的月日，按月、日各两位填写，如 0105。"
    if effective_from <= today:
        return f"生效日期从明天（{(today + timedelta(days=1)):%Y-%m-%d}）起填写，已经过去的日子仍按当时的规定。"
    if effective_from.year > today.year + MOST_YEARS_AHEAD:
        return f"生效日期最晚写到 {today.year + MOST_YEARS_AHEAD} 年，更晚的到时候再提出。"
    if not what.begins.allows(effective_from):
        return f"“{what.words}”从{what.begins.value}起生效，一个{'季度' if what.begins is Begins.QUARTER else '年度'}只有一个数。"
    law = [version for version in line if version.effective_from <= effective_from][-1]
    if what.value(law) == value:
        return f"“{what.words}”从那天起本来就是 {what.shown(value)}。"
    carried = [v for v in line if v.effective_from > effective_from and what.value(v) == what.value(law)]
    for version in (law, *carried):
        after = with_number(version, path, value)
        if after.plan_due_day > after.draw_due_day:
            return f"季度计划 {after.plan_due_day} 日前报送，不能晚于 {after.draw_due_day} 日前的名单抽取。"
    return ""


_loader: Callable[[], Iterable[Change]] | None = None


def use(loader: Callable[[], Iterable[Change]] | None) -> None:
    """Take approved changes from here from now on; None: the versions of the code alone."""
    global _loader
    _loader = loader


def known(versions: tuple[Policy, ...]) -> tuple[Policy, ...]:
    """The whole line of versions as approved up to now."""
    changes = _approved()
    return in_order(versions, changes) if changes else versions


def _approved() -> tuple[Change, ...]:
    return tuple(_loader()) if _loader else ()


def steps(versions: tuple[Policy, ...]) -> tuple[Step, ...]:
    """Every approved change in order of approval, with the number it took the place of."""
    changes = _approved()
    return tuple(step(versions, changes[:place], change) for place, change in enumerate(changes))


def document_of(path: str, day: date) -> str:
    """The document by which a number is what it is on that day; "" while it is the plan's own."""
    begun = [(c.effective_from, n, c.document) for n, c in enumerate(_approved()) if c.path == path]
    return max((found for found in begun if found[0] <= day), default=(day, 0, ""))[2]


def step(versions: tuple[Policy, ...], earlier: tuple[Change, ...], change: Change) -> Step:
    """What a change does or would do after the earlier ones."""
    what = CHANGEABLE[change.path]
    day = change.effective_from
    law = [version for version in in_order(versions, earlier) if version.effective_from <= day][-1]
    return Step(what, what.shown(what.value(law)), what.shown(change.value), day, change.document)
