"""Whether the worker does its rounds and mail leaves the house."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from benxi_shuangsuiji import clock, schedule
from benxi_shuangsuiji.subject import Answer

from . import mails
from .models import Heartbeat

MAIL_WAITS = timedelta(hours=1)


def rounds_done() -> Answer:
    """Whether the worker has lately finished each lane, and everything in it was done."""
    beats = Heartbeat.objects.in_bulk([lane.beat for lane in schedule.LANES.values()])
    now, late, failed = clock.now(), [], []
    for lane in schedule.LANES.values():
        last = beats.get(lane.beat)
        if last is None or now - last.at > lane.silence:
            late.append(lane.words)
        elif last.trouble:
            failed.append(last.trouble)
    first = beats.get(schedule.LANES["round"].beat)
    words = f"上一轮 {timezone.localtime(first.at):%m-%d %H:%M:%S} 做完。" if first else "还没有做完过一轮。"
    words += f"停着的：{'、'.join(late)}。" if late else ""
    words += f"没有做成的：{'、'.join(failed)}。" if failed else ""
    remedy = "看后台任务的日志，没有在运行的启动它。名单公开、提醒和文书等它恢复以后补做。"
    return Answer(not late and not failed, words, remedy)


def outbox() -> Answer:
    """Whether mails leave: how many wait, since when and why; what was given up."""
    if settings.EMAIL_BACKEND.endswith("OnlyLogged"):
        return Answer(None, "没有设置 EMAIL_URL，提醒只在系统里看，不发邮件。")
    remedy = "核对 EMAIL_URL 和邮件服务器。恢复以后自动再发；已经放弃的，在“系统状况”里再发。"
    lost, waiting = mails.given_up().count(), mails.unsent().order_by("created_at")
    count, first = waiting.count(), waiting.first()
    words = [f"{lost} 封一直发不出去，已经放弃"] if lost else []
    if first is None:
        return Answer(not lost, "；".join([*words, "没有等着发的邮件"]) + "。", remedy)
    since = first.tried_since or first.created_at
    words.append(f"{count} 封等着发，最早的从 {timezone.localtime(since):%m-%d %H:%M} 起")
    words += [first.error.rstrip("。")] if first.error else []
    return Answer(not lost and clock.now() - since < MAIL_WAITS, "；".join(words) + "。", remedy)
