"""Which facilities a list shows: words, filters, views and order of an address (ui.md 4.4; 六(二)-q).

However many facilities there are, a list costs the same: counts stop at MOST, an order comes from an index or from at most
MOST rows, and no page lies further back than MOST rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.http import QueryDict

from benxi_shuangsuiji.database import counting
from benxi_shuangsuiji.web.chips import both_ways
from registry import known
from registry.models import (
    OFF_BOOKS,
    Category,
    CategoryGround,
    ChangeProposal,
    Facility,
    FacilityChange,
    FacilityTag,
    Ground,
    OperatingStatus,
    PollutionType,
    PositiveListEntry,
    Rating,
    SavedView,
    Tag,
    VocabularyTerm,
)

from . import wording
from .compared import in_another_category
from .forms import FacilityFilter
from .models import Spread
from .search import spread

MOST = 5000
MOST_WORDS = 5
PER_PAGE = 50
SORTS = {
    "code": ("code",),
    "name": ("name", "code"),
    "industry": ("industry_name", "code"),
    "status": ("status", "code"),
    "times": ("times", "code"),
    "checked": ("checked_at", "code"),
    "changed": ("changed_at", "code"),
}
INDEXED = ("code", "name", "industry", "status")
STOPPED = (OperatingStatus.SUSPENDED, OperatingStatus.SEASONAL)
HERE = ~Q(status__in=OFF_BOOKS)  # on the books: N of the draw, the same everywhere
VIEWS = {
    "all": ("全部", HERE),
    "key": ("重点", HERE & Q(category=Category.KEY)),
    "general": ("一般", HERE & Q(category=Category.GENERAL)),
    "special": ("特殊", HERE & Q(category=Category.SPECIAL)),
    "listed": ("正面清单", HERE & Q(listed=True)),
    "stopped": ("停产待核", Q(status__in=STOPPED)),
    "pending": ("待批准", Q(pending=True)),
    "undrawn": ("本年未抽到", HERE & Q(drawn=False)),
    "gone": ("已退出", Q(status__in=OFF_BOOKS)),
}
ASKING = ("listed", "pending", "undrawn")  # views that ask for rows of other tables
_LISTED = PositiveListEntry.objects.filter(valid_to__isnull=True)
_PENDING = ChangeProposal.objects.pending()
_TAGGED = FacilityTag.objects.filter(facility=OuterRef("pk"), removed__isnull=True)
_GROUNDS = CategoryGround.objects.filter(facility=OuterRef("pk"), valid_to__isnull=True)
# Every distinct industry of a unit by as many steps through the index as there are industries.
_INDUSTRIES = """
WITH RECURSIVE step AS (
    (SELECT industry_name AS name FROM registry_facility WHERE unit_id = %(unit)s AND industry_name > ''
     ORDER BY industry_name LIMIT 1)
    UNION ALL
    SELECT (SELECT industry_name FROM registry_facility WHERE unit_id = %(unit)s AND industry_name > step.name
            ORDER BY industry_name LIMIT 1) FROM step WHERE step.name IS NOT NULL
)
SELECT name FROM step WHERE name IS NOT NULL LIMIT 300
"""


@dataclass(frozen=True)
class Offer:
    """What the filters of a unit's list can be set to."""

    industries: list[str] = field(default_factory=list)
    tags: list[tuple[str, str]] = field(default_factory=list)  # (value, label) of the unit's own tags
    terms: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def tag_choices(self):
        groups = [
            ("本单位标签", self.tags),
            ("类别依据", [(g.value, wording.GROUND_TAGS[g]) for g in Ground]),
            ("污染类型", [(f"p:{p.value}", p.label) for p in PollutionType]),
            *((Rating(kind).label, terms) for kind, terms in self.terms.items()),
        ]
        return [(title, choices) for title, choices in groups if choices]


def offer(unit, today) -> Offer:
    """Two queries where a unit is chosen, one where not."""
    words = VocabularyTerm.objects.valid_on(today).order_by().values_list("kind", "code", "label", "rank")
    if unit is not None:
        own = Tag.objects.in_use().filter(unit=unit).order_by()
        words = words.union(own.values_list(Value(""), Cast("pk", CharField()), "name", Value(0)))
    tags, terms = [], {}
    for kind, code, label, _ in sorted(words, key=lambda w: (w[0], w[3], w[2])):
        if kind:
            terms.setdefault(kind, []).append((f"{_LETTER[kind]}:{code}", label))
        else:
            tags.append((f"t:{code}", label))
    return Offer(_industries(unit) if unit is not None else [], tags, terms)


def _industries(unit) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_INDUSTRIES, {"unit": unit.pk})
        return [name for (name,) in cursor.fetchall()]


_LETTER = {Rating.CREDIT: "c", Rating.RISK: "r", Rating.AIR: "g"}
_FIELD = {letter: kind.value for kind, letter in _LETTER.items()}


@dataclass
class Selection:
    """An address, read: what it asks for, and the rows that answer it."""

    unit: object  # None: every unit in sight
    form: FacilityFilter
    chosen: dict
    view: str
    sort: str
    year: int
    found: object  # rows that answer words and filters; the view is put on by `rows`
    unread: Sequence[str]  # names in the address whose word is not on offer: the page says so

    @property
    def asked(self) -> bool:
        return any(self.chosen.values())

    @property
    def rows(self):
        rows = self.found
        if self.view in ASKING:
            rows = rows.alias(**_asked_of_others(self.year, known.there))
        return rows.filter(VIEWS[self.view][1])


