"""A statement is looked through by the officer, then by the leader; one that was taken back is withdrawn (四(3)-f)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import considered_due, withdrawal_due
from benxi_shuangsuiji.notices.duties import Step

from .models import OwnWords

WORDS = Step("WORDS", "核查企业说明", button="去核查", buttons={Role.APPROVER: "去批准"}, stage="公示")


def _url(words: OwnWords) -> str:
    return reverse("disclosure:statement-desk", args=[words.no])


def received(words: OwnWords) -> None:
    due = considered_due(words.at.date(), workdays.calendar())
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
    """As with everything that must not stay public."""
    due, title = withdrawal_due(words.taken_back_at.date(), workdays.calendar()), f"撤下企业说明 {words.no}"
    WORDS.give_back(words.unit, words.no, title=title, due=due)
    WORDS.hand_over(words.unit, words.no, role=Role.DISCLOSURE_OFFICER, title=title, url=_url(words))


def over(words: OwnWords, event: str, at: datetime) -> None:
    WORDS.close(words.unit, words.no, event, at)
