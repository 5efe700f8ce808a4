"""Reminders: each goes out once, also when the worker is killed in between (reliability.md P12)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from benxi_shuangsuiji import clock, policy, subjects, workdays
from benxi_shuangsuiji.accounts.models import RoleGrant, Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import ADMIN_PARTS, CITY_WIDE, Permission, Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.workdays.days import Calendar, due_date

from . import folding
from .agenda import counted, left_of
from .deadlines.lookup import law_of
from .models import Duty, Message, Reminder
from .telling import INBOX, key_for, mail


def step_of(duty: Duty, today: date, calendar: Calendar) -> tuple[str, str] | None:
    """Return (step, role) of the latest reminder that is due today, or None when it is too early, or the date lies before
    the day of first use (二-a).

    Before the date the duty's own role is told so many working days ahead of the target as its rule says; a day after
    the date the leader of whoever holds it, three days after it the city supervisor.
    """
    if not first_use.counts(duty.due):
        return None
    recommended = policy.on(today).recommended
    _, leader, city = recommended.escalation_days
    if today >= duty.due + timedelta(days=city):
        return f"after{city}", Role.SUPERVISOR
    if today >= duty.due + timedelta(days=leader):
        return f"after{leader}", Role.APPROVER
    law = law_of(duty.rule)
    ahead = law.steps(today) if law else recommended.reminder_workdays
    starts = {n: calendar.subtract_workdays(duty.target, n) if n else duty.target for n in ahead}
    steps = [n for n, start in starts.items() if today >= start]
    return (f"before{min(steps)}", duty.role) if steps else None


def roles_told(duty: Duty, step: str, role: str, today: date) -> list[str]:
    """Who hears of a step. From the day itself on also the unit's planner, who runs its section (domain.md 8.1, T0)."""
    if duty.role in ADMIN_PARTS or (duty.role == Role.BUREAU_READER and _held_above(duty)):
        return [duty.role]  # neither has a leader or a supervisor here
    if _held_above(duty):
        return [role]
    on_the_day = step == "before0" and today >= duty.due + timedelta(
        days=policy.on(today).recommended.escalation_days[0]
    )
    return [role, Role.PLANNER] if on_the_day and role != Role.PLANNER else [role]


def _people_told(duty: Duty, role: str, people: dict[tuple[str, int], set[int]], unit: int) -> Iterable[int]:
    """Of a duty that is one person's own, he; those above him are told by their role."""
    return [duty.person_id] if duty.person_id and role == duty.role else people.get((role, unit), ())


def _held_above(duty: Duty) -> bool:
    """Whether it is with an office above the unit that it is about, such as a receipt: its delay is told to that
    office's leader and to nobody of the unit, which has done its part (docs/decisions/0022)."""
    return duty.role in CITY_WIDE and duty.unit.kind != UnitKind.CITY_TEAM


def plan_reminders(today: date, calendar: Calendar) -> int:
    """Write a row for every reminder that is due; a row that exists is left alone. Returns how many rows are new."""
    rows = []
    city = Unit.objects.filter(kind=UnitKind.CITY_TEAM).values_list("pk", flat=True).first()
    people = holders(today, city)
    told_by_their_rooms = {step.id for step in subjects.house().steps.values() if step.reminds_itself}
    for duty in Duty.objects.open().select_related("unit").order_by("pk"):
        step = step_of(duty, today, calendar)
        if not step or duty.rule in told_by_their_rooms:
            continue
        unit = city if _held_above(duty) else duty.unit_id
        told = {u for role in roles_told(duty, *step, today) for u in _people_told(duty, role, people, unit)}
        for user_id in sorted(told):
            key = f"{duty.rule}:{duty.unit_id}:{duty.period}:{duty.due}:{step[0]}:{user_id}"
            rows.append(Reminder(key=key, duty=duty, user_id=user_id, due_on=today))
    before = Reminder.objects.count()
    Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return Reminder.objects.count() - before


