"""How far an objection is, as everybody reads it: from what is public of it, never who asked (四(3)-f, ui-2.md 19)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.timezone import localtime, make_aware

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.notices.agenda import left_of_due
from benxi_shuangsuiji.workdays.days import Calendar, due_date, short_date
from disclosure import words
from disclosure.models import Objection, Publication, PublicationKind, Ruling
from disclosure.opendata.feed_pages import News
from disclosure.register import pub1
from disclosure.register.places import Registered
from disclosure.revisions.pieces import pieces
from disclosure.site import bulletin

from .models import Demand, ObjectionState, Outcome, Relation

MARKS = {Outcome.CORRECT: "ok", Outcome.KEEP: "wait", Outcome.WITHDRAW: "ok", Outcome.REISSUE: "ok"}
RELATIONS = (
    (
        Relation.CLAIMED.value,
        Relation.ENTERPRISE.label,
        "这里不核对身份，公开页写“自称”。用检查通知书上的网址提出的，不用再证明身份",
    ),
    (Relation.OTHER.value, Relation.OTHER.label, ""),
)
DEMANDS = {
    Demand.CORRECT: "更正：写错了，与事实不符",
    Demand.APPEAL: "申诉：对检查结果有异议",
    Demand.WITHDRAW: "撤下：公开了不能公开的内容",
}


@dataclass(frozen=True)
class Side:
    """One side of old and new: the version, its words, its place in the register."""

    publication: Publication
    places: list[tuple[str, list]]  # (哪一处, pieces)

    @property
    def number(self) -> int:
        return self.publication.entry.index + 1

    @property
    def text_url(self) -> str:
        return reverse(f"disclosure:json-{self.publication.kind}", args=[self.publication.no, self.publication.version])


@dataclass(frozen=True)
class Shown:
    """One objection on its page; `decision`: what was published of it."""

    objection: Objection
    today: date
    calendar: Calendar
    record: Publication | None  # as it stands; none once it is withdrawn
    decision: Publication | None = None

    @property
    def _numbered(self) -> str:
        p = self.objection.publication
        return f"{PublicationKind(p.kind).label} {p.no}"

    @property
    def about(self) -> str:
        """What is said to be private is not named before it is decided, what is withdrawn never more."""
        hidden = self.objection.is_secret or self.record is None
        return self._numbered if hidden else f"{self.record.title} {self.record.no}"

    @property
    def heading(self) -> str:
        hidden = self.objection.is_secret or self.record is None
        return f"对{self._numbered if hidden else self.record.title}的{self.demand}"

    @property
    def demand(self) -> str:
        return "申请" if self.objection.is_secret else self.objection.get_demand_display()

    @property
    def record_url(self) -> str:
        return bulletin.public_url(self.objection.publication)

    @cached_property
    def due(self) -> date:
        return self.objection.due(self.calendar).date

    @property
    def due_words(self) -> str:
        return f"{due_date(self.due, self.today)}前公开决定"

    @cached_property
    def used(self) -> int:
        day = localtime(self.objection.ended_at).date() if self.objection.ended_at else self.today
        return self.objection.used(self.calendar, day)

    @property
    def paused(self) -> bool:
        return self.objection.waits_for_more(self.today)

    @property
    def late_days(self) -> int:
        return max(0, (self.today - self.due).days) if self.objection.is_open else 0

    @property
    def badge(self) -> tuple[str, str]:
        """(words, state of components/due.html)."""
        if self.objection.state == ObjectionState.DECIDED:
            return f"第 {self.used} 个工作日办结", "done"
        if not self.objection.is_open:
            return "申请人撤回", "done"
        if self.paused:
            return f"时限暂停到 {short_date(self.objection.more_until)}", ""
        return left_of_due(self.objection.due(self.calendar), self.today, self.calendar)

    @property
    def status(self) -> tuple[str, str]:
        """(mark, sentence)."""
        if self.decision and not self.decision.is_withdrawn:
            s = self.decision.snapshot
            places = f"{len(s['places'])} 处" if s["places"] else ""
            return MARKS[s["outcome"]], f"决定：{s['outcome_label']}{'一处' if places == '1 处' else places}"
        if not self.objection.is_open:
            return "wait", self.objection.get_state_display()
        if self.paused:
            return "wait", f"补正材料，时限暂停到 {short_date(self.objection.more_until)}"
        return ("bad" if self.late_days else "run"), "异议处理中"

    @property
    def days(self) -> list[str]:
        passed = min(self.used, self.objection.days)
        on = "over" if self.late_days else "on"
        return [on] * passed + [""] * (self.objection.days - passed)

    @cached_property
    def ruling(self) -> Ruling | None:
        """Whose dates alone are told."""
        return next((r for r in self.objection.rulings.all() if r.state in ("ASKED", "APPROVED")), None)

    @property
    def steps(self) -> list[dict[str, str]]:
        o, proposed = self.objection, self.ruling is not None
        by = f"{short_date(self.due)}前"
        return [
            {"name": "受理", "state": "done", "note": short_date(o.received_on)},
            {"name": "核查", "state": "done" if proposed else "now", "note": "由没有参加检查的人"},
            {
                "name": "提出决定",
                "state": "done" if proposed else "",
                "note": self._on(self.ruling.asked_at) if proposed else by,
            },
            {"name": "批准", "state": "now" if proposed else "", "note": "由分管负责人"},
            {"name": "公开决定", "state": "late" if self.late_days else "", "note": by},
        ]

    @staticmethod
    def _on(at) -> str:
        return short_date(localtime(at).date())

    @property
    def events(self) -> list[tuple[str, date, str]]:
        """(what, day, more), the newest first."""
        o = self.objection
        found = [("受理，标注“异议处理中”", o.received_on, "")]
        if o.more_on:
            found.append(("通知补正", o.more_on, f"时限暂停到 {short_date(o.more_until)}"))
        if o.more_given_on:
            found.append(("收到补正", o.more_given_on, ""))
        if self.ruling:
            found.append(("核查完毕", localtime(self.ruling.asked_at).date(), ""))
        if o.ended_at:
            ended = f"公开决定{self._became}" if o.state == ObjectionState.DECIDED else "申请人撤回"
            found.append((ended, localtime(o.ended_at).date(), f"第 {self.used} 个工作日"))
        return found[::-1]

    @property
    def _became(self) -> str:
        became = self.decision and self.decision.snapshot.get("became")
        return f"，发出第 {became} 版" if became else ""

    @cached_property
    def registered(self) -> Registered | None:
        return Registered.of(self.decision) if self.decision else None

    @cached_property
    def sides(self) -> tuple[Side, Side] | None:
        """Old and new, as long as both can be read: a withdrawal seals them here too."""
        s = self.decision.snapshot if self.decision and not self.decision.is_withdrawn else {}
        if not s.get("places") or s["outcome"] != Outcome.CORRECT:
            return None
        record = s["record"]
        versions = {
            p.version: p
            for p in Publication.objects.filter(
                kind=record["kind"], no=record["no"], version__in=[record["version"], s["became"]]
            ).select_related("entry")
        }
        if len(versions) < 2:
            return None
        old, new = versions[record["version"]], versions[s["became"]]
        both = [
            (p["label"], *pieces(_words(old.snapshot, p["key"]), _words(new.snapshot, p["key"]))) for p in s["places"]
        ]
        return Side(old, [(label, a) for label, a, _ in both]), Side(new, [(label, b) for label, _, b in both])

    @property
    def taken_note(self) -> str:
        """Said on the rest day itself on which it was handed in: the count begins later."""
        o = self.objection
        if o.received_on != self.today or self.calendar.is_workday(o.received_on):
            return ""
        return f"今天是休息日，从 {short_date(self.calendar.add_workdays(o.received_on, 1))}起算。"


def _words(snapshot: dict[str, Any], key: str) -> str:
    value: Any = snapshot
    for step in key.split("."):
        value = value[int(step) if step.isdecimal() else step]
    if isinstance(value, list):
        return "\n".join(value)
    if key == "outcome":
        return words.OUTCOMES[value].label
    return words.ANSWERS[value][1] if key.endswith(".answer") and value in words.ANSWERS else str(value or "空着")


def shown(objections: Iterable[Objection], today: date, calendar: Calendar) -> list[Shown]:
    """With the publications that they are about and what was published of each, in one query each."""
    objections = list(objections)
    found = Publication.everything.unsealed().filter(
        kind=PublicationKind.DECISION, no__in=[o.receipt for o in objections]
    )
    decided = {p.no: p for p in found.select_related("entry").order_by("version")}
    about = [o.publication for o in objections]
    current = Publication.objects.current().filter(kind__in={p.kind for p in about}, no__in={p.no for p in about})
    records = {(p.kind, p.no): p for p in current.defer("text", "snapshot")}
    return [
        Shown(o, today, calendar, records.get((o.publication.kind, o.publication.no)), decided.get(o.receipt))
        for o in objections
    ]


def news_of(shown: Shown, page: str) -> list[News]:
    """What happened, for its feed: told apart by what it was and on which day, which stay."""
    receipt = shown.objection.receipt
    return [
        News(
            id="urn:sha256:" + pub1.digest(" ".join([receipt, what.partition("，")[0], str(day)]).encode()),
            title=f"{receipt} {what}",
            page=page,
            text=more or shown.heading,
            at=make_aware(datetime.combine(day, time())),
        )
        for what, day, more in shown.events
    ]


def within(day: date) -> int:
    return policy.on(day).recommended.objection_answered_within_workdays


def with_objection(results: QuerySet[Publication]) -> QuerySet[Publication]:
    """Results with the receipt of what is asked about them and not decided yet: beside their text, which stays."""
    same = Objection.objects.pending().filter(publication__kind=OuterRef("kind"), publication__no=OuterRef("no"))
    return results.annotate(objection=Subquery(same.order_by("pk").values("receipt")[:1]))
