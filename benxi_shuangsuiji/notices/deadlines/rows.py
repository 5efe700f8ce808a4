"""What the 时限日历 shows: the duties of one's units, and the dates of the table that are still to come (ui.md 7).

How far the checks have come is told only to the circle that may know it (decisions.md 3); for everybody else such a
date stands there without a state.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Max, Q
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.notices.agenda import button_of, left_of, waits
from benxi_shuangsuiji.notices.deadlines.lookup import law_of
from benxi_shuangsuiji.notices.deadlines.rule import Binding, Opens, Rule
from benxi_shuangsuiji.notices.deadlines.timetable import RULES
from benxi_shuangsuiji.notices.duties import of_timetable
from benxi_shuangsuiji.notices.models import Duty, DutyMove, of_the_checks
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import FIRST_YEAR, Calendar, Due, Quarter, due_date, short_date

PACE = replace(RULES["D-5"], name="检查进度", binding=Binding.OWN, opens=Opens.BY_ACT, closed_by="")


@dataclass(frozen=True)
class Row:
    """`state` is open, done, coming (its period has not opened) or "" (a date whose state is not told here)."""

    due: Due
    unit: Unit
    title: str
    law: Rule | None
    state: str
    today: date
    closed_at: datetime | None = None
    duty: Duty | None = None
    mine: bool = False
    move: DutyMove | None = None
    wait: str = ""
    left: tuple[str, str] = ("", "")  # of an open duty, as every page counts it

    @property
    def is_over(self) -> bool:
        return self.state == "open" and self.due.is_over(self.today)

    def is_of(self, rule: str, due: str) -> bool:
        """Of this rule and due on this day, where the address names them."""
        mine = self.duty.rule if self.duty else self.law.id if self.law else ""
        return (not rule or rule == mine) and (not due or self.due.date.isoformat() == due)

    @property
    def day_words(self) -> str:
        return due_date(self.due.date, self.today)

    @property
    def target_words(self) -> str:
        """The working day to aim at, where the day itself is a rest day (A-2)."""
        return "" if self.due.target == self.due.date else f"休息日，{due_date(self.due.target, self.today)}前办完"

    @property
    def badge(self) -> dict:
        if self.state == "done":
            return {"text": f"{short_date(localtime(self.closed_at).date())}办结", "state": "done"}
        if self.state == "" and self.due.is_over(self.today):
            return {}
        if self.state == "open" and self.duty:
            return {"text": self.left[0] + self.due.mark, "state": self.left[1]}
        return {"text": self.due.remaining(self.today), "state": ""}

    @property
    def no(self) -> str:
        """The number of what is named by its place, shown below."""
        return getattr(self.duty, "said_no", "")

    @property
    def move_words(self) -> str:
        """What the day was before, and that it had been missed before it was given back."""
        late = self.duty.late_words if self.duty else ""
        if self.move is None or not self.move.moved:
            return late
        before = due_date(self.move.due_before, self.today)
        if self.move.due_before == self.move.due_after:
            before = f"{due_date(self.move.target_before, self.today)}前办完"
        return f"{late}原为 {before}。{self.move.because}"

    @property
    def button(self) -> dict:
        duty = self.duty
        if not self.mine or self.state != "open" or self.wait or not duty.url:
            return {}
        return {"label": button_of(duty), "url": duty.url}


def rows(
    user: User,
    units: Iterable[Unit],
    first: date,
    last: date,
    today: date,
    calendar: Calendar,
    *,
    named: Callable[[list[Duty]], None] | None = None,
) -> list[Row]:
    """Every date of these units from `first` to `last`, in order of the working day to aim at; a fixed number of queries.

    `named`: has each say what it is about to its reader; a file that leaves the system names no place.
    """
    units = list(units)
    between = Q(due__range=(first, last)) | Q(target__range=(first, last))
    duties = list(
        Duty.objects.in_calendar_of(user)
        .filter(between, unit__in=units)
        .select_related("unit")
        .prefetch_related("moves")
    )
    own = set(Duty.objects.visible_to(user).filter(pk__in=[d.pk for d in duties]).values_list("pk", flat=True))
    if named:
        named(duties)
    waiting = waits(duties, today)
    found = [_of_duty(duty, duty.pk in own, waiting.get(duty.pk, ""), today, calendar) for duty in duties]
    shown = {_of_table(duty) for duty in duties}
    kept = {_of_table(d) for d in Duty.objects.filter(rule__in=RULES, unit__in=units).only("rule", "unit_id", "period")}
    secret = of_the_checks()
    for unit in units:
        if not user.may(Permission.SEE_PLANS, unit):
            continue
        for law, period, title, due in dates_of(unit, first, last, calendar):
            date_of = (law.id, unit.pk, period)
            if date_of in kept and (date_of in shown or law.id not in secret):
                continue
            untold = date_of in kept or not law.opens.by_itself
            found.append(Row(due, unit, title, law, "" if untold else "coming", today))
    return sorted(found, key=lambda r: (r.due.target, r.due.date, r.unit.position, r.law.id if r.law else "~"))


def overdue_before(user: User, units: Iterable[Unit], first: date, today: date) -> tuple[int, date | None]:
    """How many of these units' dates before `first` were missed and are still open, and the last of them."""
    days = Duty.objects.in_calendar_of(user).filter(
        closed_at__isnull=True, due__lt=min(first, today), target__lt=first, unit__in=list(units)
    )
    found = days.aggregate(n=Count("pk"), last=Max("due"))
    return found["n"], found["last"]


def _of_table(duty: Duty) -> tuple[str, int, str]:
    """The date of the table that a duty stands for; those of D-13 write the registry before the month."""
    return duty.rule, duty.unit_id, duty.period.rpartition(":")[2]


def dates_of(unit: Unit, first: date, last: date, calendar: Calendar):
    """(rule, period, title, due) of everything the table knows beforehand about a unit; the pace of D-5 among it."""
    is_city = unit.kind == UnitKind.CITY_TEAM
    for year in range(max(first.year - 1, FIRST_YEAR), last.year + 2):
        for law in RULES.values():
            if not law.concerns(is_city=is_city) or (law.opens == Opens.CITY and not is_city):
                continue
            for period in law.periods_in(year):
                due = law.due_for(period, calendar)
                if _within(due, first, last) and law.counts(period, due):
                    yield law, period, law.title_for(period), due
        for quarter in (q for n in range(1, 5) if first_use.counts((q := Quarter(year, n)).first_day)):
            for percent, due in quarter.progress_due(calendar):
                if _within(due, first, last):
                    yield PACE, f"{quarter}:{percent}", f"{quarter.label}检查进度到 {percent}%", due


def _within(due: Due, first: date, last: date) -> bool:
    return first <= due.date <= last or first <= due.target <= last


def _of_duty(duty: Duty, mine: bool, wait: str, today: date, calendar: Calendar) -> Row:
    moves = list(duty.moves.all())
    return Row(
        Due(duty.due, duty.target, duty.provisional),
        duty.unit,
        RULES[duty.rule].title_for(duty.period) if of_timetable(duty.rule, duty.period) else duty.title,
        law_of(duty.rule),
        "done" if duty.closed_at else "open",
        today,
        closed_at=duty.closed_at,
        duty=duty,
        mine=mine,
        move=moves[0] if moves else None,
        wait=wait,
        left=left_of(duty, today, calendar),
    )
