"""The day of an inspector, and the city's figures on the home of whoever oversees it (desk.md A3, ui-2.md 22)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.shares import percent
from benxi_shuangsuiji.workdays.days import Calendar
from inspections.indicators import figures
from inspections.oversight import pages as oversight
from inspections.visits import pages as visits

# What is done in time, as the home names it, and the indicator that counts it (ui-2.md 22).
RATES = (("计划按时报送", 3), ("按时抽取", 4), ("结果按期公开", 2), ("整改按期办结", 18), ("案卷按期成册", 21))


@dataclass(frozen=True)
class Figures:
    """The quarter in figures: those of 全市进度, of all units or of the chosen one, none reckoned anew."""

    city: oversight.City

    @cached_property
    def lines(self) -> list[oversight.Line]:
        return [oversight.Line(row, 0, None, {}) for row in self.city.rows]

    @property
    def inside(self) -> bool:
        return self.city.inside

    @property
    def close(self) -> str:
        return f"检查和公示期限 {self.city.close}"

    @property
    def over(self) -> str:
        """The label of a quarter that is over."""
        return self.city.quarter.label if self.city.is_over else ""

    @property
    def least(self) -> int:
        return policy.on(self.city.quarter.first_day).key_basis_points // 100

    @property
    def tick(self) -> str:
        return f"{policy.on(self.city.quarter.first_day).key_basis_points / oversight.SCALE:.1f}"

    @property
    def stats(self) -> list[dict]:
        """As 全市进度 has them; in place of the city's share of 重点 the units that reach theirs, for the duty is each unit's."""
        checked, _, prompt, general = self.city.tiles
        return [checked, self._units(), prompt, general]

    def _units(self) -> dict:
        shares = [row.share for row in self.city.rows]
        reached = sum(bool(share and not share.problem) for share in shares)
        drawn, total = (sum(getattr(s, name) for s in shares if s) for name in ("drawn", "total"))
        late = any(row.cells[3].state == "late" for row in self.city.rows)
        return {
            "label": f"重点抽查达到 {self.least}% 的单位",
            "figure": reached,
            "unit": f"/ {len(shares)} 个",
            "note": f"名录 {total} 家抽 {drawn} 家，{percent(drawn, total)}" if total else "还没有抽取",
            "bad": late or any(share and share.problem for share in shares),
            "url": self.city.rows_of(5),
        }

    @property
    def sums(self) -> dict[str, int]:
        rows = self.city.rows
        shares = [row.share for row in rows if row.share]
        return {
            "drawn": sum(s.drawn for s in shares),
            "total": sum(s.total for s in shares),
            "key_done": sum(s.done for s in shares),
            "done": sum(row.tally.over for row in rows),
            "to_check": sum(row.tally.to_check for row in rows),
            "public": sum(row.public for row in rows),
            "results": sum(row.results for row in rows),  # as the cell 公示 of 全市进度 counts them
        }

    @property
    def share(self) -> str:
        return percent(self.sums["drawn"], self.sums["total"])

    @property
    def rates(self) -> list[dict]:
        """Of what was due until now, how much was done in time; what nothing was due of is left out."""
        found = [(label, k, figures.sums(self.city.scope, k)[None]) for label, k in RATES]
        at = f"?scope=city&quarter={self.city.quarter}"
        return [
            {
                "label": label,
                "url": reverse("inspections:indicator-rows", args=[k]) + at,
                "percent": f"{100 * one.counted / one.n:.1f}",
                "words": f"{one.counted}/{one.n}",
                "what": one.indicator.what,
                "low": one.counted < one.n,
            }
            for label, k, one in found
            if one.n
        ]


def tasks_of(user, today: date, calendar: Calendar) -> list[dict]:
    """An inspector's checks, those of today first, as `components/agenda.html` shows them; each view is recorded (desk.md A3)."""
    if not user.units_with(Permission.FIELD_WORK):
        return []
    cards = [card for card in visits.tasks_of(user, today, calendar) if not card["done"]]
    groups = [
        {"title": title, "items": [_task(card) for card in cards if card["today"] is now]}
        for title, now in (("今天的检查", True), ("以后的检查", False))
    ]
    return [group | {"count": len(group["items"])} for group in groups if group["items"]]


def _task(card: dict) -> dict:
    due = card["due"]
    return {
        "date": due.title.partition("（")[0].partition("前")[0] if due else "",
        "day": "",
        "title": card["name"],
        "text": f"{card['words']}　{card['plan']}　{card['address']}",
        "due": {"text": due.text, "state": due.state, "title": due.title} if due else None,
        "action": {"label": "打开检查", "url": card["go"], "primary": card["today"] and card["ready"]},
    }
