"""群众反复投诉: how many complaints of a facility count on a day, and whether they are enough (六(二)-ag, A-33)."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_not_paper_number, why_not_reason
from benxi_shuangsuiji.workdays.days import full_date, months_after
from registry.models import Complaint, ComplaintOutcome, ComplaintRule, Facility


@dataclass(frozen=True)
class NewComplaint:
    """What is written down of a complaint; never who complained."""

    number: str
    day: date
    channel: str
    matter: str = ""


@dataclass(frozen=True)
class Rule:
    """So many complaints in so many months; until a row says otherwise, the figures of the policy."""

    least: int
    months: int
    only_verified: bool
    document: str = ""

    @property
    def words(self) -> str:
        return f"{self.months} 个月内{'查实' if self.only_verified else '受理'}投诉 {self.least} 件以上"


def rule_on(day: date) -> Rule:
    row = ComplaintRule.objects.filter(valid_from__lte=day).first()
    if row:
        return Rule(row.least, row.months, row.only_verified, row.document)
    window = policy.on(max(day, policy.begins())).special_windows
    return Rule(window.complaint_count, window.complaint_months, only_verified=True)


def _counting(rule: Rule, day: date) -> Q:
    counts = Q(day__gt=months_after(day, -rule.months), day__lte=day)
    if not rule.only_verified:
        return counts
    found_true = ComplaintOutcome.objects.filter(complaint=OuterRef("pk"), founded=True)
    return counts & (Q(verified=True) | Exists(found_true))


def counted(facility: Facility, day: date) -> list[Complaint]:
    """The complaints that count on that day, the oldest first."""
    return list(facility.complaints.filter(_counting(rule_on(day), day)).order_by("day", "pk"))


def tallies(unit, day: date) -> list[Facility]:
    """Every facility of the unit with complaints that count, most first; `n` and `newest` on each, in one query."""
    counting = Complaint.objects.filter(_counting(rule_on(day), day)).order_by().values("facility")
    numbers = dict(counting.filter(facility__unit=unit).annotate(n=Count("pk")).values_list("facility", "n"))
    found = list(Facility.objects.on_books().filter(pk__in=numbers))
    for facility in found:
        facility.n = numbers[facility.pk]
    return sorted(found, key=lambda f: (-f.n, f.code))


def references(complaints: list[Complaint]) -> str:
    return f"投诉 {len(complaints)} 件：" + "、".join(c.number for c in complaints)


def why_not_repeated(facility: Facility, day: date) -> str:
    """反复 is a number, not a feeling."""
    rule, n = rule_on(day), len(counted(facility, day))
    if n >= rule.least:
        return ""
    return f"反复投诉的标准是{rule.words}，到 {full_date(day)}登记了 {n} 件。先在“群众投诉”登记，再提出。"


def why_not_listed(text: str, rule: Rule) -> str:
    """The same of a workbook, whose evidence names the complaints themselves."""
    numbers = {part for part in re.split(r"[、，,\s]+", text.strip()) if part}
    if len(numbers) >= rule.least:
        return ""
    return f"反复投诉的标准是{rule.words}，这里写了 {len(numbers)} 件"


def why_not_enter(facility: Facility, new: NewComplaint, today: date) -> str:
    if new.day > today:
        return f"受理日期不能晚于今天（{full_date(today)}）。"
    if facility.complaints.filter(number=new.number.strip()).exists():
        return "这家的这件投诉已经登记过。"
    return why_not_paper_number(new.number, "投诉编号") or ("" if new.channel.strip() else "写明来源，如“12345 热线”。")


def why_not_set_rule(user, *, document: str, valid_from: date, today: date) -> str:
    if not user.units_with(Permission.KEEP_VOCABULARIES):
        return "反复投诉的标准由牵头部门维护。"
    if valid_from < today:
        return "新标准从今天或以后的一天起用，以前的类别不重新判定。"
    return why_not_reason(document, "批准文件")
