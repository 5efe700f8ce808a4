"""Who stood on the books as 重点 when a list of the year was sealed: they are to be reached in it, come what may (A-7, K6)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from plans.draw import ssj1
from plans.models import DrawDocument, DrawStatus
from plans.quotas.kinds import OFF_BOOKS
from registry.models import Category, CategoryGround, Ground


def codes_of(unit: Unit, year: int) -> set[str]:
    """Of one unit's lists of a year; a void attempt sealed nothing that counts. Two queries."""
    sealed = DrawDocument.objects.filter(draw__unit=unit, draw__year=year, kind="FRAME").exclude(
        draw__status=DrawStatus.ABORTED
    )
    lists = [(ssj1.parse_frame(text), at) for text, at in sealed.values_list("text", "draw__frozen_at")]
    return among({unit.pk: lists})[unit.pk]


def among(lists: Mapping[int, Iterable[tuple[ssj1.Frame, datetime]]]) -> dict[int, set[str]]:
    """Unit → of its 重点 lists everybody, of the 特殊 ones who had a ground for 重点 on that day (decisions.md 1); one query."""
    found: dict[int, set[str]] = {unit: set() for unit in lists}
    special = []
    for unit, frames in lists.items():
        for frame, at in frames:
            codes = {row.id for row in frame.rows if row.state not in OFF_BOOKS}
            if frame.category == Category.KEY:
                found[unit] |= codes
            elif frame.category == Category.SPECIAL:
                special.append((unit, codes, localtime(at).date()))
    grounds = _key_grounds(set().union(*(codes for _, codes, _ in special)))
    for unit, codes, day in special:
        found[unit] |= {c for c, since, to in grounds if c in codes and since <= day and (to is None or to > day)}
    return found


def _key_grounds(codes: set[str]) -> list[tuple[str, date, date | None]]:
    kinds = [kind for kind in Ground if kind.makes == Category.KEY]
    held = CategoryGround.objects.filter(facility__code__in=codes, kind__in=kinds)
    judged = Q(kind=Ground.KF11, approved_by__isnull=True)
    return list(held.exclude(judged).values_list("facility__code", "valid_from", "valid_to")) if codes else []
