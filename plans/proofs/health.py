"""Whether what was sealed and drawn is still what it was (SSJ1 15 D10)."""

from datetime import timedelta

from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.subject import Answer

from .daily import last_run

SILENCE = timedelta(days=2)


def chain_holds() -> Answer:
    """What the last recomputation of all draws and of the public chain found."""
    run = last_run()
    if run is None:
        return Answer(None, "还没有核算过，后台任务每天一次。")
    when = f"{timezone.localtime(run.at):%m-%d %H:%M}"
    if run.problem:
        return Answer(False, f"{when} 核算不一致：{run.problem}", "先不要再封存和抽取，保留现场，查明原因。")
    words = f"{when} 核算 {run.draws} 次抽取、{run.entries} 条公示链，一致。"
    return Answer(clock.now() - run.at < SILENCE, words, "后台任务没有在核算，先看后台任务。")
