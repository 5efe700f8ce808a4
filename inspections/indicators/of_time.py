"""K1 to K4: results, plans and draws, each by its day (二, 六(一)2, 七(二), 八(二))."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Q
from django.db.models.functions import Least, TruncDate

from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import is_over, short_date
from inspections.checks.states import DROPPED
from inspections.models import Inspection, Source
from plans.models import Filing, FilingKind, QuarterlyPlan

from .facts import Check, Row, Scope, checks, day_of, draws, once, row_of


def published(scope: Scope) -> Iterator[Row]:
    """K1: of results whose 20 working days are over, or that are public already, those that are public (A-5)."""
    for check in checks(scope):
        if check.random and (check.public or is_over(check.row.publish_by, scope.day)):
            yield row_of(check, counts=check.public, words=_told(check), undone=not check.public)


def prompt(scope: Scope) -> Iterator[Row]:
    """K2: of the same by the earlier of both days, those that were public on it (A-4, A-5)."""
    for check in checks(scope):
        if check.random and (check.public or is_over(check.limit, scope.day)):
            yield row_of(check, counts=check.in_time, words=f"{_told(check)}，应于 {short_date(check.limit)}前")


@once
def results(scope: Scope) -> dict[int, dict[str, int]]:
    """K1 and K2 of a quarter counted by the database, for pages of a whole city; one query, and the same as their rows.

    `late` are those past their 20 working days that are neither public nor kept back by law (D-8).
    """
    (quarter,) = scope.quarters
    first, close = first_use.day(), quarter.close_due(scope.calendar).date
    public = Q(published_at__lte=scope.moment)
    limit = {"limit": Least(F("publish_by"), close), "shown": TruncDate("published_at")}
    over, past = (
        Q(**{f"{name}__lt": scope.day, f"{name}__gte": first}) if first else Q(pk__in=[])
        for name in ("publish_by", "limit")
    )
    ended = scope.in_period(Inspection.objects).filter(
        scope.of_checks(), unit__in=scope.units, source=Source.DRAW, ended_at__lte=scope.moment
    )
    counted = (
        ended.exclude(status__in=DROPPED)
        .annotate(**limit)
        .order_by()
        .values("unit")
        .annotate(
            public=Count("pk", filter=public),
            published_n=Count("pk", filter=public | over),
            prompt=Count("pk", filter=public & Q(shown__lte=F("limit"))),
            prompt_n=Count("pk", filter=public | past),
            late=Count("pk", filter=~public & over & Q(withheld_at__isnull=True)),
        )
    )
    return {row.pop("unit"): row for row in counted}


def published_sums(scope: Scope) -> dict[int, tuple[int, int]] | None:
    """K1 as `published` has it, without its rows; None of a year, whose days differ from quarter to quarter."""
    return {u: (n["public"], n["published_n"]) for u, n in results(scope).items()} if scope.number else None


def prompt_sums(scope: Scope) -> dict[int, tuple[int, int]] | None:
    """K2 likewise."""
    return {u: (n["prompt"], n["prompt_n"]) for u, n in results(scope).items()} if scope.number else None


def _told(check: Check) -> str:
    return f"{short_date(check.published_on)}公开" if check.public else "还没有公开"


def plans_made(scope: Scope) -> Iterator[Row]:
    """K3: of the plans due, those that were approved by the 5th (D-2)."""
    plans = scope.in_period(QuarterlyPlan.objects).filter(unit__in=scope.units).select_related("unit")
    filed = scope.in_period(Filing.objects).filter(kind=FilingKind.PLAN, revision=1, unit__in=scope.units)
    sent = {(unit, n): at for unit, n, at in filed.order_by("-asked_at").values_list("unit", "number", "asked_at")}
    made = {}
    for plan in plans:
        # A further version is approved anew; the first one was before it was sent.
        key = plan.unit_id, plan.number
        made[key] = plan.approved_at if plan.revision == 1 else sent.get(key)
    pages = {(plan.unit_id, plan.number): plan.get_absolute_url() for plan in plans}
    return _by_the_day(scope, made, pages, "plan_due", "计划批准")


def draws_held(scope: Scope) -> Iterator[Row]:
    """K4: of the draws due, those that were held by the 10th (D-4)."""
    held = {(draw.unit_id, draw.number): draw for draw in draws(scope)}
    drawn = {key: draw.drawn_at for key, draw in held.items()}
    pages = {key: draw.get_absolute_url() for key, draw in held.items()}
    return _by_the_day(scope, drawn, pages, "draw_due", "抽取")


def _by_the_day(
    scope: Scope, done: dict[tuple[int, int], datetime | None], pages: dict[tuple[int, int], str], due: str, what: str
) -> Iterator[Row]:
    for quarter in scope.quarters:
        last = getattr(quarter, due)(scope.calendar).date
        for unit in scope.units if first_use.counts(last) else ():
            at = done.get((unit.pk, quarter.number))
            on = day_of(at) if at and at <= scope.moment else None
            if on or is_over(last, scope.day):
                words = f"{short_date(on)}{what}" if on else f"没有{what}"
                yield Row(
                    unit.pk,
                    bool(on) and not is_over(last, on),
                    quarter.label,
                    f"{words}，应于 {short_date(last)}前",
                    pages.get((unit.pk, quarter.number), ""),
                )
