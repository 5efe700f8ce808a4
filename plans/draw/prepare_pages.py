"""What would be sealed now, and what still stands in the way (PNG 10b, 七(四)-3, -4)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import SimpleNamespace

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays.days import shown_moment
from plans.models import Draw
from plans.quarterly import rules as plan_rules
from registry.facilities import recompute
from registry.history import ledger
from registry.models import Category, Inspector

from . import frames, seal_rules, ssj1, staffing
from .pages import DrawPage


@dataclass(frozen=True)
class Preparation(DrawPage):
    """The lists of this moment, as the reader may check or seal them."""

    outlook: frames.Outlook

    @classmethod
    def of(cls, draw: Draw, user: User, now: datetime) -> "Preparation":
        return cls(draw, user, now, (), frames.outlook(draw.plan, now))

    @property
    def lines(self) -> list[frames.Line]:
        return self.outlook.lines

    @cached_property
    def totals(self) -> SimpleNamespace:
        return SimpleNamespace(
            total=sum(line.total for line in self.lines),
            out=sum(line.out for line in self.lines),
            drawable=sum(line.counts.A for line in self.lines),
            unseen=sum(line.counts.U for line in self.lines if line.category != Category.SPECIAL),
            places=self.outlook.places(),
            reserved=sum(line.quota.u for line in self.lines),
        )

    @cached_property
    def reasons(self) -> list[tuple[str, int]]:
        """Why objects take no part, over all categories, the most frequent first."""
        found = Counter()
        for line in self.lines:
            found.update(dict(line.reasons))
        return found.most_common()

    @cached_property
    def relabelled(self) -> list[recompute.Pending]:
        """Whose category the seal sets right first, as of today's grounds (六(二)-am)."""
        return recompute.pending(self.draw.unit, localtime(self.now).date())

    @property
    def short(self) -> list[frames.Line]:
        """Where there are fewer objects than the plan wants drawn."""
        return [line for line in self.lines if line.quota.short]

    @property
    def moves(self) -> int:
        return len(ledger.changes_before(self.draw.unit, self.now))

    @cached_property
    def usable(self) -> list[ssj1.Inspector]:
        return self.outlook.usable_inspectors()

    @cached_property
    def people(self) -> dict[str, str]:
        """Names by code."""
        codes = [person.code for person in self.outlook.inspectors]
        return dict(Inspector.objects.filter(code__in=codes).values_list("code", "name"))

    @cached_property
    def kept_back(self) -> list[SimpleNamespace]:
        return [
            SimpleNamespace(name=self.people[person.code], reason=why_not_sent(person, self.outlook.window_to))
            for person in self.outlook.inspectors
            if person not in self.usable
        ]

    @cached_property
    def barred(self) -> list[tuple[str, int]]:
        """Who keeps away from how many facilities (七(五)-c)."""
        return sorted(Counter(self.people.get(bar.inspector, bar.inspector) for bar in self.outlook.bars).items())

    @property
    def each(self) -> str:
        """How many facilities fall to one person."""
        return each_words(self.outlook.places() * self.draw.plan.team_size, len(self.usable))

    @cached_property
    def _checked(self) -> list[seal_rules.Check]:
        return seal_rules.checks(self.draw, self.outlook, self.now)

    @property
    def problem(self) -> str:
        """The first that stops the seal, whoever would seal."""
        return next((check.problem for check in self._checked if check.problem), "")

    @property
    def checks(self) -> list[SimpleNamespace]:
        """What stops the seal, then what only wants to be looked at: teams and audits."""
        return [
            *map(_stopping, self._checked),
            *self._staffed(),
            *self._given_away(),
            *map(_audited, seal_rules.audits_of(self.draw, self.now)),
        ]

    def _staffed(self) -> list[SimpleNamespace]:
        """Whether everybody in the pool could get a team; who could not would stay 未配齐, which stops nothing (SSJ1 7.2)."""
        sentences = staffing.gaps(self.outlook, self.draw.plan.team_size).sentences
        found = [SimpleNamespace(text=f"{sentence}；抽中的列为未配齐", state="warn") for sentence in sentences]
        return found or [SimpleNamespace(text="每家都能配齐检查小组", state="ok")]

    def _given_away(self) -> list[SimpleNamespace]:
        """Of a category that is drawn whole everybody knows who was drawn as soon as the list is public: said beforehand."""
        whole = [line for line in self.lines if line.counts.A and line.quota.K == line.counts.A]
        words = "参加抽取的 {} 家全部抽取：名单一公布，人人知道会查到谁"
        return [
            SimpleNamespace(text=f"{line.label}监管对象{words.format(line.counts.A)}", state="warn") for line in whole
        ]

    @property
    def sources_due(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(label=s.label, due=shown_moment(s.due)) for s in self.outlook.sources]

    @cached_property
    def obstacle(self) -> str:
        return seal_rules.why_not_open_seal(self.draw, self.user) or self.problem

    @property
    def may_revise(self) -> bool:
        """A plan that cannot be sealed is changed."""
        return bool(self.problem) and not plan_rules.why_not_open_revision(self.draw.plan, self.user)

    @property
    def may_seal(self) -> bool:
        return self.may(Permission.SEAL_DRAW)

    @property
    def release(self) -> str:
        return shown_moment(self.draw.plan.release_at)


def _stopping(check: seal_rules.Check) -> SimpleNamespace:
    return SimpleNamespace(text=check.problem or check.title, state="bad" if check.problem else "ok")


def _audited(audit) -> SimpleNamespace:
    late = f"，超过 {audit.within} 天，封存时要写明原因" if audit.too_old and audit.last else ""
    state = "warn" if audit.too_old else "ok"
    return SimpleNamespace(text=audit.short + late, state=state, url=audit.page, link="查看审核")


def why_not_sent(person: ssj1.Inspector, window_to: str) -> str:
    words = {"out:LEAVE": "请假", "out:POST": "调离执法岗位", "out:DUTY": "其他公务", "out:NOCERT": "没有有效执法证"}
    return words.get(person.state) or f"执法证 {person.until} 到期，早于检查完成日 {window_to}"


def each_words(tasks: int, people: int) -> str:
    if not people:
        return "没有人可以派出"
    low, high = tasks // people, -(-tasks // people)
    return f"每人 {low} 家" if low == high else f"每人 {low}—{high} 家"