def holders(today: date, city: int | None) -> dict[tuple[str, int], set[int]]:
    """(role, unit) → people; a section's people count for its branch, city-wide roles for every unit and the city's."""
    found: dict[tuple[str, int], set[int]] = {}
    units = {*Duty.objects.open().values_list("unit_id", flat=True).distinct(), city}
    grants = RoleGrant.objects.in_force(today).filter(user__is_active=True)
    for grant in grants.select_related("unit__serves", "unit__parent"):
        reach = units if grant.role in CITY_WIDE else [grant.unit_id, grant.unit.drawing_unit.pk]
        for unit in reach:
            found.setdefault((grant.role, unit), set()).add(grant.user_id)
    return found


class _Part:
    """Whether whom a reminder was planned for still has the part that it was planned for."""

    def __init__(self, today: date):
        self.city = Unit.objects.filter(kind=UnitKind.CITY_TEAM).values_list("pk", flat=True).first()
        self.people = holders(today, self.city)
        # (unit, person): who holds any role there, or in the city's team, which is told what is held above a unit.
        self.any = {(unit, user) for (_, unit), users in self.people.items() for user in users}

    def holds(self, row: Reminder) -> bool:
        """Whether the duty is his to do, and not only his to hear of."""
        duty = row.duty
        unit = self.city if _held_above(duty) else duty.unit_id
        return row.user_id == duty.person_id or row.user_id in self.people.get((duty.role, unit), ())

    def has(self, row: Reminder) -> bool:
        """By the role that the step tells; of one person's own duty, and of what a room plans itself, by any role there."""
        duty, step = row.duty, "".join(row.key.split(":")[-2:-1])
        if row.user_id == duty.person_id or not step.startswith(("before", "after")):
            return bool({(duty.unit_id, row.user_id), (self.city, row.user_id)} & self.any)
        city = policy.on(row.due_on).recommended.escalation_days[2]
        role = duty.role if step.startswith("before") else Role.SUPERVISOR if step == f"after{city}" else Role.APPROVER
        unit = self.city if _held_above(duty) else duty.unit_id
        return any(row.user_id in self.people.get((r, unit), ()) for r in roles_told(duty, step, role, row.due_on))


def send_reminders(now: datetime) -> int:
    """Turn waiting reminder rows into messages, and into one mail to each person. Several workers may run this at once.

    What is done reminds nobody. Whoever has no part in it now is not reminded; his row waits, and is sent once he has it
    again while the duty is open: of several about one duty the newest.
    """
    sent, calendar, part, last = 0, workdays.calendar(), None, 0
    while True:
        with transaction.atomic():
            rows = _of_the_next_person(last)
            if not rows:
                return sent
            last, part = rows[0].user_id, part or _Part(now.date())
            still = [r for r in rows if r.duty.closed_at is None]
            waiting = {r.pk for r in still if not part.has(r)}
            told = list({r.duty_id: r for r in still if r.pk not in waiting}.values())
            key = f"digest:{now.date()}:{told[0].pk}" if told else ""
            messages = [
                Message(
                    user=row.user,
                    title=f"{row.duty.unit}：{row.duty.title}"[:120],
                    body=f"{_when(row.duty, now.date(), calendar)}{row.duty.consequence}"[:400],
                    url=row.duty.url,
                    created_at=now,
                    duty=row.duty,
                    turn=row.duty.role if part.holds(row) else "",
                    mail=key_for(row.user, key),
                )
                for row in told
            ]
            Message.objects.bulk_create(messages)
            if messages:
                _mail_digest(messages, key, now)
            Reminder.objects.filter(pk__in={r.pk for r in rows} - waiting).update(sent_at=now)
            sent += len(told)


def _of_the_next_person(last: int) -> list[Reminder]:
    """What waits for one person, so that his mail has all of it: whoever locks the first of his rows has him."""
    unsent = Reminder.objects.filter(sent_at__isnull=True)
    earlier = unsent.filter(user=OuterRef("user"), pk__lt=OuterRef("pk"))
    free = unsent.select_for_update(skip_locked=True, of=("self",))
    first = free.filter(~Exists(earlier), user__gt=last).order_by("user_id").first()
    if first is None:
        return []
    return list(free.filter(user=first.user_id).select_related("duty__unit", "user").order_by("pk"))


