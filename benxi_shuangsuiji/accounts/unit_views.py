"""单位和名称: what stands, what was asked for, and the page of each change (五, decision 0075)."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.forms.pages import TONES, Decide, Row, TakeBack, act_page, decision_page

from . import unit_actions, unit_forms, unit_pages, unit_rules
from .access import requires
from .city import this_city
from .models import ChangeKind, Unit, UnitChange, UnitChangeState, UnitKind
from .roles import Permission as P

FORM_PAGE = "accounts/unit_form.html"
ASKED = "修改已提出，等授权管理员批准。"


@requires(P.MANAGE_SYSTEM, P.MANAGE_GRANTS)
@require_safe
def unit_list(request):
    """Every unit with its names and days, the names of the site, the districts, and what was changed."""
    may_ask, units = not unit_rules.why_not_ask(request.user), list(Unit.objects.order_by("position", "code"))
    first = unit_rules.on_their_way() if may_ask else {}
    for unit in units:
        unit.change = first.get(("", unit.pk))
        unit.why_not = unit_rules.why_not_beside_it(unit.change) if unit.change else ""
    held = [(heading, address, first.get((kind, None))) for heading, address, kind in _OF_NO_UNIT] if may_ask else []
    context = {
        "units": units,
        "city": this_city(),
        "changes": [_row(c) for c in _changes(request)],
        "may_ask": may_ask,
        "offered": [(heading, address) for heading, address, change in held if not change],
        "held": [(heading, change, unit_rules.why_not_beside_it(change)) for heading, _, change in held if change],
    }
    return TemplateResponse(request, "accounts/unit_list.html", context)


_OF_NO_UNIT = (
    ("修改网站名称", "accounts:city-names", ChangeKind.CITY),
    ("修改行政区划", "accounts:city-districts", ChangeKind.DISTRICTS),
    ("设立单位", "accounts:unit-new", ChangeKind.ADD),  # as often as there are codes
)


def _changes(request):
    return UnitChange.objects.visible_to(request.user).select_related("unit", "asked_by", "decided_by")


def _row(change: UnitChange) -> Row:
    notes = [f"{change.effective_from:%Y-%m-%d} 起", f"依据 {change.document}"]
    if why := change.before.get("withdrawn", "") if change.state == UnitChangeState.WITHDRAWN else "":
        notes.append(f"撤回的理由：{why}")
    return Row(
        change,
        TONES.get(change.state, "wait"),
        str(change),
        notes=notes,
        url=change.get_absolute_url(),
        more=unit_pages.lines_of(change),
    )


@requires(P.MANAGE_SYSTEM, P.MANAGE_GRANTS)
def unit_change(request, pk):
    """What is to become of it, and the decision of the grants administrator."""
    change = get_object_or_404(_changes(request), pk=pk)
    act = {"change": change, "by": request.user}
    obstacle = unit_rules.why_not_decide_change(change, request.user)
    return decision_page(
        request,
        about=change,
        template="accounts/unit_change.html",
        pending=change if change.waits else None,
        rows=[_row(change)],
        decide=Decide(
            unit_forms.DecideForm,
            partial(unit_actions.approve, **act),
            partial(unit_actions.give_back, **act),
            approved="已批准，到生效日期办理。",
            rejected="已退回，提出的人已收到消息。",
            obstacle=obstacle,
            title="批准以后，办理以前可以撤回",
        )
        if change.waits and not obstacle
        else None,
        nobody=obstacle,
        take_back=None
        if unit_rules.why_not_take_back(change, request.user)
        else TakeBack(partial(unit_actions.take_back, **act), "已撤回，没有改动。", "撤回这份修改"),
        who=[("系统管理员", "按文件提出；没有批准以前可以撤回"), ("授权管理员", "核对文件，批准或者退回")],
        change=change,
        may_withdraw=not unit_rules.why_not_withdraw(change, request.user),
        waits_for=unit_pages.waits_for(change, clock.today()),
    )


@requires(P.MANAGE_GRANTS)
def unit_withdraw(request, pk):
    """What was approved is taken back before it is done."""
    change = get_object_or_404(_changes(request), pk=pk)
    return act_page(
        request,
        FORM_PAGE,
        unit_forms.WithdrawForm(request.POST or None),
        partial(unit_actions.withdraw, change=change, by=request.user),
        change.get_absolute_url(),
        "已撤回，提出的人已收到消息。",
        heading=f"撤回{change}",
        button="撤回",
        unit=change.unit,
        obstacle=unit_rules.why_not_withdraw(change, request.user),
    )


def _ask_page(request, form, heading: str, kind: str, unit: Unit | None = None, text: str = ""):
    # Said before he types it all; what somebody else asks for meanwhile is said on the form, and nothing typed is lost.
    obstacle = unit_rules.why_not_begin(kind, unit) if request.method != "POST" else ""
    return act_page(
        request,
        FORM_PAGE,
        form,
        partial(unit_actions.ask, kind=kind, unit=unit, by=request.user),
        lambda change: change.get_absolute_url(),
        ASKED,
        heading=heading,
        unit=unit,
        text=text,
        obstacle=obstacle,
    )


def _unit(code: str) -> Unit:
    return get_object_or_404(Unit, code=code)


@requires(P.MANAGE_SYSTEM)
def unit_new(request):
    return _ask_page(request, unit_forms.AddForm(request.POST or None), "设立单位", ChangeKind.ADD)


@requires(P.MANAGE_SYSTEM)
def unit_rename(request, unit):
    found = _unit(unit)
    initial = {name: getattr(found, name) for name in (*unit_actions.NAMES, "division_code")}
    form = unit_forms.NamesForm(request.POST or None, initial=initial)
    return _ask_page(request, form, "修改单位名称", ChangeKind.RENAME, found)


@requires(P.MANAGE_SYSTEM)
def unit_close(request, unit):
    found = _unit(unit)
    left = unit_rules.what_holds(found, clock.today()) if found.kind == UnitKind.BRANCH else []
    text = f"到撤销日期以前要办完：{'；'.join(left)}。没有办完的，到那天也不撤销。" if left else ""
    form = unit_forms.CloseForm(request.POST or None, unit=found)
    return _ask_page(request, form, "撤销单位", ChangeKind.CLOSE, found, text)


@requires(P.MANAGE_SYSTEM)
def city_names(request):
    place = this_city()
    initial = {name: getattr(place, name) for name in unit_forms.CityForm.base_fields}
    form = unit_forms.CityForm(request.POST or None, initial=initial)
    return _ask_page(request, form, "修改网站名称和标识", ChangeKind.CITY)


@requires(P.MANAGE_SYSTEM)
def city_districts(request):
    form = unit_forms.DistrictsForm(request.POST or None, initial={"districts": unit_forms.districts_as_text()})
    return _ask_page(request, form, "修改行政区划", ChangeKind.DISTRICTS)
