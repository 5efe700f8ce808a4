"""Mail on its way out: claimed and committed, then sent, then marked, so that no server holds a transaction (operations.md 4, 5).

A mail that could not be sent is tried again, ever more seldom, for two days; then it stays with its reason until the
administrator sends it again. Whoever is killed between sending and marking sends it once more, under the same Message-ID,
so that a mailbox that compares them shows one.
"""

import logging
import smtplib
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if

from . import webhook
from .models import OutgoingMail

log = logging.getLogger(__name__)
CLAIM = timedelta(minutes=5)  # longer than one mail can take; who has died in between lets go of it then
BACK_OFF = [timedelta(minutes=n) for n in (1, 2, 5, 15, 30, 60, 120, 240)]
KEPT_TRYING = timedelta(days=2)
LEAST_ATTEMPTS = 4  # a worker that was down for days does not give up at its first failure
AGAIN_WITHIN = timedelta(days=7)  # after that a reminder reminds of nothing
AWAY = "邮件服务器："
NOWHERE = "账号没有邮箱，或者已经停用。"
NO_SERVER = "没有设邮件，这封没有发出。"
# To whom a mail can go: an account in use with an address, or whoever has none and was not forgotten meanwhile.
REACHED = Q(user__is_active=True) & ~Q(user__email="") | Q(user=None) & ~Q(to="")


class OnlyLogged(BaseEmailBackend):
    """Without a mail server (EMAIL_URL): a mail is counted and goes nowhere, nor does the log have its words."""

    def send_messages(self, email_messages):
        log.info("%s mails not sent: no EMAIL_URL", len(email_messages))
        return len(email_messages)


def unsent() -> QuerySet[OutgoingMail]:
    """What is on its way; whoever was forgotten meanwhile, or can be reached no more, is not written to."""
    return OutgoingMail.objects.filter(REACHED, sent_at=None, given_up_at=None)


def given_up() -> QuerySet[OutgoingMail]:
    """What was tried for two days in vain and can still be sent again."""
    return OutgoingMail.objects.filter(REACHED, sent_at=None, given_up_at__gt=clock.now() - AGAIN_WITHIN)


def send_due() -> int:
    """Send what is due; several workers may at once. A server that does not answer is left alone until the next wake-up."""
    sent, line = 0, None
    _lay_aside()
    try:
        while (mail := _claim()) is not None:
            try:
                if mail.to == webhook.TO:
                    webhook.post(mail.body)
                else:
                    if line is None:
                        line = get_connection()
                        line.open()
                    _message(mail, line).send()
            except Exception as trouble:
                _put_off(mail, trouble)
                line = _closed(line)
                if not _is_about_it_alone(trouble):
                    break
            else:
                _mark_sent(mail)
                sent += 1
    finally:
        _closed(line)
    if sent:  # the server is back: what it kept waiting need not wait for its turn
        unsent().filter(error__startswith=AWAY, attempts__gt=0).update(due_at=None, error="")
    return sent


def why_not_again(user: User) -> str:
    if not user.units_with(Permission.MANAGE_SYSTEM):
        return "由系统管理员再发。"
    return "" if given_up().exists() else "没有发不出去的邮件。"


@transaction.atomic
def send_again(*, by: User) -> int:
    """Try what was given up anew, for two days more; the worker sends it."""
    mails = given_up().select_for_update(of=("self",))
    count = len(mails)
    refuse_if(why_not_again(by))
    mails.update(given_up_at=None, due_at=None, attempts=0, tried_since=clock.now())
    trail.record("notices.mails.again", by=by, count=count)
    return count


def _lay_aside() -> None:
    """What has no address any more: it must not go out months later, when there is one again. Within days somebody can still
    have it sent (`given_up`)."""
    waiting = OutgoingMail.objects.filter(sent_at=None, given_up_at=None).exclude(user=None).exclude(REACHED)
    waiting.update(given_up_at=clock.now(), due_at=None, error=NOWHERE)


