from functools import partial

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.forms.pages import Confirm, act_page, press
from benxi_shuangsuiji.notices import agenda, buttons, folding, reminders
from benxi_shuangsuiji.notices.models import Message
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import Quarter, full_date, short_date, weekday
from inspections.archive.rules import is_desk_of
from inspections.checks import naming
from inspections.coordination import actions, urging
from inspections.coordination.forms import UrgeForm
from inspections.oversight import pages as oversight
from inspections.visits.pages import short_name

from . import city, home, pages

MOST_MESSAGES, LOOKED_AT = 3, 50  # equal ones are one line, so that more are looked at than shown


@requires()
def desk_home(request):
    """工作台: a home for every role (ui.md 7.2, ui-2.md 22): the city's for whoever oversees it, the unit's for who works in one."""
    user = request.user
    if is_desk_of(user):
        return redirect("inspections:archive-list")
    if user.units_with(P.FIELD_WORK) and not user.units_with(P.SEE_PROGRESS) and _on_a_phone(request):
        return redirect("inspections:field-tasks")  # where an inspector's day is (desk.md A3)
    return _of_the_city(request) if user.units_with(P.SEE_CITY) else _of_a_unit(request)


def _on_a_phone(request) -> bool:
    """As the browser says; whoever comes from the day's page by its link 工作台 stays here."""
    says = request.headers.get("Sec-CH-UA-Mobile", "")
    return "desk" not in request.GET and (
        says == "?1" or (not says and "Mobile" in request.headers.get("User-Agent", ""))
    )


def _of_a_unit(request):
    today, calendar = clock.today(), workdays.calendar()
    unit, quarter = shell.current_unit(request), shell.current_quarter(request)
    duties = list(agenda.mine(request.user))
    named = agenda.named(duties, request.user)
    here = [d for d in duties if unit is None or d.unit_id == unit.pk] or duties
    waits = agenda.waits(here, today)
    urgent = next((d for d in here if d.url and d.pk not in waits), None)
    by_stage = chips.asked(request, "by", ("stage",)) == "stage"
    coming = calendar.add_workdays(today, 1)
    tasks = pages.tasks_of(request.user, today, calendar)
    naming.note(request.user, "desk-home", named + sum(g["count"] for g in tasks))
    several = len({d.unit_id for d in duties}) > 1
    found = home.home_of(unit, quarter, request.user, today, calendar)
    context = {
        "home": found,
        "late_steps": "、".join(f"“{step.name}”" for step in found.steps if step.state == "late"),
        "groups": agenda.grouped(duties, today, calendar, several_units=several, by_stage=by_stage),
        "by_stage": by_stage,
        "tasks": tasks,
        "others_late": 0 if duties else agenda.late_beside(request.user, today),
        "count": len(duties),
        "unit": unit,
        "quarter": quarter,
        "primary": {"label": _most_urgent(urgent), "url": urgent.url} if urgent else None,
        "today_words": f"{full_date(today)}，{weekday(today)}",
        "next_words": f"下一个工作日是 {short_date(coming)}（{weekday(coming)}）。",
    }
    return TemplateResponse(request, "inspections/desk/desk_home.html", context)


def _most_urgent(duty) -> str:
    """登记录像：晨光热电: the button at the top stands alone, so it says of which enterprise (desk.md A3)."""
    place = getattr(duty, "place", "")
    return f"{agenda.button_of(duty)}：{short_name(place)}" if place else agenda.button_of(duty)


def _of_the_city(request):
    """What is overdue in the city with 督办 in its row, what waits, what comes; one unit chosen filters it."""
    user, today, calendar = request.user, clock.today(), workdays.calendar()
    units = shell.my_units(user)
    chosen = shell.current_unit(request) if request.GET.get("unit") else None
    page = city.of(user, chosen, units, chips.asked(request, "by", city.ORDERS), today, calendar)
    asked = page.row(request.GET.get("ask", ""))
    form, act, confirm = None, None, None
    if asked:
        matter = asked.matter
        told = urging.filled(matter.said, matter.first, asked.last, today, calendar)
        form = UrgeForm(request.POST or None, initial=told)
        again = urging.again_words(asked.last, today, calendar)
        quarter = urging.quarter_of(matter.first) or Quarter.of(today)
        given = {name: told[name] for name in ("kind", "to_role", "title")} | {"duty": matter.first}
        act = partial(actions.send_instructions, units=[matter.unit], quarter=quarter, by=user, **given)
        confirm = Confirm(again, "再发一次", lambda **_: [urging.twice_words(asked.unit, asked.last)] if again else [])
    unread = Message.objects.visible_to(user).waiting()
    last = folding.lines(unread.select_related("duty")[:LOOKED_AT], set())[:MOST_MESSAGES]
    agenda.noted(user, "desk-home", agenda.messages_named(last, user))
    for message in last:
        message.button = buttons.of_message(message, waits=True)
    return act_page(
        request,
        "inspections/desk/desk_city.html",
        form,
        act,
        page.here,
        lambda sent: f"已发给{sent[0].unit.short_name}，编号 {sent[0].no}。",
        confirm=confirm,
        late="这件事已经办结，或者不由这个账号督办。看下面现在的情况。",
        facts=lambda: _figures(request, chosen),
        page=page,
        asked=asked,
        messages_unread=unread.count(),
        unread=last,
        today_words=f"{full_date(today)}，{weekday(today)}",
    )


@requires(P.INSTRUCT)
@require_POST
def urge(request):
    """催 beside what lies in the city's own hands: whoever has it is reminded once more (ui-2.md 22)."""
    user = request.user
    page = city.of(user, None, shell.my_units(user), "", clock.today(), workdays.calendar())
    row = page.to_remind_of(request.POST.get("row", ""))
    act = partial(reminders.urge, duties=row.matter.duties if row else (), by=user)
    return press(request, act, "inspections:desk-home", lambda count: f"已催 {count} 人，消息和邮件这就发出。")


def _figures(request, chosen) -> dict:
    """The quarter's figures, as 全市进度 has them; that the circle is told more is recorded there and here (decisions.md 3)."""
    only = chosen.code if chosen else ""
    found = oversight.City(request.user, shell.current_quarter(request), clock.now(), workdays.calendar(), only)
    if any(row.inside for row in found.rows):
        trail.record("inspections.sealed.viewed", by=request.user, unit=chosen, page="desk-home")
    return {"city": found, "figures": pages.Figures(found) if found.rows else None}
