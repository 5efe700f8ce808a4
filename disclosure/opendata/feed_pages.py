"""A feed of publications, as a page of its own (Atom, RFC 4287)."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed

from disclosure.site import bulletin

ENTRIES = 50
BEFORE_ALL = datetime(2025, 1, 1, tzinfo=UTC)  # the plan's first day: nothing was public before it (0-a)


class Feed(Atom1Feed):
    """A feed is as new as its newest entry; an empty one says nothing of the hour at which it was asked for."""

    def latest_post_date(self):
        return max((item["updateddate"] for item in self.items), default=BEFORE_ALL)


def feed_of(request, found, title: str, page: str) -> HttpResponse:
    """The newest of these publications, with what it was that changed in each."""
    entries = [
        {
            "title": f"{p.title}已{p.get_change_display()}" if p.change else p.title,
            "link": bulletin.public_url(p),
            "description": f"{p.unit_name}　{p.get_kind_display()}　{p.no} 第 {p.version} 版",
            "unique_id": f"urn:sha256:{p.digest}",
            "pubdate": p.published_at,
            "updateddate": p.published_at,
        }
        for p in found.order_by("-published_at", "-pk")[:ENTRIES]
    ]
    return answer(request, entries, title, page)


def answer(request, entries: Iterable[dict], title: str, page: str) -> HttpResponse:
    """A feed of these entries, whose links are addresses of the site."""
    site = f"{request.scheme}://{request.get_host()}"
    feed = Feed(title=title, link=site + page, description="", language="zh-CN", feed_url=site + request.path)
    for entry in entries:
        feed.add_item(**entry | {"link": site + entry["link"]})
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
