"""Whether the worker does its rounds and mail leaves the house."""

from datetime import timedelta

from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.subject import Answer

from .models import Heartbeat, OutgoingMail

SILENCE = timedelta(minutes=3)
MAIL_WAITS = timedelta(hours=1)


def round_done() -> Answer:
    """Whether the worker has finished a round within three minutes (D-5 waits for it)."""
    last = Heartbeat.objects.filter(name="tick").first()
    remedy = "启动或者重启后台任务，看它的日志。名单公开、提醒和文书等它恢复以后补做。"
    if last is None:
        return Answer(False, "还没有做完过一轮。", remedy)
    return Answer(
        clock.now() - last.at < SILENCE, f"上一轮 {timezone.localtime(last.at):%m-%d %H:%M:%S} 做完。", remedy
    )


def outbox() -> Answer:
    """Whether mails leave: how many wait, and since when."""
    waiting = OutgoingMail.objects.filter(sent_at__isnull=True).exclude(to="").order_by("created_at")
    count, first = waiting.count(), waiting.first()
    if first is None:
        return Answer(True, "没有等着发的邮件。")
    late = clock.now() - first.created_at > MAIL_WAITS
    words = f"{count} 封等着发，最早的从 {timezone.localtime(first.created_at):%m-%d %H:%M} 起。"
    return Answer(not late, words, "核对 EMAIL_URL 和邮件服务器。恢复以后自动再发。")
