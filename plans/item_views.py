"""Pages of item lists (/desk/items/): draft, points, submit, decide (六)."""

from types import SimpleNamespace

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays import days
from benxi_shuangsuiji.workdays.days import Quarter, full_date

from . import actions, rules
from .documents import ItemListFacts
from .forms import ItemForm, NewListForm, OpinionForm, PointFormSet, points_of
from .models import ItemCategory, ItemList, ListStatus
from .pages import TONES, act_and_return, due_badge, steps_taken

P = Permission


@requires(P.SEE_ITEMS)
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
        "due": due_badge(due.date, today, done=rules.list_in_force(today.year) is not None, mark=due.mark),
        "due_day": full_date(due.date),
    }
    return TemplateResponse(request, "plans/itemlist_list.html", context)


@requires(P.EDIT_ITEMS, P.EDIT_CITY_ITEMS)
def itemlist_new(request):
    units = rules.units_writing_lists(request.user)
    form = NewListForm(units, request.POST or None, initial={"year": clock.today().year})
    if request.method == "POST" and form.is_valid():
        try:
            item_list = actions.draft_list(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已建立 {item_list.year} 年清单草稿，共 {item_list.items.count()} 项。")
            return redirect(item_list)
    return TemplateResponse(request, "plans/itemlist_new.html", {"form": form})


def _list(request, unit, year, version) -> ItemList:
    found = ItemList.objects.visible_to(request.user).select_related(
        "unit", "created_by", "submitted_by", "approved_by"
    )
    return get_object_or_404(found, unit__code=unit, year=year, version=version)


@requires(P.SEE_ITEMS)
def itemlist_detail(request, unit, year, version):
    item_list = _list(request, unit, year, version)
    facts = ItemListFacts.of(item_list)
    return TemplateResponse(request, "plans/itemlist_detail.html", _list_context(request, item_list, facts))


def _list_context(request, item_list, facts, form=None):
    user, today = request.user, clock.today()
    may_edit = not rules.why_not_edit_list(item_list, user)
    may_decide = user.may(P.APPROVE_ITEMS, item_list.unit) and item_list.status == ListStatus.SUBMITTED
    due = days.item_list_due(item_list.year, workdays.calendar())
    groups = [
        SimpleNamespace(number=c.value, name=c.label, items=[i for i in facts.items if i.category == c.value])
        for c in ItemCategory
    ]
    return {
        "list": item_list,
        "facts": facts,
        "groups": groups,
        "tone": TONES[item_list.status],
        "may_edit": may_edit,
        "may_decide": may_decide,
        "why_not_decide": rules.why_not_decide_list(item_list, user) if may_decide else "",
        "problems": rules.list_problems(item_list) if may_edit or may_decide else [],
        "form": form or (OpinionForm() if may_decide else None),
        "due": due_badge(due.date, today, done=item_list.approved_at is not None),
        "due_day": full_date(due.date),
        "history": steps_taken(item_list),
    }


@require_POST
@requires(P.EDIT_ITEMS, P.EDIT_CITY_ITEMS)
def itemlist_submit(request, unit, year, version):
    item_list = _list(request, unit, year, version)
    return act_and_return(request, item_list, "清单已提交审核。", actions.submit_list, item_list=item_list)


@require_POST
@requires(P.APPROVE_ITEMS)
def itemlist_decide(request, unit, year, version):
    item_list = _list(request, unit, year, version)
    act, said = (
        (actions.approve_list, "清单已批准，由公示员公开。")
        if request.POST.get("do") == "approve"
        else (actions.return_list, "清单已退回。")
    )
    return act_and_return(
        request, item_list, said, act, item_list=item_list, opinion=request.POST.get("opinion", "")[:200]
    )


@requires(P.EDIT_ITEMS, P.EDIT_CITY_ITEMS)
def item_edit(request, unit, year, version, code=None):
    item_list = _list(request, unit, year, version)
    if rules.why_not_edit_list(item_list, request.user):
        return redirect(item_list)
    item = get_object_or_404(item_list.items, code=code) if code else None
    initial = {} if item else {"valid_from": Quarter(item_list.year, 1).first_day}
    form = ItemForm(request.POST or None, instance=item, initial=initial)
    points = PointFormSet(request.POST or None, initial=points_of(item), prefix="points")
    if request.method == "POST" and all([form.is_valid(), points.is_valid()]):
        written = [row for row in points.cleaned_data if row.get("text")]
        try:
            saved = actions.save_item(
                item_list=item_list, by=request.user, data=form.cleaned_data, points=written, item=item
            )
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, f"事项 {saved.code} 已保存。")
            return redirect(item_list)
    context = {"list": item_list, "item": item, "form": form, "points": points}
    return TemplateResponse(request, "plans/item_edit.html", context)


@require_POST
@requires(P.EDIT_ITEMS, P.EDIT_CITY_ITEMS)
def item_remove(request, unit, year, version, code):
    item_list = _list(request, unit, year, version)
    item = get_object_or_404(item_list.items, code=code)
    return act_and_return(
        request, item_list, f"事项 {code} 已移出草稿。", actions.remove_item, item_list=item_list, item=item
    )
