"""What the pages of a draw show, and how much of it to whom (ui.md 7.2, decisions.md 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import SimpleNamespace

from django.shortcuts import get_object_or_404
from django.utils import timezone

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.notices.agenda import left_of_due
from benxi_shuangsuiji.workdays.days import Quarter, short_date, shown_moment
from plans.filings import rules as filing_rules
from plans.models import (
    AbortRequest,
    ChangeReason,
    CorrectionRequest,
    Draw,
    DrawStatus,
    Filing,
    Pick,
    PickDrop,
    SourceKind,
)
from registry.frames import public_name
from registry.models import Category

from . import frames, rules, ssj1
from .sealed import digests_of, manifest_lines, slips_of
from .values import SourceState, parts_of

STATUS_TONES = {
    DrawStatus.PREPARED: "warn",
    DrawStatus.FROZEN: "run",
    DrawStatus.DRAWN: "ok",
    DrawStatus.RELEASED: "ok",
    DrawStatus.ABORTED: "bad",
}


def draw_or_404(request, draw_id: str, permission: str = Permission.SEE_DRAWS) -> Draw:
    """Another unit's draw is simply not found."""
    draws = Draw.objects.visible_to(request.user).filter(unit__in=request.user.units_with(permission))
    draws = draws.select_related("unit", "plan", "plan__unit", "prepared_by", "sealed_by", "held_by")
    draw = get_object_or_404(draws, draw_id=draw_id)
    return draw


def sees_lists(user, draw: Draw) -> bool:
    return user.may(Permission.PREPARE_DRAW, draw.unit) or user.may(Permission.SEAL_DRAW, draw.unit)


def tone_of(draw: Draw | None) -> str:
    return STATUS_TONES[draw.status] if draw else "wait"


def due_badge(quarter: Quarter, draw: Draw | None = None, now=None) -> SimpleNamespace:
    """How long until the day to draw by (七(二)-a), or that it was kept or missed."""
    now = now or clock.now()
    calendar = workdays.calendar()
    due = quarter.draw_due(calendar)
    title = f"{quarter.draw_by}完成抽取：{short_date(due.date)}"
    if draw and draw.drawn_at:
        on = timezone.localtime(draw.drawn_at).date()
        text, state = (f"逾期 {(on - due.date).days} 天抽取", "over") if due.is_over(on) else ("按期抽取", "done")
    else:
        text, state = left_of_due(due, now.date(), calendar)
    return SimpleNamespace(text=text, state=state, title=title, date=due.date)


def late_words(draw: Draw, now) -> str:
    """The amber line of a draw after its day; it is held all the same, and the public page says so."""
    due = draw.plan.quarter.draw_due(workdays.calendar())
    on = timezone.localtime(draw.drawn_at).date() if draw.drawn_at else now.date()
    if draw.status == DrawStatus.ABORTED or not due.is_over(on):
        return ""
    days = (on - due.date).days
    if draw.drawn_at:
        given = f"原因：{draw.late_reason.rstrip('。')}。" if draw.late_reason else ""
        return f"抽取应在 {short_date(due.date)}前完成，实际晚了 {days} 天。{given}公示页会标明逾期。"
    asked = "抽取时写明原因，" if rules.lateness(draw, now, workdays.calendar()) else ""
    return f"抽取应在 {short_date(due.date)}前完成，已逾期 {days} 天。仍可抽取，{asked}公示页会标明逾期。"


