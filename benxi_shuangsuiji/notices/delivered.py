"""Who was told of which duty, when, by which way, and what became of it (issue 16): for whoever answers for it that people hear.

It says what kind of duty and of which unit, never the words of a message, which may name a person or a thing. Of checks whose names
are not public the kind alone would tell how far they are (decisions.md 3): who is not in the circle finds no row of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays.days import table_moment

from .models import Message, OutgoingMail, of_the_city, of_the_unit

KINDS = {"": "全部", "unread": "未读，事情未办结", "unsent": "邮件没有发出"}
MOST = 10_000


@dataclass(frozen=True)
class Delivery:
    message: Message
    mail: OutgoingMail | None

    @property
    def way(self) -> str:
        return "系统内、邮件" if self.message.mail else "系统内"

    @property
    def outcome(self) -> str:
        if self.message.read_at:
            return f"{table_moment(self.message.read_at)} 已读"
        return f"没有读，{self.message.ended}" if self.message.ended else "没有读"

    @property
    def mailed(self) -> str:
        if self.mail is None:
            return "" if self.message.mail else "账号没有邮箱"
        if self.mail.sent_at and self.mail.error:  # no server was named: dealt with, and gone nowhere
            return self.mail.error.rstrip("。")
        if self.mail.sent_at:
            return f"邮件 {table_moment(self.mail.sent_at)} 已发"
        why = f"：{self.mail.error}" if self.mail.error else ""
        return f"邮件发不出，已经放弃{why}" if self.mail.given_up_at else f"邮件等着发{why}"


def known_to(user: User, kind: str, who: str) -> QuerySet[Message]:
    """Newest first; `who`: a part of somebody's name."""
    everybodys = Q(duty__rule__in={*of_the_unit(), *of_the_city()})
    circle = Q(duty__unit__in=user.units_with(Permission.SEE_SEALED))
    found = Message.objects.filter(everybodys | circle, duty__isnull=False)
    if who:
        found = found.filter(user__full_name__contains=who)
    if kind == "unread":
        found = found.waiting()
    if kind == "unsent":
        not_out = Q(sent_at__isnull=True) | ~Q(error="")
        found = found.filter(Exists(OutgoingMail.objects.filter(not_out, key=OuterRef("mail"))))
    return found.select_related("duty__unit", "user")


def of(messages: Iterable[Message]) -> list[Delivery]:
    """One query for their mails."""
    messages = list(messages)
    mails = OutgoingMail.objects.in_bulk({m.mail for m in messages if m.mail}, field_name="key")
    return [Delivery(message, mails.get(message.mail)) for message in messages]
