"""Atom as RFC 4287 has it: what is wrong with a feed, rule by rule (its section in brackets)."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# Element → (least, most) in a feed and in an entry (4.1.1, 4.1.2).
ONE, MAYBE, ANY = (1, 1), (0, 1), (0, 10**6)
FEED = {"id": ONE, "title": ONE, "updated": ONE, "author": (1, 10**6), "link": (1, 10**6), "rights": MAYBE, "subtitle": MAYBE, "generator": MAYBE, "icon": MAYBE, "logo": MAYBE, "category": ANY, "contributor": ANY, "entry": ANY}  # fmt: skip
ENTRY = {"id": ONE, "title": ONE, "updated": ONE, "author": ANY, "link": (1, 10**6), "published": MAYBE, "summary": MAYBE, "rights": MAYBE, "content": MAYBE, "source": MAYBE, "category": ANY, "contributor": ANY}  # fmt: skip
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
IRI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")


def faults(content: bytes) -> list[str]:
    feed = ET.fromstring(content)
    if feed.tag != f"{ATOM}feed":
        return ["the document is a feed (4.1.1)"]
    return [*_of(feed, FEED, "feed"), *_whole(feed)]


def _whole(feed: ET.Element) -> Iterator[str]:
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        yield from _of(entry, ENTRY, entry.findtext(f"{ATOM}id", "?"))
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    if len(ids) != len(set(ids)):
        yield "two entries have the same id (4.1.1)"
    times = [t for entry in entries if MOMENT.fullmatch(t := entry.findtext(f"{ATOM}updated", ""))]
    if [moment(t) for t in times] != sorted(map(moment, times), reverse=True):
        yield "the newest entry comes first"
    if times and moment(feed.findtext(f"{ATOM}updated", "")) != moment(times[0]):
        yield "the feed is as new as its newest entry (4.2.15)"
    if not feed.get(LANGUAGE):
        yield "the language is said (2)"
    if [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") != 1:
        yield "the feed links to itself (4.1.1)"


def _of(element: ET.Element, allowed: dict[str, tuple[int, int]], where: str) -> Iterator[str]:
    found = [child.tag.removeprefix(ATOM) for child in element]
    yield from (f"{where}: {name} is unknown (6.3)" for name in {*found} - allowed.keys())
    for name, (least, most) in allowed.items():
        if not least <= found.count(name) <= most:
            yield f"{where}: {name} {found.count(name)} times (4.1)"
    for child in element:
        match child.tag.removeprefix(ATOM):
            case "updated" | "published":
                if not MOMENT.fullmatch(child.text or ""):
                    yield f"{where}: {child.text} is no moment (3.3)"
            case "id":
                if not IRI.fullmatch(child.text or ""):
                    yield f"{where}: {child.text} is no IRI (4.2.6)"
            case "link":
                if not re.match(r"https?://[^/]+/", child.get("href", "")):
                    yield f"{where}: {child.get('href')} is not absolute (4.2.7)"
            case "author" | "contributor":
                if not (child.findtext(f"{ATOM}name") or "").strip():
                    yield f"{where}: a person has a name (3.2)"
            case "title" | "summary" | "rights" | "subtitle":
                if not (child.text or "").strip() or child.get("type", "text") not in ("text", "html"):
                    yield f"{where}: {child.tag} has words (3.1)"
    alternates = [
        (link.get("type"), link.get("hreflang"))
        for link in element.findall(f"{ATOM}link")
        if link.get("rel", "alternate") == "alternate"
    ]
    if not alternates or len(alternates) != len(set(alternates)):
        yield f"{where}: one page of its own (4.1.1, 4.1.2)"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def entries(content: bytes) -> dict[str, bytes]:
    """Id → the entry as it was sent."""
    found = ET.fromstring(content).findall(f"{ATOM}entry")
    return {entry.findtext(f"{ATOM}id", ""): ET.tostring(entry) for entry in found}


def titles(content: bytes) -> list[str]:
    return [entry.findtext(f"{ATOM}title", "") for entry in ET.fromstring(content).iter(f"{ATOM}entry")]