def steps_of(draw: Draw, states, now, *, short: bool = False) -> list[SimpleNamespace]:
    """封存并公布指纹 → 见证人掷骰子 → 录入开奖号码 → 抽取，锁定结果 → 公开名单 (ui.md 4.3)."""
    sources = states or [
        SourceState(n, s.kind, s.label, timezone.localtime(s.due), ()) for n, s in enumerate(draw.plan.sources.all(), 1)
    ]
    dice = [s for s in sources if s.kind == SourceKind.DICE]
    numbers = [s for s in sources if s.kind != SourceKind.DICE]
    drawn = draw.drawn_at is not None
    steps = [(draw.frozen_at is not None, "封存名单" if short else "封存并公布指纹", draw.frozen_at)]
    for group, name, brief in ((dice, "见证人掷骰子", "掷骰子"), (numbers, "录入开奖号码", "开奖号码")):
        if group:
            done = all(s.agreed is not None for s in group)
            steps.append((done, brief if short else name, max(s.due for s in group)))
    steps.append((drawn, "抽取" if short else "抽取，锁定结果", draw.drawn_at or draw.plan.draw_at))
    if short:
        steps.append((draw.status == DrawStatus.RELEASED, "锁定结果", None))
    else:
        steps.append(
            (
                draw.status == DrawStatus.RELEASED,
                "公开名单",
                draw.released_at or draw.release_at if draw.frozen_at else draw.plan.release_at,
            )
        )
    found, waiting = [], draw.status != DrawStatus.ABORTED
    for done, name, moment in steps:
        state = "done" if done else "now" if waiting else ""
        waiting = waiting and done
        found.append(SimpleNamespace(name=name, state=state, note=shown_moment(moment) if moment else ""))
    return found


def excluded_of(draw: Draw, moment) -> Sequence[SimpleNamespace]:
    """Who takes no part, with the reason, some at a time: from the sealed lists, or from those that would be sealed."""
    texts = list(draw.documents.filter(kind="FRAME").order_by("number").values_list("text", flat=True))
    return _SealedOut(texts) if texts else _WouldBeOut(frames.outlook(draw.plan, moment))


def _out_line(code: str, name: str, category: str, state: str) -> SimpleNamespace:
    return SimpleNamespace(code=code, name=name, label=Category(category).label, reason=ssj1.STATE_NAMES[state])


class _SealedOut(Sequence):
    """From the sealed lists: only the lines that are shown are read as SSJ1."""

    def __init__(self, texts: Sequence[str]):
        lists = sorted((text.split("\n") for text in texts), key=_place_of)
        self._lines = [(lines[:3], line) for lines in lists for line in lines if "\tout:" in line]

    def __len__(self):
        return len(self._lines)

    def __getitem__(self, some):
        found = []
        for head, line in self._lines[some]:
            frame = ssj1.parse_frame("\n".join([*head, line, f"end\t{len(head)}", ""]))
            found += [_out_line(row.id, row.name, frame.category, row.state) for row in frame.rows]
        return found


def _place_of(lines: Sequence[str]) -> int:
    """Of a sealed list, the place of its category in the law's order; above its rows stand SSJ1 FRAME, draw, stratum."""
    return frames.LAW_ORDER.index(Category(lines[2].split("\t")[2]))


class _WouldBeOut(Sequence):
    """From the registry: counted by what is alike, read a page at a time."""

    def __init__(self, outlook: frames.Outlook):
        self._outlook = outlook

    def __len__(self):
        return sum(line.out for line in self._outlook.lines)

    def __getitem__(self, some):
        rows = frames.left_out(self._outlook)[some]
        return [
            _out_line(f.code, public_name(f), f.category, state)
            for f, state in frames.with_reasons(self._outlook, rows)
        ]


def digest_of(draw: Draw, kind: str, run: int) -> str:
    return draw.documents.filter(kind=kind, run=run).values_list("digest", flat=True).first() or ""


def corrections_of(draw: Draw) -> list[CorrectionRequest]:
    """What was put right, in its order; public like the values themselves (SSJ1 9.1)."""
    return list(
        draw.correction_requests.approved().select_related("decided_by").prefetch_related("entries").order_by("pk")
    )


def shown_states(states, user) -> list[SimpleNamespace]:
    """What of the typed values this reader may see: the agreed ones, his own, and that the other has typed."""
    return [
        SimpleNamespace(
            state=state,
            numbers=parts_of(state.kind, state.agreed) if state.agreed is not None else [],
            people=[entry.entered_by.full_name for entry in state.agreeing or state.latest],
            others=[entry.entered_by.full_name for entry in state.differing],
            wrong=[parts_of(state.kind, value) for value in state.wrong],
            mine=state.entry_of(user) if user.is_authenticated else None,
        )
        for state in states
    ]


