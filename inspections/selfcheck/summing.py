"""What everybody reads of 合规体检: per rule how many units keep it, break it or have its day before them (四(3)-f).

Counted from the same matrix as the page, which knows published results alone. It names no unit: where a rule looks at one person or one
enterprise of a small unit, the unit's name would tell who.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.module_loading import import_string

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.forms.decision import State
from benxi_shuangsuiji.workdays.days import Quarter, short_date

from . import findings, standing
from .asking import closes_on, why_not_asked
from .models import SelfCheckSummary

# In the order in which they are read; the key is the name in the published text.
COUNTS = {"kept": findings.State.KEPT, "broken": findings.State.BROKEN, "open": findings.State.OPEN}


def title_of(quarter: Quarter) -> str:
    return f"全市 {quarter.label}合规体检摘要"


def facts_of(quarter: Quarter) -> dict[str, Any]:
    """The text of the publication but for its number and version; a quarter that is closed is counted as it stood."""
    matrix = standing.of(Unit.objects.working(quarter), quarter)
    return {
        "quarter": str(quarter),
        "title": title_of(quarter),
        "unit_name": Unit.objects.city_team().name,
        "as_of": matrix.moment.isoformat(timespec="minutes"),
        "units": len(matrix.units),
        "rules": [
            {
                "id": line.rule.id,
                "clause": line.rule.clause,
                "kind": str(line.rule.kind),
                "quote": line.rule.quote,
                "looks": line.rule.looks,
                **{name: sum(cell.state == state for cell in line.cells.values()) for name, state in COUNTS.items()},
            }
            for line in matrix.lines
        ],
        "policy": {"version": matrix.law.version, "title": matrix.law.title + matrix.law.label},
    }


def words_of(kept: int, broken: int, open_: int = 0) -> str:
    """520 处里守住 515 处，没守住 5 处."""
    left = f"，还没到期 {open_} 处" if open_ else ""
    return f"{kept + broken + open_} 处里守住 {kept} 处，没守住 {broken} 处{left}"


def said(facts: dict[str, Any]) -> str:
    return words_of(*(sum(rule[name] for rule in facts["rules"]) for name in COUNTS))


@dataclass(frozen=True)
class Public:
    """What the public has of one quarter, as `disclosure` answers it: the newest version, without figures once it is withdrawn."""

    day: date
    is_corrected: bool = False
    facts: dict[str, Any] | None = None


@dataclass(frozen=True)
class Standing:
    """How the public summary of one quarter stands, for the page of 合规体检."""

    quarter: Quarter
    words: str
    public: bool = False
    summary: SelfCheckSummary | None = None

    @property
    def is_countable(self) -> bool:
        """Before its last day is over a quarter has no figures that could become public."""
        return clock.today() > self.quarter.last_day


def standing_of(quarters: Iterable[Quarter]) -> list[Standing]:
    """Of these quarters, as far as they are asked at all."""
    asked = [quarter for quarter in quarters if not why_not_asked(quarter)]
    found = SelfCheckSummary.objects.exclude(state=State.RETURNED).order_by("pk")
    newest = {one.no: one for one in found.filter(year__in={quarter.year for quarter in asked})}
    public = public_of(asked)
    return [_standing(quarter, newest.get(str(quarter)), public.get(quarter)) for quarter in asked]


def public_of(quarters: Iterable[Quarter]) -> dict[Quarter, Public]:
    """A row that was let through is not what is public: that may have been corrected or withdrawn since (八(二)-c)."""
    return import_string(subjects.house().selfcheck_public)(quarters)


def _standing(quarter: Quarter, summary: SelfCheckSummary | None, public: Public | None) -> Standing:
    if public and public.facts:
        words = f"{short_date(public.day)}{'更正' if public.is_corrected else '公开'}：{said(public.facts)}，逐条写明"
        if summary and summary.waits:
            words += "；按定下来的数字已重新拟，等监督员批准"
        return Standing(quarter, words, public=True, summary=summary)
    gone = f"{short_date(public.day)}已撤下，" if public else ""
    if summary and summary.waits:
        return Standing(quarter, f"{gone}牵头部门已{'重新' if gone else ''}拟，等监督员批准", summary=summary)
    if gone:
        return Standing(quarter, f"{gone}由牵头部门重新拟，监督员批准")
    return Standing(quarter, f"{short_date(closes_on(quarter))}前公开，由牵头部门拟，监督员批准")


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two counts come to the same, whenever they were made."""
    return one | {"as_of": ""} == other | {"as_of": ""}
