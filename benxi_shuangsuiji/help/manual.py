"""操作手册 as data: the chapters of `docs/manual/`, read once and cut at their headings (reviews: desk A9).

Nobody says which part belongs to which page: a part that names an address in `code` is about the page at that address. So the
manual is written once, for readers of the files and for the pages behind 帮助.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from urllib.parse import unquote

from django.conf import settings
from django.templatetags.static import static
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from benxi_shuangsuiji.search.finding import Hit, closed_to

FOLDER = settings.BASE_DIR / "docs" / "manual"
INDEX = "README"  # what concerns everybody
FIRST = "第一次用"  # one part for each role, under its name
_ADDRESS = re.compile(r"/(?:desk|field|admin)/(?:[^\s…]*/)?")
_LINK = re.compile(r'<a href="(/(?:desk|field|admin)/[^"]*)">([^<]*)</a>')
_ROW = re.compile(r"^\| (?P<roles>[^|]+) \| \[[^]]+\]\((?P<chapter>[^)]+)\.md\)", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """What stands under one heading. `pages`: the names of the pages whose addresses it names."""

    chapter: str
    title: str
    html: SafeString
    words: str
    pages: frozenset[str]

    @property
    def anchor(self) -> str:
        return self.title.replace(" ", "-")

    @property
    def source(self) -> str:
        """The chapter as readers call it."""
        return "每个角色" if self.chapter == INDEX else self.chapter

    def shown_to(self, user) -> Part:
        return replace(self, html=_opening(user, self.html))

    def get_absolute_url(self) -> str:
        return f"{chapters()[self.chapter].get_absolute_url()}#{self.anchor}"


@dataclass(frozen=True)
class Chapter:
    """One file: its title, what stands before the first heading, and its parts."""

    name: str
    title: str
    before: SafeString
    parts: tuple[Part, ...]

    def shown_to(self, user) -> Chapter:
        parts = tuple(part.shown_to(user) for part in self.parts)
        return replace(self, before=_opening(user, self.before), parts=parts)

    def get_absolute_url(self) -> str:
        return reverse("help:home") if self.name == INDEX else reverse("help:chapter", args=[self.name])


@cache
def chapters() -> dict[str, Chapter]:
    """Name of the file → chapter; the one for everybody first, the others in the order in which it lists them."""
    listed = [row["chapter"] for row in _ROW.finditer(_text(INDEX))]
    there = sorted(path.stem for path in FOLDER.glob("*.md"))
    names = dict.fromkeys([INDEX, *listed, *there])
    return {name: _chapter(name) for name in names}


@cache
def of_roles() -> dict[str, tuple[str, ...]]:
    """Words for a role, as the index writes them → the chapters for it."""
    found: dict[str, list[str]] = {}
    for row in _ROW.finditer(_text(INDEX)):
        for role in row["roles"].split("、"):
            found.setdefault(role.strip(), []).append(row["chapter"])
    return {role: tuple(dict.fromkeys(names)) for role, names in found.items()}


def first_parts(roles: Iterable[str]) -> list[Part]:
    """第一次用: the three things that each of these roles does, in the order of the chapter."""
    wanted = set(roles)
    return [part for part in chapters()[FIRST].parts if part.title in wanted]


def about(page: str, roles: Sequence[str], most: int = 4) -> list[Part]:
    """The parts about a page, those of one's own roles first: that name it, or else a page about the same thing in its room."""
    own = [name for role in roles for name in of_roles().get(role, ())]
    everything = [part for chapter in chapters().values() if chapter.name != FIRST for part in chapter.parts]
    named = [part for part in everything if page in part.pages]
    alike = named or [part for part in everything if any(_thing(page) == _thing(other) for other in part.pages)]
    return sorted(alike, key=lambda part: (part.chapter not in own, part.chapter != INDEX))[:most]


def search(asked: str, roles: Sequence[str]) -> list[Part]:
    """Parts in which every word occurs, those of one's own roles first."""
    words = asked.lower().split()
    own = [name for role in roles for name in of_roles().get(role, ())]
    parts = [part for chapter in chapters().values() for part in chapter.parts]
    found = [part for part in parts if words and all(word in part.words for word in words)]
    return sorted(found, key=lambda part: part.chapter not in own)


def _thing(page: str) -> str:
    """`plans:draw` of plans:draw-detail."""
    return page.partition("-")[0]


def _text(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def _chapter(name: str) -> Chapter:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(_text(name))
    title = tokens[1].content
    starts = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
    ends = [*starts[1:], len(tokens)]
    parts = tuple(_part(reader, name, tokens[start:end]) for start, end in zip(starts, ends, strict=True))
    return Chapter(name, title, _html(reader, tokens[3 : starts[0] if starts else None], title), parts)


def _part(reader: MarkdownIt, chapter: str, tokens: list[Token]) -> Part:
    title, rest = tokens[1].content, tokens[3:]
    leaves = [leaf for token in rest for leaf in token.children or [token]]
    matches = [_match(leaf.content) for leaf in leaves if leaf.type == "code_inline"]
    words = " ".join([title, *(leaf.content for leaf in leaves if leaf.content)]).lower()
    pages = frozenset(match.view_name for match in matches if match)
    return Part(chapter, title, _html(reader, rest, title), words, pages)


def _match(text: str) -> ResolverMatch | None:
    if not _ADDRESS.fullmatch(text):
        return None
    try:
        return resolve(text)
    except Resolver404:
        return None


def _opening(user, html: SafeString) -> SafeString:
    """Links only to pages that open for this reader: of any other the address stands there, and nobody is refused for reading."""

    def of(link: re.Match) -> str:
        url, text = link.groups()
        return f"<code>{text}</code>" if closed_to(user, Hit(text, url)) else link[0]

    return mark_safe(_LINK.sub(of, html))  # as it was made, see below


def _html(reader: MarkdownIt, tokens: list[Token], title: str) -> SafeString:
    """Our own text, read without HTML: links lead to chapters and pages, tables can be scrolled, pictures are static files."""
    for token in tokens:
        for leaf in token.children or []:
            if leaf.type == "image":
                name = unquote(str(leaf.attrs["src"])).rpartition("/")[2]
                leaf.attrs |= {"src": static(f"manual/{name}"), "loading": "lazy"}
            elif leaf.type == "link_open" and str(leaf.attrs["href"]).endswith(".md"):
                leaf.attrs["href"] = reverse(
                    "help:chapter", args=[unquote(str(leaf.attrs["href"])).removesuffix(".md")]
                )
            elif leaf.type == "code_inline" and (match := _match(leaf.content)) and not match.kwargs:
                leaf.type, leaf.content = "html_inline", f'<a href="{escape(leaf.content)}">{escape(leaf.content)}</a>'
    html = reader.renderer.render(tokens, reader.options, {})
    around = (
        f'<div class="tbl-wrap" tabindex="0" role="region" aria-label="{escape(title)}，可左右滚动"><table class="tbl">'
    )
    html = html.replace("<table>", around).replace("</table>", "</table></div>").replace("<th>", '<th scope="col">')
    return mark_safe(html)  # our own files, read with HTML switched off