def picks_by_category(draw: Draw, user, run: int) -> list[SimpleNamespace]:
    """The drawn names of one run with their teams; the query itself keeps to the circle."""
    picks = (
        Pick.objects.visible_to(user)
        .filter(draw=draw, run=run)
        .select_related("facility", "drop")
        .prefetch_related("teams__members__inspector")
        .order_by("no")
    )
    groups = []
    for category in frames.LAW_ORDER:
        chosen = [pick for pick in picks if pick.category == category]
        for pick in chosen:
            if drop := getattr(pick, "drop", None):
                pick.drop_words = ChangeReason(f"O_{drop.reason}").label
                pick.replaced = drop.reason != PickDrop.NOTDONE  # 季末没有查完 stays drawn (SSJ1 8.1)
        if chosen:
            drawn = sum(not getattr(pick, "replaced", False) for pick in chosen)
            groups.append(SimpleNamespace(label=category.label, picks=chosen, drawn=drawn))
    return groups


@dataclass(frozen=True)
class DrawPage:
    """What stands at the head of every page of a draw, and who its reader is."""

    draw: Draw
    user: User
    now: datetime
    sources: Sequence[SourceState]  # of the sealed manifest: none before the freeze

    @property
    def quarter(self) -> Quarter:
        return self.draw.plan.quarter

    @property
    def tone(self) -> str:
        return tone_of(self.draw)

    @cached_property
    def due(self) -> SimpleNamespace:
        return due_badge(self.quarter, self.draw, self.now)

    @property
    def late(self) -> str:
        return late_words(self.draw, self.now)

    @property
    def steps(self) -> list[SimpleNamespace]:
        return steps_of(self.draw, self.sources, self.now)

    def may(self, permission: str) -> bool:
        return self.user.may(permission, self.draw.unit)


@dataclass(frozen=True)
class DrawDetail(DrawPage):
    """One draw for one reader: counts, digests and the chain; the names only when he asked for them and may see them."""

    run: int  # whose names are asked for: one that was corrected, or the one that holds
    names: list[SimpleNamespace] | None

    @cached_property
    def release_late(self) -> str:
        return rules.late_release(self.draw, self.now)

    @cached_property
    def lines(self) -> list[SimpleNamespace]:
        return manifest_lines(self.draw)

    @cached_property
    def states(self) -> list[SimpleNamespace]:
        return shown_states(self.sources, self.user)

    @cached_property
    def digests(self) -> dict[str, str]:
        return digests_of(self.draw)

    @cached_property
    def chain(self):
        return self.draw.chain_entries.order_by("seq")

    @cached_property
    def corrections(self) -> list[CorrectionRequest]:
        return corrections_of(self.draw)

    @cached_property
    def aborted(self) -> AbortRequest | None:
        return self.draw.abort_requests.approved().select_related("decided_by").first()

    @cached_property
    def slips(self) -> int | None:
        return slips_of(self.draw)

    @cached_property
    def filing(self) -> Filing | None:
        return self.draw.filings.filter(run=self.draw.run).first()

    @property
    def other_runs(self) -> list[int]:
        return [n for n in range(1, self.draw.run + 1) if n != self.run]

    @property
    def may_see_names(self) -> bool:
        return rules.may_see_names(self.draw, self.user)

    @property
    def may_prepare(self) -> bool:
        return self.draw.status == DrawStatus.PREPARED and sees_lists(self.user, self.draw)

    @property
    def may_enter(self) -> bool:
        return self.draw.status == DrawStatus.FROZEN and self.may(Permission.ENTER_VALUE)

    @property
    def may_correct(self) -> bool:
        """Once something was agreed that could be wrong."""
        sealed = self.draw.frozen_at is not None and self.draw.status != DrawStatus.ABORTED
        return sealed and any(state.agreed is not None for state in self.sources) and self.may(Permission.ENTER_VALUE)

    @property
    def may_amend(self) -> bool:
        return self.draw.drawn_at is not None and self.may(Permission.SEE_SEALED)

    @property
    def may_abort(self) -> bool:
        """Or read why it was aborted."""
        return self.draw.status in (DrawStatus.FROZEN, DrawStatus.ABORTED) and self.may(Permission.SEE_SEALED)

    @property
    def may_dispatch(self) -> bool:
        drawn = self.draw.drawn_at is not None and self.draw.status != DrawStatus.ABORTED
        return drawn and self.may(Permission.DISPATCH)

    @property
    def may_file(self) -> bool:
        return not filing_rules.why_not_file_draw(self.draw, self.user)
