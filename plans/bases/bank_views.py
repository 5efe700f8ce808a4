"""Pages of the question bank (/desk/items/bank/)."""

from functools import partial
from types import SimpleNamespace

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.pages import act_page, press
from plans.models import BankPoint, ItemCategory, ItemList, ListStatus

from . import actions, rules
from .forms import BankPointForm

P = Permission


@requires(P.SEE_ITEMS)
@require_safe
def bank_list(request):
    """Every point in use, by the eight kinds, and how many items of the lists that the public reads now have it."""
    newest = (
        ItemList.objects.filter(status=ListStatus.PUBLISHED)
        .order_by("unit_id", "-year", "-version")
        .distinct("unit_id")
    )
    points = (
        BankPoint.objects.visible_to(request.user)
        .in_use()
        .select_related("basis", "article")
        .annotate(uses=Count("used_in__item", filter=Q(used_in__item__list__in=newest), distinct=True))
    )
    found: dict[int, list[BankPoint]] = {}
    for point in points:
        found.setdefault(point.category, []).append(point)
    groups = [SimpleNamespace(number=c.value, name=c.label, points=found.get(c.value, [])) for c in ItemCategory]
    context = {
        "groups": groups,
        "total": len(points),
        "may_keep": not rules.why_not_keep(request.user),
    }
    return TemplateResponse(request, "plans/bases/bank_list.html", context)


@requires(P.KEEP_BASES)
def bank_edit(request, pk=None):
    point = get_object_or_404(BankPoint.objects.visible_to(request.user).in_use(), pk=pk) if pk else None
    return act_page(
        request,
        "plans/bases/bank_edit.html",
        BankPointForm(request.POST or None, instance=point),
        lambda **data: actions.save_bank_point(by=request.user, data=data, point=point),
        "plans:bank-list",
        "要点已保存。已经用它的事项不变，以后从题库选用的是新的。",
        point=point,
    )


@require_POST
@requires(P.KEEP_BASES)
def bank_retire(request, pk):
    point = get_object_or_404(BankPoint.objects.visible_to(request.user), pk=pk)
    retire = partial(actions.retire_bank_point, point=point, by=request.user)
    return press(request, retire, "plans:bank-list", "要点已停用。用它的事项不变。")
