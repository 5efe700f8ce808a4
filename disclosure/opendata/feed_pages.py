"""A feed of what became public, as a page of its own (Atom, RFC 4287)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed

from benxi_shuangsuiji.accounts.city import this_city
from disclosure.site import bulletin

from .rows import LICENCE

ENTRIES = 50
BEFORE_ALL = datetime(2025, 1, 1, tzinfo=UTC)  # the plan's first day: nothing was public before it (0-a)


class Feed(Atom1Feed):
    """A feed is as new as its newest entry; an empty one says nothing of the hour at which it was asked for."""

    def latest_post_date(self):
        return max((item["updateddate"] for item in self.items), default=BEFORE_ALL)


@dataclass(frozen=True)
class News:
    """One entry; `id` is the same for ever, whatever becomes of the rest (RFC 4287 4.2.6)."""

    id: str
    title: str
    page: str
    text: str
    at: datetime


def feed_of(request, found, title: str, page: str) -> HttpResponse:
    """The newest of these publications, with what it was that changed in each."""
    news = [
        News(
            id=f"urn:sha256:{p.digest}",
            title=f"{p.title}已{p.get_change_display()}" if p.change else p.title,
            page=bulletin.public_url(p),
            text=f"{p.unit_name}　{p.get_kind_display()}　{p.no} 第 {p.version} 版",
            at=p.published_at,
        )
        for p in found.order_by("-published_at", "-pk")[:ENTRIES]
    ]
    return feed(request, news, title, page)


def feed(request, news: Iterable[News], title: str, page: str) -> HttpResponse:
    """The newest first; every address whole, since a feed is read far from its site."""
    site = f"{request.scheme}://{request.get_host()}"
    made = Feed(
        title=title,
        link=site + page,
        description=None,
        language="zh-CN",
        author_name=this_city().bureau,
        feed_url=site + request.path,
        feed_copyright=LICENCE,
    )
    for one in news:
        made.add_item(
            title=one.title,
            link=site + one.page,
            description=one.text,
            unique_id=one.id,
            pubdate=one.at,
            updateddate=one.at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
