"""Reminders so many days before a certificate ends, to the person and to who keeps the registry (六(三)-i)."""

from datetime import date, datetime, timedelta

from django.db.models import Q

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import reminders
from benxi_shuangsuiji.notices.models import Reminder
from registry.models import CertificateStatus, Inspector

from .duties import CERTIFICATE


def step(until: date, today: date) -> int | None:
    """The latest step that has come, or None when it is too early or too late."""
    left = (until - today).days
    return min((n for n in days_ahead(today) if left <= n), default=None) if left >= 0 else None


def days_ahead(today: date) -> tuple[int, ...]:
    return policy.on(today).recommended.certificate_warning_days


def remind(at: datetime) -> int:
    """Open a duty for each card that ends soon, plan its reminders, close the duties of cards renewed or given up.

    Returns how many reminders are new; running twice changes nothing.
    """
    today, calendar = at.date(), workdays.calendar()
    _close_settled(at)
    ending = list(
        Inspector.objects.certified(today)
        .filter(certificate_to__lte=today + timedelta(days=max(days_ahead(today))))
        .filter(Q(left_on__isnull=True) | Q(left_on__gt=today))
        .select_related("unit", "unit__serves", "unit__parent")
        .order_by("certificate_to", "code")
    )
    for person in ending:
        CERTIFICATE.open(
            person.unit.drawing_unit,
            _period(person),
            role=Role.REGISTRAR,
            title=f"{person.name}的执法证 {person.certificate_to.isoformat()} 到期",
            due=calendar.fixed(person.certificate_to),
            url=person.get_absolute_url(),
            consequence="办理换证并登记新的有效期。到期后不能参加抽取和检查。",
        )
    opened = {d.period: d for d in CERTIFICATE.duties.filter(period__in=[_period(person) for person in ending])}
    holders = reminders.holders(today, None)
    rows = []
    for person in ending:
        if (duty := opened.get(_period(person))) is None:
            continue  # of time before the day of first use
        told = set(holders.get((Role.REGISTRAR, duty.unit_id), ())) | ({person.user_id} if person.user_id else set())
        for user in sorted(told):
            key = f"{CERTIFICATE}:{duty.period}:{step(person.certificate_to, today)}:{user}"
            rows.append(Reminder(key=key, duty=duty, user_id=user, due_on=today))
    before = Reminder.objects.count()
    Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return Reminder.objects.count() - before


def _period(person: Inspector) -> str:
    """Whose card, and which end of it."""
    return f"{person.code}:{person.certificate_to.isoformat()}"


def _close_settled(at: datetime) -> None:
    """A duty is done when the card has another end, or the person does not need it any more."""
    waiting = {d.period.rpartition(":")[0]: [] for d in CERTIFICATE.duties.open()}
    people = {p.code: p for p in Inspector.objects.filter(code__in=waiting)}
    for duty in CERTIFICATE.duties.open():
        code, _, until = duty.period.rpartition(":")
        person = people.get(code)
        if (
            person is None
            or person.left_on
            or person.certificate_status == CertificateStatus.REVOKED
            or person.certificate_to is None
            or person.certificate_to.isoformat() != until
        ):
            duty.closed_at, duty.closed_by = at, "执法证已更换或不再需要"
            duty.save(update_fields=["closed_at", "closed_by"])
