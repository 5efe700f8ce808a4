"""How a draw went, step by step, and how one that is only announced will go (ui.md 7.1)."""

from django.urls import reverse

from benxi_shuangsuiji.workdays.days import shown_moment
from disclosure import words

from .announcements import Announcement
from .documents import PublicDraw, parse_datetime

DONE, NOTED, WRONG, COMING = "g", "k", "r", ""  # of components/timeline.html


def of_draw(found: PublicDraw) -> list[dict]:
    """From the sealing to the names; a void draw ends with its abort."""
    entries = [_sealed(found), *_sources(found)]
    if found.state == "ABORTED":
        at = shown_moment(found.entry("ABORT").at)
        return [*entries, {"what": "作废", "who": "原因见下", "when": at, "state": WRONG}]
    corrected = [
        {"what": "公开随机数更正，结果重算", "who": "原因见上", "when": shown_moment(entry.at), "state": NOTED}
        for entry in found.results[1:]
    ]
    return [*entries, _drawn(found), *corrected, _released(found)]


def _sealed(found: PublicDraw) -> dict:
    return {
        "what": "封存名单和应抽家数，公布指纹",
        "who": f"{found.on_books} 家",
        "when": shown_moment(found.frozen_at),
        "state": DONE,
    }


def _sources(found: PublicDraw) -> list[dict]:
    return [
        {
            "what": source.label,
            "who": f"{words.SOURCE_KINDS.get(source.kind, source.kind)}，封存时已指定",
            "when": shown_moment(parse_datetime(source.due)),
            "state": DONE if place in found.values else COMING,
        }
        for place, source in enumerate(found.manifest.sources, 1)
    ]


def _drawn(found: PublicDraw) -> dict:
    at = found.drawn_at
    return {
        "what": "抽取，公布结果的指纹",
        "who": "名单保密，防止检查前走漏" if found.state == "DRAWN" else f"共抽 {found.total} 家",
        "when": shown_moment(at) if at else "等待抽取",
        "state": DONE if at else NOTED,
    }


def _released(found: PublicDraw) -> dict:
    released = found.state == "RELEASED"
    return {
        "what": "检查完毕，公开全部名单",
        "when": shown_moment(found.release_at) + ("" if released else "前"),
        "state": DONE if released else COMING,
    }


def of_announced(found: Announcement) -> list[dict]:
    """What the public plan promises; nothing of it has happened but the plan itself."""
    plan = {
        "what": "公开计划",
        "url": reverse("disclosure:plan", args=[str(found.quarter).lower(), found.id.unit]),
        "when": shown_moment(found.plan.published_at),
        "state": DONE,
    }
    sealing = {"what": "封存名单和应抽家数，公布指纹", "when": "在公开随机数产生之前", "state": NOTED}
    sources = [
        {
            "what": source["label"],
            "who": f"{source['kind_name']}，计划已指定",
            "when": shown_moment(due),
            "state": COMING,
        }
        for source, due in found.sources
    ]
    drawing = {"what": "抽取，公布结果的指纹", "when": shown_moment(found.draw_at), "state": COMING}
    names = {"what": "检查完毕，公开全部名单", "when": f"{found.facts['release_text']} 前", "state": COMING}
    return [plan, sealing, *sources, drawing, names]
