"""The page of 合规体检: its tiles, filters, groups of rules, and the evidence of one cell (ui-2.md 23)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web.chips import Chip, query_with
from benxi_shuangsuiji.workdays.days import Quarter, short_date, weekday
from inspections.indicators.figures import BY_K
from inspections.models import Instruction, InstructionKind
from plans.models import HELD, Draw, DrawStatus
from plans.quarterly.late import late_draws, late_plans

from . import evenings, guarantees, standing, summing
from .catalogue import Kind, Rule
from .findings import Cell, Fact, State
from .forms import FilterForm
from .standing import Line, Matrix

SHORT = 3  # rows of a group that is not unfolded
FACTS = 12  # of one cell, the rest is counted
GROUPS = ((State.BROKEN, "有没守住的"), (State.OPEN, "还没到期的"), (State.KEPT, "都守住的"))
AGAIN = "again"
ASKED = {Kind.DATE: "该在哪天", Kind.NUMBER: "该是多少", Kind.PAPER: "该有什么"}


@dataclass(frozen=True)
class Evidence:
    """What stands behind one cell: the day or number asked, what is there, what was done about it, what proves the rule."""

    rule: Rule
    unit: Unit
    cell: Cell
    asked: str
    facts: tuple[Fact, ...]
    left: int
    rows_url: str
    rows_label: str
    reason: str
    urged: list[Instruction]
    urged_besides: list[Instruction]  # of the same unit and quarter, about no matter of the record
    tests: tuple[str, ...]
    nothing: str  # why no fact is there

    @property
    def asked_label(self) -> str:
        return ASKED[self.rule.kind]


@dataclass(frozen=True)
class Shown:
    """A cell on the page; `url` opens its evidence."""

    unit: Unit
    cell: Cell
    url: str


@dataclass(frozen=True)
class Row:
    line: Line
    shown: list[Shown]
    evidence: Evidence | None = None

    @property
    def width(self) -> int:
        return len(self.shown) + 1


@dataclass(frozen=True)
class Group:
    title: str
    count: int
    rows: list[Row]
    more: str = ""  # the address that unfolds the rest
    rest: tuple[Row, ...] = ()  # folded on the screen; paper has nothing to unfold and shows them

    @property
    def left(self) -> int:
        return len(self.rest)


class Page:
    """What one reader asked of one quarter."""

    def __init__(self, request, quarter: Quarter):
        self.request, self.user, self.quarter = request, request.user, quarter
        self.units = standing.units_of(request.user, quarter, P.SEE_PROGRESS)
        self.matrix: Matrix = standing.of(self.units, quarter)
        self.form = FilterForm(request.GET, units=self.units, rules=[line.rule for line in self.matrix.lines])
        self.form.is_valid()  # what it does not know is as if nothing were asked, and said above the page
        for name in self.form.errors:
            chips.unread(request, name)
        self.state: str = chips.asked(request, "state", (State.BROKEN, State.OPEN, State.KEPT, AGAIN))
        self.wanted = {"part": "", "kind": "", "of": "", "q": ""} | self.form.cleaned_data

    @cached_property
    def before(self) -> set[tuple[str, int]]:
        """What was not kept in the quarter before on the same day of it, in the units that the reader follows."""
        pks = {unit.pk for unit in self.units}
        return {(rule, pk) for rule, pk in evenings.broken_before(self.quarter) if pk in pks}

    @property
    def is_filtered(self) -> bool:
        return bool(self.state or any(self.wanted.values()))

    @property
    def shown_units(self) -> list[Unit]:
        return [u for u in self.units if self.wanted["of"] in ("", u.code)]

    def _wants(self, rule: Rule, pk: int, cell: Cell) -> bool:
        if self.state == AGAIN:
            return cell.state == State.BROKEN and (rule.id, pk) in self.before
        return self.state in ("", cell.state)

    @cached_property
    def lines(self) -> list[Line]:
        """Those that answer the filters, in the order of the plan."""
        kind, words = self.wanted["kind"], self.wanted["q"]
        pks = {unit.pk for unit in self.shown_units}
        found = []
        for line in self.matrix.lines:
            rule = line.rule
            cells = {pk: cell for pk, cell in line.cells.items() if pk in pks}
            if self.wanted["part"] not in ("", rule.part) or kind not in ("", rule.kind.name.lower()):
                continue
            if words and words not in f"{rule.place}{rule.quote}{rule.looks}":
                continue
            if any(cell.counts and self._wants(rule, pk, cell) for pk, cell in cells.items()):
                found.append(Line(rule, cells))
        return found

    @cached_property
    def groups(self) -> list[Group]:
        opened, more = self.request.GET.get("open", ""), self.request.GET.get("more", "")
        found = []
        for state, title in GROUPS:
            lines = [line for line in self.lines if line.state == state]
            whole = state == State.BROKEN or self.is_filtered or more == state
            rows = [
                self._row(line, opened) for n, line in enumerate(lines) if whole or n < SHORT or self._is(line, opened)
            ]
            stand = {row.line.rule.id for row in rows}
            rest = tuple(self._row(line, "") for line in lines if line.rule.id not in stand)
            if lines:
                unfold = query_with(self.request, more=state, open="") if rest else ""
                found.append(Group(title, len(lines), rows, unfold, rest))
        return found

    def _is(self, line: Line, opened: str) -> bool:
        return opened.partition("-")[0] == line.rule.id

    def _row(self, line: Line, opened: str) -> Row:
        shown, evidence = [], None
        for unit in self.shown_units:
            cell, name = line.cells[unit.pk], f"{line.rule.id}-{unit.code}"
            shown.append(Shown(unit, cell, query_with(self.request, open=name) + "#evidence" if cell.counts else ""))
            if name == opened and cell.counts:
                evidence = self.evidence_of(line.rule, unit, cell)
        return Row(line, shown, evidence)

    def evidence_of(self, rule: Rule, unit: Unit, cell: Cell) -> Evidence:
        urged = Instruction.objects.visible_to(self.user).of(self.quarter)
        urged = urged.filter(unit=unit, kind=InstructionKind.REMIND).order_by("sent_at")
        about = Q(duty__rule__in=rule.steps)
        if rule.how == "book":
            about &= Q(duty__period__startswith=f"{rule.of.split()[1]}:")
        where = f"unit={unit.code}&quarter={self.quarter}"
        name, label = _more(rule)
        opens = rule.how != "paper" or self.user.may(P.SEE_ARCHIVE, unit)
        url = f"{reverse(name, args=[rule.k] if rule.k else [])}?{where}" if opens else ""
        facts = self._with_pages(cell.facts[:FACTS])
        return Evidence(
            rule,
            unit,
            cell,
            asked_words(rule, cell, self.matrix),
            facts,
            len(cell.facts) - len(facts),
            url,
            label,
            self._reason(rule, unit),
            list(urged.filter(about)),
            list(urged.filter(duty=None)),
            guarantees.tests_of_rule(rule.id),
            self._why_nothing(unit, cell),
        )

    def _with_pages(self, facts: Iterable[Fact]) -> tuple[Fact, ...]:
        """Each with the page that keeps its day, of what the reader has in his calendar and may open."""
        mine = Duty.objects.in_calendar_of(self.user).filter(pk__in=[fact.duty for fact in facts])
        pages = {duty.pk: duty.url for duty in mine.select_related("unit") if agenda.opens_for(duty, self.user)}
        return tuple(replace(fact, url=pages.get(fact.duty, "")) for fact in facts)

    def _why_nothing(self, unit: Unit, cell: Cell) -> str:
        if cell.state != State.OPEN or cell.due is None:
            return "没有这样的事"
        until = f"这一条 {short_date(cell.due)}前看"
        draws = Draw.objects.filter(unit=unit, year=self.quarter.year, number=self.quarter.number, status__in=HELD)
        stand = list(draws.values_list("status", flat=True))
        if not stand:
            return f"{unit.short_name}还没有抽取，{until}"
        return until if DrawStatus.RELEASED in stand else f"名单还没有公开，{until}"

    def _reason(self, rule: Rule, unit: Unit) -> str:
        """Why its plan or its draw was late, as the unit has written it."""
        late = {"d2": late_plans, "d4": late_draws}.get(rule.id)
        found = late(self.quarter, clock.today(), workdays.calendar()) if late else []
        return next((one.reason for one in found if one.code == unit.code), "")

    # --- tiles, chips, columns ----------------------------------------------------------------------------------------

    @property
    def closed_words(self) -> str:
        """Of a quarter that is over."""
        if not self.matrix.is_closed or self.matrix.unasked:
            return ""
        # Also what has its day after the quarter: chips, foot and public summary say the same sum.
        counted = [self.matrix.sums[state] for state in summing.COUNTS.values()]
        return f"{self.quarter.label}已结束：{summing.words_of(*counted)}"

    @property
    def all_kept_words(self) -> str:
        """Where nothing is broken."""
        return (
            ""
            if self.matrix.sums[State.BROKEN] or self.matrix.unasked
            else f"本季 {self.matrix.total} 处都守住或还没到期"
        )

    @property
    def broken_words(self) -> str:
        overdue, broken = self.matrix.overdue, self.matrix.sums[State.BROKEN]
        parts = [
            f"{overdue} 处逾期没办" if overdue else "",
            f"{broken - overdue} 处办了不合要求" if broken > overdue else "",
        ]
        before = f"上季同日 {len(self.before)} 处" if evenings.has_before(self.quarter) else ""
        return "；".join(filter(None, ("，".join(filter(None, parts)), before)))

    @property
    def open_words(self) -> str:
        days = self.matrix.days_to_come
        if not days:
            return "没有要等的日子"
        first = f"{short_date(days[0])}{'今天' if days[0] == self.matrix.day else ''}"
        return f"最近的 {first}，最晚 {short_date(days[-1])}"

    @property
    def others_words(self) -> str:
        program, people = len(guarantees.by_the_program()), len(guarantees.by_people())
        clauses = len(guarantees.CLAUSES)
        return f"方案 {clauses} 条里另有 {program} 条由程序保证，{people} 条由人保证"

    @cached_property
    def summaries(self) -> list[summing.Standing]:
        """What everybody reads of this quarter and of the one before."""
        return summing.standing_of([self.quarter.previous(), self.quarter])

    @property
    def may_see_summary(self) -> bool:
        """Whether he may open the page on which it is put forward and let through."""
        return bool(self.user.units_with(P.SEE_CITY))

    @property
    def chips(self) -> list[Chip]:
        sums = self.matrix.sums
        rows = [
            ("", f"全部 {self.matrix.total} 处", None),
            (State.BROKEN, "没守住", sums[State.BROKEN]),
            (State.OPEN, "还没到期", sums[State.OPEN]),
            (State.KEPT, "守住", sums[State.KEPT]),
            (AGAIN, "上季也没守住", len(self.before & self.matrix.broken)),
        ]
        return [
            Chip(label, query_with(self.request, state=value, open="", more=""), value == self.state, n)
            for value, label, n in rows
        ]

    @property
    def foot(self) -> str:
        every = sum(all(c.counts for c in line.cells.values()) for line in self.matrix.lines)
        some = len(self.matrix.lines) - every
        also = f"，{some} 条只看其中的单位" if some else ""
        return f"一条规则一个单位算一处：{every} 条各看 {len(self.units)} 个单位{also}，共 {self.matrix.total} 处。"


def _more(rule: Rule) -> tuple[str, str]:
    """The page that holds all behind a cell, and what its link says."""
    if rule.k:
        return "inspections:indicator-rows", "逐条看"
    return ("inspections:archive-list", "看案卷") if rule.how == "paper" else ("notices:deadline-list", "看时限日历")


def asked_words(rule: Rule, cell: Cell, matrix: Matrix) -> str:
    """By when, or how much: from the fact itself, the table of deadlines, or the rule of the indicator."""
    dues = sorted({fact.due for fact in cell.facts if fact.due})
    said = f"，规则 {rule.law.id}；待办、提醒、通报用的也是这一条" if rule.law else ""
    if rule.k:
        return BY_K[rule.k].said(matrix.law)
    if dues:
        first = f"{short_date(dues[0])}（{weekday(dues[0])}）"
        return first + ("" if len(dues) == 1 else f"至 {short_date(dues[-1])}，共 {len(dues)} 个日子") + said
    return f"{rule.looks}，案卷办结时应当有" if rule.kind == Kind.PAPER else f"本季没有这样的事{said}"