def select(query: QueryDict, *, user, unit, offered: Offer, year: int) -> Selection:
    """Read an address. Whatever is not on offer is as if it were not there; of a repeated name the last one counts."""
    form = FacilityFilter(query, offered=offered)
    chosen = form.chosen()
    found = Facility.objects.visible_to(user)
    if unit is not None:
        found = found.filter(unit=unit)
    found = found.alias(words=Spread("search_text"))
    for word in chosen["q"].lower().split()[:MOST_WORDS]:
        found = found.filter(_about(word, offered))
    for name, column in (
        ("industry", "industry_name"),
        ("permit", "permit_category"),
        ("status", "status"),
        ("district", "division_code"),
    ):
        if chosen[name]:
            found = found.filter(**{column: chosen[name]})
    if chosen["tag"]:
        found = found.filter(_with_tag(chosen["tag"]))
    if chosen["compared"] and unit is not None:
        found = found.filter(pk__in=in_another_category(unit).values("pk"))
    unread = [name for name in chosen if name in form.errors]
    view, sort = query.get("view", ""), query.get("sort", "")
    unread += [
        name for name, known in (("view", VIEWS), ("sort", both_ways(SORTS))) if query.get(name, "") not in ("", *known)
    ]
    if view not in VIEWS:
        view = "gone" if chosen["status"] in OFF_BOOKS else "all"
    return Selection(unit, form, chosen, view, sort if sort in both_ways(SORTS) else "code", year, found, unread)


def _about(word: str, offered: Offer):
    """A name, its pinyin or initials, a code or a district; or a tag or ground of that name."""
    in_text = Q(words__contains=spread(word))
    kinds = [g.value for g in Ground if len(word) > 1 and (word in wording.GROUND_TAGS[g] or word in g.label)]
    tags = [int(value.partition(":")[2]) for value, name in offered.tags if word in name.lower()]
    if not kinds and not tags:
        return in_text
    text = Facility.objects.alias(words=Spread("search_text")).filter(in_text).order_by().values("pk")
    held = CategoryGround.objects.filter(kind__in=kinds, valid_to__isnull=True).order_by().values("facility")
    tagged = FacilityTag.objects.filter(tag__in=tags, removed__isnull=True).values("facility")
    return Q(pk__in=text.union(held, tagged))


def _with_tag(value: str):
    letter, _, code = value.partition(":")
    if letter == "t":
        return Exists(_TAGGED.filter(tag=int(code)))
    if letter == "p":
        return Q(pollution_types__contains=[code])
    if letter in _FIELD:
        return Q(**{_FIELD[letter]: code})
    return Exists(_GROUNDS.filter(kind=value))


def count(selection: Selection) -> dict[str, int | None]:
    """How many each view has; beyond MOST rows only that there are more (MOST + 1), and the views stay uncounted."""
    rows = selection.found.order_by()
    own = [name for name in VIEWS if name not in ASKING]
    counted = rows.values("pk", "category", "status")[: MOST + 1].aggregate(total=Count("pk"), **_counts(own))
    if counted["total"] > MOST:
        return dict.fromkeys(VIEWS)
    of_these = partial(known.among, facilities=rows.values("pk"))
    rows = rows.annotate(**_asked_of_others(selection.year, of_these))
    counted |= rows.values("pk", "status", "listed", "pending", "drawn").aggregate(**_counts(ASKING))
    return {name: counted[f"n_{name}"] for name in VIEWS}


def _asked_of_others(year: int, asked: Callable[[list[QuerySet]], Any]) -> dict[str, Any]:
    """What a view asks of other tables."""
    return {"listed": asked([_LISTED]), "pending": asked([_PENDING]), "drawn": asked(known.drawn(year))}


def _counts(names) -> dict[str, Count]:
    return {f"n_{name}": Count("pk", filter=VIEWS[name][1]) for name in names}


def count_saved(views: list[SavedView], select_one) -> list[int | None]:
    """How many each saved view has today, all in one query."""
    rows = (select_one(QueryDict(view.query)).rows.order_by()[: MOST + 1] for view in views)
    return [n if n <= MOST else None for n in counting.of(rows)]


def listed(selection: Selection, total: int | None, year: int):
    """The rows with what each line shows, in the order asked for; past MOST rows only an order that an index keeps."""
    sort = selection.sort
    if total is None and (sort.removeprefix("-") not in INDEXED or selection.unit is None):
        sort = selection.sort = "code"
    names = SORTS[sort.removeprefix("-")]
    down = sort.startswith("-")
    return with_figures(selection.rows, year).order_by(
        *(F(n).desc(nulls_last=True) if down and n.endswith("_at") else f"-{n}" if down else n for n in names)
    )


def with_figures(rows, year: int):
    """What a line shows besides the columns of its row, in the same query."""
    last = FacilityChange.objects.filter(facility=OuterRef("pk")).order_by("-at").values("at")[:1]
    own = _TAGGED.filter(tag__retired_on__isnull=True, tag__unit=OuterRef("unit")).order_by("tag__name")
    return rows.select_related("unit").annotate(
        listed=known.of_each(_LISTED.filter(facility=OuterRef("pk"))),
        pending=known.of_each(_PENDING.filter(facility=OuterRef("pk"))),
        times=known.times_in(year),
        checked_at=known.last_check(),
        changed_at=Subquery(last),
        ground_kinds=ArraySubquery(_GROUNDS.order_by("kind").values("kind")),
        own_tags=ArraySubquery(own.values("tag__name")),
    )
