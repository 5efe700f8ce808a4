"""The counts of reports (五-4j): the random ones by category and result, the targeted ones apart, never as random (三-n)."""

from collections import Counter

from inspections.coverage.tally import Tally, tallies
from inspections.models import Mode, Outcome, Source
from plans.models import Pick
from registry.models import Category

from .facts import Check, Scope, checks, once

# What follows from a result, in the words of the reports.
FOLLOWED = {
    "rectify": [Outcome.RECTIFY_ORDERED],
    "case": [Outcome.CASE_FILED],
    "transferred": [Outcome.TRANSFERRED, Outcome.TRANSFERRED_CRIMINAL],
    "pending": [Outcome.PENDING],
}
STRATA = (Category.KEY, Category.GENERAL, Category.SPECIAL)


@once
def drawn_of(scope: Scope) -> dict[tuple[int, int, str], Tally]:
    """What became of the drawn, by unit, quarter and category; of a sealed list as far as results are public."""
    picks = scope.in_period(Pick.objects.filter(draw__unit__in=scope.units), "draw__")
    return tallies(picks, "draw__unit", "draw__number", "category", circle=scope.circle)


def counts_of(tally: Tally) -> dict[str, int]:
    """As a report freezes them."""
    return {
        "drawn": tally.drawn,
        "finished": tally.done,
        "not_possible": tally.not_possible,
        "replaced": tally.replaced,
        "unfinished": tally.not_done,
    }


def of_unit(scope: Scope, unit: int, number: int | None = None) -> dict:
    """The sums of one unit, of the period or of one of its quarters."""
    by_category: dict[str, Tally] = {}
    for (pk, n, category), tally in drawn_of(scope).items():
        if pk == unit and number in (None, n):
            by_category[category] = by_category.get(category, Tally()) + tally
    mine = [c for c in checks(scope) if c.row.unit_id == unit and number in (None, c.row.number)]
    return _summed(mine, by_category)


def _summed(found: list[Check], drawn: dict[str, Tally]) -> dict:
    """`ended`: the random checks that are over, those found shut and then replaced among them: each owes a result (D-6)."""
    random = [c for c in found if c.random]
    targeted = [c for c in found if not c.random and c.public]
    public = [c for c in random if c.public]
    outcomes = Counter(c.outcome for c in public)
    by_source = Counter(c.row.source for c in targeted)
    carried_out = [c for c in random if c.carried_out]
    modes = Counter(c.row.mode for c in carried_out)
    return {
        "strata": [
            {
                "category": str(category),
                "name": category.label,
                **counts_of(drawn.get(category, Tally())),
                "public": sum(c.row.category == category for c in public),
            }
            for category in STRATA
        ],
        **counts_of(sum(drawn.values(), Tally())),
        "ended": len(random),
        "public": len(public),
        "in_time": sum(c.in_time for c in public),
        "workdays": sum(c.workdays for c in public),
        "outcomes": [[str(o), o.label, outcomes[o]] for o in Outcome if outcomes[o]],
        "problems": sum(c.found for c in public),
        **{name: sum(outcomes[o] for o in which) for name, which in FOLLOWED.items()},
        "onsite": modes[Mode.ONSITE],
        "offsite": modes[Mode.OFFSITE],
        "document": modes[Mode.DOCUMENT],
        "recorded": sum(bool(c.row.recorder_no) for c in carried_out if c.onsite),
        "targeted": len(targeted),
        "targeted_problems": sum(c.found for c in targeted),
        "targeted_sources": [[str(s), s.label, by_source[s]] for s in Source if by_source[s]],
    }