def _when(duty: Duty, today: date, calendar: Calendar) -> str:
    provisional = "（暂定）" if duty.provisional else ""
    return f"{due_date(duty.due, today)}前{provisional}，{left_of(duty, today, calendar)[0]}。{duty.late_words}"


def _mail_digest(messages: list[Message], key: str, now: datetime) -> None:
    """One mail to one person for everything of this round, and how much he has before him altogether (domain.md 8.1: 每日汇总)."""
    user = messages[0].user
    told = folding.lines(messages, set())
    subject = f"{len(messages)} 件事临近或超过期限" if len(told) > 1 else f"{told[0].title}{folding.times(told[0].n)}"
    body = "\n".join(f"{m.title}{folding.times(m.n)}\n{m.body}\n" for m in told) + _altogether(user, now.date())
    mail(user=user, key=key, subject=subject, body=body.strip(), at=now, url=INBOX)


def _altogether(user: User, today: date) -> str:
    """Numbers only: what else he has to do, he reads in the system."""
    count, late = counted(user, today)
    return f"\n待办里一共 {count} 件{f'，其中 {late} 件已经逾期' if late else ''}。\n" if user.email and count else ""


# --- by hand ----------------------------------------------------------------------------------------------------------

BY_HAND = ":urged"


def why_not_urge(duties: Sequence[Duty], user: User, today: date) -> str:
    """Whoever may send a 督办 may remind by hand, once a day, of what is overdue."""
    if not duties or any(d.closed_at or d.due >= today for d in duties):
        return "这件事已经办结，或者还没有到期限，不用催。看下面现在的情况。"
    if not all(user.may(Permission.INSTRUCT, duty.unit) for duty in duties):
        return "由市执法队监督员、牵头部门或者市局催办。"
    if not _by_hand(duties, today):
        return "没有账号在办这件事，催不到人。由授权管理员先授权，或者线下联系。"
    return ""


@transaction.atomic
def urge(
    *, duties: Sequence[Duty], by: User, refused: Callable[[Sequence[Duty], User, date], str] = why_not_urge
) -> int:
    """催: whoever has it to do is told once more, by the worker like every other reminder. Returns how many people.

    `refused`: the rule of a room whose leaders remind their own people; without it only who may send a 督办 does.
    """
    now = clock.now()
    asked = Duty.objects.filter(pk__in=[d.pk for d in duties]).select_related("unit")
    # In one order: of two presses on the same rows neither waits for what the other holds.
    held = list(asked.select_for_update(of=("self",)).order_by("pk"))
    refuse_if(refused(held, by, now.date()))
    rows = _by_hand(held, now.date())
    refuse_if("今天已经催过。明天还没有办结的，再催。" if _already(rows) else "")
    Reminder.objects.bulk_create(rows)
    more = f"等 {len(held)} 件" if len(held) > 1 else ""
    what = f"{held[0].title}{more}"  # by its number: who may know the name is another matter
    trail.record("notices.duty.urged", by=by, unit=held[0].unit, rule=held[0].rule, count=len(held), matter=what)
    return len({row.user_id for row in rows})


def urged(duties: Iterable[Duty]) -> dict[int, list[date]]:
    """Duty → the days on which somebody was reminded of it by hand; one query."""
    found: dict[int, list[date]] = {}
    told = Reminder.objects.filter(duty__in=list(duties), key__contains=BY_HAND).order_by("due_on")
    for duty, day in told.values_list("duty", "due_on").distinct():
        found.setdefault(duty, []).append(day)
    return found


def _by_hand(duties: Sequence[Duty], today: date) -> list[Reminder]:
    city = Unit.objects.filter(kind=UnitKind.CITY_TEAM).values_list("pk", flat=True).first()
    people, rows = holders(today, city), []
    for duty in duties:
        for user in sorted(_people_told(duty, duty.role, people, city if _held_above(duty) else duty.unit_id)):
            key = f"{duty.rule}:{duty.unit_id}:{duty.period}:{duty.due}{BY_HAND}{today}:{user}"
            rows.append(Reminder(key=key, duty=duty, user_id=user, due_on=today))
    return rows


def _already(rows: Iterable[Reminder]) -> bool:
    return Reminder.objects.filter(key__in=[row.key for row in rows]).exists()
