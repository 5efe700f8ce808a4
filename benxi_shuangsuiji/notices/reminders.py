"""Reminders and mail: each goes out once, also when the worker is killed in between (reliability.md P12)."""

import logging
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q

from benxi_shuangsuiji.accounts.models import RoleGrant
from benxi_shuangsuiji.accounts.roles import CITY_WIDE, Role
from benxi_shuangsuiji.workdays.days import Calendar, due_date, remaining

from .duties import REMIND_BEFORE
from .models import Duty, OutgoingMail, Reminder
from .telling import notify as notify

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
# Rules whose app plans the reminders itself; it adds the rule in its `ready()`.
OWN_REMINDERS: set[str] = set()


def step_of(duty: Duty, today: date, calendar: Calendar) -> tuple[str, str] | None:
    """Return (step, role) of the latest reminder that is due today, or None when it is too early.

    Before the date the duty's own role is told 10, 5, 2 and 0 working days ahead of the target; one day after the date
    the unit's leader, three days after it the city supervisor.
    """
    if today >= duty.due + timedelta(days=3):
        return "after3", Role.SUPERVISOR
    if today > duty.due:
        return "after1", Role.APPROVER
    starts = {n: calendar.subtract_workdays(duty.target, n) if n else duty.target for n in REMIND_BEFORE}
    steps = [n for n, start in starts.items() if today >= start]
    return (f"before{min(steps)}", duty.role) if steps else None


def plan_reminders(today: date, calendar: Calendar) -> int:
    """Write a row for every reminder that is due; a row that exists is left alone. Returns how many rows are new."""
    rows = []
    people = holders(today)
    for duty in Duty.objects.open().select_related("unit").order_by("pk"):
        step = step_of(duty, today, calendar)
        if not step or duty.rule in OWN_REMINDERS:
            continue
        for user_id in people.get((step[1], duty.unit_id), ()):
            key = f"{duty.rule}:{duty.unit_id}:{duty.period}:{duty.due}:{step[0]}:{user_id}"
            rows.append(Reminder(key=key, duty=duty, user_id=user_id, due_on=today))
    before = Reminder.objects.count()
    Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return Reminder.objects.count() - before


def holders(today: date) -> dict[tuple[str, int], set[int]]:
    """(role, unit) → people; a section's people count for its branch, city-wide roles for every unit."""
    found: dict[tuple[str, int], set[int]] = {}
    units = list(Duty.objects.open().values_list("unit_id", flat=True).distinct())
    grants = (
        RoleGrant.objects.filter(valid_from__lte=today, user__is_active=True)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
        .select_related("unit__serves", "unit__parent")
    )
    for grant in grants:
        reach = units if grant.role in CITY_WIDE else [grant.unit_id, grant.unit.drawing_unit.pk]
        for unit in reach:
            found.setdefault((grant.role, unit), set()).add(grant.user_id)
    return found


def send_reminders(now: datetime) -> int:
    """Turn waiting reminder rows into messages and mails. Several workers may run this at once."""
    sent = 0
    while True:
        with transaction.atomic():
            rows = list(
                Reminder.objects.filter(sent_at__isnull=True)
                .select_for_update(skip_locked=True, of=("self",))
                .select_related("duty", "user", "duty__unit")
                .order_by("pk")[:100]
            )
            if not rows:
                return sent
            open_rows = [r for r in rows if r.duty.closed_at is None]  # nobody is reminded of what is done
            for row in open_rows:
                notify(
                    user=row.user,
                    key=f"reminder:{row.key}",
                    title=f"{row.duty.unit}：{row.duty.title}",
                    body=f"{due_date(row.duty.due, now.date())}前，{remaining(row.duty.due, now.date())}。{row.duty.consequence}",
                    url=row.duty.url,
                    at=now,
                )
            Reminder.objects.filter(pk__in=[r.pk for r in rows]).update(sent_at=now)
            sent += len(open_rows)


def send_mails(now: datetime) -> int:
    """Send what is in the outbox; after three failures a mail stays with its error."""
    sent = 0
    while True:
        with transaction.atomic():
            mail = (
                OutgoingMail.objects.filter(sent_at__isnull=True, attempts__lt=MAX_ATTEMPTS)
                .filter(Q(error="") | Q(created_at__lt=now - timedelta(minutes=1)))
                .select_for_update(skip_locked=True)
                .order_by("attempts", "pk")
                .first()
            )
            if mail is None:
                return sent
            mail.attempts += 1
            try:
                send_mail(mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.to])
                mail.sent_at, mail.error = now, ""
                sent += 1
            except OSError as trouble:
                mail.error = str(trouble)[:300]
                log.warning("mail %s: %s", mail.pk, trouble)
            mail.save()
            if mail.error:
                return sent  # the next round tries again