@transaction.atomic
def _claim() -> OutgoingMail | None:
    now = clock.now()
    due = unsent().filter(Q(due_at=None) | Q(due_at__lte=now)).select_related("user")
    free = due.select_for_update(skip_locked=True, of=("self",))
    mail = free.order_by(F("due_at").asc(nulls_first=True), "pk").first()
    if mail is None:
        return None
    # Without the error of last time: what is being sent is not among those that a server kept waiting (`send_due`).
    mail.attempts, mail.due_at, mail.error = mail.attempts + 1, now + CLAIM, ""
    mail.save(update_fields=["attempts", "due_at", "error"])
    return mail


def _mark_sent(mail: OutgoingMail) -> None:
    """Dealt with. Where no server was named it went nowhere, and says so: nobody may read that it was sent (issue 16)."""
    nowhere = settings.EMAIL_BACKEND.endswith(OnlyLogged.__name__) and mail.to != webhook.TO
    error = NO_SERVER if nowhere else ""
    OutgoingMail.objects.filter(pk=mail.pk).update(sent_at=clock.now(), error=error, due_at=None)


def _put_off(mail: OutgoingMail, trouble: Exception) -> None:
    now = clock.now()
    words = _words(trouble)
    log.warning("mail %s: %s", mail.pk, words)
    over = mail.attempts >= LEAST_ATTEMPTS and now - (mail.tried_since or mail.created_at) > KEPT_TRYING
    wait = BACK_OFF[min(mail.attempts, len(BACK_OFF)) - 1]
    when: dict[str, datetime | None] = {"given_up_at": now, "due_at": None} if over else {"due_at": now + wait}
    OutgoingMail.objects.filter(pk=mail.pk).update(error=words, **when)


def _is_about_it_alone(trouble: Exception) -> bool:
    """Whether it is this mail that cannot be sent, and the next may be tried at once."""
    of_one = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused)
    return isinstance(trouble, of_one) or not isinstance(trouble, OSError)


def _words(trouble: Exception) -> str:
    """What the administrator reads; the server's own words may hold an address, and stay out."""
    if isinstance(trouble, webhook.NotTaken):
        return str(trouble)
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return f"收件地址被拒收（{', '.join(sorted({str(code) for code, _ in trouble.recipients.values()}))}）。"
    if isinstance(trouble, smtplib.SMTPAuthenticationError):
        return f"{AWAY}账号或口令不对（{trouble.smtp_code}）。"
    if isinstance(trouble, (smtplib.SMTPDataError, smtplib.SMTPSenderRefused)):
        return f"邮件被拒收（{trouble.smtp_code}）。"
    if isinstance(trouble, (TimeoutError, smtplib.SMTPServerDisconnected)):
        return f"{AWAY}{settings.EMAIL_TIMEOUT} 秒没有回应，或者中断了连接。"
    if isinstance(trouble, OSError):
        return f"{AWAY}连不上（{type(trouble).__name__}）。"
    return f"这封邮件写不成（{type(trouble).__name__}）。"


def _closed(line: BaseEmailBackend | None) -> None:
    if line is not None:
        with suppress(Exception):
            line.close()


def _message(mail: OutgoingMail, line: BaseEmailBackend) -> EmailMessage:
    """Words, the address where it is dealt with, and whose system writes; the link says nothing about what it is."""
    site = settings.SITE_URL.rstrip("/")
    lines = [mail.body or mail.subject, ""]
    if mail.url:
        lines += [f"打开：{site}{mail.url}", ""]
    lines += ["—", f"{this_city().name}生态环境执法“双随机、一公开”系统　{site}/", "这封邮件由系统发出，不用回复。"]
    host = urlsplit(site).hostname or "localhost"
    known = {"Message-ID": f"<{mail.pk}.{mail.created_at:%Y%m%d%H%M%S%f}@{host}>"}
    to = [mail.user.email if mail.user else mail.to]
    words = "\n".join(lines)
    return EmailMessage(mail.subject, words, settings.DEFAULT_FROM_EMAIL, to, connection=line, headers=known)
