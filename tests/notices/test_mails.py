"""Mail leaves once, waits for a server that is away, and is never lost in silence (operations.md 4, 5, 13; P12)."""

import logging
import smtplib
import socket
import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import health, mails, tasks, telling
from benxi_shuangsuiji.notices.models import Message, OutgoingMail
from tests.browsing import html_of, post, refused, signed_in
from tests.factories import make_city_team, make_planner, make_unit, make_user

pytestmark = pytest.mark.django_db
WORKING = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def broken(settings, monkeypatch):
    """A mail server whose answers are told one by one; none left: it takes everything."""
    answers: list[Exception] = []

    def send(self, messages):
        assert not connection.savepoint_ids, "sent inside a transaction"
        if answers:
            raise answers.pop(0)
        return whole(self, messages)

    from django.core.mail.backends.locmem import EmailBackend

    whole = EmailBackend.send_messages
    monkeypatch.setattr(EmailBackend, "send_messages", send)
    return answers


def waiting(to="a@example.org", **fields):
    made = {"key": to, "to": to, "subject": "标题", "body": "内容", "created_at": clock.now()} | fields
    return OutgoingMail.objects.create(**made)


def outbox(about=""):
    return [message.to[0] for message in mail.outbox if about in message.subject]


@pytest.mark.story("O13")
def test_a_mail_has_words_a_link_that_tells_nothing_and_whose_system_writes(settings):
    settings.SITE_URL = "https://shuangsuiji.example.gov.cn"
    user = make_user(email="a@example.org")
    telling.notify(
        user=user, key="k", title="封存\n名单", body="", url="/desk/tasks/210504-2026Q3-0007/", at=clock.now()
    )
    assert mails.send_due() == 1
    (sent,) = mail.outbox
    link = f"https://shuangsuiji.example.gov.cn/desk/inbox/{Message.objects.get().pk}/"
    assert sent.subject == "【双随机】封存 名单" and sent.body.startswith("【双随机】封存 名单\n")
    assert link in sent.body and "0007" not in sent.body and "不用回复" in sent.body
    assert sent.extra_headers["Message-ID"].endswith("@shuangsuiji.example.gov.cn>")
    opened = signed_in(user).get(f"/desk/inbox/{Message.objects.get().pk}/", follow=True)
    assert "封存" in html_of(opened) and "/desk/inbox/" in opened.request["PATH_INFO"]


@pytest.mark.story("O5")
def test_a_server_that_is_away_is_asked_ever_more_seldom_for_two_days_and_then_the_administrator_is_told(broken, at):
    made, began = waiting(), clock.now()
    asked = []
    while not OutgoingMail.objects.get().given_up_at:
        broken[:] = [ConnectionRefusedError("10.1.2.3 refused a@example.org")]
        assert mails.send_due() == 0
        asked += [clock.now() - began] if not broken else []
        at(clock.now() + timedelta(minutes=1 if len(asked) < 6 else 30))
    gaps = [b - a for a, b in pairwise(asked)]
    assert gaps == sorted(gaps) and gaps[0] <= timedelta(minutes=1) and gaps[-1] >= timedelta(hours=4)
    assert timedelta(days=2) < asked[-1] < timedelta(days=2, hours=5) and len(asked) < 25
    made.refresh_from_db()
    assert made.error == "邮件服务器：连不上（ConnectionRefusedError）。"
    assert health.outbox().ok is False and "1 封一直发不出去" in health.outbox().words

    admin = make_user((Role.ADMIN_SYSTEM, make_city_team()))
    browser = signed_in(admin)
    assert "1 封邮件没有发出" in html_of(browser.get("/desk/"))
    assert "再发一次" in html_of(browser.get("/desk/health/"))
    broken.clear()
    assert mails.send_due() == 0  # what was given up is left to him
    post(browser, "/desk/health/mails/")
    assert mails.send_due() == 1 and outbox() == ["a@example.org"]
    assert AuditEntry.objects.get(verb="notices.mails.again").details["count"] == 1
    assert health.outbox().ok is True and "没有发出" not in html_of(browser.get("/desk/"))
    with refused("没有发不出去的邮件"):
        mails.send_again(by=admin)
    waiting("b@example.org", given_up_at=clock.now())
    with refused("由系统管理员再发"):
        mails.send_again(by=make_planner(make_unit()))


REFUSED = smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no such user a@example.org")})


@pytest.mark.parametrize(
    ("trouble", "words", "others_go"),
    [
        (REFUSED, "收件地址被拒收（550）。", True),
        (smtplib.SMTPDataError(552, b"too big"), "邮件被拒收（552）。", True),
        (ValueError("bad header"), "这封邮件写不成（ValueError）。", True),
        (smtplib.SMTPAuthenticationError(535, b"no"), "邮件服务器：账号或口令不对（535）。", False),
        (smtplib.SMTPServerDisconnected("gone"), "邮件服务器：10 秒没有回应，或者中断了连接。", False),
        (TimeoutError(), "邮件服务器：10 秒没有回应，或者中断了连接。", False),
    ],
)
def test_what_is_wrong_with_one_mail_holds_no_other_up(broken, trouble, words, others_go):
    first, _ = waiting("a@example.org"), waiting("b@example.org")
    broken[:] = [trouble]
    assert mails.send_due() == others_go
    first.refresh_from_db()
    assert first.error == words and "@" not in words and first.sent_at is None


