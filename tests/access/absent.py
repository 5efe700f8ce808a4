"""Addresses of what does not exist, beside those of what does, and an answer without what differs from one to the next."""

import re
import uuid
from collections.abc import Iterator
from itertools import product
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse

# What these name is no thing of a unit: a form of a paper, a table, a part of it.
NO_THING = {"way", "kind", "sheet", "part", "n", "k", "quarter"}
# Of the shapes that public addresses ask for, where the world has no value of its own.
SHAPES = (
    *("2026q3", "210504-2026Q3-01", "210504-2026Q3", "210504-2026", "YY2026-0001", "210504", "000", 1, 2026),
    *("pdf", "list", "key", "large", "entries", "results", "rates", "seed", "a" * 32, "0" * 64, "x"),
)
ONE_TIME = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # the key of a form
    r'|(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}'
    r'|(?<=name="form_owner" value=")[^"]+|(?<=nonce=")[^"]+|(?<=编号 )[0-9A-F]{8}'
)


def without_what_is_new(answer, url: str) -> tuple:
    """Status, headers and bytes: the same for the same page; the address itself, where a page says it, taken out."""
    body = answer.getvalue().decode(errors="replace") if answer.streaming else answer.content.decode(errors="replace")
    headers = {k: v for k, v in answer.headers.items() if k not in ("Content-Security-Policy", "Set-Cookie")}
    headers.pop("Content-Length", None)
    told = [headers.get("Location", ""), ONE_TIME.sub("…", body)]
    for n, above in enumerate(_above(url)):
        for shown in (above, quote(above, safe="")):
            told = [words.replace(shown, f"ABOVE-{n}/") for words in told]
    headers.pop("Location", None)
    return answer.status_code, sorted(headers.items()), *told


def _above(url: str) -> list[str]:
    """The address and those above it, to which a page that is not there leads back."""
    parts = url.strip("/").split("/")
    return [url, *("/" + "/".join(parts[:n]) + "/" for n in range(len(parts) - 1, 1, -1))]


def any_address(name: str, arguments: dict[str, object]) -> str:
    """An address of this name, whether or not something is there."""
    for values in product(*((value, *SHAPES) for value in arguments.values())):
        try:
            return reverse(name, kwargs=dict(zip(arguments, values, strict=True)))
        except NoReverseMatch:
            continue
    raise AssertionError(f"tests/access/absent.py: SHAPES has nothing for {name} {arguments}")


def absent(name: str, arguments: dict[str, object]) -> Iterator[str]:
    """The same address with each thing that it names replaced by one that does not exist."""
    for argument, value in arguments.items():
        for other in () if argument in NO_THING else _others(argument, value):
            try:
                yield reverse(name, kwargs=arguments | {argument: other})
            except NoReverseMatch:
                continue
            break


def _others(argument: str, value: object) -> Iterator[object]:
    """What is not there, of the same form as far as the address asks for it."""
    if isinstance(value, uuid.UUID):
        yield uuid.UUID(int=7)
    elif argument == "year":
        yield 2031
    elif isinstance(value, int):
        yield 987654
    elif re.fullmatch(r"\d{6}", value):
        yield "210599"
    else:
        if of_unit := re.fullmatch(r"\d{6}(-\d{4}Q\d)", value):
            yield f"210599{of_unit[1]}"
        yield re.sub(r"\d+$", lambda found: "9" * len(found[0]), value)
        yield "NO-SUCH"
        yield value[::-1]
