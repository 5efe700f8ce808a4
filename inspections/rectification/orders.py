"""责令改正通知书 as it was handed out: with the result, and once more when a leader orders anew (八(二)-e, 七(七)-k).

What stands on the page of the 整改 moves on with extensions and corrections; a paper that somebody has in his hands does not.
"""

from collections.abc import Iterable

from inspections.models import Rectification, RectificationAct, RectificationOrder, RectificationPoint
from inspections.service.models import Delivery


def lines_of(points: Iterable[RectificationPoint]) -> list[dict]:
    """Each point as the paper has it."""
    return [
        {"n": p.n, "words": p.words, "demand": p.demand, "basis": p.basis, "due": p.due.isoformat()} for p in points
    ]


def served(found: Rectification, delivery: Delivery) -> None:
    """Told with the result; one that was refused first and taken afterwards, unchanged, is one paper."""
    said = {"due": found.due, "points": lines_of(found.points.all())}
    last = found.orders.last()
    same = last is not None and (last.due, last.points) == (said["due"], said["points"])
    if same or found.orders.filter(delivery=delivery).exists():
        return
    RectificationOrder.objects.create(rectification=found, at=delivery.at, delivery=delivery, **said)


def ordered(found: Rectification, act: RectificationAct, points: Iterable[RectificationPoint]) -> None:
    """By the word of a leader: the points that were not mended with their new day, or all in the words of the correction."""
    said = {"due": found.due, "points": lines_of(points)}
    RectificationOrder.objects.create(rectification=found, at=act.decided_at, act=act, **said)
