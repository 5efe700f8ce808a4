"""What the page of one facility shows: the answers, the evidence in the same order, the proof beside it (ui-2.md 18)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.workdays.days import Quarter, full_date, shown_moment
from disclosure import words
from disclosure.models import Objection, Publication
from disclosure.register.places import Registered
from disclosure.site import bulletin

from . import answers, chances, mending, story
from .story import Facility, Place

AGAIN = "REVIEW"  # 执法复核
RARE = chances.Fraction(5, 100)


def facility_or_404(code: str) -> "FacilityPage":
    if facility := story.of(code):
        return FacilityPage(facility, clock.today())
    raise Http404


@dataclass
class FacilityPage:
    facility: Facility
    today: date

    @cached_property
    def mending(self) -> mending.Mending | None:
        """Of the newest check; of an earlier one as long as what it found is open, for a later look at something else ends
        nothing; and of the one that was looked at again: a 复核 without steps of its own is a step of that."""
        every = [mending.of(check, self.facility.steps_of(check.no), self.today) for check in self.facility.checks]
        if still_open := next((one for one in every if one and one.is_open), None):
            return still_open
        own = zip(self.facility.checks, every, strict=True)
        return next((one for check, one in own if (one and one.is_followed) or check.snapshot["source"] != AGAIN), None)

    @property
    def items(self) -> list:
        """What was looked at, item by item: of the check whose finding is shown beside its repair."""
        shown = self.mending.result if self.mending else next(iter(self.facility.checks), None)
        return words.answered_items(shown.snapshot) if shown else []

    @cached_property
    def answers(self) -> list[answers.Answer]:
        return answers.of(self.facility, self.mending, self.today)

    @cached_property
    def objections(self) -> list[Objection]:
        """What is asked about its results and what followed them, and not decided yet: beside the finding, never instead of it."""
        of_it = {"publication__facility_code": self.facility.now.code}
        return list(Objection.objects.pending().filter(**of_it).select_related("publication").order_by("-pk"))

    @property
    def record(self) -> Publication:
        """What the proof is of: the newest result, else the newest roster with it."""
        f = self.facility
        return f.last or f.now.publication

    @property
    def draws(self) -> list[dict[str, Any]]:
        return [draw_row(place, self.facility.now.code) for place in self.facility.places]

    @property
    def cycle(self) -> str:
        """What 本周期 means, and why the unseen have better odds, of the newest draw with places kept for them."""
        place = next((p for p in self.facility.places if p.line.E and p.line.u), None)
        if place is None:
            return ""
        years = f"{place.line.E - 2}—{place.line.E} 年" if place.category == "general" else f"{place.line.E} 年"
        more = "，所以“未查”的可能比“已查”的高" if place.line.U < place.line.A else ""
        kept = f"{place.line.K} 个名额里有 {place.line.u} 个先给本周期没有查过的企业{more}。"
        return f"本周期指 {years}。{kept}"

    @property
    def untouched(self) -> dict[str, Any] | None:
        """Why somebody was never checked: how long, how likely, until when at the latest, as it really went."""
        f = self.facility
        if not f.never or not f.since:
            return None
        steps, left = [], chances.Fraction(1)
        for place in reversed(f.took_part):
            before, left = left, left * (1 - place.chance)
            steps.append(
                {
                    "quarter": place.draw.quarter.label,
                    "once": f"1 − {chances.shown(place.chance)} = {chances.shown(1 - place.chance)}",
                    "left": chances.shown(left),
                    "sum": "" if before == 1 else f"{chances.shown(before)} × {chances.shown(1 - place.chance)} = ",
                    "percent": f"{float(left * 100):.1f}",
                }
            )
        there, never = f.among
        return {
            "days": (self.today - f.since).days,
            "since": f.since,
            "times": len(steps),
            "left": chances.shown(left).removesuffix("%"),
            "of_100": round(left * 100),
            "rare": left < RARE,
            "steps": steps,
            "deadline": self.deadline,
            "there": there,
            "never": never,
            "share": chances.shown(chances.Fraction(never, there)) if there else "",
            "unit": f.now.publication.unit_name,
            "category": answers.category_words(f.now.category),
        }

    @property
    def deadline(self) -> str:
        """The last quarter of the cycle, in which every one not seen is drawn (SSJ1 §4 (a)); special has no cycle."""
        place = next((p for p in self.facility.places if p.line.E), None)
        return Quarter(place.line.E, 4).label if place and place.category == self.facility.now.category else ""

    @property
    def check(self) -> dict[str, Any] | None:
        """The newest result and what decided that it was made."""
        last = self.facility.last
        if last is None:
            return None
        s, place = (
            last.snapshot,
            next((p for p in self.facility.drawn if p.draw.draw_id == last.snapshot["draw"]), None),
        )
        quarter = Quarter(last.year, last.number)
        others = [p for p in self.facility.checks if not p.snapshot["draw"]]
        return {
            "result": last,
            "said": s,
            "outcome": words.OUTCOMES[last.outcome],
            "team": "、".join(place.team) if place else "",
            "clock": words.clock_words(last.workday_number),
            "days": policy.on(last.checked_on).publish_within_workdays,
            "items": words.answered_items(s),
            "plan": quarter.label.partition("年")[2],
            "plan_url": reverse("disclosure:plan", args=[str(quarter).lower(), last.unit_code]),
            "others": len(others),
            "since": min(p.checked_on.year for p in self.facility.checks or [last]),
        }

    @property
    def proof(self) -> dict[str, Any]:
        p = self.record
        return {
            "of_roster": p.kind == "REGISTER",
            "publication": p,
            "registered": Registered.of(p),
            "line": self.facility.now.line,
            "corrected": p.version - 1,
            "since": localtime(p.published_at),
        }

    @property
    def sources(self) -> list[dict[str, Any]]:
        """Every other publication that the page is made of, the newest first; draws have a chain of their own."""
        f = self.facility
        found = [p for p in f.published if p != self.record]
        found += [row.publication for row in reversed(f.rosters) if row.publication != self.record]
        return [
            {
                "name": _name(p),
                "url": bulletin.public_url(p),
                "number": p.entry.index + 1,
                "day": localtime(p.published_at).date(),
            }
            for p in found
        ]

    @property
    def objection_url(self) -> str:
        """The form of an objection to what the proof is of."""
        asked = {"record": self.record.no, "kind": words.PAGE_OF[self.record.kind]}
        asked |= {"code": self.facility.now.code} if self.record.kind == "REGISTER" else {}
        return f"{reverse('disclosure:objection-new')}?{urlencode(asked)}"


def _name(p: Publication) -> str:
    if p.is_withdrawn:
        return f"{p.get_kind_display()}（已撤下）"
    if p.kind == "REGISTER":
        return f"{Quarter(p.year, p.number).label}名录"
    if p.kind == "RESULT":
        return f"{full_date(p.checked_on)}检查结果"
    return p.snapshot.get("step_label") or p.get_kind_display()


def draw_row(place: Place, code: str) -> dict[str, Any]:
    """One line of 历次抽取; of a draw whose names are not public it says the same of everybody."""
    draw, line = place.draw, place.line
    page = reverse("disclosure:draw", args=[draw.draw_id])
    row = {
        "draw_id": draw.draw_id,
        "quarter": draw.quarter.label,
        "size": f"{line.A} 家抽 {line.K} 家",
        "seen": "" if place.category == "special" else "已查" if place.seen else "未查",
        "chance": chances.shown(place.chance) if place.took_part else "",
        "certain": place.took_part and place.chance == 1,
        "took_part": place.took_part,
        "url": page,
        "link": "抽取公示",
        "note": "",
    }
    if draw.state == "ABORTED":
        return row | {"mark": "wait", "result": "已作废"}
    if not place.took_part:
        return row | {"mark": "wait", "result": f"不参加：{place.why_not}"}
    why = f"{page}?code={code}#one"
    if place.released and place.pick:
        note = "，".join(part for part in (f"第 {place.rank} 签", place.gone) if part)
        return row | {"mark": "run", "result": "抽中", "note": note, "url": why, "link": "为什么抽中"}
    if place.released:
        note = f"第 {place.rank} 签"
        return row | {"mark": "wait", "result": "未抽中", "note": note, "url": why, "link": "为什么没有抽中"}
    frame = {"url": reverse("disclosure:draw-frame", args=[draw.draw_id, place.category]), "link": "参加抽取名单"}
    if place.told:
        return row | frame | {"mark": "run", "result": "抽中", "note": "检查结果已经公开"}
    opens = f"{shown_moment(draw.release_at)} 公开，此前各企业都显示这一句"
    return row | frame | {"mark": "wait", "result": "名单未公开", "note": opens}
