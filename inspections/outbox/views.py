"""The phone's own pages: what waits to be sent (28c), two different answers (28d), signing out (28e, 28f)."""

import json
import uuid
from functools import partial

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import public_page, requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import press
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from inspections.checks.states import OPEN_TO_THE_TEAM
from inspections.models import AnswerConflict, Inspection, Receipt
from inspections.visits import differences

from . import keys, pages


@requires(P.FIELD_WORK)
@require_safe
def outbox_state(request):
    """What the phone asks before it sends: who is signed in, a token, the key, and which pages to keep."""
    try:
        key = keys.key_of(request.user, uuid.UUID(request.GET.get("device", "")))
    except ValueError:
        key = ""
    try:
        told = parse_datetime(request.GET.get("at", ""))
    except ValueError:
        told = None
    today = pages.day_of(clock.now())
    return JsonResponse(
        {
            "user": request.user.pk,
            "name": request.user.full_name,
            "token": get_token(request),
            "key": key,
            "pages": pages.of(request.user),
            "hours": pages.KEPT_FOR.total_seconds() / 3600,
            "idle": settings.SESSION_IDLE_MINUTES,
            "received": Receipt.objects.of(request.user).filter(received_at__gte=today).count(),
            "now": clock.now().isoformat() if told else "",
            "clock": pages.clock_words(told),
            "differs": _conflicts(request).filter(chosen="").count(),
        }
    )


@public_page
@require_safe
def worker(request):
    """The script that answers for these pages where there is no network; its text changes with what it keeps."""
    text = (pages.STATIC / "js/field-worker.js").read_text(encoding="utf-8")
    given = {"version": pages.version(), "shell": pages.shell()}
    script = f"const GIVEN = {json.dumps(given)};\n{text}"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@requires(P.FIELD_WORK)
@require_safe
def outbox(request):
    """等上传: what lies on this phone; the page is filled from there (28c)."""
    return TemplateResponse(
        request, "inspections/outbox/outbox.html", {"undecided": _conflicts(request).filter(chosen="").count()}
    )


def _conflicts(request):
    """Those of the person's own running checks."""
    mine = Inspection.objects.in_my_team(request.user).filter(status__in=OPEN_TO_THE_TEAM)
    people = ("point__inspection__facility", "first_by", "second_by", "decided_by")
    return AnswerConflict.objects.filter(point__inspection__in=mine).select_related(*people)


@requires(P.FIELD_WORK)
def conflicts(request):
    """两人答案不同: the two choose one together; the other stays on record (28d)."""
    if request.method == "POST":
        which = request.POST.get("conflict", "")
        conflict = get_object_or_404(_conflicts(request), pk=which if which.isdecimal() and len(which) < 19 else None)
        act = partial(differences.decide, conflict=conflict, chosen=request.POST.get("chosen", ""), by=request.user)
        return press(request, act, "inspections:field-conflicts", "")
    found = list(_conflicts(request))
    again = request.GET.get("again", "")
    context = {
        "total": len(found),
        "open": [c for c in found if not c.chosen or str(c.pk) == again],
        "settled": [c for c in found if c.chosen and str(c.pk) != again],
    }
    return TemplateResponse(request, "inspections/outbox/conflicts.html", context)


@requires(P.SEE_SEALED)
@require_safe
def aside_file(request, no, receipt):
    """A photo or paper of somebody who goes no longer, for the planner; it is not in the record."""
    inspection = get_object_or_404(
        Inspection.objects.visible_to(request.user).filter(unit__in=request.user.units_with(P.SEE_SEALED)), no=no
    )
    return files.download(get_object_or_404(Receipt.objects.set_aside(inspection), pk=receipt, file__isnull=False).file)


@requires(P.FIELD_WORK)
@require_POST
def drop(request):
    """What was refused and is not wanted any more leaves the phone; why stays on record (28c)."""
    reason = request.POST.get("reason", "")

    def act():
        refuse_if(why_not_reason(reason, "去掉的原因"))
        what = request.POST.get("what", "")[:120]
        trail.record("inspections.outbox.dropped", by=request.user, what=what, reason=reason.strip()[:200])

    return press(request, act, "inspections:field-outbox", "")


@requires(P.FIELD_WORK)
@require_safe
def sign_out(request):
    """Before the sign-out: what has not been sent, what is wiped and what stays (28e)."""
    return TemplateResponse(request, "inspections/outbox/sign_out.html")


@public_page
@require_safe
def signed_out(request):
    """After it: names no place and nobody but the owner of what stays (28f)."""
    return TemplateResponse(request, "inspections/outbox/signed_out.html")


@public_page
@require_safe
def unkept(request):
    """Shown by the phone in place of a page that it has not kept."""
    return TemplateResponse(request, "inspections/outbox/unkept.html")
