"""A draw that the public plan announces and nobody has sealed yet: its day and its public sources (ui.md 7.1, 六(一)2-f)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from benxi_shuangsuiji.workdays.days import Quarter, short_date
from disclosure.models import Publication, PublicationKind
from plans.draw import ssj1

from . import documents
from .documents import PublicDraw


@dataclass(frozen=True)
class Announcement:
    """The next draw of a unit and quarter, as its public plan says."""

    id: ssj1.DrawId
    plan: Publication
    void: PublicDraw | None  # the attempt that this one repeats

    @property
    def draw_id(self) -> str:
        return str(self.id)

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.id.year, self.id.quarter)

    @property
    def facts(self) -> dict[str, Any]:
        return self.plan.snapshot

    @property
    def draw_at(self) -> datetime:
        return localtime(parse_datetime(self.facts["draw_at"]))

    @property
    def sources(self) -> list[tuple[dict[str, str], datetime]]:
        return [(source, localtime(parse_datetime(source["due"]))) for source in self.facts["sources"]]

    def passed(self, now: datetime) -> list[str]:
        """Sources that came out before anything was sealed: they cannot be used any more (SSJ1 5.2)."""
        return [source["label"] for source, due in self.sources if due <= now]

    @property
    def words(self) -> str:
        """7 月 10 日 09:30 抽取，用快乐8第2026183期."""
        labels = "、".join(source["label"] for source, _ in self.sources)
        return f"{short_date(self.draw_at.date())} {self.draw_at:%H:%M} 抽取，用{labels}"


def of(draw_id: str) -> Announcement | None:
    """The announced draw with this number, or None: no such plan is public, or it is another attempt's turn."""
    asked = ssj1.DrawId.of(draw_id)
    earlier = documents.draws(Q(draw_id__startswith=f"{asked.unit}-{asked.year}Q{asked.quarter}-"))
    found = of_quarter(Quarter(asked.year, asked.quarter), earlier, unit=asked.unit).get(asked.unit)
    return found if found and found.draw_id == draw_id else None


def of_quarter(quarter: Quarter, draws: Iterable[PublicDraw], **of_unit: str) -> dict[str, Announcement]:
    """By unit, the draws of this quarter that are announced; `draws` are the public ones of the same quarter."""
    newest: dict[str, PublicDraw] = {}
    for draw in sorted(draws, key=lambda d: d.id.serial):
        newest[draw.id.unit] = draw
    plans = Publication.objects.current().filter(kind=PublicationKind.PLAN, year=quarter.year, number=quarter.number)
    if of_unit:
        plans = plans.filter(unit_code=of_unit["unit"])
    found = {}
    for plan in plans:
        void = newest.get(plan.unit_code)
        if void is None or void.state == "ABORTED":
            serial = 1 + (void.id.serial if void else 0)
            next_id = ssj1.DrawId(plan.unit_code, quarter.year, quarter.number, serial)
            found[plan.unit_code] = Announcement(next_id, plan, void)
    return found
