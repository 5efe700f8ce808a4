"""A group chat is told each morning how many things are due, and never whose (issue 16, decisions.md 3)."""

import json
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.notices import duties, mails, tasks, webhook
from benxi_shuangsuiji.notices.models import OutgoingMail
from benxi_shuangsuiji.web.checks import webhook_address
from benxi_shuangsuiji.workdays import calendar
from tests.factories import make_planner, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def robot(settings, monkeypatch):
    """A robot that takes everything, until it is told what to answer."""
    heard, answers = [], []

    class Robot(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            status, said = answers.pop(0) if answers else (200, b'{"errcode": 0}')
            self.send_response(status)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Robot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WEBHOOK_URL = "https://robot.example.org/send?key=secret"
    monkeypatch.setattr(webhook, "connection", lambda host, port: HTTPConnection(*server.server_address, timeout=5))
    yield heard, answers
    server.shutdown()
    server.server_close()


def owe(unit, n, due):
    for i in range(n):
        duties.open(
            rule="D-21",
            unit=unit,
            role="PLANNER",
            period=f"{due}-{i}",
            title="整改：某某化工",
            due=calendar().fixed(due),
        )


def test_numbers_go_out_once_a_morning_and_nothing_else(at, robot):
    heard, _ = robot
    unit = make_unit()
    make_planner(unit)
    at("2026-07-10 07:40")
    today = clock.today()
    owe(unit, 2, today)
    owe(unit, 3, today.replace(day=7))
    assert "今天到期 2 件，逾期 3 件" in webhook.words_of(today)
    assert tasks.daily(force=True) and tasks.daily(force=True)  # which opens what falls due of itself, too
    mails.send_due()
    ((path, sent),) = heard
    assert path == "/send?key=secret" and sent["msgtype"] == "text"
    assert sent["text"]["content"] == webhook.words_of(today)
    assert "化工" not in sent["text"]["content"] and unit.short_name not in sent["text"]["content"]
    assert "secret" not in str(OutgoingMail.objects.filter(to=webhook.TO).values())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((500, b""), "群机器人没有收下（500）。"),
        ((200, b'{"errcode": 93000}'), "群机器人没有收下（93000）。"),
        ((302, b""), "群机器人没有收下（302）。"),
    ],
)
def test_what_is_not_taken_is_tried_again_with_its_reason_and_holds_no_mail(at, robot, answer, words, settings):
    heard, answers = robot
    answers.append(answer)
    webhook.mail_out(to=webhook.TO, key="w", subject="s", body="今天到期 1 件", at=clock.now())
    webhook.mail_out(to="a@example.org", key="m", subject="s", body="b", at=clock.now())
    mails.send_due()
    waits = OutgoingMail.objects.get(key="w")
    assert (waits.error, waits.sent_at) == (words, None) and OutgoingMail.objects.get(key="m").sent_at
    at("2026-07-06 23:30")
    mails.send_due()
    assert len(heard) == 2 and OutgoingMail.objects.get(key="w").sent_at


def test_nothing_is_planned_without_an_address_or_without_anything_due(at, settings, robot):
    heard, _ = robot
    at("2026-07-10 07:40")
    webhook.plan(clock.now())
    settings.WEBHOOK_URL = ""
    owe(make_unit(), 1, clock.today())
    webhook.plan(clock.now())
    assert not OutgoingMail.objects.exists() and not heard
    with pytest.raises(webhook.NotTaken, match="没有设置"):
        webhook.post("x")


def test_an_address_that_is_not_encrypted_is_refused_at_the_start(settings):
    settings.WEBHOOK_URL = "http://robot.example.org/send"
    assert [found.id for found in webhook_address()] == ["benxi.E016"]
    with pytest.raises(webhook.NotTaken, match="https"):
        webhook.post("x")
