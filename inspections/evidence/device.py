"""What a phone says about a photograph: when, where, how large it was. Wrong words of its own are no reason to lose it."""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from .actions import Place


def moment(text: str) -> datetime | None:
    """An ISO moment with its offset, as a browser writes it."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def by_our_clock(device_at: datetime | None, skew: timedelta, now: datetime) -> datetime:
    """When it was taken: the phone's moment, moved by how far its clock is ahead, however little that is."""
    return now if device_at is None else min(now, device_at - skew)


def place(latitude: str, longitude: str, accuracy: str) -> Place | None:
    """Degrees to six places, a metre's tenth; anything that is no place on earth is none."""
    try:
        north, east = (round(Decimal(text), 6) for text in (latitude, longitude))
        metres = round(float(accuracy)) if accuracy else None
    except (InvalidOperation, ValueError, OverflowError):
        return None
    if not (north.is_finite() and east.is_finite() and abs(north) <= 90 and abs(east) <= 180):
        return None
    return Place(north, east, metres if metres is not None and 0 <= metres < 1_000_000 else None)
