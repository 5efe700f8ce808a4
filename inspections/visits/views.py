"""我的检查: the day of an inspector (/field/, PNG 28a)."""

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.checks import badges
from inspections.models import Inspection

from . import pages


@requires(P.FIELD_WORK)
@require_GET
def field_tasks(request):
    """我的检查 (PNG 28a): today, later, handed in this quarter; each with what it waits for."""
    today = clock.today()
    calendar, quarter = workdays.calendar(), Quarter.of(today)
    mine = (
        Inspection.objects.in_my_team(request.user)
        .filter(Q(status__in=badges.TEAM_WORK) | Q(year=quarter.year, number=quarter.number))
        .select_related("facility")
        .prefetch_related("members__inspector", "members__acceptance", "answers", "approvals", "deliveries")
        .order_by(Coalesce("planned_on", "finish_by"), "finish_by", "no")
    )
    cards = [pages.card(i, request.user, today, calendar) for i in mine]
    todo = [c for c in cards if not c["done"]]
    now, later = [c for c in todo if c["today"]], [c for c in todo if not c["today"]]
    done = [c for c in cards if c["done"]]
    # The one that is begun, given back or may be begun: its step is in the bar.
    first = next((c for c in todo if c["started"] or c["returned"]), None) or next(
        (c for c in [*now, *later] if c["ready"]), None
    )
    if first:
        first["first"] = True
    if todo:
        trail.record("inspections.sealed.viewed", by=request.user, page="field-tasks", tasks=len(todo))
    context = {
        "groups": [("今天", now), ("以后", later), ("已提交", done)],
        "first": first,
        "total": len(cards),
        "done": len(done),
        "next_day": pages.next_day(later),
        "today": pages.day_words(today),
    }
    return TemplateResponse(request, "inspections/visits/field_tasks.html", context)
