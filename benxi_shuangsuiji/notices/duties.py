"""What has to be done by when: duties opened, handed over, closed and opened again; `moving.py` moves their days (decisions.md 5)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.workdays.days import FIRST_YEAR, Calendar, Due, Quarter

from .deadlines.rule import Opens, Rule, Span
from .deadlines.timetable import RULES
from .models import Duty
from .telling import tell


@dataclass(frozen=True, eq=False)
class Step:
    """One kind of duty, as an object of the room where it is done (house.md 12-2).

    Each room declares its own in `duties.py` and lists them on its nameplate. When a deadline of the plan falls is a rule of
    the one timetable (`timetable.RULES`), found by the step's id; what waits without such a rule has a title of its own.

    `title`: what it is called, for a step of our own; `serves`: the deadline of the timetable that such a step serves.
    `button`: the words on it; `buttons`: another role's turn. `noun`: it on a button behind 督办, 催 or 查看, where its name is too
    long. `event`: from what the working days of a step of our own are counted. `pages`: the things that its address shows to a
    reader, where the right to its page alone does not tell; `listed`: the list that says how far such a thing is, for whom it
    does not open yet. `stage`: the step of the quarter under which
    to-dos show it (七(四)). `of_the_checks`: its state tells how far the secret checks have come (decisions.md 3).
    `of_the_city`: whoever oversees all units reads it, for it tells of no sealed check, no place and no person.
    `named`: what one is called where those of its kind are told apart without a facility or a person.
    `held_up`: of open duties those whose act waits for others now, and for whom. `reminds_itself`: its room plans the reminders. `reckoned`: when an open duty is due, where that follows from more than
    the table; None leaves it to the table. `arrived`: of waiting duties those whose day, or whose holder's turn, has come.
    `waiting`: opens what waits and has none yet, for it was asked for before this step was known, before an upgrade.
    """

    id: str
    title: str = ""
    serves: str = ""
    button: str = "办理"
    buttons: Mapping[str, str] = field(default_factory=dict)
    noun: str = ""
    event: str = ""
    pages: Callable[[User], QuerySet] | None = None
    listed: str = ""
    stage: str = ""
    of_the_checks: bool = False
    of_the_city: bool = False
    reminds_itself: bool = False
    reckoned: Callable[[Duty, Calendar], Due | None] | None = None
    arrived: Callable[[Sequence[Duty], date], Collection[Duty]] | None = None
    named: Callable[[Duty], str] | None = None
    held_up: Callable[[Sequence[Duty], date], Mapping[int, str]] | None = None
    waiting: Callable[[], None] | None = None

    def __str__(self) -> str:
        return self.id

    @property
    def law(self) -> Rule | None:
        """The deadline it is, or serves; None for a step of our own that serves none."""
        return RULES.get(self.serves or self.id)

    @property
    def duties(self) -> QuerySet[Duty]:
        return Duty.objects.filter(rule=self.id)

    def button_for(self, role: str) -> str:
        return self.buttons.get(role, self.button)

    def open(
        self,
        unit: Unit,
        period: str,
        *,
        role: str,
        title: str,
        due: Due,
        url: str = "",
        consequence: str = "",
        waiting_for: str = "",
        person: User | None = None,
    ) -> None:
        """Once; a second call changes nothing, nor one of a period before the day of first use (二-a).

        `person`: it is his alone; its period then tells it from those of others.
        """
        open(
            rule=self.id,
            unit=unit,
            period=period,
            role=role,
            title=title,
            due=due,
            url=url,
            consequence=consequence,
            waiting_for=waiting_for,
            person=person,
        )

    def ensure(self, unit: Unit, period: str, *, calendar: Calendar | None = None, url: str = "") -> Duty | None:
        """Open it as the timetable says, unless it is there already."""
        return ensure(self.id, unit, period, calendar=calendar, url=url)

    def hand_over(
        self,
        unit: Unit,
        period: str,
        *,
        role: str,
        title: str,
        url: str,
        waiting_for: str = "",
        by: User | None = None,
        body: str = "",
    ) -> None:
        """Pass it on to the next role, who is told; its date stays."""
        hand_over(
            rule=self.id,
            unit=unit,
            period=period,
            role=role,
            title=title,
            url=url,
            waiting_for=waiting_for,
            by=by,
            body=body,
        )

    def keep(
        self,
        unit: Unit,
        period: str,
        *,
        wanted: bool,
        role: str,
        title: str,
        due: Due,
        event: str,
        at: datetime,
        url: str = "",
        consequence: str = "",
        person: User | None = None,
    ) -> bool:
        """Have it open as long as something waits for it; whether it came up now."""
        return keep(
            rule=self.id,
            unit=unit,
            period=period,
            wanted=wanted,
            role=role,
            title=title,
            due=due,
            event=event,
            at=at,
            url=url,
            consequence=consequence,
            person=person,
        )

    def close(self, unit: Unit, period: str, event: str, at: datetime) -> None:
        """By the event that fulfils it; one that was never opened is entered as done."""
        close(rule=self.id, unit=unit, period=period, event=event, at=at)

    def close_if(self, fulfilled: bool, unit: Unit, period: str, event: str, at: datetime) -> None:
        if fulfilled:
            self.close(unit, period, event, at)

    def give_back(self, unit: Unit, period: str, *, title: str, due: Due) -> None:
        """What was done does not do: open again, with a new day; that it was done late is not forgotten."""
        give_back(rule=self.id, unit=unit, period=period, title=title, due=due)

    def reopen(self, unit: Unit, period: str) -> None:
        """What closed it no longer holds; its date stays."""
        reopen(rule=self.id, unit=unit, period=period)


# --- by id, for the timetable itself: the methods above are what rooms call --------------------------------------------


def ensure(rule: str, unit: Unit, period: str, *, calendar: Calendar | None = None, url: str = "") -> Duty | None:
    """Return the duty of this rule, unit and period, opening it when it is not there yet and its period counts.

    `url` leads to the page of this one thing, where the timetable knows only the list.
    """
    found = Duty.objects.filter(rule=rule, unit=unit, period=period)
    if there := found.first():
        return there
    law = RULES[rule]
    due = law.due_for(period, calendar or workdays.calendar())
    open(
        rule=rule,
        unit=unit,
        role=law.role,
        period=period,
        title=law.title_for(period),
        due=due,
        url=url or _address(law, unit, period),
        consequence=law.consequence,
    )
    return found.first()


def open(*, rule, unit, role, period, title, due: Due, url="", consequence="", waiting_for="", person=None) -> None:
    """Open a duty once; a second call changes nothing. Of time before the day of first use there is none (二-a)."""
    if of_timetable(rule, period) and not RULES[rule].counts(period, due):
        return
    made = Duty(
        rule=rule,
        unit=unit,
        period=period,
        role=role,
        title=title,
        due=due.date,
        target=due.target,
        provisional=due.provisional,
        counted_from=due.counted_from,
        workdays=due.workdays,
        url=url,
        consequence=consequence,
        waiting_for=waiting_for,
        person=person,
    )
    Duty.objects.bulk_create([made], ignore_conflicts=True)  # one statement; who comes second changes nothing


def hand_over(*, rule, unit, period, role, title, url, waiting_for="", by=None, body="") -> None:
    """Pass a duty on to the next role; the date stays, and whoever has it now is told.

    A duty of the timetable that is not open yet, because its quarter has not come, is opened by the first hand-over.
    `by` acted and is not told himself; while it waits for somebody else nobody is.
    """
    _change(rule, unit, period, role=role, title=title, url=url, waiting_for=waiting_for)
    if not waiting_for:
        duty = Duty.objects.open().filter(rule=rule, unit=unit, period=period).first()
        key, title = f"{rule}:{unit.pk}:{period}", f"{unit}：{title}"
        tell(role=role, unit=unit, key=key, title=title, body=body, url=url, by=by, duty=duty)


@transaction.atomic
def keep(
    *, rule, unit, role, period, title, due: Due, wanted: bool, event, at: datetime, url="", consequence="", person=None
) -> bool:
    """Have a duty open as long as something waits for it: opened, closed, and opened again with a new date.

    Returns whether it came up now, so that somebody can be told.
    """
    duty = Duty.objects.select_for_update().filter(rule=rule, unit=unit, period=period).first()
    if wanted == (duty is not None and duty.closed_at is None):
        return False
    if not wanted:
        if duty:
            duty.closed_at, duty.closed_by = at, event
            duty.save(update_fields=["closed_at", "closed_by"])
        return False
    if duty is None:
        words = {"title": title, "url": url, "consequence": consequence}
        open(rule=rule, unit=unit, role=role, period=period, due=due, person=person, **words)
        return True
    duty.title, duty.url, duty.consequence = title, url, consequence  # what is owed may be another step this time
    duty.due, duty.target, duty.provisional = due.date, due.target, due.provisional
    duty.counted_from, duty.workdays = due.counted_from, due.workdays
    duty.closed_at, duty.closed_by = None, ""
    duty.save()
    return True


def close(*, rule, unit, period, event, at: datetime) -> None:
    """Close a duty by the event that fulfils it; one that was never opened is entered as done."""
    _change(rule, unit, period, closed_at=at, closed_by=event)


def _change(rule: str, unit: Unit, period: str, **values) -> None:
    """Of the open one; one of the timetable that is not there yet is opened for it."""
    its = Duty.objects.open().filter(rule=rule, unit=unit, period=period)
    if not its.update(**values) and of_timetable(rule, period):
        ensure(rule, unit, period)
        its.update(**values)


@transaction.atomic
def give_back(*, rule, unit, period, title, due: Due) -> None:
    """What was done does not do: the duty is open again with a new day, so that nobody is late by another's decision.

    That it had been done late stays with it, the longest time where it was so more than once (decision 0083). A duty that
    was open only gets another day.
    """
    duty = Duty.objects.select_for_update().filter(rule=rule, unit=unit, period=period).first()
    if duty is None:
        return
    duty.remember_lateness()
    duty.title, duty.waiting_for = title, ""
    duty.due, duty.target, duty.provisional = due.date, due.target, due.provisional
    duty.counted_from, duty.workdays = due.counted_from, due.workdays
    duty.closed_at, duty.closed_by = None, ""
    duty.save()


def reopen(*, rule, unit, period) -> None:
    """What closed it no longer holds, as when a correction gave a draw another list; its date stays."""
    Duty.objects.filter(rule=rule, unit=unit, period=period, closed_at__isnull=False).update(
        closed_at=None, closed_by=""
    )


def of_timetable(rule: str, period: str) -> bool:
    """Whether the table alone says what this duty is and when it is due."""
    law = RULES.get(rule)
    if law is None or law.span not in (Span.YEAR, Span.QUARTER):
        return False
    try:
        law.period_of(period)
    except ValueError:
        return False
    return True


def _address(law: Rule, unit: Unit, period: str) -> str:
    if not law.url:
        return ""
    address = law.url.format(period=period)
    address += f"{'&' if '?' in address else '?'}unit={unit.code}"
    return address + (f"&quarter={period}" if law.span == Span.QUARTER else "")


def open_due(today: date, calendar: Calendar) -> int:
    """Open the duties of the running quarter and, in its last month, of the next; return how many are new.

    A quarter opens by itself (二-a). The next year's item list opens on 1 December (D-1), coverage in its own month.
    """
    quarters = [Quarter.of(today)]
    if today.month == quarters[0].months[2]:
        quarters.append(quarters[0].next())
    before, due = Duty.objects.count(), []
    for unit in Unit.objects.drawing().open():
        is_city = unit.kind == UnitKind.CITY_TEAM
        for law in RULES.values():
            if (
                not law.opens.by_itself
                or not law.concerns(is_city=is_city)
                or (law.opens == Opens.CITY and not is_city)
            ):
                continue
            worked = [str(q) for q in quarters if unit.works_in(q)]
            for period in _years_open(law, today) if law.span == Span.YEAR else worked:
                if int(period[:4]) >= FIRST_YEAR:
                    due.append((law.id, unit, period))
    # On most mornings all of them are there: that is one question, not one for each unit and rule.
    kept = Duty.objects.filter(period__in={period for _, _, period in due})
    there = set(kept.values_list("rule", "unit", "period"))
    for rule, unit, period in due:
        if (rule, unit.pk, period) not in there:
            ensure(rule, unit, period, calendar=calendar)
    return Duty.objects.count() - before


def _years_open(law: Rule, today: date) -> list[str]:
    """The periods of a yearly rule whose duty has come up; D-18 has one only in the last year of a cycle."""
    if law.from_month:
        years = [today.year] if today.month >= law.from_month else []
    else:
        begun = (today.month, today.day) >= policy.on(today).recommended.reminders_begin
        years = [today.year, today.year + 1] if begun else [today.year]
    return [period for year in years if year >= FIRST_YEAR for period in law.periods_in(year)]
