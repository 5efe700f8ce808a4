"""历史补录: what was entered of the time before first use, by whom, and who approved it (二-a)."""

from functools import partial

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import Decide, Row, decision_page, press
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.web import frame as shell
from registry.models import NoPastChecks, PastCheck, PastChecks, PastState

from . import actions, rules
from .forms import DecideForm

PER_PAGE = 50
TONES = {PastState.ASKED: "warn", PastState.APPROVED: "ok", PastState.RETURNED: "bad", PastState.WITHDRAWN: "wait"}
WHO = [
    ("名录管理员", "用工作簿补录，批准以前可以整批撤回"),
    ("本单位分管负责人", "批准或者退回；不能批准本人补录的"),
]


def _unit(request) -> Unit:
    reach = request.user.units_with(P.SEE_FACILITIES)
    unit = shell.current_unit(request)
    if unit is None or unit.pk not in reach:
        unit = Unit.objects.drawing().filter(pk__in=reach).first()
    if unit is None:
        raise Http404
    return unit.drawing_unit


@requires(P.EDIT_FACILITIES, P.APPROVE_REGISTRY, P.SEE_CITY)
@require_safe
def past_list(request):
    """The workbooks of one unit with their state, and its word that there is nothing to enter."""
    unit, user = _unit(request), request.user
    found = PastChecks.objects.visible_to(user).filter(unit=unit)
    found = found.select_related("batch__file", "asked_by", "decided_by")
    context = {
        "unit": unit,
        "rows": [_row(asked, reverse("registry:past-detail", args=[asked.pk])) for asked in found],
        "first_use": first_use.day(),
        "none": NoPastChecks.objects.filter(unit=unit).select_related("said_by").first(),
        "obstacle": rules.why_not_say_none(unit, user),
        "may_say": user.may(P.APPROVE_REGISTRY, unit),
        "upload_url": f"{reverse('registry:facility-import')}?kind=HISTORY&unit={unit.code}"
        if user.may(P.EDIT_FACILITIES, unit)
        else "",
    }
    return TemplateResponse(request, "registry/past_checks/past_list.html", context)


@requires(P.EDIT_FACILITIES, P.APPROVE_REGISTRY, P.SEE_CITY)
def past_detail(request, pk):
    """One workbook: its checks, row by row, and the decision."""
    user = request.user
    found = PastChecks.objects.visible_to(user).select_related("unit", "batch__file", "asked_by", "decided_by")
    asked = get_object_or_404(found, pk=pk)
    decide = Decide(
        DecideForm,
        partial(actions.approve, request=asked, by=user),
        partial(actions.send_back, request=asked, by=user),
        approved="补录的检查已批准，计入覆盖率和次数。",
        rejected="已退回，由名录管理员改正后重新补录。",
        obstacle=rules.why_not_decide(asked, user),
    )
    checks = PastCheck.objects.filter(request=asked).select_related("facility")
    return decision_page(
        request,
        about=asked,
        template="registry/past_checks/past_detail.html",
        pending=asked if asked.waits else None,
        rows=[_row(asked)],
        decide=decide if user.may(P.APPROVE_REGISTRY, asked.unit) else None,
        nobody="补录的检查由本单位分管负责人批准。" if asked.waits else "",
        who=WHO,
        facts=lambda: {"page": Paginator(checks, PER_PAGE).get_page(request.GET.get("page"))},
        asked=asked,
    )


@require_POST
@requires(P.APPROVE_REGISTRY)
def past_none(request, unit):
    """The unit's word that there is nothing to enter."""
    unit = get_object_or_404(Unit.objects.drawing(), code=unit, pk__in=request.user.units_with(P.APPROVE_REGISTRY))
    back = f"{reverse('registry:past-list')}?unit={unit.code}"
    return press(request, partial(actions.say_none, unit=unit, by=request.user), back, "已声明没有需要补录的检查")


def _row(asked: PastChecks, url: str = "") -> Row:
    return Row(asked, TONES[asked.state], asked.batch.file.name, notes=[f"导入批次 {asked.batch_id}"], url=url)
