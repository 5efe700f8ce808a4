"""A secret address for one's calendar program (ui.md 7): opened, revoked, read. It names no facility and no person."""

import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.agenda import rule_words
from benxi_shuangsuiji.notices.deadlines import ics, rows
from benxi_shuangsuiji.notices.models import CalendarFeed, Duty
from benxi_shuangsuiji.workdays.days import Calendar, full_date, weekday

DAYS_AHEAD = 200  # this quarter and the next


@transaction.atomic
def open_feed(*, by: User) -> str:
    """Give a person a new secret address and revoke the old one. The token is returned once and kept nowhere."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    now, token = clock.now(), secrets.token_urlsafe(32)
    CalendarFeed.objects.filter(user=by, revoked_at__isnull=True).update(revoked_at=now)
    CalendarFeed.objects.create(user=by, digest=CalendarFeed.digest_of(token), created_at=now)
    trail.record("notices.feed.opened", by=by, about=by)
    return token


@transaction.atomic
def revoke_feed(*, by: User) -> int:
    """Switch a person's address off; returns how many were open."""
    closed = CalendarFeed.objects.filter(user=by, revoked_at__isnull=True).update(revoked_at=clock.now())
    if closed:
        trail.record("notices.feed.revoked", by=by, about=by)
    return closed


def reader_of(token: str) -> User | None:
    """Whose address this is; None when it was revoked or the account was switched off."""
    found = CalendarFeed.objects.filter(digest=CalendarFeed.digest_of(token), revoked_at__isnull=True)
    feed = found.select_related("user").first()
    return feed.user if feed and feed.user.is_active else None


def events(user: User, units, today: date, calendar: Calendar, site: str) -> list[ics.Event]:
    """The person's own open duties, and what the timetable will give him soon.

    Titles are those of the rules, because the address opens without a login: a duty's own title may name a person, and
    one of a check is counted in secret.
    """
    link = site + reverse("notices:deadline-list")
    own = Duty.objects.visible_to(user).open().select_related("unit").prefetch_related("moves")
    found = [
        _event(
            f"duty-{duty.pk}",
            f"{duty.unit}：{duty.name}",
            duty.due,
            duty.target,
            duty.provisional,
            rule_words(duty.rule),
            link,
            moved=len(duty.moves.all()),
        )
        for duty in own.order_by("target", "pk")
    ]
    roles = {(grant.role, grant.unit.drawing_unit.pk) for grant in user.grants_in_force()}
    for row in rows.rows(user, units, today, today + timedelta(days=DAYS_AHEAD), today, calendar):
        if row.state == "coming" and row.law.opens.by_itself and (row.law.role, row.unit.pk) in roles:
            found.append(
                _event(
                    f"{row.law.id}-{row.unit.code}-{row.due.date.isoformat()}",
                    f"{row.unit}：{row.title}",
                    row.due.date,
                    row.due.target,
                    row.due.provisional,
                    rule_words(row.law.id),
                    link,
                )
            )
    return found


def _event(uid, title, due, target, provisional, rule, link, moved=0) -> ics.Event:
    words = f"{full_date(due)}（{weekday(due)}）前"
    if target != due:
        words += f"，这天休息，{full_date(target)}（{weekday(target)}）前办完"
    if provisional:
        words += "。暂定：放假安排尚未公布"
    summary = title + ("（暂定）" if provisional else "")
    return ics.Event(
        uid=f"{uid}@benxi-shuangsuiji",
        summary=summary,
        description=f"{words}。\n{rule}。\n登录工作台办理。",
        first=target,
        last=due,
        moved=moved,
        url=link,
    )


def file(user: User, units, now: datetime, calendar: Calendar, site: str) -> bytes:
    """The whole subscription as its reader's program gets it."""
    return ics.calendar("双随机时限", events(user, units, now.date(), calendar, site), at=now)
