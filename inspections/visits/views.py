"""我的检查: the day of an inspector (/field/, PNG 28a)."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from inspections.checks import naming

from . import pages


@requires(P.FIELD_WORK)
@require_safe
def field_tasks(request):
    """我的检查 (PNG 28a): today, later, handed in this quarter; each with what it waits for."""
    today = clock.today()
    cards = pages.tasks_of(request.user, today, workdays.calendar())
    todo = [c for c in cards if not c["done"]]
    now, later = [c for c in todo if c["today"]], [c for c in todo if not c["today"]]
    done = [c for c in cards if c["done"]]
    if first := pages.first_of(cards):
        first["first"] = True
    others = pages.todos_of(request.user, today, workdays.calendar())
    naming.note(request.user, "field-tasks", len(todo) + others.sealed)
    context = {
        "others": others,
        "groups": [("今天", now), ("以后", later), ("已提交", done)],
        "first": first,
        "total": len(cards),
        "done": len(done),
        "next_day": pages.next_day(later),
        "today": pages.day_words(today),
        "unread": request.user.inbox.waiting().count(),
    }
    return TemplateResponse(request, "inspections/visits/field_tasks.html", context)
