"""What the pages of 整改, 立案 and 移送 share: the results they begin from, a list, the form that puts one forward, steps (PNG 24)."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.subject import Waiting
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import full_date
from inspections.models import Inspection, in_team

from . import rules
from .forms import StateForm

SEES = (P.SEE_PROGRESS, P.SEE_SEALED, P.FIELD_WORK)
PUTS_FORWARD = (P.FIELD_WORK, P.DISPATCH)
PER_PAGE = 50  # ui.md 4.5
MOST = 50


def handled_by(user):
    """Checks whose follow-up this person handles, reviewed and with something found."""
    mine = Q(unit__in=user.units_with(P.DISPATCH))
    if user.units_with(P.FIELD_WORK):
        mine |= in_team(user)
    found = Inspection.objects.filter(mine, status__in=rules.REVIEWED, outcome__in=rules.CALLS_FOR_ONE)
    return found.distinct().select_related("facility").order_by("-reviewed_at", "no")


def has_papers(user, check: Inspection) -> bool:
    """Papers with reasons, opinions and names are for the circle of the check (decisions.md 3); others see how far it is."""
    return Inspection.objects.in_circle_of(user).filter(pk=check.pk).exists()


def in_the_circle(user, rows: Iterable) -> set[int]:
    """Of these rows of a list the checks whose reasons and names this person reads, asked once for all."""
    found = Inspection.objects.in_circle_of(user).filter(pk__in=[row.inspection_id for row in rows])
    return set(found.values_list("pk", flat=True))


def papers_or_404(user, check: Inspection) -> None:
    if not has_papers(user, check):
        raise Http404


def running(found, step: Step, unit) -> Waiting:
    """For the navigation: these, red when the day of one is over."""
    late = step.duties.open().filter(due__lt=clock.today())
    if unit:
        found, late = found.filter(inspection__unit=unit), late.filter(unit=unit)
    return Waiting((found,), (late,))


def list_page(request, template: str, found, rows: Callable, *, order: Iterable[str], states=None, new="", **context):
    """Those of the unit, page by page; `rows` is given the page. With `states` they are filtered by them; `new` names the
    page on which whoever handles results puts one forward, and nobody else is led there."""
    unit = shell.current_unit(request)
    form = StateForm(request.GET, states=states) if states else None
    found = found.filter(inspection__unit=unit) if unit else found
    if form and form.is_valid() and (state := form.cleaned_data["state"]):
        found = found.filter(state=state)
    page = Paginator(found.order_by(*order), PER_PAGE).get_page(request.GET.get("page"))
    if new and any(request.user.units_with(p) for p in PUTS_FORWARD):
        context["new_url"] = reverse(new)
    return TemplateResponse(
        request, template, {"unit": unit, "form": form, "page": page, "rows": rows(page.object_list), **context}
    )


def new_page(request, why_not: Callable, form_of: Callable, act: Callable, choose: Callable, name: str, **context):
    """Put a case or a referral forward: first the result is chosen, then the form filled in."""
    user, no = request.user, request.GET.get("check", "")
    check = get_object_or_404(handled_by(user), no=no) if no else None
    obstacle = why_not(check, user) if check else ""
    return act_page(
        request,
        "inspections/followups/new.html",
        form_of(check) if check and not obstacle else None,
        partial(act, inspection=check, by=user),
        lambda made: made,
        f"已提出{name}，等分管负责人批准。",
        late=obstacle,
        facts=lambda: {"checks": [] if check else choose(user)},
        check=check,
        obstacle=obstacle,
        name=name,
        **context,
    )


def strip(
    found: Iterable[tuple[str, date | None, str]], *, late: bool = False, over: bool = False, said=full_date
) -> list[dict]:
    """(name, day on which it was done, words until then) as components/steps.html shows them; `over`: nothing follows."""
    found = list(found)
    now = next((n for n, (_, day, _) in enumerate(found) if day is None), len(found))
    return [
        {
            "name": name,
            "state": "done" if day else ("late" if late else "now") if n == now and not over else "",
            "note": said(day) if day else note,
        }
        for n, (name, day, note) in enumerate(found)
    ]


def figures(found: Iterable[tuple[str, str, str, bool]]) -> list[dict]:
    """(label, figure, note, whether it is bad) as components/stats.html shows them."""
    return [
        {"label": label, "figure": figure, "note": note, "bad": bad, "day": not bad}
        for label, figure, note, bad in found
    ]
