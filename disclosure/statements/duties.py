"""A statement is looked through by the officer, then by the leader; one that was taken back is withdrawn (四(3)-f)."""

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import considered_due, withdrawal_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.workdays.days import Calendar, Due

from .models import OwnWords

WORDS = Step("WORDS", "核查企业说明", button="核查说明", buttons={Role.APPROVER: "批准说明"}, stage="公示")


def _url(words: OwnWords) -> str:
    return reverse("disclosure:statement-desk", args=[words.no])


def due_of(words: OwnWords, calendar: Calendar) -> Due:
    """When whoever has it must have done with it: looked through, or withdrawn as everything that must not stay public."""
    if words.taken_back_at:
        return withdrawal_due(localtime(words.taken_back_at).date(), calendar)
    return considered_due(localtime(words.at).date(), calendar)


def received(words: OwnWords) -> None:
    due = due_of(words, workdays.calendar())
    title = f"核查企业说明 {words.no}"
    WORDS.open(words.unit, words.no, role=Role.DISCLOSURE_OFFICER, title=title, due=due, url=_url(words))


def asked(words: OwnWords, by: User) -> None:
    WORDS.hand_over(
        words.unit, words.no, role=Role.APPROVER, title=f"批准公开企业说明 {words.no}", url=_url(words), by=by
    )


def back(words: OwnWords, by: User) -> None:
    title = f"再核查企业说明 {words.no}"
    WORDS.hand_over(words.unit, words.no, role=Role.DISCLOSURE_OFFICER, title=title, url=_url(words), by=by)


def to_withdraw(words: OwnWords) -> None:
    due, title = due_of(words, workdays.calendar()), f"撤下企业说明 {words.no}"
    WORDS.give_back(words.unit, words.no, title=title, due=due)
    WORDS.hand_over(words.unit, words.no, role=Role.DISCLOSURE_OFFICER, title=title, url=_url(words))


def over(words: OwnWords, event: str, at: datetime) -> None:
    WORDS.close(words.unit, words.no, event, at)
