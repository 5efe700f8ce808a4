from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import short_date
from inspections.coordination import log as coordination
from registry.audits import standing as audits

from . import progress


@requires(P.SEE_CITY)
@require_GET
def city_progress(request):
    """全市进度: every unit's nine steps, from what is public or public with the draw (decisions.md 3)."""
    quarter, now = shell.current_quarter(request), clock.now()
    rows = progress.city(request.user, quarter, now.date(), workdays.calendar())
    due = quarter.close_due(workdays.calendar())
    context = {
        "quarter": quarter,
        "now": now,
        "rows": rows,
        "steps": progress.STEPS,
        "figures": progress.figures(rows),
        "filings": coordination.standings(
            request.user, [row.unit for row in rows], quarter, now.date(), workdays.calendar()
        ),
        "may_instruct": bool(request.user.units_with(P.INSTRUCT)),
        "registries": audits.standings([row.unit for row in rows], now.date()).values(),
        "audit_day": policy.on(now.date()).recommended.registry_audit_day,
        "draw_due": quarter.draw_by,
        "close": f"{short_date(due.date)}，{due.remaining(now.date())}",
    }
    return TemplateResponse(request, "inspections/oversight/city_progress.html", context)
