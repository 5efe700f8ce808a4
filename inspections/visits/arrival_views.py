"""登记到场 (PNG 29d): who is there, since when, with which recorder; the button is the declaration."""

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page
from inspections.approvals import pages as approval_pages
from inspections.checks.pages import my_task, tapped_at
from inspections.evidence.actions import recorder_numbers
from inspections.models import Mode
from inspections.offsite.rules import waits_to_enter
from registry.inspectors.roster import away_words

from . import actions, pages
from .closed_views import open_to_the_team
from .entering import enter
from .forms import LAST, OTHER, ArrivalForm


@requires(P.FIELD_WORK)
def field_arrive(request, no):
    inspection = my_task(request, no)
    entering = waits_to_enter(inspection)
    if not entering and (closed := open_to_the_team(request, inspection, until_arrival=True)):
        return closed
    now = tapped_at(request)
    onsite = inspection.mode == Mode.ONSITE
    members = list(inspection.members.select_related("inspector"))
    away = away_words([m.inspector for m in members], now.date())
    last = pages.last_recorder(request.user, inspection) if onsite else None
    recorders = recorder_numbers({inspection.unit_id, inspection.executing_unit_id})
    form = ArrivalForm(
        request.POST or None,
        inspection=inspection,
        members=members,
        last_recorder=last["no"] if last else "",
        recorders=recorders,
        initial={
            "present": [m.inspector_id for m in members if m.inspector_id not in away],
            "recorder": LAST if last else OTHER,
        },
    )

    def start(*, present, at, **given):
        people = [m.inspector for m in members if m.inspector_id in present]
        at = at or now.replace(second=0, microsecond=0)
        if entering:
            return enter(inspection=inspection, by=request.user, at=at, present=people, **given)
        typed = {"recorder_no": "", "contact_person": "", **given}
        return actions.start_visit(
            inspection=inspection,
            by=request.user,
            at=at,
            identity_shown_at=None,
            present=people,
            **typed,
        )

    # Whoever came says who he is before anything is checked (PNG 29e).
    after = f"{inspection.field_url}code/" if onsite else reverse("inspections:field-looks", args=[inspection.no])
    chosen = {str(pk) for pk in form["present"].value() or []}
    return act_page(
        request,
        "inspections/visits/field_arrive.html",
        form,
        start,
        after,
        "",
        inspection=inspection,
        after=after,
        onsite=onsite,
        rows=[
            {"member": m, "checked": str(m.inspector_id) in chosen, "away": away.get(m.inspector_id, "")}
            for m in members
        ],
        last=last,
        approved=approval_pages.approved_words(inspection, now.date()),
        recorders=recorders,
        chosen=form["recorder"].value() if onsite else "",
        shown_at=f"{localtime(clock.now()):%-H:%M}",
    )
