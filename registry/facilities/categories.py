"""Which category follows from which grounds (六(二)-r … -al; decisions.md 1).

Stored are the grounds; the label on the facility is computed from them in the same transaction.
"""

from datetime import date, timedelta

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.workdays.days import months_after
from registry.models import Category, Facility, Ground, PermitCategory

from . import levels

# “其他应当…”: a judgement about one firm, so no workbook brings it (六(二)-ad, -ak).
JUDGED = frozenset({Ground.KF11, Ground.SF6})
# Facts of the registry itself ask for these; nobody enters or ends them by hand (六(二)-u, -ai).
DERIVED = frozenset({Ground.KF2, Ground.SF4})
# Held for one year's list or decision. The list of a year is published by the end of March and stands until the next one
# must be there; a case supervised in a year makes 特殊 throughout the next one, 上一年度 (六(二)-t, -ae, -am).
YEARLY = frozenset({Ground.KF1, Ground.SF1})
# Held for so many months from the day they hold from; how many says the policy (reading A-33).
WINDOWED = frozenset({Ground.SF2A, Ground.SF2B, Ground.SF3})


def derived_grounds(
    *, permit_category: str, permit_no: str, credit_level: str, serious: frozenset[str] | None = None
) -> dict[str, str]:
    """Return the grounds that the permit and the credit rating make, each with its evidence.

    `serious`: the words that mean 严重失信, where many facilities are looked at one after the other.
    """
    found = {}
    if permit_category == PermitCategory.KEY:
        found[Ground.KF2] = f"排污许可管理类别为重点管理{f'（{permit_no}）' if permit_no else ''}"
    if credit_level and credit_level in (levels.serious_credit() if serious is None else serious):
        found[Ground.SF4] = f"环境信用评价：{credit_level}"
    return found


def year_of(kind: str, day: date) -> int:
    """The year a ground entered on that day is about, where nobody says another."""
    return day.year - 1 if kind == Ground.SF1 else day.year


def last_day(kind: str, year: int | None, valid_from: date) -> date | None:
    """The last day on which a ground holds; None for as long as nobody ends it."""
    if kind in WINDOWED:
        window = policy.on(max(valid_from, policy.begins())).special_windows  # a case of 2024 still counts in 2026
        months = {
            Ground.SF2A: window.media_months,
            Ground.SF2B: window.complaint_months,
            Ground.SF3: window.criminal_months,
        }
        return months_after(valid_from, months[Ground(kind)]) - timedelta(days=1)
    if kind not in YEARLY or year is None:
        return None
    return date(year + 1, 12, 31) if kind == Ground.SF1 else date(year + 1, 3, 31)


def category_of(kinds) -> str:
    """特殊 wins over 重点; 一般 is whoever has no ground (六(二)-al)."""
    made = {Ground(kind).makes for kind in kinds}
    if Category.SPECIAL in made:
        return Category.SPECIAL
    return Category.KEY if Category.KEY in made else Category.GENERAL


def open_kinds(facility: Facility) -> set[str]:
    """The kinds in force; every one was approved by another than who asked for it (六(二)-r), or there would be no row."""
    return set(facility.grounds.filter(valid_to__isnull=True).values_list("kind", flat=True))


def put_label(facility: Facility, kinds) -> bool:
    """Set the label from the kinds; say whether it changed. The caller saves."""
    before = facility.category, facility.has_key_ground
    facility.category = category_of(kinds)
    facility.has_key_ground = any(Ground(k).makes == Category.KEY for k in kinds)
    return before != (facility.category, facility.has_key_ground)
