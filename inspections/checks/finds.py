"""任务 for the box of the frame: checks of whoever may know of them, each with the page that he may open."""

from collections import Counter

from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, part_of
from inspections.models import Inspection, InspectionStatus, VisitMember
from registry.facilities import finds as facilities


def checks(user, asked: Asked) -> Found:
    """Outside the circle those with a public result only (decisions.md 3); what the circle sees of others is kept in the trail."""
    known = Inspection.objects.visible_to(user).values("pk")
    mine = (
        set(Inspection.objects.in_my_team(user).values_list("pk", flat=True)) if user.units_with(P.FIELD_WORK) else ()
    )
    named = Inspection.objects.filter(facility__in=facilities.called(asked)).values("pk")
    gone = VisitMember.objects.filter(inspector__name__in=asked.words).values("inspection")
    meant = Q(pk__in=named) | Q(pk__in=gone) | part_of(asked, "no")
    return Found(
        Inspection.objects.filter(pk__in=known).select_related("facility", "unit", "draw").order_by("-pk"),
        lambda check: _hit(user, check, mine),
        Q(no=asked.number),
        meant,
        noted=lambda rows: note(user, rows),
    )


def note(user, rows) -> None:
    """Whoever saw checks that are not public has seen a part of a sealed list."""
    sealed = Counter(row.unit_id for row in rows if row.status != InspectionStatus.PUBLISHED)
    if units := list(Unit.objects.filter(pk__in=sealed)):
        seen = {"page": "search", "tasks": sealed.total()}
        trail.record("inspections.sealed.viewed", by=user, **seen, **trail.of_units(units))


def address(user, check: Inspection, mine=()) -> str:
    """The page on which this reader finds it: of those who follow it, of its team, of who publishes it, of everybody."""
    if check.unit_id in user.units_with(P.SEE_SEALED):
        return check.get_absolute_url()
    if check.pk in mine:
        return check.field_url
    if check.unit_id in user.units_with(P.PUBLISH):
        return reverse("disclosure:publish-detail", args=["result", check.no])
    return reverse("disclosure:result", args=[check.no])


def _hit(user, check: Inspection, mine) -> Hit:
    words = f"{check.unit.short_name}　{check.get_source_display()}　{check.get_status_display()}"
    return Hit(check.facility.name, address(user, check, mine), check.no, words)
