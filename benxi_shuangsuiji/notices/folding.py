"""Equal messages of one minute are one line: seven of one dispatch say one thing to whoever is above seven people (desk.md A8)."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q

from .models import Message

MINUTE = timedelta(minutes=1)


def lines(messages: Iterable[Message], waiting: set[int]) -> list[Message]:
    """The newest of each, with `n`, how many it stands for; what is done or another's turn stays a line of its own."""
    found: dict[tuple, Message] = {}
    for message in messages:
        at = message.created_at.replace(second=0, microsecond=0)
        said = message.title, message.body, message.url
        first = found.setdefault((at, *said, message.ended, message.pk in waiting), message)
        first.n = getattr(first, "n", 0) + 1
    return list(found.values())


def with_it(message: Message) -> Q:
    """Those that its line stands for: they are read together."""
    minute = message.created_at.replace(second=0, microsecond=0)
    said = {"title": message.title, "body": message.body, "url": message.url}
    return Q(**said, created_at__gte=minute, created_at__lt=minute + MINUTE)


def times(n: int) -> str:
    return f"（{n} 件）" if n > 1 else ""
