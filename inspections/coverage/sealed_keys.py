"""Who stood on the books as 重点 when a list of the year was sealed: they are to be reached in it, come what may (A-7, K6)."""

from datetime import date

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from plans.draw import ssj1
from plans.models import DrawDocument, DrawStatus
from plans.quotas.quotas import OFF_BOOKS
from registry.models import Category, CategoryGround, Ground


def codes_of(unit: Unit, year: int) -> set[str]:
    """Of the 重点 lists everybody; of the 特殊 ones who had a ground for 重点 on that day (decisions.md 1).

    A void attempt sealed nothing that counts. One query, and one more for each 特殊 list.
    """
    sealed = DrawDocument.objects.filter(draw__unit=unit, draw__year=year, kind="FRAME").exclude(
        draw__status=DrawStatus.ABORTED
    )
    found = set()
    for text, at in sealed.values_list("text", "draw__frozen_at"):
        frame = ssj1.parse_frame(text)
        codes = {row.id for row in frame.rows if row.state not in OFF_BOOKS}
        if frame.category == Category.KEY:
            found |= codes
        elif frame.category == Category.SPECIAL:
            found |= _with_key_ground(codes, localtime(at).date())
    return found


def _with_key_ground(codes: set[str], day: date) -> set[str]:
    kinds = [kind for kind in Ground if kind.makes == Category.KEY]
    held = CategoryGround.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day), facility__code__in=codes, kind__in=kinds, valid_from__lte=day
    )
    judged = Q(kind=Ground.KF11, approved_by__isnull=True)
    return set(held.exclude(judged).values_list("facility__code", flat=True))
