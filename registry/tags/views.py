"""Pages of the unit's own tags, and what the bar above the list does with the rows chosen (ui.md 4.4)."""

from functools import partial

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponseBadRequest, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell
from registry.facilities import pages as list_views
from registry.facilities import selection as facility_list
from registry.models import Facility, Tag, TagRun

from . import actions, rules
from .forms import TagForm

_ONCE = ("action", "tag", "all", "query")  # given twice, nobody knows which was meant (reliability.md F06)


@requires(P.EDIT_FACILITIES)
@require_POST
def facility_chosen(request):
    """加标签, 去标签 or 导出所选 for the rows ticked, or for everything the filter found."""
    if any(len(request.POST.getlist(name)) > 1 for name in _ONCE):
        return HttpResponseBadRequest("用列表上面的按钮，每项只选一个。", content_type="text/plain; charset=utf-8")
    asked = QueryDict(request.POST.get("query", ""), mutable=True)
    unit = shell.unit_or_404(request, P.EDIT_FACILITIES)
    asked["unit"] = unit.code
    for name in ("page", "run", "all"):
        asked.pop(name, None)
    back = f"{reverse('registry:facility-list')}?{asked.urlencode()}"
    try:
        rows = _chosen(request, unit, asked)
        if request.POST.get("action") == "export":
            _, _, today = list_views.selection_of(request, asked)
            return list_views.workbook_of(request, unit, facility_list.with_figures(rows.order_by("code"), today.year))
        act = {"put": actions.put_tag, "take": actions.take_tag}.get(request.POST.get("action", ""))
        tag = _tag(request.POST.get("tag", ""), unit)
        if act is None or tag is None:
            raise Refused("先选一个标签，再按“加标签”或“去标签”。")
        run = act(tag=tag, facilities=rows, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    messages.success(request, f"已给 {run.count:,} 家{'加上' if run.adds else '去掉'}标签“{tag.name}”")
    return redirect(f"{back}&run={run.pk}")


def _chosen(request, unit, asked):
    selection, _, _ = list_views.selection_of(request, asked)
    if request.POST.get("all") == "1":
        return selection.rows
    codes = request.POST.getlist("chosen")[: facility_list.MOST]
    if not codes:
        raise Refused("还没有勾选检查对象。勾选以后再按。")
    return selection.rows.model.objects.visible_to(request.user).filter(unit=unit, code__in=codes)


def _tag(text: str, unit) -> Tag | None:
    return (
        Tag.objects.filter(pk=text, unit=unit).first() if text.isascii() and text.isdigit() and len(text) < 12 else None
    )


@requires(P.EDIT_FACILITIES)
@require_POST
def tag_undo(request, pk):
    """撤销 of one bulk change."""
    run = get_object_or_404(TagRun, pk=pk, unit__in=request.user.units_with(P.EDIT_FACILITIES))
    back = f"{reverse('registry:facility-list')}?unit={run.unit.code}"
    return press(
        request, partial(actions.undo_tags, run=run, by=request.user), back, f"已撤销，{run.count:,} 家恢复原样"
    )


@requires(P.SEE_FACILITIES)
def tag_list(request):
    """The unit's tags with their numbers, and the form for a new one."""
    unit = shell.unit_or_404(request, P.SEE_FACILITIES)
    here = Q(held__removed__isnull=True, held__facility__in=Facility.objects.on_books().filter(unit=unit))
    return act_page(
        request,
        "registry/tags/tag_list.html",
        TagForm(request.POST or None),
        partial(actions.make_tag, unit=unit, by=request.user),
        f"{reverse('registry:facility-tags')}?unit={unit.code}",
        lambda tag: f"已新建标签“{tag.name}”",
        refusals_at="name",
        unit=unit,
        tags=Tag.objects.filter(unit=unit).annotate(n=Count("held", filter=here)).order_by("retired_on", "name"),
        runs=TagRun.objects.filter(unit=unit).select_related("tag", "by")[:20],
        may_keep=not rules.why_not_keep_tags(unit, request.user),
    )


@requires(P.EDIT_FACILITIES)
def tag_change(request, pk):
    """Rename a tag, retire it or take it into use again."""
    tags = Tag.objects.filter(unit__in=request.user.units_with(P.EDIT_FACILITIES)).select_related("unit")
    tag = get_object_or_404(tags, pk=pk)
    back = f"{reverse('registry:facility-tags')}?unit={tag.unit.code}"
    if (chosen := request.POST.get("action")) in ("retire", "restore"):
        retired = chosen == "retire"
        act = partial(actions.retire_tag, tag=tag, retired=retired, by=request.user)
        return press(request, act, back, f"标签“{tag.name}”{'已停用' if retired else '恢复使用'}")
    return act_page(
        request,
        "registry/tags/tag_change.html",
        TagForm(request.POST or None, initial={"name": tag.name, "note": tag.note}),
        partial(actions.change_tag, tag=tag, by=request.user),
        back,
        "标签已修改",
        tag=tag,
        unit=tag.unit,
        back=back,
    )
