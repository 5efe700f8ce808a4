"""How an address of the public site becomes a file of the mirror, and a page's links lead from file to file."""

import posixpath
import re
from collections.abc import Iterable, Set
from html import escape, unescape
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

from django.urls import Resolver404, resolve

# Public, but of no use without the site: the size of the type, what machines are told of the site's own address, the
# list that answers page by page (all of it is in results.jsonl), digests of files (a mirror has its own).
LEFT_OUT = {"size", "robots", "sitemap", "sitemap-part", "security", "favicon", "results-json", "sums"}
_LINK = re.compile(r'(\s(?:href|src|action|data-[a-z-]+)=")([^"#]*)(#[^"]*)?"')
_FORM = re.compile(r"<form(?![^>]*\saction=)")


def address_of(link: str, page: str) -> str | None:
    """The address within the mirror that a link on a page leads to; None where it leads to the living site or elsewhere.

    Of what stands behind a question mark only the page of a list is a file of its own. Which publication led to its check
    (`of`) is typed there by hand.
    """
    parts = urlsplit(urljoin(page, link))
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    asked.pop("of", None)
    number = asked.pop("page", "")
    if asked or not is_mirrored(unquote(parts.path)):
        return None
    wanted = number if number.isascii() and number.isdecimal() and number != "1" else ""
    return unquote(parts.path) + (f"?page={int(wanted)}" if wanted else "")


def is_mirrored(path: str) -> bool:
    """Whether everybody may read it: a page or file of the public side, or what its pages are drawn with."""
    if any(part in (".", "..") for part in path.split("/")) or "//" in path or "\\" in path:
        return False
    if path.startswith("/static/"):
        return True
    try:
        found = resolve(path)
    except Resolver404:
        return False
    return (
        found.app_names == ["disclosure"]
        and found.url_name not in LEFT_OUT
        and not path.startswith("/desk/")
        and getattr(found.func, "access", "") == "public"
    )


def is_lasting(path: str) -> bool:
    """Whether a page is of one thing and stays until something of that thing becomes public."""
    if path.startswith("/static/"):
        return False
    given = resolve(path.partition("?")[0]).kwargs
    return "no" in given or "code" in given


def file_of(address: str) -> str:
    """results/index.html, results/page-2.html, results/export.csv; a feed is XML."""
    path, _, query = address.partition("?")
    if not path.endswith("/"):
        return path.lstrip("/")
    name = f"page-{query.removeprefix('page=')}.html" if query else "index.html"
    return (path + ("index.xml" if path.endswith("/feed/") or path.startswith("/feed/") else name)).lstrip("/")


def relative(file: str, page: str) -> str:
    """How one file names another of the same folder."""
    return quote(posixpath.relpath(file, posixpath.dirname(page) or "."))


def leading_on(location: str, target: str, here: str) -> str:
    """What the site answers by a redirect, as a page: a folder has no server that would lead on."""
    fragment = urlsplit(location).fragment
    place = escape(relative(file_of(target), here) + (f"#{fragment}" if fragment else ""))
    head = f'<meta charset="utf-8"><meta http-equiv="refresh" content="0; url={place}"><title>在另一页</title>'
    link = f'<p><a href="{place}">打开所在的页</a></p>'
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{link}</body></html>'


def rewritten(html: str, address: str, site: str, lacking: Set[str] = frozenset()) -> tuple[str, list[str]]:
    """A page whose links lead to files of the mirror, else to the living site; and what it leads to within the mirror."""
    found: list[str] = []
    here, path = file_of(address), address.partition("?")[0]

    def lead(match: re.Match) -> str:
        start, link, place = match[1], unescape(match[2]), match[3] or ""
        is_data = "data-" in start
        if (not link and not start.endswith('action="')) or (is_data and not link.startswith("/")):
            return match[0]
        target = None if start.endswith('action="') else address_of(link, path)
        if target is not None and target not in lacking:
            found.append(target)
            return f'{start}{relative(file_of(target), here)}{place}"'
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or is_data:
            return match[0]
        return f'{start}{escape(site + urljoin(path, link))}{place}"'

    html = _FORM.sub(f'<form action="{escape(site + path)}"', html)
    return _LINK.sub(lead, html), found


def of_style(css: str, address: str) -> Iterable[str]:
    """The pictures that a style sheet names."""
    for name in re.findall(r'url\("?([^")]+)"?\)', css):
        if not name.startswith("data:") and (target := address_of(name, address)):
            yield target
