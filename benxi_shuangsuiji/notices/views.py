from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.web import chips

from . import agenda, buttons, delivered, folding
from .models import Duty, Message


@requires()
@require_safe
def todo(request):
    """待办: every open duty of the signed-in person, by date."""
    today = clock.today()
    duties = list(agenda.mine(request.user))
    done = list(
        Duty.objects.visible_to(request.user)
        .filter(closed_at__isnull=False)
        .select_related("unit")
        .order_by("-closed_at")[:20]
    )
    agenda.noted(request.user, "todo", agenda.named([*duties, *done], request.user))
    groups = agenda.grouped(duties, today, workdays.calendar(), several_units=len({d.unit_id for d in duties}) > 1)
    context = {
        "groups": groups,
        "done": done,
        "today": today,
        "others_late": 0 if duties else agenda.late_beside(request.user, today),
        "oversees": bool(request.user.units_with(P.SEE_CITY)),  # his home counts more than this calendar shows him
    }
    return TemplateResponse(request, "notices/todo.html", context)


@requires()
@require_safe
def inbox(request):
    """Messages, newest first; what is done, or another's turn, says so and is counted no more (desk.md A8)."""
    mine = Message.objects.visible_to(request.user)
    page = Paginator(mine.select_related("duty"), 50).get_page(request.GET.get("page"))
    waiting = set(mine.waiting().filter(pk__in=[m.pk for m in page]).values_list("pk", flat=True))
    agenda.noted(request.user, "inbox", agenda.messages_named(page, request.user))
    for message in page:
        message.button = buttons.of_message(message, message.pk in waiting)
    shown = folding.lines(page, waiting)
    days = [(day, list(rows)) for day, rows in groupby(shown, key=lambda m: m.created_at.date())]
    context = {
        "page": page,
        "days": days,
        "waiting": waiting,
        "count": mine.waiting().count(),
        "unread": mine.filter(read_at__isnull=True).exists(),
        "may_see_log": any(request.user.units_with(p) for p in deliveries.access),
        "newest": mine.aggregate(newest=Max("pk"))["newest"],
    }
    return TemplateResponse(request, "notices/inbox.html", context)


@requires(P.MANAGE_SYSTEM, P.SEE_LOG)
@require_safe
def deliveries(request):
    """提醒记录: who was told of what, by which way, and what became of it."""
    kind, who = chips.asked(request, "kind", delivered.KINDS), request.GET.get("who", "").strip()[:40]
    found = delivered.known_to(request.user, kind, who)
    # Counted and paged no further than MOST, as the log: it grows by a few hundred lines a day.
    more = found.order_by()[: delivered.MOST + 1].count() > delivered.MOST
    page = Paginator(found[: delivered.MOST], 50).get_page(request.GET.get("page"))
    here = reverse("notices:deliveries")
    context = {
        "page": page,
        "more": more,
        "rows": delivered.of(page),
        "who": who,
        "kind": kind,
        "chips": [
            {"label": words, "url": f"{here}?{urlencode({'kind': key, 'who': who})}", "current": key == kind}
            for key, words in delivered.KINDS.items()
        ],
    }
    return TemplateResponse(request, "notices/deliveries.html", context)


@requires()
def open_message(request, pk):
    """Mark a message as read, with the earlier ones about the same duty and those of its line, and go where it points."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        same = Q(pk=message.pk) | Q(duty__isnull=False, duty=message.duty_id, pk__lt=message.pk)
        _read(request, same | folding.with_it(message))
        if message.url and url_has_allowed_host_and_scheme(message.url, allowed_hosts=None):
            return redirect(message.url)
    return redirect("notices:inbox")


@requires()
@require_POST
def read_all(request):
    """全部标为已读: all that the page showed or had on its later pages; what has come since is not among them."""
    newest = request.POST.get("newest", "")
    if newest.isascii() and newest.isdigit() and len(newest) < 19:
        _read(request, Q(pk__lte=int(newest)))  # how many, the page has said: there those of one matter are one
        messages.success(request, "现有的消息都标为已读。没有办结的事仍在待办里。")
    return redirect("notices:inbox")


def _read(request, which: Q) -> None:
    mine = Message.objects.visible_to(request.user)
    mine.filter(which, read_at__isnull=True).update(read_at=clock.now())
