"""The list of the 检查对象 registry, its export and the views people keep of it (ui.md 4.4, 7.2).

What it tells of draws is what everybody may know (`known`, decisions.md 3).
"""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.web.chips import query_with
from registry.audits import standing as audits
from registry.history import pages as past_pages
from registry.models import AirGrade, Book, SavedView
from registry.tags import actions
from registry.tags import rules as tag_rules
from registry.tags.forms import SavedViewForm

from . import export_jobs, wording
from . import selection as chosen_of
from .pages import selection_of, workbook_of

MOST_ROWS_EXPORTED = 5000


# What of an address makes a view; unit and quarter belong to the reader, the page to the moment.
KEPT = ("q", "industry", "permit", "tag", "status", "district", "compared", "view", "sort")


@requires(P.SEE_FACILITIES)
@require_safe
def facility_list(request):
    """The registry with saved views, filters, sorting and pages; with `?on=2026-03-31` as it was on that day."""
    if "on" in request.GET:
        return past_pages.roster(request)
    selection, select, today = selection_of(request)
    unit, view = selection.unit, selection.view
    figures = chosen_of.count(selection)
    rows = chosen_of.listed(selection, figures[view], today.year)
    page = Paginator(rows, chosen_of.PER_PAGE)
    page.count = chosen_of.MOST if figures[view] is None else figures[view]  # counted above already
    page = page.get_page(request.GET.get("page"))
    for facility in page:
        facility.tone = wording.status_tone(facility)
        facility.shown_tags = _tags(facility)
    saved = tag_rules.saved_views_for(request.user, unit)
    may_edit = unit is not None and request.user.may(P.EDIT_FACILITIES, unit)
    context = {
        "unit": unit,
        "standing": audits.last_of(unit, Book.FACILITY, clock.today()) if unit else None,
        "page": page,
        "figures": figures,
        "this_year": str(clock.today().year),
        "more_than": chosen_of.MOST if figures[view] is None else 0,
        "first_use": not selection.asked and figures["all"] == 0 and figures["gone"] == 0,
        "form": selection.form,
        "sort": selection.sort,
        "chips": _chips(request, figures, view),
        "saved": _saved(request, saved, chosen_of.count_saved(saved, select)),
        "picked": _picked(request, selection),
        "kept_names": [n for n in ("unit", "quarter", "view", "sort", "district", "compared") if request.GET.get(n)],
        "reset_url": query_with(request, keep=("unit", "quarter")),
        "gone_url": query_with(request, view="gone") if figures["gone"] and view != "gone" else "",
        "export_query": request.GET.urlencode(),
        "may_edit": may_edit,
        "may_bring": bool(request.user.units_with(P.KEEP_VOCABULARIES)),
        "may_save": any(request.GET.get(n) for n in KEPT),
        "own_tags": [(value[2:], label) for value, label in selection.form.offered.tags] if may_edit else [],
        "all_chosen": may_edit and request.GET.get("all") == "1",
        "all_url": query_with(request, all="1"),
        "clear_url": query_with(request, all=""),
        "run": tag_rules.run_to_undo(request.GET.get("run"), request.user, unit, clock.now()) if may_edit else None,
    }
    return TemplateResponse(request, "registry/facilities/facility_list.html", context)


def _tags(facility) -> list[str]:
    """Why it is 重点 or 特殊, then its ratings where they say something, then the unit's own words."""
    tags = [wording.GROUND_TAGS[kind] for kind in facility.ground_kinds]
    if facility.air_grade not in ("", AirGrade.UNRATED):
        tags.append(f"绩效 {facility.get_air_grade_display()}")
    return facility.own_tags + tags


def _chips(request, figures, view):
    rows = [
        (name, label, figures[name])
        for name, (label, _) in chosen_of.VIEWS.items()
        if name != "gone" or figures[name] or view == name
    ]
    return chips.choices(rows, view, lambda name: query_with(request, view="" if name == "all" else name))


def _saved(request, views, counts):
    unit = request.GET.get("unit")
    return [
        {
            "pk": view.pk,
            "label": view.name,
            "count": count,
            "url": f"?{view.query}" + (f"&{urlencode({'unit': unit})}" if unit else ""),
            "current": _state(request) == view.query,
            "shared": view.shared,
            "mine": view.user_id == request.user.pk,
        }
        for view, count in zip(views, counts, strict=True)
    ]


def _state(request) -> str:
    """The part of the address that a saved view keeps, in one spelling."""
    return urlencode([(n, request.GET[n]) for n in KEPT if request.GET.get(n)])


def _picked(request, selection):
    """The active filters as chips that can be taken off one by one."""
    chosen = [(name, selection.form.words_of(name)) for name, value in selection.chosen.items() if value]
    return chips.conditions(chosen, lambda name: query_with(request, **{name: ""}))


@requires(P.SEE_FACILITIES)
@require_safe
def facility_export(request):
    """The current filter as a workbook; personal data only for those who keep the registry, and noted."""
    if "on" in request.GET:
        return past_pages.roster_export(request)
    selection, _, today = selection_of(request)
    total = chosen_of.count(selection)[selection.view]
    if total is None or total > MOST_ROWS_EXPORTED:
        if not selection.chosen["q"]:
            job = export_jobs.ask(query=request.GET, unit=selection.unit, by=request.user)
            return redirect("documents:job-detail", pk=job.pk)
        messages.error(request, f"超过 {MOST_ROWS_EXPORTED:,} 家，先用县区、类别等条件筛选，再导出。")
        return redirect(reverse("registry:facility-list") + "?" + request.GET.urlencode())
    return workbook_of(request, selection.unit, chosen_of.listed(selection, total, today.year))


@requires(P.SEE_FACILITIES)
def saved_view_new(request):
    """Keep the filters of the list under a name."""
    unit = shell.current_unit(request)
    asked = request.GET if request.method != "POST" else QueryDict(request.POST.get("query", ""))
    query = urlencode([(n, asked[n]) for n in KEPT if asked.get(n)])
    return act_page(
        request,
        "registry/facilities/saved_view_form.html",
        SavedViewForm(request.POST or None),
        partial(actions.save_view, unit=unit, query=query, by=request.user),
        lambda view: f"{reverse('registry:facility-list')}?{query}&unit={unit.code}",
        lambda view: f"已保存视图“{view.name}”",
        unit=unit,
        query=query,
        obstacle=tag_rules.why_not_save_view(unit, request.user, query=query),
    )


@requires(P.SEE_FACILITIES)
@require_POST
def saved_view_delete(request, pk):
    """Take one of the own views away."""
    view = get_object_or_404(SavedView, pk=pk, user=request.user)
    back = f"{reverse('registry:facility-list')}?unit={view.unit.code}"
    return press(request, partial(actions.delete_view, view=view, by=request.user), back, f"已删除视图“{view.name}”")
