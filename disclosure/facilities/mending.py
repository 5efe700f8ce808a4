"""问题和改正: what the newest check found and how far it is put right, each as large as the other (八(二)-e, ui-2.md 18)."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji.workdays.days import is_over, remaining, short_date
from disclosure import words
from disclosure.models import Publication
from disclosure.results.followups import Shown
from disclosure.words import OutcomeWords

_DAY = re.compile("([0-9]{4}) 年 ([0-9]{1,2}) 月 ([0-9]{1,2}) 日")
_STATES = {
    "MENDED": ("ok", "已改正"),
    "TO_CASE": ("bad", "转立案查处"),
    "CASE_OPENED": ("bad", "立案查处"),
    "CASE_DECIDED": ("bad", "已作出决定"),
    "CASE_ENDED": ("ok", "已结案"),
    "SENT": ("bad", "已移送"),
    "TAKEN": ("warn", "已移送"),
    "ANSWERED": ("ok", "移送已有反馈"),
    "HALTED": ("wait", "停产，改正期中止"),
}
FOUND = "发现问题"
_LIMITS = (
    "期限",
    "延长到",
)  # what a step calls the day that it sets: an order and a resumption the one, an extension the other


@dataclass(frozen=True)
class Mending:
    """One result that found something, with the steps that are public of what followed, the first first."""

    result: Publication
    steps: list[Shown]
    today: date

    @property
    def outcome(self) -> OutcomeWords:
        return words.OUTCOMES[self.result.outcome]

    @property
    def problems(self) -> int:
        return sum(item["answer"] == "FOUND" for item in self.result.snapshot["items"]) or 1

    def step(self, *names: str) -> Shown | None:
        return next((s for s in reversed(self.steps) if s.publication.snapshot["step"] in names), None)

    def since_ordered(self, *names: str) -> Shown | None:
        """Of what followed the newest order: a second one begins anew, whatever was looked at before (ORDERED_AGAIN)."""
        found, ordered = self.step(*names), self.step("ORDERED_AGAIN")
        return found if found and (ordered is None or self.steps.index(found) > self.steps.index(ordered)) else None

    @property
    def limit(self) -> date | None:
        """Until when: of the newest step that sets a day, else of the result."""
        for step in reversed(self.steps):
            said = {fact["label"]: fact["value"] for fact in step.publication.snapshot["facts"]}
            if found := next(filter(None, (_DAY.search(said.get(label, "")) for label in _LIMITS)), None):
                return date(*map(int, found.groups()))
        said = self.result.snapshot["rectify_by"]
        return date.fromisoformat(said) if said else None

    @property
    def last(self) -> Shown | None:
        return next(reversed(self.steps), None)

    @property
    def is_late(self) -> bool:
        waits = self.state[0] == "warn" and self.limit and not self.since_ordered("CHECKED_AGAIN")
        return bool(waits and is_over(self.limit, self.today))

    @property
    def state(self) -> tuple[str, str]:
        """Mark and words of where it stands."""
        name = self.last.publication.snapshot["step"] if self.last else ""
        if name in _STATES:
            return _STATES[name]
        if self.result.outcome == "ON_SITE_FIXED":
            return "ok", "当场改正"
        if name == "CHECKED_AGAIN":
            bad = "没有改好" in self.last.publication.snapshot["words"]
            return ("warn", "复查没有改好") if bad else ("warn", "复查已改好，待办结")
        if self.limit:
            return "warn", "改正中"
        return "warn", "等后续处理"

    @property
    def is_followed(self) -> bool:
        """Whether something was ordered, filed or referred in public."""
        return bool(self.limit or self.last)

    @property
    def is_open(self) -> bool:
        """Whether that has not come to its end."""
        return self.is_followed and self.state[0] != "ok"

    @property
    def shown(self) -> tuple[str, str]:
        """The state as it is said: an overdue one in its own mark."""
        if self.is_late:
            return "bad", f"{remaining(self.limit, self.today)}未改正"
        return self.state

    @property
    def small(self) -> str:
        """The line below it."""
        mended, case = self.step("MENDED"), self.step("CASE_OPENED", "SENT", "TO_CASE")
        if mended:
            again = self.step("CHECKED_AGAIN")
            looked = f"，{short_date(again.on)}复查已改正" if again else f"，{short_date(mended.on)}办结"
            return f"期限 {short_date(self.limit)}{looked}" if self.limit else looked[1:]
        if case:
            return f"{short_date(case.on)}{case.publication.snapshot['step_label']}"
        if self.limit and self.state[0] == "warn":
            until = f"{short_date(self.limit)}到期"
            extended = "已延期，" if self.since_ordered("EXTENDED") else ""
            return f"{extended}{until}" if self.is_late else f"{extended}{remaining(self.limit, self.today)}，{until}"
        return ""

    @property
    def steps_of_order(self) -> list[dict]:
        """责令改正 → 改正期限 → 企业报告 → 复查 → 已改正, in the order of the procedure; none where nothing was ordered."""
        if not self.limit:
            return []
        ordered, mended = self.step("ORDERED", "ORDERED_AGAIN"), self.step("MENDED")
        again = self.since_ordered("CHECKED_AGAIN")
        over = "late" if self.is_late else "done" if mended or again else "now"
        return [
            _step("责令改正", "done", short_date(ordered.on if ordered else self.result.checked_on), ordered),
            _step("改正期限", over, f"{short_date(self.limit)}前", self.step("EXTENDED", "ORDERED_AGAIN", "RESUMED")),
            _step("企业报告", "done" if again or mended else "", "报告不单独公开"),
            _step("复查", "done" if again else "", short_date(again.on) if again else "期限到后复查", again),
            _step("已改正", "done" if mended else "", f"{short_date(_public(mended))}公开" if mended else "", mended),
        ]

    @property
    def badge(self) -> tuple[str, str] | None:
        """比期限早 1 天改正, or how late; (words, state)."""
        mended = self.step("CHECKED_AGAIN", "MENDED") if self.step("MENDED") else None
        if mended and self.limit:
            days = (self.limit - mended.on).days
            return (f"比期限早 {days} 天改正", "done") if days > 0 else ("按期改正", "done") if not days else None
        return (remaining(self.limit, self.today), "over") if self.is_late else None


def _public(step: Shown) -> date:
    return localtime(step.publication.issued_at).date()


def _step(name: str, state: str, note: str, shown: Shown | None = None) -> dict:
    return {"name": name, "state": state, "note": note, "url": f"#{shown.publication.no}" if shown else ""}


def of(result: Publication | None, steps: list[Shown], today: date) -> Mending | None:
    """None where nothing was found."""
    if result is None or words.OUTCOMES[result.outcome].group != FOUND:
        return None
    return Mending(result, steps, today)
