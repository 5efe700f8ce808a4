"""What was changed of the plan's numbers, by whom, on what ground and from when, as the staff pages show it (附-b)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.notices.models import PolicyChange, PolicyDecision
from benxi_shuangsuiji.policy.changes import FIXED, Change, Step, step
from benxi_shuangsuiji.policy.parameters import PARAMETERS, Parameter
from benxi_shuangsuiji.policy.versions import VERSIONS


@dataclass(frozen=True)
class Row:
    """One proposed number; `state` is ok, bad, warn (waiting) or wait (waited too long)."""

    change: PolicyChange
    step: Step
    decision: PolicyDecision | None
    state: str
    words: str


@dataclass(frozen=True)
class Asked:
    """A proposed number and its decision, two rows that never change, as one request for components/decision.html."""

    row: Row

    @property
    def pk(self) -> int:
        return self.row.change.pk

    @property
    def asked_by(self) -> User:
        return self.row.change.proposed_by

    @property
    def asked_at(self) -> datetime:
        return self.row.change.proposed_at

    @property
    def waits(self) -> bool:
        return self.row.decision is None

    @property
    def decided_by(self) -> User | None:
        return self.row.decision and self.row.decision.by

    @property
    def decided_at(self) -> datetime | None:
        return self.row.decision and self.row.decision.at

    @property
    def opinion(self) -> str:
        return self.row.decision.opinion if self.row.decision else ""

    def get_state_display(self) -> str:
        return self.row.words

    def as_now(self) -> "Asked":
        change = PolicyChange.objects.select_related("proposed_by", "decision__by").get(pk=self.pk)
        return Asked(row_of(change, clock.today()))


@dataclass(frozen=True)
class Cell:
    version: policy.Policy
    shown: str
    differs: bool


def rows(today: date) -> list[Row]:
    """Every proposal, the newest first; one query."""
    changes = list(PolicyChange.objects.select_related("proposed_by", "decision__by"))
    approved = _approved(changes)
    return [_row(change, approved, today) for change in changes]


def row_of(change: PolicyChange, today: date) -> Row:
    return _row(
        change, _approved(PolicyChange.objects.filter(decision__approved=True).select_related("decision")), today
    )


def _approved(changes: Iterable[PolicyChange]) -> list[tuple[PolicyDecision, Change]]:
    """The approved ones in order of approval, with their decision."""
    found = [(d, _of(c)) for c in changes if (d := _decision(c)) and d.approved]
    return sorted(found, key=lambda pair: pair[0].pk)


def _of(change: PolicyChange) -> Change:
    return Change(change.parameter, change.value, change.effective_from, change.source_document)


def _decision(change: PolicyChange) -> PolicyDecision | None:
    return getattr(change, "decision", None)


def _row(change: PolicyChange, approved: list[tuple[PolicyDecision, Change]], today: date) -> Row:
    """An approved number took the place of what was approved before it; one that waits or was refused is told from the
    number that stood when it was proposed."""
    decision = _decision(change)
    before = [pair for pair in approved if decision is None or pair[0].pk < decision.pk]
    if not (decision and decision.approved):
        before = [pair for pair in before if pair[0].at <= change.proposed_at]
    earlier = tuple(c for _, c in before)
    state, words = "warn", "等牵头部门审批"
    if decision:
        state, words = ("ok", "同意") if decision.approved else ("bad", "不同意")
    elif change.effective_from <= today:
        state, words = "wait", "过了生效日期，不能再同意"
    return Row(change, step(VERSIONS, earlier, _of(change)), decision, state, words)


def versions_shown(today: date) -> list[policy.Policy]:
    """The plan as it was issued, the version in force and those to come; the rest stands in the history."""
    line, now = policy.line(), policy.on(today)
    plan = next(v for v in line if v.effective_from == now.in_force_since and v.plan_from is None)
    return list(dict.fromkeys([plan, now, *(v for v in line if v.effective_from > today)]))


def table(versions: list[policy.Policy]) -> list[tuple[Parameter, list[Cell]]]:
    """Every number in each version; what differs from the version before is marked."""
    found = []
    for parameter in PARAMETERS:
        shown = [parameter.shown(version) for version in versions]
        before = [shown[0], *shown]
        found.append((parameter, [Cell(v, s, s != b) for v, s, b in zip(versions, shown, before, strict=False)]))
    return found


def fixed() -> list[tuple[str, str]]:
    """Numbers that are not changed here, with the reason."""
    return [
        (parameter.words, "；".join(dict.fromkeys(FIXED[path] for path in parameter.paths if path in FIXED)))
        for parameter in PARAMETERS
        if any(path in FIXED for path in parameter.paths)
    ]
