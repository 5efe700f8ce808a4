from itertools import groupby

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires

from . import agenda
from .models import Duty, Message


@requires()
@require_safe
def todo(request):
    """待办: every open duty of the signed-in person, by date."""
    today = clock.today()
    duties = list(agenda.mine(request.user))
    groups = agenda.grouped(duties, today, workdays.calendar(), several_units=len({d.unit_id for d in duties}) > 1)
    done = (
        Duty.objects.visible_to(request.user)
        .filter(closed_at__isnull=False)
        .select_related("unit")
        .order_by("-closed_at")[:20]
    )
    return TemplateResponse(request, "notices/todo.html", {"groups": groups, "done": done, "today": today})


@requires()
@require_safe
def inbox(request):
    """Messages, newest first."""
    page = Paginator(Message.objects.visible_to(request.user), 50).get_page(request.GET.get("page"))
    days = [(day, list(rows)) for day, rows in groupby(page, key=lambda m: m.created_at.date())]
    return TemplateResponse(request, "notices/inbox.html", {"page": page, "days": days})


@requires()
def open_message(request, pk):
    """Mark a message as read and go where it points."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        if message.read_at is None:
            message.read_at = clock.now()
            message.save(update_fields=["read_at"])
        if message.url and url_has_allowed_host_and_scheme(message.url, allowed_hosts=None):
            return redirect(message.url)
    return redirect("notices:inbox")
