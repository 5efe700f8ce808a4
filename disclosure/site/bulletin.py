"""最新公示: what has become public, newest first; what one unit published on one day is one line (ui.md 7.1)."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Count, Max, Min
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.draws.documents import PublicChainEntry
from disclosure.models import FOLLOWUPS, OWN, Change, Publication, PublicationKind
from plans.draw import ssj1

RECENT = timedelta(days=60)  # in which there are mostly as many lines as the home page shows


@dataclass(frozen=True)
class News:
    at: datetime
    title: str
    url: str
    unit: str
    kind: str

    @property
    def date(self) -> date:
        return localtime(self.at).date()


def unit_names() -> dict[str, str]:
    """Of every unit that ever drew, by its code."""
    return {unit.code: unit.short_name for unit in drawing_units()}


def drawing_units() -> list[Unit]:
    """In their order, with the days between which each has quarters of its own; one query."""
    return list(Unit.objects.drawing().only("code", "short_name", "begins_on", "closed_on"))


def names_in(quarter: Quarter, units: Iterable[Unit], has: Container[str] = ()) -> dict[str, str]:
    """Those of whom a quarter asks something, and those who have something in it: no other is said to be late."""
    return {unit.code: unit.short_name for unit in units if unit.works_in(quarter) or unit.code in has}


def unit_name(code: str) -> str:
    """The short name of one unit; the code of one that is no more."""
    return unit_names().get(code, code)


def news(names: dict[str, str], *, entries=None, limit: int | None = None) -> list[News]:
    """Publications and chain entries together, newest first. `entries`: chain entries at hand, else they are read."""
    if entries is None:
        entries = PublicChainEntry.objects.filter(kind__in=["FREEZE", "RESULT", "ABORT"]).defer("text")
    found = published(limit) + of_chain(entries, names)
    found.sort(key=lambda n: n.at, reverse=True)
    return found[:limit]


def stale_since(today: date) -> datetime | None:
    """When something was last entered, once that is more than a day ago: the day's heads come every day (PUB1 §2)."""
    newest = Publication.everything.order_by("-pk").values_list("published_at", flat=True).first()
    return newest if newest and localtime(newest).date() < today - timedelta(days=1) else None


def published(limit: int | None = None) -> list[News]:
    """Corrections and withdrawals are news of their own; sealed words are no news any more (八(二)-c).

    Nor are the day's heads: they come every day and tell of nothing.
    """
    of_one_line = ("kind", "unit_code", "unit_name", "year", "number", "change")
    known = Publication.everything.unsealed().exclude(kind=PublicationKind.HEADS)
    if limit and (newest := known.aggregate(last=Max("published_at"))["last"]):
        recent = known.filter(published_at__gte=newest - RECENT)
        if len(found := _lines_of(recent, of_one_line, limit)) == limit:
            return found
    return _lines_of(known, of_one_line, limit)


def _lines_of(known, of_one_line: tuple[str, ...], limit: int | None) -> list[News]:
    rows = (
        known.values(*of_one_line, day=TruncDate("published_at"))
        .annotate(
            n=Count("pk"),
            last=Max("published_at"),
            first_no=Min("no"),
            name=Min("facility_name"),
            title=Min("title"),
        )
        .order_by("-last")[:limit]
    )
    return [_publication_news(row) for row in rows]


def _publication_news(row: dict) -> News:
    kind, title = row["kind"], row["title"]
    url = _url(kind, row["first_no"], row["year"], row["number"], row["unit_code"])
    if row["change"] in (Change.CORRECTION, Change.WITHDRAWAL):
        label = Change(row["change"]).label
        if row["n"] > 1:
            title, url = f"{title}等 {row['n']} 条", reverse("disclosure:revisions")
        return News(row["last"], f"{title}已{label}", url, row["unit_name"], label)
    if kind == PublicationKind.RESULT:
        title = f"{row['name']}检查结果"
        if row["n"] > 1:
            title = f"{row['name']}等 {row['n']} 家企业检查结果"
            quarter = Quarter(row["year"], row["number"])
            url = f"{reverse('disclosure:results')}?quarter={quarter}&unit={row['unit_code']}&on={row['day']}"
    if kind in FOLLOWUPS and row["n"] > 1:
        title = f"{title}等 {row['n']} 条"
    return News(row["last"], title, url, row["unit_name"], PublicationKind(kind).label)


_OF_QUARTER = {PublicationKind.RESULT_SUM: "results-summary", PublicationKind.SELF_CHECK: "selfcheck"}


def public_url(publication: Publication) -> str:
    """The public page of one publication."""
    p = publication
    return _url(p.kind, p.no, p.year, p.number, p.unit_code)


def _url(kind: str, no: str, year: int, number: int | None, unit: str) -> str:
    if kind == PublicationKind.RESULT:
        return reverse("disclosure:result", args=[no])
    if kind in FOLLOWUPS:
        return reverse("disclosure:followup-step", args=[no])
    if kind == PublicationKind.REGISTER:
        return reverse("disclosure:roster", args=[no])
    if kind == PublicationKind.STATEMENT:
        return reverse("disclosure:statement", args=[no])
    if kind == PublicationKind.DECISION:
        return reverse("disclosure:objection", args=[no])
    if kind == PublicationKind.ITEM_LIST:
        return reverse("disclosure:items", args=[year])
    if kind in OWN:
        return reverse("disclosure:register-own")
    quarter = str(Quarter(year, number)).lower()
    if kind == PublicationKind.PLAN:
        return reverse("disclosure:plan", args=[quarter, unit])
    return reverse(f"disclosure:{_OF_QUARTER.get(kind, 'plans-of-quarter')}", args=[quarter])


_CHAIN = {
    "FREEZE": ("名单封存", "检查对象名单与指纹"),
    "RESULT": ("抽取公示", "随机抽取完成，结果指纹已公布"),
    "CORRECTION": ("抽取更正", "公开随机数更正，抽取结果重算"),
    "ABORT": ("抽取作废", "随机抽取作废"),
}


def of_chain(entries, names: dict[str, str]) -> list[News]:
    """The same event of several units on one day is one line; a draw's second result is a correction (SSJ1 9.1)."""
    entries = sorted((e for e in entries if e.draw_id), key=lambda e: e.seq)
    first = {e.draw_id: e.seq for e in reversed(entries) if e.kind == "RESULT"}

    def key(entry):
        draw = ssj1.DrawId.of(entry.draw_id)
        again = entry.kind == "RESULT" and entry.seq != first[entry.draw_id]
        return "CORRECTION" if again else entry.kind, localtime(entry.at).date(), draw.year, draw.quarter

    wanted = sorted((e for e in entries if e.kind in _CHAIN), key=key)
    found = []
    for (kind, _, year, number), group in groupby(wanted, key=key):
        group = sorted(group, key=lambda e: e.seq)
        label, words = _CHAIN[kind]
        quarter = Quarter(year, number)
        unit = names.get(ssj1.DrawId.of(group[0].draw_id).unit, "")
        if len(group) == 1:
            url = reverse("disclosure:draw", args=[group[0].draw_id])
            found.append(News(group[0].at, f"{quarter.label}{words}", url, unit, label))
        else:
            url = f"{reverse('disclosure:draws')}?quarter={quarter}"
            found.append(News(group[-1].at, f"{quarter.label}{words}（{len(group)} 个单位）", url, "", label))
    return found
