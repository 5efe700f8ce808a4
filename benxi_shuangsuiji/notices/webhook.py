"""One word each morning to a group chat: how many things are due, never which or whose (issue 16; decisions.md 3).

Off unless the operator gives the address of a chat's robot (`WEBHOOK_URL`); it holds a key, so it is read when the word is
sent and stands in no row and no log. It goes by the outbox: claimed, sent, tried again, given up as every mail (`mails`).
"""

import json
from datetime import date, datetime
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings

from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.web.checks import why_no_webhook

from .models import Duty
from .telling import mail_out

TO = "webhook"  # instead of an address
MOST_ANSWER = 64 * 1024  # bytes


class NotTaken(Exception):
    """The robot did not take the word; why, without its address."""


def plan(now: datetime) -> None:
    """Put the morning's word into the outbox, once a day; none where nothing is due."""
    if settings.WEBHOOK_URL and (words := words_of(now.date())):
        mail_out(to=TO, key=f"{TO}:{now.date()}", subject="每日提醒", body=words, at=now)


def words_of(today: date) -> str:
    counted = Duty.objects.open().filter(due__gte=first_use.day() or date.max)
    late, due = counted.filter(due__lt=today).count(), counted.filter(due=today).count()
    if not (late or due):
        return ""
    site = settings.SITE_URL.rstrip("/")
    said = "，".join(filter(None, (f"今天到期 {due} 件" if due else "", f"逾期 {late} 件" if late else "")))
    return f"{this_city().label}：{said}。登录后办理：{site}/desk/"


def post(words: str) -> None:
    """Send it as the robots of 企业微信 and 钉钉 take it; raises `NotTaken`."""
    url = settings.WEBHOOK_URL
    if wrong := why_no_webhook() if url else "没有设置 WEBHOOK_URL。":
        raise NotTaken(wrong)
    parts = urlsplit(url)
    body = json.dumps({"msgtype": "text", "text": {"content": words}}, ensure_ascii=False).encode()
    line = connection(parts.hostname, parts.port)
    try:
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        line.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        answer = line.getresponse()
        told = answer.read(MOST_ANSWER)
    except (OSError, HTTPException) as trouble:
        raise NotTaken(f"群机器人：连不上（{type(trouble).__name__}）。") from None
    finally:
        line.close()
    if answer.status != 200 or (code := _code(told)):
        raise NotTaken(f"群机器人没有收下（{answer.status if answer.status != 200 else code}）。")


def connection(host: str, port: int | None) -> HTTPSConnection:
    """No other address is followed from there."""
    return HTTPSConnection(host, port, timeout=settings.EMAIL_TIMEOUT)


def _code(told: bytes) -> int:
    """Both robots answer 200 also where they refuse, and say so in `errcode`."""
    try:
        found = json.loads(told)
    except ValueError:
        return 0
    return found.get("errcode", 0) if isinstance(found, dict) else 0
