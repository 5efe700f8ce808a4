"""五项要点: five questions about a facility, each answered in one line with its evidence below (ui-2.md 18)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.timezone import localtime

from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import full_date, short_date, shown_moment
from disclosure import words

from . import chances
from .mending import Mending
from .story import Facility, Place


@dataclass(frozen=True)
class Answer:
    """`said`: what is answered, each with the mark of a state or none; `small`: the line below."""

    anchor: str
    question: str
    said: tuple[tuple[str, str], ...]
    small: str = ""


def of(facility: Facility, mending: Mending | None, today: date) -> list[Answer]:
    return [
        Answer("roster", "是否在名录", *_roster(facility)),
        Answer("draws", "历次抽取", *_draws(facility)),
        Answer("last", "最近一次检查", *_last(facility, today)),
        Answer("fix", "问题和改正", *_found(facility, mending)),
        Answer("say", "企业说明", *_said(facility)),
    ]


def _plain(text: str) -> tuple[tuple[str, str], ...]:
    return (("", text),)


def category_words(category: str) -> str:
    return f"{words.CATEGORIES[category]}监管对象"


def _roster(f: Facility):
    if not f.rosters:
        return _plain("还没有列入公开的名录"), "有公开的检查结果；下一份名录随下一次名单封存公开"
    now = f.rosters[-1]
    if f.left:
        day = localtime(f.left.issued_at).date()
        return _plain(f"不在，{full_date(day)}的名录起不再列入"), f.left_because
    said = _plain(f"在，{now.publication.unit_name}的{category_words(now.category)}")
    before = next((r for r in reversed(f.rosters) if (r.category, r.unit_code) != (now.category, now.unit_code)), None)
    if before:
        was = words.CATEGORIES[before.category] if before.unit_code == now.unit_code else before.publication.unit_name
        return said, f"{before.quarter.label}为{was}"
    quarters = [row.quarter for row in f.rosters]
    every = all(one.next() == following for one, following in pairwise(quarters))
    return said, f"自 {full_date(f.since)}公开的名录起，{len(quarters)} 份名录{'都在' if every else '里有'}"


def _draws(f: Facility):
    past, drawn = f.took_part, f.drawn
    small = [_odds(past)] if past else []
    if f.waiting:
        small.append(f"{_short(f.waiting)}名单 {shown_moment(f.waiting.draw.release_at)} 公开")
    elif f.places and not f.places[0].took_part and f.places[0].state != "in":
        small.append(f"{_short(f.places[0])}不参加：{f.places[0].why_not}")
    if not past:
        return _plain("还没有名单已公开的抽取"), "　".join(small)
    reached = f"抽中 {len(drawn)} 次" if drawn else "没有抽中"
    return _plain(f"名单已公开的抽取参加 {len(past)} 次，{reached}"), "　".join(small)


def _short(place: Place) -> str:
    """第三季度, where the year is plain."""
    return place.draw.quarter.label.partition("年")[2]


def _odds(past: list[Place]) -> str:
    """这 2 次抽中的可能都约 13%, or from what to what."""
    low, high = min(p.chance for p in past), max(p.chance for p in past)
    about = {round(p.chance * 100) for p in past}
    if len(about) == 1:
        each = f"这 {len(past)} 次抽中的可能都" if len(past) > 1 else "这次抽中的可能"
        return f"{each}约 {about.pop()}%"
    return f"抽中的可能 {chances.shown(low)} 到 {chances.shown(high)}"


def ago(day: date, today: date) -> str:
    days = (today - day).days
    return f"{days} 天以前" if days > 0 else "今天"


def _last(f: Facility, today: date):
    if f.checks:
        last = f.checks[0]
        s = last.snapshot
        how = f"{s['executing_unit']}{s['mode_label']}检查"
        why = f"随机抽中，{how}" if s["draw"] else f"{s['source_label']}，不是随机抽取"
        return _plain(f"{full_date(last.checked_on)}，{ago(last.checked_on, today)}"), why
    if f.withdrawn:
        return _plain(in_short(f)[1]), _gone(f)
    if f.results:
        return (in_short(f),), full_date(f.results[0].checked_on)
    if f.carried:
        return (in_short(f),), f"启用以前，{f.carried[-1].label}随机抽查过，结果没有录入"
    return (in_short(f),), _waited(f, today)


def in_short(f: Facility) -> tuple[str, str]:
    """Mark and words of the newest check that could be made, else of why there is none: one line of a list."""
    if f.checks:
        outcome = words.OUTCOMES[f.checks[0].outcome]
        return outcome.mark, outcome.row
    if f.withdrawn:
        return "wait", "检查结果已撤下"
    if f.results:
        outcome = f.results[0].outcome
        return "wait", f"去了没有查成：{'停产' if outcome == 'NOT_OPERATING' else words.OUTCOMES[outcome].label}"
    return "wait", "启用以来没有检查" if f.carried else "从未检查"


def _waited(f: Facility, today: date) -> str:
    if not f.since:
        return ""
    first = (first_use.day() or f.since).year
    return f"列入公开名录 {(today - f.since).days} 天　{first} 年以前的检查没有录入，不在内"


def _gone(f: Facility) -> str:
    s = f.withdrawn.snapshot
    return f"{s['ground_label']}，{full_date(date.fromisoformat(s['withdrawn_on']))}"


def _found(f: Facility, mending: Mending | None):
    if mending:
        mark = "bad" if mending.outcome.mark == "bad" else "warn"
        of_earlier = f"{full_date(mending.result.checked_on)}检查" if mending.result != f.checks[0] else ""
        small = "，".join(filter(None, (of_earlier, mending.small)))
        return ((mark, f"发现 {mending.problems} 个问题"), mending.shown), small
    if f.checks:
        outcome = words.OUTCOMES[f.checks[0].outcome]
        return ((outcome.mark, outcome.label),), "指检查当天、所列事项，不等于对企业的整体评价"
    if f.withdrawn:
        return _plain("这条结果已撤下"), _gone(f)
    return _plain("没有检查，没有结论"), "不表示没有问题，也不表示有问题"


def _said(f: Facility):
    if f.statements:
        day = date.fromisoformat(f.statements[0].snapshot["on"])
        return _plain(f"有 {len(f.statements)} 份"), f"企业 {short_date(day)}提交"
    return _plain("没有"), "企业可以在自己的检查结果旁写说明"


def sentence(answers: list[Answer]) -> str:
    """The page in one sentence, for machines that list it."""
    return "；".join("，".join(text for _, text in answer.said) for answer in answers[:4])


def facts(answers: list[Answer]) -> Iterator[dict]:
    """The same as data."""
    for answer in answers:
        yield {"question": answer.question, "answer": "，".join(t for _, t in answer.said), "note": answer.small}
