"""The plan as an official document, and the six columns of the justice bureau (六(一)2, 八(二)-a, domain.md 1.3, D-24).

Papers are made from a snapshot: of a public plan from what was published, byte for byte the same facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.documents.official import Heading, Official, Para, Table
from benxi_shuangsuiji.documents.workbooks import writing as workbooks_out
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn
from benxi_shuangsuiji.workdays.days import Quarter, full_date
from plans.bases import citations
from plans.bases import rules as basis_rules
from plans.lists import rules
from plans.models import GeneralRatioPolicy, InspectionItem, PlanStatus, QuarterlyPlan
from plans.quotas import quotas
from registry.models import Category

Snapshot = Mapping[str, Any]
WHOM = (("key", "重点"), ("general", "一般"), ("special", "特殊"))


def plan_paper(plan: Snapshot, *, number: str, dated: date | None, made_at: str, note: str = "") -> Official:
    """季度抽查工作计划 with everything that 六(一)2 asks of it. `dated` is the day of publication; a draft has none."""
    total = plan["total"]
    strata = Table(
        "检查对象和抽查家数（家）",
        ("检查对象", "名录", "参加抽取", "比例", "计划抽查", "怎样算出"),
        tuple(
            (
                s["name"],
                str(s["on_books"]),
                str(s["drawable"]),
                s["ratio"],
                str(s["planned"]),
                "；".join(s["lines"]),
            )
            for s in plan["strata"]
        ),
        (20, 9, 11, 10, 11, 39),
    )
    items = Table(
        "抽查事项",
        ("事项", "抽查内容", "检查对象", "检查方式", "法律依据"),
        tuple(
            (
                f"{i['code']} {i['name']}",
                i["content"],
                "、".join(word for name, word in WHOM if i[name]) + (f"（只查{i['only']}）" if i.get("only") else ""),
                i["mode"],
                i["legal_basis"],
            )
            for i in plan["items"]
        ),
        (22, 26, 12, 12, 28),
    )
    sources = "；".join(f"{s['label']}，{s['due_text']} 开出" for s in plan["sources"])
    blocks = [
        Para(f"根据{policy.cited(plan['policy_title'], plan['policy_label'])}和 {_lists(plan)}，制定本计划。"),
        Heading("一、检查对象和抽查家数"),
        Para(
            f"本季度计划抽查 {total} 家。家数按编制计划时的名录计算，封存名单时重算一次，只会增不会减。"
            f"同一年度同一企业的相同事项抽查不超过 {plan['cap']} 次，特殊监管对象除外。{plan['positive_text']}。"
        ),
        strata,
        Heading("二、抽查事项"),
        items,
        Heading("三、检查单位和检查方式"),
        Para(
            f"实施单位为{plan['unit_name']}，检查单位为{plan['executing_unit']}。检查人员随机抽取，"
            f"每组 {plan['team_size']} 人，其中组长 1 人。检查方式为{plan['modes']}。"
        ),
        Heading("四、抽取和检查时间"),
        Para(f"抽取时间为 {plan['draw_text']}。公开随机数为{sources}。{plan.get('fallback_text', '')}"),
        Para(f"检查期间为 {plan['window_text']}。"),
        Heading("五、公开"),
        Para(
            f"检查名单在 {plan['release_text']} 公开，此前保密。检查结果自检查结束之日起 {plan.get('publish_within', 20)} 个工作日内公开。"
        ),
    ]
    if plan["revision"] > 1:
        blocks.append(Para(f"本计划为第 {plan['revision']} 版，更改原因：{plan['revision_reason']}。"))
    if plan["late_reason"]:
        blocks.append(Para(f"逾期原因：{plan['late_reason']}。"))
    blocks += [Heading("六、依据"), *(Para(basis) for basis in plan["bases"])]
    return Official(
        issuer=plan["unit_name"],
        number=number,
        title=plan["title"],
        blocks=tuple(blocks),
        signed=plan["unit_name"],
        dated=full_date(dated) if dated else "（未公开）",
        made_at=made_at,
        note=note,
    )


def _lists(plan: Snapshot) -> str:
    """The city's list, and the unit's own where an item stands in it."""
    own = plan.get("local_list_title")
    return plan["list_title"] + (f"、{own}（第 {plan['local_list_version']} 版）" if own else "")


# --- 报司法局备案 (D-24) ----------------------------------------------------------------------------------------------

JUSTICE_COLUMNS = (
    OutColumn("行政执法机关", 20),
    OutColumn("检查对象", 22),
    OutColumn("检查内容", 52),
    OutColumn("检查依据", 52),
    OutColumn("检查时间", 26),
    OutColumn("检查方式", 22),
)
NO_ITEMS = "计划没有列入抽查事项"
ON_SITE = "现场调阅审查、查验；需要时检验、鉴定"


@dataclass(frozen=True)
class JusticeRow:
    """One line of the filing: a category of objects and the items it is checked for."""

    body: str
    objects: str
    content: str
    basis: str
    times: str
    modes: str

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.body, self.objects, self.content, self.basis, self.times, self.modes)


def justice_rows(unit: Unit, year: int, today: date) -> list[JusticeRow]:
    """The year's random checks in the six columns of the district's notice.

    A category has the items that the approved plans check it for, before the first plan those of the lists. A quarter
    with an approved plan says its number; a later one what the least ratio and the ratio in force give on
    today's registry (第三季度检查 20 家).
    """
    items = _items_of_year(unit, year, today)
    if not items:
        return []
    made = list(
        QuarterlyPlan.objects.filter(
            unit=unit, year=year, status__in=[PlanStatus.APPROVED, PlanStatus.PUBLISHED]
        ).prefetch_related("strata", "items__item")
    )
    plans = {plan.number: {s.category: s.planned for s in plan.strata.all()} for plan in made}
    expected = _expected(unit, year, today)
    found = []
    for category in (Category.KEY, Category.GENERAL, Category.SPECIAL):
        chosen = {row.item.code for plan in made for row in plan.items.all() if getattr(row, category)}
        its = [item for item in items if not made or item.code in chosen]
        times = [
            f"第{'一二三四'[number - 1]}季度检查 {plans.get(number, expected)[category]} 家" for number in (1, 2, 3, 4)
        ]
        found.append(
            JusticeRow(
                body=unit.on(today).name,
                objects=f"{quotas.LONG_NAMES[category]}（随机抽取）",
                content="；".join(item.name for item in its) or NO_ITEMS,
                basis="；".join(citations.gathered(item.legal_basis for item in its)),
                times="；".join(times),
                modes=ON_SITE if any(item.modes != "OFFSITE" for item in its) else "非现场" if its else "",
            )
        )
    return found


def _items_of_year(unit: Unit, year: int, today: date) -> list[InspectionItem]:
    """The city's items and the unit's own, without those that have lost their basis (N-3)."""
    lists = [found for found in (rules.list_in_force(year), rules.local_list_in_force(unit, year)) if found]
    items = list(InspectionItem.objects.filter(list__in=lists).order_by("code"))
    day = min(max(today, Quarter(year, 1).first_day), Quarter(year, 4).last_day)
    unfit = basis_rules.obstacles(items, day)
    return [item for item in items if item.pk not in unfit or item.valid_from > day]


def _expected(unit: Unit, year: int, today: date) -> dict[str, int]:
    quarter = Quarter(year, 1)
    law = policy.on(quarter.first_day)
    on_books = {category: unit.facilities.on_books().filter(category=category).count() for category in Category}
    first, last = law.coverage_cycle(year)
    ratio = GeneralRatioPolicy.objects.in_force(unit, max(today, quarter.first_day))
    quarters = 4 * (last - first + 1)
    return {
        Category.KEY: quotas.share(on_books[Category.KEY], law.key_basis_points),
        Category.GENERAL: quotas.share(on_books[Category.GENERAL], ratio.basis_points)
        if ratio
        else -(-on_books[Category.GENERAL] // quarters),
        Category.SPECIAL: 0,
    }


def justice_workbook(unit: Unit, year: int, today: date) -> bytes:
    return workbooks_out.table(
        sheet=f"{year}年度抽查计划",
        title=workbooks_out.heading(f"{year} 年度随机抽查计划", unit.on(today).name, today),
        columns=JUSTICE_COLUMNS,
        named_by=2,
        rows=[row.cells for row in justice_rows(unit, year, today)],
    )
