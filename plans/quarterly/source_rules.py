"""What is wrong with the public random sources that a plan names, and with its fallback (六(一)2-f, SSJ1 5.2, 14.3, 14.4)."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji.workdays.days import short_date
from plans.lottery import schedule as lottery
from plans.models import SourceKind

# Whoever can try many secrets before the freeze could steer a draw with so few numbers (SSJ1 14.3).
TOO_FEW_NUMBERS = re.compile(r"3\s*[DdＤ]|排列\s*[三五35]")


@dataclass(frozen=True)
class Problem:
    """`field` is the id of the input the sentence belongs to; an advice does not stop the plan."""

    field: str
    sentence: str
    clause: str = ""
    advice: bool = False


def source_problems(plan, now: datetime) -> list[Problem]:
    sources = list(plan.sources.all())
    if not any(s.kind != SourceKind.DICE for s in sources) and sum(s.kind == SourceKind.DICE for s in sources) < 2:
        return [Problem("id_source_0_label", "公开随机数至少要有一期彩票开奖，或者由两名见证人分别掷骰子", "六(一)2-f")]
    found, kept = [], lottery.kept()
    for place, source in enumerate(sources):
        where = f"id_source_{place}_due"
        if source.kind == SourceKind.LOTTERY and (reason := kept.why_not_drawn(source.label, source.due)):
            found.append(Problem(where, reason, "六(一)2-f"))
        if source.due <= now:
            found.append(
                Problem(where, f"{source.label}已经开出，不能再作公开随机数。选封存之后开出的一期", "六(一)2-f")
            )
        elif source.due >= plan.draw_at:
            found.append(Problem(where, f"{source.label}要在抽取之前开出；改抽取时间，或换早一期", "六(一)2-f"))
        if source.kind != SourceKind.DICE and TOO_FEW_NUMBERS.search(source.label):
            found.append(Problem(where, "3D、排列三、排列五的号码太少，换用快乐8、双色球或大乐透", "六(一)2-f"))
    return found + fallback_problems(plan, sources, kept)


def fallback_problems(plan, sources, kept: lottery.Kept) -> list[Problem]:
    """The issue used when the first one does not take place: another one, later, with enough numbers (SSJ1 14.3, 14.4).

    The list is sealed anew before it, and the draw waits for it; so it leaves days for the checks.
    """
    if not plan.fallback_label:
        return []
    if TOO_FEW_NUMBERS.search(plan.fallback_label):
        sentence = "3D、排列三、排列五的号码太少，备用的一期换用快乐8、双色球或大乐透"
        return [Problem("id_fallback_label", sentence, "六(一)2-f")]
    lotteries = [source for source in sources if source.kind != SourceKind.DICE]
    if any(source.label == plan.fallback_label for source in lotteries):
        return [Problem("id_fallback_label", "备用的一期与原定的相同，换一期", "六(一)2-f")]
    if lotteries and plan.fallback_due <= max(source.due for source in lotteries):
        return [Problem("id_fallback_due", "备用的一期在原定的一期之后开出，换晚一期", "六(一)2-f")]
    if localtime(plan.fallback_due).date() >= plan.window_to:
        sentence = f"备用的一期要在检查完成的那天（{short_date(plan.window_to)}）之前开出，换早一期"
        return [Problem("id_fallback_due", sentence, "六(一)2-f")]
    if reason := kept.why_not_drawn(plan.fallback_label, plan.fallback_due):
        return [Problem("id_fallback_due", f"备用的一期：{reason}", "六(一)2-f")]
    return []