@pytest.mark.parametrize("field", ["subject", "to"])
def test_a_line_end_in_what_a_mail_says_adds_nobody_to_it(broken, field):
    """A head that somebody continues with another is no mail at all (ASVS 1.3.11)."""
    odd = waiting(**{"to": "a@example.org", field: "a@example.org\nBcc: b@example.org"})
    waiting("c@example.org")
    assert mails.send_due() == 1
    odd.refresh_from_db()
    assert odd.sent_at is None and odd.error
    assert [(one.to, one.bcc) for one in mail.outbox] == [(["c@example.org"], [])]


def test_when_the_server_is_back_nothing_waits_for_its_turn(broken):
    for n in range(3):
        waiting(f"{n}@example.org", attempts=5, due_at=clock.now() + timedelta(hours=4), error="邮件服务器：连不上。")
    waiting("bad@example.org", attempts=5, due_at=clock.now() + timedelta(hours=4), error="收件地址被拒收（550）。")
    waiting("new@example.org")
    assert mails.send_due() == 1 and mails.send_due() == 3
    assert sorted(outbox()) == ["0@example.org", "1@example.org", "2@example.org", "new@example.org"]


def test_what_another_worker_is_sending_is_not_sent_twice_when_the_server_is_back():
    waiting("slow@example.org", attempts=1, error=f"{mails.AWAY}连不上。")
    mails._claim()
    waiting("new@example.org")
    assert mails.send_due() == 1 and mails.send_due() == 0
    assert outbox() == ["new@example.org"]


@pytest.mark.promise("P12")
def test_a_mail_whose_worker_died_goes_again_under_the_same_name_once_the_claim_is_over(at):
    waiting()
    mails._claim()
    assert mails.send_due() == 0
    at(clock.now() + mails.CLAIM)
    assert mails.send_due() == 1
    assert OutgoingMail.objects.get().attempts == 2


def test_who_was_forgotten_is_written_to_no_more():
    waiting("", body="")
    assert mails.send_due() == 0 and mail.outbox == []


def test_the_address_is_read_when_the_mail_is_sent(at):
    """Who is corrected, who has none any more, who has left: the mail of each was put out while the address of before stood."""
    people = [
        make_user(email="wrong@example.org"),
        make_user(email="gone@example.org"),
        make_user(email="left@example.org"),
    ]
    for user in people:
        telling.mail(user=user, key="k", subject="标题", body="内容", at=clock.now())
    admin = make_user((Role.ADMIN_SYSTEM, make_city_team()))
    browser = signed_in(admin)

    def mended(user, email):
        return post(browser, f"/desk/accounts/{user.pk}/email/", email=email, reason="原来的写错了")

    assert "写成 name@example.cn 的样子" in html_of(mended(people[0], "right@"))
    assert "邮箱没有变" in html_of(mended(people[0], "wrong@example.org"))
    assert [mended(people[0], "right@example.org").status_code, mended(people[1], "").status_code] == [302, 302]
    User.objects.filter(pk=people[2].pk).update(is_active=False)
    mails.send_due()
    assert outbox("标题") == ["right@example.org"]
    assert (
        not OutgoingMail.objects.filter(subject__contains="标题").exclude(to="").exists()
    )  # no copy that could be old
    # Nobody's mail goes elsewhere without his knowing: the account is told, at the address of before too.
    assert sorted(outbox("的邮箱改了")) == ["gone@example.org", "right@example.org", "wrong@example.org"]
    assert people[1].inbox.filter(title__contains="的邮箱改了").exists()
    assert "原因写得太短" in html_of(
        post(browser, f"/desk/accounts/{people[0].pk}/email/", email="x@example.org", reason="改")
    )
    assert not mails.unsent().exists() and not mails.given_up().exists()
    mended(people[1], "back@example.org")
    mails.send_due()
    assert outbox("标题") == ["right@example.org"]  # nothing old goes out by itself
    assert "发到账号现在的邮箱" in html_of(browser.get("/desk/health/"))
    mails.send_again(by=admin)
    assert mails.send_due() == 1 and outbox("标题") == ["right@example.org", "back@example.org"]
    with pytest.raises(IntegrityError, match="mail_to_an_account_keeps_no_address"), transaction.atomic():
        waiting("copy@example.org", user=people[0])


@pytest.mark.story("O4")
@pytest.mark.slow("processes")
def test_a_server_that_accepts_and_says_nothing_holds_no_mail_longer_than_the_limit(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT, settings.EMAIL_HOST = 1, "127.0.0.1"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        taken = threading.Thread(target=silent.accept, daemon=True)
        taken.start()
        waiting()
        assert mails.send_due() == 0
    assert OutgoingMail.objects.get().error == "邮件服务器：1 秒没有回应，或者中断了连接。"


def test_without_a_server_nothing_goes_out_and_the_log_has_no_words(settings, caplog):
    settings.EMAIL_BACKEND = "benxi_shuangsuiji.notices.mails.OnlyLogged"
    waiting(subject="秘密")
    with caplog.at_level(logging.INFO):
        tasks.send_mails()
    assert "秘密" not in caplog.text and "example.org" not in caplog.text and mail.outbox == []
    assert health.outbox().ok is None
