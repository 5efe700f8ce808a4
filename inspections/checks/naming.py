"""To-dos say which place they are about to whoever may know it (desk.md A3, decisions.md 3)."""

import re
from collections.abc import Iterable, Sequence

from django.db.models import Q

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty
from inspections.models import Inspection, InspectionStatus
from plans.models import DrawStatus
from registry.frames import public_name

# 210502-2026Q3-0002 of 210502-2026Q3-0002-Z02 and 210502-2026Q3-0002:7, by which rooms tell several duties about one check apart.
_NO = re.compile(r"[0-9A-Za-z]+-[0-9]{4}Q[1-4]-[A-Z]?[0-9]+")


def number_of(duty: Duty) -> str:
    """Of the check that a duty is about; "" for any other."""
    found = _NO.match(duty.period)
    return found[0] if found else ""


def places(numbers: Iterable[str], besides: Q) -> dict[str, str]:
    """Where these checks were: of those whose result is public, and of those besides."""
    known = Q(status=InspectionStatus.PUBLISHED) | besides
    return _names(Inspection.objects.filter(known, no__in=list(numbers))) if numbers else {}


def by_name(duties: Sequence[Duty], user: User) -> int:
    """Have to-dos name the place instead of the number of its check, where the reader may know it; how many of these nobody
    outside the circle knows yet, for the trail (decisions.md 3). Never saved: the title that is kept has the number alone.

    Whoever publishes a reviewed result has it with its name on his list of what waits (八(二)).
    """
    numbers = {no for duty in duties if (no := number_of(duty))}
    known = places(numbers, Q(draw__status=DrawStatus.RELEASED))
    rest = Inspection.objects.filter(no__in=numbers - set(known))
    waiting = Q(status=InspectionStatus.REVIEWED, withheld_at__isnull=True, unit__in=user.units_with(P.PUBLISH))
    circle = Q(pk__in=Inspection.objects.in_circle_of(user).filter(no__in=numbers - set(known)).values("pk"))
    within = _names(rest.filter(circle | waiting)) if numbers - set(known) else {}
    names, sealed = known | within, 0
    for duty in duties:
        no = number_of(duty)
        if no in names and no in duty.title:
            agenda.say(duty, duty.title.replace(no, names[no]), no, place=names[no])
            sealed += no in within
    return sealed


def note(user: User, page: str, sealed: int) -> None:
    """Who read names that only the circle knows is recorded, how many and on which page: under the units that he works for,
    where the log is asked for it; a line without a unit would say that he looked at the whole city."""
    if sealed:
        of = trail.of_units(units) if (units := user.works_for()) else {}
        trail.record("inspections.sealed.viewed", by=user, page=page, tasks=sealed, **of)


def _names(checks) -> dict[str, str]:
    return {check.no: public_name(check.facility) for check in checks.select_related("facility")}
