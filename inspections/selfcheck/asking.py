"""How a rule is asked: the duty and its day, the indicator and its rows, the file and its papers. Each is defined elsewhere
and only read here; of checks nothing counts but published results, for everybody (decisions.md 3).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Q

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.notices.deadlines.rule import Span
from benxi_shuangsuiji.notices.deadlines.timetable import RULES
from benxi_shuangsuiji.notices.models import Duty, DutyMove
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.shares import percent
from benxi_shuangsuiji.workdays.days import Quarter, short_date
from inspections.coverage import pace
from inspections.indicators import figures
from inspections.indicators.facts import Scope, checks, day_of, draws, once
from inspections.indicators.of_endings import files
from inspections.models import Case, FollowUp, Referral

from .findings import NA, Cell, Fact, State, by_day, cell_of

Ask = Callable[[Scope], dict[int, Cell]]
UNIT_CLOSED = "单位已撤销"  # as `notices.ending` writes it: nobody owes it any more
THROUGH = (Case, Referral, FollowUp)  # what follows from a check, under numbers of their own


def quarter_of(scope: Scope) -> Quarter:
    return scope.quarters[0]


def closes_on(quarter: Quarter) -> date:
    """The day after which what a quarter came to stands as it was; no later calendar changes it."""
    day = policy.on(quarter.last_day).recommended.self_check_day
    return quarter.next().first_day.replace(day=day)


def why_not_asked(quarter: Quarter, today: date | None = None) -> str:
    """Of a quarter before the day of first use nothing is asked, and nothing kept ("" = it is asked; 二-a); nor of one whose
    first duties have not come up, in the month before it: nobody has kept what could not be broken yet."""
    before = quarter.previous()
    if (today or clock.today()) < before.first_day.replace(month=before.months[2]):
        return "这个季度还没有开始，从它前一个月起体检"
    if first_use.counts(quarter.last_day):
        return ""
    return "启用以前的季度不体检" if first_use.day() else "启用日期还没有确定，确定以后才体检"


# --- duties -----------------------------------------------------------------------------------------------------------


@once
def _duties(scope: Scope) -> dict[str, list[Duty]]:
    """Of the quarter, by rule: those that say it in their period, those of checks, those whose day falls into it, and those
    that were still owed when it began."""
    quarter = quarter_of(scope)
    of_period = Q(period__startswith=str(quarter)) | Q(period=str(quarter.year))
    falls = Q(due__range=(quarter.first_day, quarter.last_day))
    owed = Q(due__lt=quarter.first_day) & (Q(closed_at__isnull=True) | Q(closed_at__date__gte=quarter.first_day))
    missed = Q(missed__lte=quarter.last_day, done_late_on__gte=quarter.first_day)
    of_checks = Q(period__in=list(_known(scope)))
    found: dict[str, list[Duty]] = defaultdict(list)
    moved = DutyMove.objects.filter(at__gt=scope.moment, due_before__range=(quarter.first_day, quarter.last_day))
    fell = Q(pk__in=moved.values("duty"))
    rows = Duty.objects.filter(of_period | falls | fell | owed | missed | of_checks).exclude(closed_by=UNIT_CLOSED)
    for duty in rows.select_related("unit").prefetch_related("moves").order_by("due", "pk"):
        found[duty.rule].append(duty)
    return found


@once
def _known(scope: Scope) -> dict[str, str]:
    """What duties of public results call themselves → the number of the result."""
    public = {check.row.pk: check.row.no for check in checks(scope) if check.public}
    names = {no: no for no in public.values()}
    for model in THROUGH:
        rows = model.objects.filter(inspection__in=public).values_list("no", "inspection")
        names |= {no: public[pk] for no, pk in rows}
    return names


def dated(*steps: str, of_checks: bool = False, by_the_city: bool = False, part: str = "") -> Ask:
    """Duties of these steps, each by its day. `of_checks`: of public results alone; `by_the_city`: the city team owes it,
    whichever unit it is about; `part`: how the period begins, where one step keeps several apart.
    """

    def ask(scope: Scope) -> dict[int, Cell]:
        found: dict[int, list[Fact]] = {unit.pk: [] for unit in scope.units}
        city = next((unit.pk for unit in scope.units if unit.kind == UnitKind.CITY_TEAM), None)
        for duty in (duty for step in steps for duty in _duties(scope).get(step, ())):
            owner = city if by_the_city else duty.unit_id
            if owner not in found or not duty.period.startswith(part):
                continue
            for due, done, fact in ((*_now(duty, scope), _fact), (*_before(duty), _late_fact)):
                if due and _belongs(duty, due, done, scope, of_checks=of_checks):
                    found[owner].append(fact(duty, scope))
        law = RULES.get(steps[0])
        cells = {}
        for unit in scope.units:
            facts, concerned = found[unit.pk], not by_the_city or unit.pk == city
            if law and concerned and not facts and law.span in (Span.QUARTER, Span.YEAR):
                concerned = law.concerns(is_city=unit.pk == city)
                facts = list(_not_begun(law, scope)) if concerned else []
                concerned = bool(facts) or law.span == Span.QUARTER  # a year's has its quarter
            cells[unit.pk] = cell_of(facts, scope.day) if concerned else NA
        return cells

    return ask


def _now(duty: Duty, scope: Scope) -> tuple[date, date | None]:
    """The day it had, and the one on which it was done."""
    return _due_then(duty, scope)[0], day_of(duty.closed_at) if duty.closed_at else None


def _before(duty: Duty) -> tuple[date | None, date | None]:
    """The same of what was done late and then given back: another day later on does not undo that (decision 0083)."""
    return duty.missed, duty.done_late_on


def _belongs(duty: Duty, due: date, done: date | None, scope: Scope, *, of_checks: bool) -> bool:
    quarter, law = quarter_of(scope), RULES.get(duty.rule)
    if of_checks:
        return duty.period.partition(":")[0] in _known(scope)
    if not first_use.counts(due):
        return False
    if law and law.span == Span.QUARTER:
        return duty.period.startswith(str(quarter))
    if law and law.span == Span.YEAR:
        return due in quarter
    return due in quarter or (due < quarter.first_day and (not done or done >= quarter.first_day))


def _not_begun(law, scope: Scope) -> Iterable[Fact]:
    """What the timetable asks of every unit, and nothing has opened yet."""
    quarter = quarter_of(scope)
    period = str(quarter) if law.span == Span.QUARTER else str(quarter.year)
    due = law.due_for(period, scope.calendar)
    if law.counts(period, due) and (law.span == Span.QUARTER or due.date in quarter):
        yield Fact(law.title_for(period), due.date, words=f"没有{law.closed_by}的记录")


def _fact(duty: Duty, scope: Scope) -> Fact:
    due, corrected = _due_then(duty, scope)
    done = duty.closed_at
    on = day_of(done) if done and done <= scope.moment else None
    words = f"{short_date(on)}{RULES[duty.rule].closed_by if duty.rule in RULES else '办结'}" if on else "未办结"
    if done and not on:
        words = f"季度结束以后，{short_date(day_of(done))}办结"
    what, result = _named(duty, scope)
    return Fact(what, due, on, words=words, corrected=corrected, result=result, duty=duty.pk)


def _late_fact(duty: Duty, scope: Scope) -> Fact:
    on, (what, result) = duty.done_late_on, _named(duty, scope)
    known = on <= day_of(scope.moment)
    words = f"{short_date(on)}办结，退回重办" if known else f"季度结束以后，{short_date(on)}办结"
    return Fact(what, duty.missed, on if known else None, words=words, result=result, duty=duty.pk)


def _named(duty: Duty, scope: Scope) -> tuple[str, str]:
    """What it is, and the number of the public result that it is about."""
    result = _known(scope).get(duty.period.partition(":")[0], "")
    return f"{duty.name} {result}" if result else duty.name, result


def _due_then(duty: Duty, scope: Scope) -> tuple[date, str]:
    """The day it had at the moment, and what a correction of the calendar changed: a running quarter is counted anew, one
    that is closed stays as it was, and says so (ui-2.md 23)."""
    moves = sorted((m for m in duty.moves.all() if m.due_before != m.due_after), key=lambda m: m.at)
    if later := [m for m in moves if m.at > scope.moment]:
        return later[0].due_before, f"{short_date(day_of(later[0].at))}更正过日期，季度已结束，仍按原来的"
    if saved := [m for m in moves if m.due_before < day_of(m.at) <= m.due_after]:
        return duty.due, f"{short_date(day_of(saved[-1].at))}更正后改为守住"
    return duty.due, ""


# --- indicators -------------------------------------------------------------------------------------------------------


def figured(k: int, *, at_once: bool = True, fourth: bool = False) -> Ask:
    """One indicator against its target. `at_once`: what misses it is broken on the spot, else only when the quarter's day is
    over; `fourth`: it is asked of the whole year, in its last quarter.
    """

    def ask(scope: Scope) -> dict[int, Cell]:
        quarter = quarter_of(scope)
        if fourth and quarter.number != 4:
            return dict.fromkeys((unit.pk for unit in scope.units), NA)
        asked, last = _whole_year(scope) if fourth else scope, quarter.close_due(scope.calendar).date
        found = figures.of_each(asked, k)
        held = {draw.unit_id for draw in draws(scope)}
        return {u.pk: _cell_of(found[u.pk], last, scope, at_once=at_once, held=u.pk in held) for u in scope.units}

    return ask


@once
def _whole_year(scope: Scope) -> Scope:
    return Scope.of(scope.units, scope.year, moment=scope.moment)


def _cell_of(figure: figures.Figure, last: date, scope: Scope, *, at_once: bool, held: bool) -> Cell:
    runs = scope.day <= last
    if figure.goal is None:
        return NA
    wrong = figure.goal.least is None  # what is counted is what should not be
    facts = tuple(
        Fact(row.what, is_kept=row.counts != wrong, words=row.words, result=_known(scope).get(row.no, ""))
        for row in sorted(figure.told, key=lambda row: row.counts != wrong)
    )
    n = f"{figure.counted}/{figure.n}"
    text = f"{figure.counted} {figure.indicator.what}" if figure.indicator.only_count else n
    if not figure.n:
        early = runs and not (held and at_once)
        return Cell(State.OPEN, by_day(last), due=last) if early else Cell(State.KEPT, "无")
    met = figure.goal.is_met(figure.counted, figure.n)
    if runs and not at_once:
        return Cell(State.OPEN, text, facts, due=last)
    undone = not met and any(row.undone for row in figure.rows)
    return Cell(State.KEPT if met else State.BROKEN, text, facts, overdue=undone)


def share_drawn(scope: Scope) -> dict[int, Cell]:
    """七(一)1-a: how many of the key list were drawn is public with the draw; after the names, K5 says what still stands."""
    quarter = quarter_of(scope)
    last = quarter.close_due(scope.calendar).date
    shares, after = pace.key_shares(draws(scope), circle=()), figured(5)(scope)
    cells = {}
    for unit in scope.units:
        share = shares.get(unit.pk)
        if share is None or scope.day > last:
            cells[unit.pk] = after[unit.pk]
        else:
            text = f"{share.drawn}/{share.total}"
            words = share.problem or f"{text}，{percent(share.drawn, share.total)}"
            fact = Fact("抽中的重点监管对象", is_kept=not share.problem, words=words)
            cells[unit.pk] = Cell(State.OPEN, text, (fact,), due=last)
    return cells


# --- papers -----------------------------------------------------------------------------------------------------------


def filed(name: str) -> Ask:
    """One kind of paper in the files of public results whose matter is closed (七(七)-i…-p, K15)."""

    def ask(scope: Scope) -> dict[int, Cell]:
        found: dict[int, list[Fact]] = {unit.pk: [] for unit in scope.units}
        for check, file in files(scope):
            line = next((line for line in file.lines if line.filed.name == name), None)
            if check.public and file.closed_on and line and (line.leaves or not line.excused):
                there = bool(line.leaves)
                words = f"{short_date(line.leaves[0].on)}" if there else f"案卷里没有{name}"
                found[check.row.unit_id].append(Fact(check.row.no, is_kept=there, words=words, result=check.row.no))
        last = quarter_of(scope).close_due(scope.calendar).date
        held = {draw.unit_id for draw in draws(scope)}
        early = Cell(State.OPEN, by_day(last), due=last)
        return {
            pk: cell_of(facts, scope.day) if facts or pk in held or scope.day > last else early
            for pk, facts in found.items()
        }

    return ask
