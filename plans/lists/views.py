"""Pages of item lists (/desk/items/): draft, points, submit, decide (六)."""

from functools import partial
from types import SimpleNamespace

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays import days
from benxi_shuangsuiji.workdays.days import Quarter, full_date
from plans.bases.actions import as_check_point
from plans.models import BankPoint, BasisEffect, ItemCategory, ItemList, ListStatus
from plans.pages import TONES, due_badge, steps_taken
from plans.quarterly.forms import OpinionForm

from . import actions, changes, kinds, rules, sheets
from .forms import (
    CiteFormSet,
    FromBankForm,
    ItemForm,
    NewListForm,
    PointFormSet,
    bases_to_cite,
    cites_of,
    points_of,
)
from .pages import list_or_404
from .public_facts import ItemListFacts

P = Permission


@requires(P.SEE_ITEMS)
@require_safe
def itemlist_list(request):
    today, calendar = clock.today(), workdays.calendar()
    lists = ItemList.objects.visible_to(request.user).select_related("unit").annotate(size=Count("items"))
    rows = [SimpleNamespace(list=found, tone=TONES[found.status]) for found in lists]
    units = rules.units_writing_lists(request.user)
    due = days.item_list_due(today.year, calendar)
    form = NewListForm(units, initial={"year": today.year}) if units else None
    context = {
        "rows": rows,
        "form_new": form,
        "year": today.year,
        "in_force": rules.list_in_force(today.year),
        "due": due_badge(due, today, done=rules.list_in_force(today.year) is not None),
        "due_day": full_date(due.date),
    }
    return TemplateResponse(request, "plans/lists/itemlist_list.html", context)


@requires(P.EDIT_ITEMS, P.EDIT_CITY_ITEMS)
def itemlist_new(request):
    units = rules.units_writing_lists(request.user)
    form = NewListForm(units, request.POST or None, initial={"year": clock.today().year})
    return act_page(
        request,
        "plans/lists/itemlist_new.html",
        form,
        partial(actions.draft_list, by=request.user),
        lambda made: made,
        lambda made: f"已建立 {made.year} 年清单草稿，共 {made.items.count()} 项。",
    )


@requires(P.SEE_ITEMS)
@require_safe
def itemlist_detail(request, unit, year, version):
    item_list = list_or_404(request, unit, year, version)
    facts = ItemListFacts.of(item_list, today=clock.today())
    return TemplateResponse(request, "plans/lists/itemlist_detail.html", _list_context(request, item_list, facts))


def _list_context(request, item_list, facts, form=None):
    user, today = request.user, clock.today()
    may_edit = not rules.why_not_edit_list(item_list, user)
    may_decide = user.may(P.APPROVE_ITEMS, item_list.unit) and item_list.status == ListStatus.SUBMITTED
    groups = [
        SimpleNamespace(number=number, name=name, items=[i for i in facts.items if i.category == number])
        for number, name in kinds.labels().items()
    ]
    return {
        "list": item_list,
        "facts": facts,
        "groups": groups,
        "tone": TONES[item_list.status],
        "may_edit": may_edit,
        "may_decide": may_decide,
        "why_not_decide": rules.why_not_decide_list(item_list, user) if may_decide else "",
        "problems": rules.list_problems(item_list, today) if may_edit or may_decide else [],
        "form": form or (OpinionForm() if may_decide else None),
        **_duty(item_list, today),
        "history": steps_taken(item_list),
        **_compared(item_list, facts),
        "effects": _open_effects(item_list),
    }


def _duty(item_list, today) -> dict:
    """D-1 binds the city team to the year's first version; additions and later versions have no day."""
    if item_list.unit.kind != UnitKind.CITY_TEAM or item_list.version > 1:
        return {"due": None}
    due = days.item_list_due(item_list.year, workdays.calendar())
    badge = due_badge(due, today, done=item_list.approved_at is not None)
    return {"due": badge, "due_day": full_date(due.date)}


def _compared(item_list, facts) -> dict:
    """What this version changes of the one that is public before it (六(一)1-c)."""
    before = (
        ItemList.objects.filter(unit=item_list.unit, status=ListStatus.PUBLISHED)
        .filter(Q(year__lt=item_list.year) | Q(year=item_list.year, version__lt=item_list.version))
        .select_related("unit")
        .order_by("-year", "-version")
        .first()
    )
    if before is None:
        return {"before": None}
    old = ItemListFacts.of(before, today=clock.today())
    same_year = before.year == item_list.year
    return {
        "before": before,
        "changes": changes.between(old.as_snapshot(), facts.as_snapshot(), same_year=same_year),
    }


