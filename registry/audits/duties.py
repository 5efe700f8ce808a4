"""Each registry has one open audit: its keeper's, or first that somebody is appointed (六(二)-e, D-13)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import Calendar, Due
from registry.models import Book, RegistryAudit

from . import standing


def reckoned(duty: Duty, calendar: Calendar) -> Due:
    """When an open audit is due by the numbers of its month, after one of them was changed (附-b)."""
    book, _, month = duty.period.partition(":")
    return calendar.fixed(standing.due_in(duty.unit, book, month))


def named(duty: Duty) -> str:
    """审核检查对象名录: each month has two, which stood in one list with the same words (issue 16)."""
    return f"审核{dict(Book.choices).get(duty.period.partition(':')[0], '名录')}"


def _signed_this_month(duties: Sequence[Duty], today: date) -> dict[int, str]:
    """It is signed once a month (`rules.why_not_sign`): the next one has no button before its month has come."""
    month = today.replace(day=1)
    signed = set(RegistryAudit.objects.filter(month=month).values_list("unit_id", "book"))
    words = f" {(month + timedelta(31)).month} 月 1 日再审核"
    audits = (duty for duty in duties if duty.role == Role.REGISTRAR)  # to appoint its keeper waits for no month
    return {duty.pk: words for duty in audits if (duty.unit_id, duty.period.partition(":")[0]) in signed}


AUDIT = Step(
    "D-13",
    button="审核名录",
    stage="名录",
    reckoned=reckoned,
    named=named,
    of_the_city=True,
    held_up=_signed_this_month,
)


def open_of(unit: Unit, book: str):
    """The open duty of one registry."""
    return AUDIT.duties.open().filter(unit=unit, period__startswith=f"{book}:")


def sync(unit: Unit, book: str, at: datetime, now: standing.Standing | None = None) -> None:
    """Keep one open duty per registry: the keeper's audit, or first that somebody is appointed. `now`: how it stands."""
    if first_use.day() is None:
        return  # nobody has said from when it is due (二-a)
    now = now or standing.standing(unit, book, localtime(at).date())
    role = Role.REGISTRAR if now.keeper else Role.PLANNER
    title = f"审核{now.book.label}（{now.keeper.person.full_name}）" if now.keeper else f"指定{now.book.label}的专人"
    url = now.page if now.keeper else f"/desk/keepers/?unit={unit.code}"
    if open_of(unit, now.book).update(role=role, title=title, url=url, consequence=now.too_old_words):
        return  # its date stays, however long it is over
    AUDIT.open(
        unit,
        f"{now.book}:{now.due:%Y-%m}",
        role=role,
        title=title,
        due=workdays.calendar().fixed(now.due),
        url=url,
        consequence=now.too_old_words,
    )
