"""Chips above a list: each a word that narrows it, with how many there are (components/chips.html)."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.http import HttpRequest

# Of one look at a list: none of them is carried over to the next choice.
PASSING = ("page", "run", "all")


def asked(request: HttpRequest, name: str, known: Collection[str], otherwise: str = "") -> str:
    """What the address asks for under this name; a word that the list does not know is left out, and the frame says so."""
    typed = request.GET.get(name, "")
    if typed in known:
        return typed
    if typed:
        unread(request, name)
    return otherwise


def both_ways(sorts: Iterable[str]) -> set[str]:
    """The orders that a list knows, up and down (`sort=-name`)."""
    return {way + name for name in sorts for way in ("", "-")}


def unread(request: HttpRequest, name: str) -> None:
    """A list that shows everything where something was asked for would be taken for the answer: `base_desk.html` says it."""
    found = getattr(request, "unread_conditions", [])
    words = f"{name}={request.GET.get(name, '')[:20]}"
    request.unread_conditions = [*found, *([] if words in found else [words])]


@dataclass(frozen=True)
class Chip:
    label: str
    url: str
    current: bool = False
    count: int | None = None
    remove: bool = False  # a condition in force, which a click takes away


def query_with(request: HttpRequest, keep: Collection[str] | None = None, **changes: str) -> str:
    """The address of this list with these conditions, and of the present ones only `keep` where it is given."""
    data = request.GET.copy()
    for name in PASSING:
        data.pop(name, None)
    if keep is not None:
        for name in [n for n in data if n not in keep]:
            del data[name]
    for name, value in changes.items():
        if value:
            data[name] = value
        else:
            data.pop(name, None)
    return "?" + data.urlencode()


def choices(rows: Iterable[tuple[str, str, int | None]], current: str, address: Callable[[str], str]) -> list[Chip]:
    """One chip for each (value, label, count), of which one is chosen; `address` makes the link of a value."""
    return [Chip(label, address(value), value == current, count) for value, label, count in rows]


def conditions(rows: Iterable[tuple[str, str]], without: Callable[[str], str]) -> list[Chip]:
    """The conditions in force as (name, words), each to be taken away by a click."""
    return [Chip(words, without(name), remove=True) for name, words in rows]