def _open_effects(item_list):
    """Changes of a basis that the next version of the unit's list has to answer (D-15)."""
    found = BasisEffect.objects.open().filter(unit=item_list.unit).select_related("change__basis")
    return list(found.order_by("code", "change"))


@require_POST
@requires(P.EDIT_ITEMS, P.EDIT_CITY_ITEMS)
def itemlist_submit(request, unit, year, version):
    item_list = list_or_404(request, unit, year, version)
    submit = partial(actions.submit_list, item_list=item_list, by=request.user)
    return press(request, submit, item_list, "清单已提交审核。")


@require_POST
@requires(P.APPROVE_ITEMS)
def itemlist_decide(request, unit, year, version):
    item_list = list_or_404(request, unit, year, version)
    act, said = (
        (actions.approve_list, "清单已批准，由公示员公开。")
        if request.POST.get("do") == "approve"
        else (actions.return_list, "清单已退回。")
    )
    opinion = request.POST.get("opinion", "")[:200]
    return press(request, partial(act, item_list=item_list, by=request.user, opinion=opinion), item_list, said)


@requires(P.EDIT_ITEMS, P.EDIT_CITY_ITEMS)
def item_edit(request, unit, year, version, code=None):
    item_list = list_or_404(request, unit, year, version)
    if rules.why_not_edit_list(item_list, request.user):
        return redirect(item_list)
    item = get_object_or_404(item_list.items, code=code) if code else None
    initial = {} if item else {"valid_from": Quarter(item_list.year, 1).first_day}
    data, bases = request.POST or None, bases_to_cite(item, clock.today())
    form = ItemForm(data, instance=item, initial=initial)
    points = PointFormSet(data, initial=points_of(item), prefix="points")
    cites = CiteFormSet(data, initial=cites_of(item), prefix="cites", form_kwargs={"bases": bases})
    asked = FromBankForm(data)
    if request.method == "POST" and all([form.is_valid(), points.is_valid(), cites.is_valid(), asked.is_valid()]):
        try:
            saved = actions.save_item(
                item_list=item_list,
                by=request.user,
                data=form.cleaned_data,
                points=[row for row in points.cleaned_data if row.get("text")]
                + [as_check_point(point) for point in asked.cleaned_data["bank"]],
                cites=[cite for row in cites.cleaned_data for cite in row.get("cites", [])],
                item=item,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"事项 {saved.code} 已保存。")
            return redirect(item_list)
    context = {
        "list": item_list,
        "item": item,
        "form": form,
        "points": points,
        "cites": cites,
        "bank": _bank_offered(item, set(request.POST.getlist("bank"))),
        "problems": [
            *form.non_field_errors(),
            *cites.non_form_errors(),
            *points.non_form_errors(),
            *asked.errors.get("bank", []),
        ],
    }
    return TemplateResponse(request, "plans/lists/item_edit.html", context)


def _bank_offered(item, ticked: set[str]) -> list[SimpleNamespace]:
    """The points of the question bank that the item has not, its own kind first."""
    there = item.points.exclude(bank__isnull=True).values("bank") if item else []
    points = BankPoint.objects.in_use().exclude(pk__in=there).select_related("basis", "article")
    found: dict[int, list] = {}
    for point in points:
        point.ticked = str(point.pk) in ticked
        found.setdefault(point.category, []).append(point)
    own = item.category if item else 0
    return [
        SimpleNamespace(name=ItemCategory(category).label, points=found[category], open=category == own)
        for category in sorted(found, key=lambda c: (c != own, c))
    ]


@requires(P.SEE_ITEMS)
@require_safe
def itemlist_export(request, unit, year, version):
    """The list as a workbook; the same columns are read by the import (P18)."""
    item_list = list_or_404(request, unit, year, version)
    content = sheets.export(item_list.items.order_by("code"), item_list, clock.today())
    name = f"{item_list.unit.short_name} {item_list.year} 年随机抽查事项清单（第 {item_list.version} 版）.xlsx"
    return files.attachment(content, name=name, content_type=files.XLSX)


@require_POST
@requires(P.EDIT_ITEMS, P.EDIT_CITY_ITEMS)
def item_remove(request, unit, year, version, code):
    item_list = list_or_404(request, unit, year, version)
    item = get_object_or_404(item_list.items, code=code)
    remove = partial(actions.remove_item, item_list=item_list, item=item, by=request.user)
    return press(request, remove, item_list, f"事项 {code} 已移出草稿。")
