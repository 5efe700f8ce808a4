"""What the pages of inspectors have in common, and the facts of their list (六(三), ui.md 7.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Prefetch, Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.web.chips import Chip, query_with
from registry import book
from registry.interests import standing as interests
from registry.models import Inspector, InspectorAbsence, Scope

from . import roster
from .forms import InspectorFilter

FORM_PAGE = "registry/inspectors/inspector_form.html"  # one short form about one person
SORTS = {"name": ("name", "code"), "code": ("code",), "until": ("certificate_to", "code")}


def inspector_or_404(request, code: str) -> Inspector:
    rows = Inspector.objects.visible_to(request.user).select_related(
        "unit", "unit__serves", "unit__parent", "unit__section", "user"
    )
    return get_object_or_404(rows, code=code)


def window_to(request) -> date:
    """The last day of the chosen quarter's checks, or of the running one's: a card must outlast it (A-24)."""
    quarter = shell.current_quarter(request)
    return date(quarter.year, quarter.months[2], policy.on(quarter.first_day).close_day)


@dataclass(frozen=True)
class Line:
    """One person as the list shows him on a day."""

    inspector: Inspector  # with `away`: today's absence
    load: int  # checks of the quarter, as far as the reader may know
    today: date
    window_to: date

    @property
    def certificate(self) -> dict:
        return roster.certificate_state(self.inspector, self.today, self.window_to)

    @property
    def duty(self) -> dict:
        return roster.duty_state(self.inspector, next(iter(self.inspector.away), None))

    @property
    def scopes(self) -> list[str]:
        return [Scope(scope).label for scope in self.inspector.scopes]


@dataclass(frozen=True)
class InspectorList:
    """The people of a unit that an address asks for.

    A unit has tens of people, a large one some hundreds: they are read whole, so that every count, view and tag is
    the same few lines of `roster`.
    """

    request: HttpRequest
    unit: Unit | None
    today: date
    window_to: date
    form: InspectorFilter
    people: Sequence[Inspector]  # in every view: those that fit the words and the tags

    @classmethod
    def of(cls, request) -> "InspectorList":
        unit, today, form = shell.current_unit(request), clock.today(), InspectorFilter(request.GET)
        rows = Inspector.objects.visible_to(request.user)
        rows = rows.filter(pk__in=book.inspectors_of(unit)) if unit else rows.none()
        rows = rows.annotate(n_conflicts=interests.in_force(today), declared=interests.made(today.year))
        for word in form.chosen()["q"].lower().split():
            rows = rows.filter(search_text__contains=word)
        now = Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        away = Prefetch("absences", InspectorAbsence.objects.filter(now), to_attr="away")
        rows = rows.order_by(*_order(sort_of(request))).select_related("unit").prefetch_related(away)
        return cls(
            request, unit, today, window_to(request), form, roster.with_tags(list(rows), tags_of(request), today)
        )

    @property
    def sort(self) -> str:
        return sort_of(self.request)

    @property
    def tags(self) -> Mapping[str, str]:
        return tags_of(self.request)

    @property
    def asked(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.tags) or any(self.form.chosen().values())

    @cached_property
    def views(self) -> Mapping:
        return roster.views(self.today, self.window_to)

    @property
    def view(self) -> str:
        return chips.asked(self.request, "view", self.views, "all")

    @cached_property
    def counts(self) -> Mapping[str, int]:
        return {name: sum(bool(belongs(i)) for i in self.people) for name, (_, belongs) in self.views.items()}

    @property
    def shown(self) -> list[Inspector]:
        _, belongs = self.views[self.view]
        return [i for i in self.people if belongs(i)]

    @property
    def declared(self) -> int:
        return sum(i.declared for i in self.people)

    @property
    def chips(self) -> list[Chip]:
        rows = [(name, label, self.counts[name]) for name, (label, _) in self.views.items()]
        return chips.choices(rows, self.view, lambda n: query_with(self.request, view="" if n == "all" else n))

    @property
    def tag_chips(self) -> list[dict]:
        """The tags of the people, with counts; each a link that adds or takes away the condition."""
        return [
            {"title": tag["title"], "chips": [self._tag_chip(tag["name"], *row) for row in tag["rows"]]}
            for tag in roster.counted_tags(self.people, self.today)
        ]

    def _tag_chip(self, name: str, value: str, label: str, n: int) -> Chip:
        chosen = self.tags.get(name) == value
        url = query_with(self.request, **{name: "" if chosen else value})
        return Chip(label, url, chosen, n, remove=chosen)

    @property
    def kept_names(self) -> list[str]:
        return [n for n in ("unit", "quarter", "view", "sort", *roster.TAGS) if self.request.GET.get(n)]

    @property
    def reset_url(self) -> str:
        return query_with(self.request, keep=("unit", "quarter"))


def sort_of(request) -> str:
    return chips.asked(request, "sort", chips.both_ways(SORTS), "code")


def _order(sort: str) -> list[str]:
    first, *rest = SORTS[sort.removeprefix("-")]
    return [("-" if sort.startswith("-") else "") + first, *rest]


def tags_of(request) -> dict[str, str]:
    return {name: request.GET[name] for name in roster.TAGS if request.GET.get(name)}
