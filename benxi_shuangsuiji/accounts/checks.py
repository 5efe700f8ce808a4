"""Every address says who may open it, or the system does not start (decisions.md 7)."""

from collections.abc import Iterator

from django.core.checks import Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver


def unmarked(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, str]]:
    """(address, view) of every page below that wears no access mark."""
    for entry in resolver.url_patterns:
        address = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from unmarked(entry, address)
        elif isinstance(entry, URLPattern) and getattr(entry.callback, "access", None) is None:
            yield address, entry.lookup_str


@register(Tags.urls)
def access_marks(app_configs, **kwargs):
    """A forgotten mark is the program's mistake; the middleware that refuses such a page would show it as the reader's."""
    return [
        Error(
            f"{address}（{view}）没有写明谁可以打开。",
            hint="给视图加 @requires(…) 或 @public_page。",
            id="benxi.E005",
        )
        for address, view in unmarked(get_resolver())
    ]
