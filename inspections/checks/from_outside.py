"""What can be done on paper, from data or off-site is not done on the spot without a reason (N-5, docs/decisions/0107)."""

from collections.abc import Iterable

from plans.models import InspectionItem, Mode


def would_do(items: Iterable[InspectionItem | None]) -> bool:
    """Whether everything that is to be checked can be checked from outside, as the published list has it.

    Of a point without an item nobody knows, so somebody may have to go there.
    """
    found = list(items)
    return bool(found) and all(item is not None and item.modes != Mode.ONSITE for item in found)
