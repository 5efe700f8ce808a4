"""What the pages of completion and coverage show beside the list itself (ui.md 4.5, 7.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.notices.deadlines.due_days import coverage_due
from benxi_shuangsuiji.workdays.days import Calendar, Quarter, due_date, full_date
from inspections.models import CoverageReason, ReasonState, Source, UnfinishedReason

from . import pace, rules
from .gaps import CoverageList, DrawnList, Gaps, Line, in_circle

TONES = {"没有写": "wait", "等批准": "warn", "已批准": "ok", "已退回": "bad"}
OUTSIDE = ("这个单位的名单不公开", "只有这个单位的计划员、分管负责人和市执法队监督员能看。", "lock")


@dataclass(frozen=True)
class Row:
    """`may_choose`: this reader can do something with it."""

    line: Line
    state: str
    may_choose: bool
    chosen: bool

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def seen(self) -> str:
        """What of a reason the form carries, so that nobody decides on words he has not read."""
        return f"{self.line.key}:{self.line.reason.version}" if self.line.reason else ""

    @property
    def kind(self) -> str:
        return kind_of(self.line.reason)


def rows(lines: Iterable[Line], chosen: set[str], forms: dict, user) -> list[Row]:
    return [
        Row(line, rules.standing_of(line.reason), _may_choose(line, forms, user), str(line.key) in chosen)
        for line in lines
    ]


def _may_choose(line: Line, forms: dict, user) -> bool:
    """Whoever writes, all that is not approved; whoever decides, what waits for him."""
    reason = line.reason
    if "enter" in forms:
        return reason is None or reason.state != ReasonState.APPROVED
    return "decide" in forms and reason is not None and reason.waits and reason.asked_by_id != user.pk


def kind_of(reason: UnfinishedReason | CoverageReason | None) -> str:
    return f"{reason.get_kind_display()}：" if isinstance(reason, CoverageReason) else ""


def about(listing: DrawnList | CoverageList, found: Gaps, user, year: int, today: date, calendar: Calendar) -> dict:
    """Figures, what is behind, and what an empty list means; nothing of it outside the circle."""
    if not in_circle(user, listing.unit):
        return {"nothing": OUTSIDE, "note": {}}
    if isinstance(listing, DrawnList):
        return _of_quarter(listing, found, today, calendar)
    return _of_years(listing, found, user, year, today, calendar)


def _of_quarter(listing: DrawnList, found: Gaps, today: date, calendar: Calendar) -> dict:
    due = listing.quarter.close_due(calendar)
    if not found.total:
        return {"nothing": ("本季还没有抽取", "抽取之后，没有查完的在这里列出。", "doc")}
    stats = [
        _stat("查完", f"{found.done} / {found.total}", "家", f"{found.share}，{due_date(due.date, today)}前全部查完"),
        _stat(
            "未能检查",
            found.tally.not_possible,
            "家",
            f"没有查完 {found.tally.not_done} 家；抽取 {found.tally.drawn} 家，更换 {found.tally.replaced} 家",
        ),
        *_reasons(found, bad=due.is_over(today)),
    ]
    problems = [pace.why_replaced_often(found.tally, listing.quarter)]
    if share := pace.key_share(listing):
        least = policy.on(listing.quarter.first_day).key_basis_points / 100
        note = f"抽取 {share.drawn} / {share.total} 家，不低于 {least:g}%；已查完 {share.done} 家"
        stats.append(_stat("重点抽查率", share.percent, "%", note, bad=bool(share.problem)))
        problems.insert(0, share.problem)
    missing = "".join([*problems, rules.why_not_complete(found, due, today)])
    nothing = (
        ("抽中的都查完了", "没有要写的原因。")
        if found.total
        else ("本季还没有抽取", "抽取之后，没有查完的在这里列出。")
    )
    return {"stats": stats, "note": {"kind": "w", "text": missing} if missing else {}, "nothing": nothing}


def _of_years(listing: CoverageList, found: Gaps, user, shown: int, today: date, calendar: Calendar) -> dict:
    when = "本年" if listing.is_key else "本周期"
    last_day = due_date(coverage_due(listing.last, calendar).date, today)
    stats = [_stat("查过", f"{found.done} / {found.total}", "家", f"{found.share}，{last_day}前全部查到")]
    if listing.is_listed(today):
        stats += _reasons(found, bad=False)
    else:
        stats.append(_stat(f"{when}还没有查", found.left, "家", f"{full_date(listing.listed_from)}起逐家列出"))
    note: dict = {}
    if listing.is_key:
        behind = pace.why_key_behind(listing, today)
        note = {"kind": "w", "title": "余下的抽取要多抽", "text": behind} if behind else {}
        if listing.last == today.year:
            places, draws = pace.places_left(listing, Quarter.of(today))
            stats.append(_stat("本年还要抽取", draws, "次", f"按计划或上一次的家数，重点 {places} 家"))
    else:
        asked = pace.asked_by_year_end(listing, found, today)
        year = min(today.year, listing.last)
        short = max(asked - found.done, 0)
        words = f"到 {year} 年底应查过 {asked} 家，" + (f"还差 {short} 家" if short else "已经够了")
        stats.append(_stat(f"{year} 年的进度", f"{found.done} / {asked}", "家", words))
    if missing := rules.why_not_covered(found, listing):
        note = {"kind": "w", "title": note.get("title", ""), "text": note.get("text", "") + missing}
    if not listing.is_listed(today):
        nothing = (
            f"{full_date(listing.listed_from)}起列出",
            f"到时{when}还没有检查的企业在这里列出，逐家写明原因。",
            "doc",
        )
    else:
        nothing = ("没有缺口", f"应查的企业{when}都查过了。", "done")
    may_raise = user.may(Permission.DISPATCH, listing.unit) or user.may(Permission.RAISE_CHECK, listing.unit)
    return {
        "stats": stats,
        "note": note,
        "nothing": nothing,
        "raise_url": _raise_url(listing) if may_raise else "",
        "chips": [
            _chip(of(listing.unit, shown), shown, listing) for of in (CoverageList.of_key, CoverageList.of_general)
        ],
    }


def _raise_url(listing: CoverageList) -> str:
    return f"{reverse('inspections:targeted-new')}?unit={listing.unit.code}&source={Source.SPECIAL_FACILITY}&object="


def _chip(one: CoverageList, year: int, now: CoverageList) -> dict:
    return {"label": f"{one.title}（{one.label}）", "url": one.address_in(year), "current": one.step == now.step}


def _reasons(found: Gaps, *, bad: bool) -> list[dict]:
    return [
        _stat("没有写原因", found.without_reason, "家", "包括被退回的", bad=bad and found.without_reason > 0),
        _stat("等批准", found.waiting, "家", f"已批准 {found.approved} 家"),
    ]


def _stat(label: str, figure, unit: str, note: str, *, bad: bool = False) -> dict:
    return {"label": label, "figure": figure, "unit": unit, "note": note, "bad": bad}
