"""What the public page of one draw says, from its documents and the published results alone (decisions.md 3)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji.shares import KeyShare
from benxi_shuangsuiji.workdays.days import overdue
from disclosure import words
from disclosure.models import Publication, PublicationKind
from plans.draw import ssj1

from . import amendments, announcements, corrections, documents, panel, quota_words, tickets, timeline
from .documents import PublicDocument, PublicDraw, PublicLateness
from .downloads import Download, downloads_of

# As the plan names them; the documents have the order of bytes (SSJ1 12 V5).
LAW_ORDER = list(words.CATEGORIES)
MOST_TICKETS = 400  # on one page; the whole list is in tickets.csv


def draw_or_404(draw_id: str) -> PublicDraw:
    if found := documents.draw_of(draw_id):
        return found
    raise Http404


@dataclass(frozen=True)
class StratumRow:
    """One line of 应抽家数."""

    draw: PublicDraw
    line: ssj1.StratumLine
    frame: ssj1.Frame

    @property
    def category(self) -> str:
        return self.frame.category

    @property
    def label(self) -> str:
        return words.CATEGORIES[self.category]

    @property
    def url(self) -> str:
        return reverse("disclosure:draw-frame", args=[self.draw.draw_id, self.category])

    @property
    def out(self) -> list[tuple[str, int]]:
        """Why objects on the books take no part, counted."""
        return [(words.OUT_STATES[state], n) for state, n in self.draw.exclusions(self.frame)]

    @property
    def arithmetic(self) -> str:
        return quota_words.arithmetic(self.line, self.draw.draw_id)


@dataclass(frozen=True)
class TicketRow:
    """One object of a released list as components/tickets.html shows it."""

    table: tickets.Table
    place: tickets.Place
    result: Publication | None
    withdrawn: bool = False

    @property
    def url(self) -> str:
        """Of its arithmetic, for those drawn."""
        return f"?{urlencode({'code': self.place.row.id})}#one" if self.place.slot else ""

    @property
    def seen(self) -> str:
        return self.table.seen(self.place.row).removeprefix(self.table.cycle)

    @property
    def outcome(self) -> words.OutcomeWords | None:
        return words.OUTCOMES[self.result.outcome] if self.result else None

    @property
    def cuts(self) -> list[str]:
        return self.table.cut(self.place.rank, quota_words.taken(self.table.line, self.table.frame.draw))


@dataclass(frozen=True)
class TicketList:
    """签号与结果 of one list, once the names are public: the winners and the first below the lines, or all of them."""

    tables: list[tickets.Table]
    table: tickets.Table
    everybody: bool
    published: Mapping[str, Publication]
    withdrawn: frozenset[str]

    @cached_property
    def tickets(self) -> list[TicketRow]:
        shown = self.table.places if self.everybody else self.table.first
        return [
            TicketRow(self.table, p, self.published.get(p.row.id), p.row.id in self.withdrawn)
            for p in shown[:MOST_TICKETS]
        ]

    @property
    def rest(self) -> int:
        return len(self.table.places) - len(self.tickets)

    @property
    def folded(self) -> int:
        """What can be unfolded here; a longer list is only downloaded."""
        return 0 if self.everybody or len(self.table.places) > MOST_TICKETS else self.rest

    @property
    def tabs(self) -> list[dict]:
        return [
            {
                "label": f"{t.label}　参加 {t.line.A} 抽中 {sum(bool(p.slot) and not p.replaced for p in t.places)}",
                "url": f"?list={t.category}#tickets",
                "current": t is self.table,
            }
            for t in self.tables
        ]

    @property
    def excluded(self) -> list[tuple[ssj1.FrameRow, str]]:
        return [(row, words.OUT_STATES[row.state]) for row in self.table.excluded]


@dataclass(frozen=True)
class DrawPage:
    """抽取公示: the whole life of a draw. `asked`, `wanted` and `everybody` are what the reader wants to see of it."""

    draw: PublicDraw
    unit_name: str
    due: date
    now: datetime
    asked: str = ""
    wanted: str = ""
    everybody: bool = False

    @cached_property
    def strata(self) -> list[StratumRow]:
        pairs = zip(self.draw.manifest.strata, self.draw.frames, strict=True)
        rows = [StratumRow(self.draw, line, frame) for line, frame in pairs]
        return sorted(rows, key=lambda row: LAW_ORDER.index(row.category))

    @property
    def drawable(self) -> int:
        return sum(s.A for s in self.draw.manifest.strata)

    @property
    def by_category(self) -> str:
        """重点 11　一般 16　特殊 2."""
        return "　".join(f"{row.label} {row.line.K}" for row in self.strata if row.line.K)

    @cached_property
    def people(self) -> tuple[int, str]:
        """How many go, and how many visits each has, by the result; (0, "") before the list is public."""
        if not self.draw.result:
            return 0, ""
        teams = [task for task in self.draw.result.tasks if isinstance(task, ssj1.Team)]
        visits = Counter(person for team in teams for person in (team.leader, *team.members))
        least, most = min(visits.values(), default=0), max(visits.values(), default=0)
        each = f"{least}—{most}" if least < most else str(most)
        return len(visits), f"每组 {self.draw.manifest.team} 人，每人 {each} 家"

    @property
    def entries(self) -> list[dict]:
        return timeline.of_draw(self.draw)

    @property
    def late_days(self) -> int:
        """How many days after its limit the draw was held."""
        return (localtime(self.draw.drawn_at).date() - self.due).days if self.draw.drawn else 0

    @property
    def late_due(self) -> str:
        due = f"应在{self.draw.quarter.draw_by}抽取"
        if self.late_days <= 0:
            return f"{due}。"
        given = PublicLateness.objects.filter(draw_id=self.draw.draw_id).first()
        reason = f"原因：{given.reason.rstrip('。')}。" if given else ""
        return f"{due}，实际晚了 {self.late_days} 天。{reason}"

    @property
    def release_late(self) -> str:
        """How long the names are overdue."""
        return overdue(self.draw.release_at, self.now) if self.draw.state == "DRAWN" else ""

    @property
    def panel(self) -> list[dict]:
        return panel.rows_of(self.draw)

    @cached_property
    def tables(self) -> list[tickets.Table]:
        return tickets.tables_of(self.draw)

    @cached_property
    def answer(self) -> tickets.Answer | None:
        return tickets.one(self.draw, self.asked, self.tables) if self.asked else None

    @cached_property
    def chosen(self) -> TicketList | None:
        """The list that was asked for, else that of the enterprise that was asked for, else the first."""
        if not self.tables:
            return None
        wanted = self.wanted or (self.answer.stratum.rpartition(".")[2] if self.answer else "")
        table = next((t for t in self.tables if t.category == wanted), self.tables[0])
        return TicketList(self.tables, table, self.everybody, self.published, self.withdrawn)

    @cached_property
    def published(self) -> dict[str, Publication]:
        """The public results of those drawn, by code."""
        return {p.facility_code: p for p in self._results(Publication.objects.results())}

    @property
    def withdrawn(self) -> frozenset[str]:
        """Those drawn whose result was public and is withdrawn: that it was, and none of its words (八(二)-c)."""
        once = self._results(Publication.everything.counted().filter(kind=PublicationKind.RESULT))
        return frozenset(once.values_list("facility_code", flat=True)) - self.published.keys()

    def _results(self, results):
        year, quarter = self.draw.id.year, self.draw.id.quarter
        return results.filter(year=year, number=quarter, draw=self.draw.draw_id)

    @cached_property
    def corrections(self) -> list[dict]:
        return corrections.shown(self.draw)

    @cached_property
    def corrected_lists(self) -> list[dict]:
        return corrections.lists(self.draw)

    @cached_property
    def amendments(self) -> list[dict]:
        if not self.draw.result:
            return []
        rows = {row.id: row for frame in self.draw.frames for row in frame.rows}
        return amendments.shown(amendments.amends_of(self.draw), rows)

    @cached_property
    def key_problem(self) -> str:
        """K5, once the names are public: what stands of the 重点 below the least, after every replacement (七(一)1-a)."""
        table = next((t for t in self.tables if t.category == "key"), None)
        if table is None:
            return ""
        standing = sum(place.standing for place in table.places)
        return KeyShare.of(standing, 0, table.line.N, self.draw.quarter.first_day).problem

    @property
    def values(self) -> list[tuple[str, list[str]]]:
        """The public values as they were announced."""
        return [
            (source.label, corrections.parts_of(source.kind, self.draw.values[place]))
            for place, source in enumerate(self.draw.manifest.sources, 1)
            if place in self.draw.values
        ]

    @cached_property
    def abort(self) -> ssj1.Abort | None:
        return ssj1.parse_abort(self.draw.text_of("ABORT")) if self.draw.state == "ABORTED" else None

    @cached_property
    def repeat(self) -> str:
        """The number of the attempt after a void one: sealed, or announced by the plan; "" if there is none."""
        if self.draw.state != "ABORTED":
            return ""
        again = str(self.draw.id._replace(serial=self.draw.id.serial + 1))
        sealed = PublicDocument.objects.filter(draw_id=again, kind="MANIFEST")
        return again if sealed.exists() or announcements.of(again) else ""

    @property
    def manifest_digest(self) -> str:
        return self.draw.document("MANIFEST").digest

    @property
    def downloads(self) -> list[Download]:
        return downloads_of(self.draw)
