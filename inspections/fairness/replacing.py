"""更换 of released draws: for which reason, of how many that were drawn, and who approved (七(二)-f, -g, K12)."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.shares import percent
from inspections.coverage import tally
from plans.models import AmendmentRequest, ChangeReason, DrawStatus, Pick, RequestState

DECIDED = (RequestState.APPROVED, RequestState.RETURNED)


@dataclass(frozen=True)
class Line:
    """`approved` and `returned` requests; `places`: the drawn facilities that the approved ones were about."""

    label: str
    approved: int = 0
    returned: int = 0
    places: int = 0
    most: str = ""  # of an approver: the reason that he approved most often

    @property
    def asked(self) -> int:
        return self.approved + self.returned

    @property
    def share(self) -> str:
        return percent(self.approved, self.asked)


@dataclass(frozen=True)
class Replacements:
    reasons: list[Line]
    approvers: list[Line]  # empty for whoever is not told who it was
    count: int  # of people who decided
    drawn: int
    replaced: int  # drawn facilities that were taken off, K12
    alert: int

    @property
    def share(self) -> str:
        return percent(self.replaced, self.drawn)

    @property
    def is_high(self) -> bool:
        return 100 * self.replaced > self.alert * self.drawn


def of(units: Collection[Unit], year: int, last_day, *, named: bool) -> Replacements:
    """`named`: the reader is told who decided. Three queries, four with names."""
    requests = AmendmentRequest.objects.filter(
        draw__status=DrawStatus.RELEASED, draw__unit__in=units, draw__year=year, state__in=DECIDED
    )
    rows = requests.order_by().values_list("reason", "state", "decided_by").annotate(Count("pk", distinct=True))
    rows = rows.annotate(places=Count("picks", distinct=True))
    reasons: dict[str, Counter] = defaultdict(Counter)
    people: dict[int, Counter] = defaultdict(Counter)
    liked: dict[int, Counter] = defaultdict(Counter)
    for reason, state, person, n, places in rows:
        for counted in (reasons[reason], *([people[person]] if person else [])):
            counted[state] += n
            counted["places"] += places if state == RequestState.APPROVED else 0
        if person and state == RequestState.APPROVED:
            liked[person][ChangeReason(reason).label] += n
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "full_name")) if named else {}
    picks = Pick.objects.filter(draw__status=DrawStatus.RELEASED, draw__unit__in=units, draw__year=year)
    counted = tally.tally(picks)
    return Replacements(
        reasons=_sorted(_line(ChangeReason(one).label, found) for one, found in reasons.items()),
        approvers=_sorted(
            _line(name, people[pk], "、".join(word for word, _ in liked[pk].most_common(1)))
            for pk, name in names.items()
        ),
        count=len(people),
        drawn=counted.drawn,
        replaced=counted.replaced,
        alert=policy.on(last_day).recommended.amendment_alert_percent,
    )


def _line(label: str, counted: Counter, most: str = "") -> Line:
    return Line(label, counted[RequestState.APPROVED], counted[RequestState.RETURNED], counted["places"], most)


def _sorted(lines) -> list[Line]:
    return sorted(lines, key=lambda line: (-line.asked, line.label))
