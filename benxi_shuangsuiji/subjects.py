"""Which rooms there are, in the order in which each may use those before it. Like urls.py, this joins all the apps.

Nameplates are read at the first question, never while apps are still being loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .subject import Door, Filed, Finds, Heard, Question, Round, Subject

if TYPE_CHECKING:
    from .notices.duties import Step

ROOMS: tuple[str, ...] = (
    "benxi_shuangsuiji.accounts",
    "benxi_shuangsuiji.audit",
    "benxi_shuangsuiji.workdays",
    "benxi_shuangsuiji.documents",
    "benxi_shuangsuiji.notices",
    "benxi_shuangsuiji.notices.deadlines",
    "benxi_shuangsuiji.notices.numbers",
    "benxi_shuangsuiji.notices.first_use",
    "benxi_shuangsuiji.health",
    "benxi_shuangsuiji.backup",
    "benxi_shuangsuiji.help",
    "benxi_shuangsuiji.search",
    "registry.facilities",
    "registry.complaints",
    "registry.history",
    "registry.inspectors",
    "registry.positive_list",
    "registry.ratings",
    "registry.past_checks",
    "registry.imports",
    "registry.interests",
    "registry.proposals",
    "registry.safety",
    "registry.permit_conditions",
    "registry.tags",
    "registry.staff_checks",
    "registry.audits",
    "registry.admin",
    "plans.lottery",
    "plans.bases",
    "plans.lists",
    "plans.quotas",
    "plans.local",
    "plans.quarterly",
    "plans.draw",
    "plans.carry",
    "plans.filings",
    "plans.amendments",
    "plans.aborts",
    "plans.corrections",
    "plans.proofs",
    "inspections.frequency",
    "inspections.coverage",
    "inspections.checks",
    "inspections.dispatch",
    "inspections.privacy",
    "inspections.approvals",
    "inspections.acceptance",
    "inspections.service",
    "inspections.codes",
    "inspections.evidence",
    "inspections.offsite",
    "inspections.signatures",
    "inspections.exchange",
    "inspections.visits",
    "inspections.outbox",
    "inspections.review",
    "inspections.withholding",
    "inspections.paperwork",
    "inspections.enterprise",
    "inspections.onsite",
    "inspections.replacements",
    "inspections.corrections",
    "inspections.targeted",
    "inspections.swaps",
    "inspections.followups",
    "inspections.rectification",
    "inspections.cases",
    "inspections.referrals",
    "inspections.credit",
    "inspections.campaigns",
    "inspections.archive",
    "inspections.indicators",
    "inspections.reports",
    "inspections.closing",
    "inspections.bulletins",
    "inspections.oversight",
    "inspections.coordination",
    "inspections.selfcheck",
    "inspections.fairness",
    "inspections.trace",
    "inspections.desk",
    "disclosure.city",
    "disclosure.selfcheck",
    "disclosure.draws",
    "disclosure.register",
    "disclosure.rosters",
    "disclosure.lists",
    "disclosure.publishing",
    "disclosure.revisions",
    "disclosure.followups",
    "disclosure.objections",
    "disclosure.statements",
    "disclosure.results",
    "disclosure.facilities",
    "disclosure.opendata",
    "disclosure.yearbook",
    "disclosure.site",
    "disclosure.mirror",
    "disclosure.statistics",
)
# The groups of the navigation from top to bottom (ui.md 3).
GROUPS = ("工作", "档案", "名录与清单", "季度工作", "监督", "管理")


@dataclass(frozen=True)
class House:
    """All nameplates, joined into the lists that pages and the worker read."""

    subjects: tuple[Subject, ...]

    @cached_property
    def doors(self) -> dict[str, tuple[Door, ...]]:
        """Group → its doors in their order."""
        found = sorted((d for s in self.subjects for d in s.doors), key=lambda d: d.place)
        return {group: tuple(d for d in found if d.group == group) for group in GROUPS}

    @cached_property
    def verbs(self) -> dict[str, str]:
        return {verb: words for s in self.subjects for verb, words in s.verbs.items()}

    @cached_property
    def looks(self) -> tuple[str, ...]:
        """Verbs of whoever looked at what only few may see."""
        return tuple(verb for s in self.subjects for verb in s.looks)

    @cached_property
    def inside(self) -> tuple[str, ...]:
        """Verbs that the log shows to the circle alone."""
        return tuple(verb for s in self.subjects for verb in s.inside)

    @cached_property
    def inside_rows(self) -> tuple[str, ...]:
        """Tables whose changed rows it shows to the circle alone."""
        return tuple(table for s in self.subjects for table in s.inside_rows)

    @cached_property
    def told(self) -> dict[str, str]:
        return {verb: detail for s in self.subjects for verb, detail in s.told.items()}

    @cached_property
    def steps(self) -> dict[str, Step]:
        return {step.id: step for s in self.subjects for step in s.steps}

    @cached_property
    def rounds(self) -> list[str]:
        return [r.does for r in self._rounds]

    def rounds_in(self, lane: str) -> list[str]:
        return [r.does for r in self._rounds if r.lane == lane]

    @cached_property
    def _rounds(self) -> list[Round]:
        return sorted((r for s in self.subjects for r in s.rounds), key=lambda r: r.turn)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What the system asks itself to know whether it is well, in its order."""
        return tuple(sorted((q for s in self.subjects for q in s.questions), key=lambda q: q.place))

    @cached_property
    def jobs(self) -> dict[str, str]:
        return {kind: does for s in self.subjects for kind, does in s.jobs.items()}

    @cached_property
    def workbooks(self) -> dict[str, str]:
        return {kind: name for s in self.subjects for kind, name in s.workbooks.items()}

    @cached_property
    def filed(self) -> tuple[Filed, ...]:
        """What belongs in the volume of a check, in its order there."""
        return tuple(sorted((f for s in self.subjects for f in s.filed), key=lambda f: f.place))

    @cached_property
    def finds(self) -> tuple[Finds, ...]:
        """What the box of the frame finds, in the order of its page."""
        return tuple(sorted((f for s in self.subjects for f in s.finds), key=lambda f: f.place))

    @cached_property
    def ends(self) -> tuple[str, ...]:
        return tuple(s.ends for s in self.subjects if s.ends)

    @cached_property
    def selfcheck_public(self) -> str:
        return next((s.selfcheck_public for s in self.subjects if s.selfcheck_public), "")

    @cached_property
    def names_todos(self) -> tuple[str, ...]:
        return tuple(s.names_todos for s in self.subjects if s.names_todos)

    @cached_property
    def notes_sealed(self) -> tuple[str, ...]:
        return tuple(s.notes_sealed for s in self.subjects if s.notes_sealed)

    @cached_property
    def follows(self) -> tuple[str, ...]:
        return tuple(s.follows for s in self.subjects if s.follows)

    @cached_property
    def shows(self) -> dict[str, str]:
        """What the public reads: table or view → what tells that it changed."""
        return {table: told for s in self.subjects for table, told in s.shows.items()}

    @property
    def heard(self) -> list[Heard]:
        return [s.heard for s in self.subjects]

    def handed_out(self, unit: Any, at: Any, by: Any) -> None:
        """Tell every room that wants to know that the checks of a draw went to their teams."""
        for heard in self.heard:
            if heard.handed_out:
                heard.handed_out(unit, at, by)

    def check_left(self, check: Any, at: Any) -> None:
        """Tell every room that wants to know that a check has begun, was handed in, or that nobody goes there any more."""
        for heard in self.heard:
            if heard.check_left:
                heard.check_left(check, at)

    def check_moved(self, check: Any, by: Any) -> None:
        """Tell every room that wants to know that the result of a check was served, made public or corrected."""
        for heard in self.heard:
            if heard.check_moved:
                heard.check_moved(check, by)

    def found_otherwise(self, check: Any, differences: Any, by: Any) -> None:
        """Tell every room that wants to know that what the public reads of a finding was corrected."""
        for heard in self.heard:
            if heard.found_otherwise:
                heard.found_otherwise(check, differences, by)

    def publicity_moved(self, check: Any) -> None:
        """Tell every room that wants to know that a result is kept from the public, is withdrawn, or may be published again."""
        for heard in self.heard:
            if heard.publicity_moved:
                heard.publicity_moved(check)

    def result_revoked(self, check: Any, by: Any) -> None:
        """Tell every room that wants to know that a result was withdrawn because its decision was revoked."""
        for heard in self.heard:
            if heard.result_revoked:
                heard.result_revoked(check, by)

    def draw_sealed(self, draw: Any, by: Any) -> None:
        """Tell every room that wants to know that the lists of a draw are sealed, in the same transaction."""
        for heard in self.heard:
            if heard.draw_sealed:
                heard.draw_sealed(draw, by)

    def rated(self, facility: Any, at: Any) -> None:
        """Tell every room that wants to know that a facility has another level than before."""
        for heard in self.heard:
            if heard.rated:
                heard.rated(facility, at)


def house() -> House:
    return _house(ROOMS)


@cache
def _house(rooms: tuple[str, ...]) -> House:
    return House(tuple(import_module(f"{room}.subject").SUBJECT for room in rooms))
