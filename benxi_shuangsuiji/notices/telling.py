"""Messages: whoever gets something to do, or gets it back, is told at once (七(四), ui.md 7.2)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import RoleGrant, Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import CITY_WIDE, Role

from .models import Duty, Message, OutgoingMail

INBOX = "/desk/inbox/"


def tell(
    *,
    role: str,
    unit: Unit,
    key: str,
    title: str,
    body: str = "",
    url: str = "",
    by: User | None = None,
    duty: Duty | None = None,
) -> None:
    """Tell everybody who holds this role for the unit, but not the one who acted.

    What has to be done for this unit at that address, in that role, is what the message announces, and it ends with it.
    `duty` says so where it is known, and must where it is another unit's, as the city team's for the bureau.
    """
    now, duty = clock.now(), duty or announced(role, unit, url)
    for user in holders_of(role, unit, now):
        if by is None or user.pk != by.pk:
            notify(user=user, key=f"{key}:{now.isoformat()}", title=title, body=body, url=url, at=now, duty=duty)


def announced(role: str, unit: Unit, url: str) -> Duty | None:
    """The unit's open duty of this role with this address, the newest of several.

    For city-wide roles too: what they have to do for each unit stands on one page of all of them.
    """
    return Duty.objects.open().filter(role=role, unit=unit, url=url).order_by("pk").last() if url else None


def holders_of(role: str, unit: Unit, now: datetime) -> list[User]:
    """Who holds a role today: in the unit, in a section that works for it, or city-wide."""
    grants = RoleGrant.objects.in_force(now.date()).filter(role=role, user__is_active=True).select_related("user")
    if role not in CITY_WIDE:
        sections = Q(unit__serves=unit) | Q(unit__parent=unit, unit__kind=UnitKind.HQ_SECTION)
        grants = grants.filter(Q(unit=unit) | sections)
    return list({grant.user_id: grant.user for grant in grants.order_by("user_id")}.values())


def leads_itself(section: Unit) -> bool:
    """Whether a section has a leader of its own (五-2e)."""
    return RoleGrant.objects.in_force(clock.today()).filter(unit=section, role=Role.APPROVER).exists()


def notify(*, user: User, key: str, title: str, body: str, url: str, at: datetime, duty: Duty | None = None) -> None:
    """Put a message into the inbox and, if there is an address, a mail into the outbox. `duty`: what whoever is told has to do."""
    message = Message(user=user, title=title[:120], body=body[:400], url=url, created_at=at, duty=duty)
    message.turn, message.mail = duty.role if duty else "", key_for(user, key)
    message.save()
    # The mail leads to the message, whose own address may say what it is about.
    mail(user=user, key=key, subject=title, body=body, at=at, url=f"{INBOX}{message.pk}/")


def key_for(user: User, key: str) -> str:
    """Of his mail; "" for whoever has no address."""
    return f"{key}:{user.pk}"[:120] if user.email else ""


def mail(*, user: User, key: str, subject: str, body: str, at: datetime, url: str = "") -> None:
    """Put a mail into the outbox, once for each key, if there is an address."""
    if user.email:
        _put_out(key=key_for(user, key), subject=subject, body=body, created_at=at, url=url, user=user)


def mail_out(*, to: str, key: str, subject: str, body: str, at: datetime, url: str = "") -> None:
    """The same to somebody who has no account, such as who objects to a publication (四(3)-f)."""
    _put_out(key=key, subject=subject, body=body, created_at=at, url=url, to=to)


def _put_out(*, key: str, subject: str, **words) -> None:
    title = " ".join(f"【双随机】{subject}".split())[:150]  # a line break would end the head of a mail
    OutgoingMail.objects.bulk_create([OutgoingMail(key=key[:120], subject=title, **words)], ignore_conflicts=True)


def tell_people(
    users: Iterable[int | None], title: str, body: str, url: str, duty: Duty | None = None, *, asks: bool = True
) -> None:
    """A message that names nobody (decisions.md 3). `duty`: what it announces, and ends with.

    `asks`: whether it is theirs to do; whom only its end concerns is not asked to press its button.
    """
    tell_each(dict.fromkeys(users, (title, duty)), body, url, asks=asks)


def tell_each(told: Mapping[int | None, tuple[str, Duty | None]], body: str, url: str, *, asks: bool = True) -> None:
    """The same, each with a title and a duty of his own; None stands for people without an account."""
    now = clock.now()
    Message.objects.bulk_create(
        Message(
            user_id=u,
            title=title,
            body=body,
            url=url,
            created_at=now,
            duty=duty,
            turn=duty.role if duty and asks else "",
        )
        for u, (title, duty) in told.items()
        if u
    )
