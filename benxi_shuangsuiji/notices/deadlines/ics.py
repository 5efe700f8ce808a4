"""A calendar as RFC 5545 writes it: lines end in CR LF and fold after 75 octets, text is escaped. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

PRODUCT = "-//Benxi Shuangsuiji//Deadlines//ZH"
LONGEST_LINE = 75  # octets, without the line break (RFC 5545 3.1)


@dataclass(frozen=True)
class Event:
    """Whole days, `first` to `last`. `uid` stays the same when the days move, and `moved` counts up."""

    uid: str
    summary: str
    description: str
    first: date
    last: date
    moved: int = 0
    url: str = ""


def calendar(name: str, events: Iterable[Event], *, at: datetime) -> bytes:
    """The whole file; `at` is when it was made."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTAMP:{stamp}",
            f"SEQUENCE:{event.moved}",
            f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}",  # the first day after it (3.6.1)
            f"SUMMARY:{escaped(event.summary)}",
            f"DESCRIPTION:{escaped(event.description)}",
            *([f"URL:{event.url}"] if event.url else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def escaped(text: str) -> str:
    """TEXT of RFC 5545 3.3.11."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def folded(line: str) -> bytes:
    """One content line with its breaks; a character of several octets is never split."""
    parts: list[str] = []
    part: list[str] = []
    length = 0
    for sign in line:
        size = len(sign.encode())
        if length + size > LONGEST_LINE:
            parts.append("".join(part))
            part, length = [], 1  # the space that begins a continuation counts
        part.append(sign)
        length += size
    parts.append("".join(part))
    return "\r\n ".join(parts).encode() + b"\r\n"
