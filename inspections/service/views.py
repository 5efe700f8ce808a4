"""出示检查码: what the inspector holds out to the enterprise, and that the notice was taken or refused (ui-2.md 29e)."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents.codes import code_of
from benxi_shuangsuiji.forms.pages import act_page
from inspections.checks import issuer
from inspections.checks.pages import tapped_at
from inspections.codes import links
from inspections.models import Inspection, Paper
from inspections.paperwork.notice_papers import code_url

from . import actions, bodies, numbers, rules
from .forms import SHOWN, TAKEN, BodyForm, DeliveryForm, NumberWordForm, ResultForm
from .models import NumberWord, PaperBody


@requires(P.FIELD_WORK)
def field_code(request, no):
    """Nothing here that an enterprise should not see: no other task, no dossier."""
    inspection = get_object_or_404(
        Inspection.objects.in_my_team(request.user)
        .filter(accepted_at__isnull=False)
        .select_related("facility", "unit", "notice_number"),
        no=no,
    )
    obstacle = rules.why_nothing_to_deliver(inspection, Paper.NOTICE, request.user)
    only_show = bool(obstacle) and not rules.why_not_show(inspection, request.user)
    form = DeliveryForm(request.POST or None) if only_show or not obstacle else None

    # To the first item, or back to the task where nobody has arrived yet.
    first = reverse("inspections:field-check", args=[no, 1]) if inspection.started_at else inspection.field_url
    address = request.build_absolute_uri(code_url(inspection))
    return act_page(
        request,
        "inspections/service/field_code.html",
        form,
        partial(_deliver, inspection, Paper.NOTICE, request.user, tapped_at(request)),
        first,
        lambda made: "已记下。" if getattr(made, "accepted", True) else "已记下拒收，检查照常进行。",
        inspection=inspection,
        delivered=rules.delivered(inspection, Paper.NOTICE),
        obstacle=obstacle,
        only_show=only_show,
        now=clock.now(),
        code=code_of(address),
        may_renew=not links.why_not_renew(inspection, request.user),
        entry=request.build_absolute_uri("/v/").split("//")[-1],
        late=obstacle,
        first=reverse("inspections:field-check", args=[no, 1]),
    )


def _deliver(inspection: Inspection, paper: str, by, now, *, what: str, at, refused_because: str, witness: str):
    at = at or max(now, inspection.there_since or now)  # nobody served it before he arrived
    if what == SHOWN:
        return actions.show_identity(inspection=inspection, by=by, at=at)
    taken = what == TAKEN
    return actions.deliver(
        inspection=inspection,
        paper=paper,
        by=by,
        at=at,
        accepted=taken,
        refused_because="" if taken else refused_because,
        witness="" if taken else witness,
    )


@requires(P.FIELD_WORK, P.DISPATCH)
def result_served(request, no):
    """检查结果告知: the team on the spot, or the planner when it came back from the post (N-10)."""
    inspection = get_object_or_404(
        Inspection.objects.in_circle_of(request.user).filter(ended_at__isnull=False).select_related("facility", "unit"),
        no=no,
    )
    obstacle = rules.why_not_deliver(inspection, Paper.RESULT, request.user)
    form = None if obstacle else ResultForm(request.POST or None, initial={"at": clock.now()})
    of_the_circle = request.user.may(P.SEE_SEALED, inspection.unit_id)
    return act_page(
        request,
        "inspections/service/result_served.html",
        form,
        partial(_deliver, inspection, Paper.RESULT, request.user, clock.now()),
        inspection.get_absolute_url() if of_the_circle else inspection.field_url,
        lambda made: "已记下送达。" if made.accepted else "已记下拒收。",
        inspection=inspection,
        delivered=rules.delivered(inspection, Paper.RESULT),
        obstacle=obstacle,
        late=obstacle,
    )


@requires(P.EDIT_CITY_ITEMS)
def paper_body(request):
    """In whose name and under whose seal the checks of branches are made."""
    form = BodyForm(request.POST or None, initial={"valid_from": clock.today()})
    act = partial(bodies.set_body, by=request.user)
    return act_page(
        request,
        "inspections/service/paper_body.html",
        form,
        act,
        "inspections:paper-body",
        "已登记。",
        facts=lambda: {
            "rows": PaperBody.objects.select_related("entered_by"),
            "standing": issuer.in_force(clock.today()),
        },
    )


@requires(P.RECEIVE_REPORTS)
def number_words(request):
    """字 of the notices of each unit. How many were given is the circle's to know (decisions.md 3)."""
    units = Unit.objects.drawing().order_by("code")
    form = NumberWordForm(request.POST or None, units=units, initial={"valid_from": clock.today()})

    def facts():
        today = clock.today()
        return {
            "rows": [(unit, NumberWord.objects.word_of(unit, today)) for unit in units],
            "entered": NumberWord.objects.select_related("unit", "entered_by"),
        }

    act = partial(numbers.set_word, by=request.user)
    return act_page(
        request, "inspections/service/number_words.html", form, act, "inspections:number-words", "已登记。", facts=facts
    )
