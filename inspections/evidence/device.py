"""What a phone says about a photograph: when, where, how large it was. Wrong words of its own are no reason to lose it."""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from .actions import Place

# A clock that is wrong by less is taken as right: the way through the network takes some seconds too.
SKEW = timedelta(seconds=60)


def moment(text: str) -> datetime | None:
    """An ISO moment with its offset, as a browser writes it."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def by_our_clock(device_at: datetime | None, sent_at: datetime | None, now: datetime) -> datetime:
    """When it was taken: the phone's moment, moved by how far its clock was off when it sent it."""
    if device_at is None:
        return now
    off = now - sent_at if sent_at else timedelta()
    return min(now, device_at + off if abs(off) > SKEW else device_at)


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
