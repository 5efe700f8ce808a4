"""What every page's frame needs: who is signed in, the chosen unit and quarter, the navigation (ui.md 3).

Unit and quarter live in the address (`?unit=`, `?quarter=`), never in the session (decisions.md 10).
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from itertools import islice, takewhile
from types import SimpleNamespace
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from benxi_shuangsuiji import clock, policy, subjects
from benxi_shuangsuiji.accounts.access import STAFF_PATHS
from benxi_shuangsuiji.accounts.city import City, this_city
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.database import counting
from benxi_shuangsuiji.notices.models import Heartbeat
from benxi_shuangsuiji.subject import Door
from benxi_shuangsuiji.workdays.days import Quarter

# Longer without a round, and the pages say that reminders and papers are waiting.
SILENCE = timedelta(minutes=5)

# Held by administrators, who work in no unit's quarter (decisions.md 7): these show nobody a unit to choose.
_NO_UNITS = {P.MANAGE_SYSTEM, P.MANAGE_GRANTS, P.SEE_LOG, P.KEEP_LOTTERY}


def my_units(user) -> list[Unit]:
    """The drawing units in which the user has something to see or to do, in the plan's order."""
    if not hasattr(user, "_my_units"):
        reach: set[int] = set()
        for permission in set(P) - _NO_UNITS:
            reach |= user.units_with(permission)
        user._my_units = list(Unit.objects.drawing().filter(pk__in=reach))
    return user._my_units


# What an address names: 210504-2026Q3-01 (a draw), 210504-2026Q3-0007 (a check), …-T007 (a targeted one), …-Z001 (an instruction),
# 210504-2026Q3, 2026q3, 210500-2026.
_NAMED = re.compile(r"(?:(?P<unit>[0-9A-Za-z]{1,16})-)?(?P<quarter>[12][0-9]{3}[qQ][1-4])(?:-[A-Z]?[0-9]+)*")
_LIST_NO = re.compile(r"(?P<unit>[0-9A-Za-z]{1,16})-[12][0-9]{3}")


def of_address(request) -> tuple[str, Quarter | None]:
    """The unit's code and the quarter of the one thing that a page shows, read from its path.

    Every public number of a plan, draw, check or summary says both, so a new page needs to do nothing for it.
    """
    named = request.resolver_match.kwargs if request.resolver_match else {}
    unit, quarter = str(named.get("unit", "")), None
    for name in ("quarter", "draw_id", "no", "check_no", "instruction_no", "report_no"):
        text = str(named.get(name, ""))
        if found := _NAMED.fullmatch(text):
            unit, quarter = found["unit"] or unit, _quarter(found["quarter"])
        elif found := _LIST_NO.fullmatch(text):
            unit = found["unit"]
    return unit, quarter


def current_unit(request) -> Unit | None:
    """The unit of what the page shows, or the one chosen in the address; else the user's own; else the first he sees.

    Of one that is not his there is no page and no workbook, as of one that there is not: those of his own would be taken
    for its.
    """
    if _unit_typed(request) and not (_unit_in(request, of_address(request)[0]) or unit_asked(request)):
        request.unknown_unit = f"没有单位“{_unit_typed(request)[:20]}”，或者这个账号不能看"
        raise Http404
    return _current_unit(request)


def unit_asked(request) -> Unit | None:
    """The one of his units that the address chooses."""
    return _unit_in(request, _unit_typed(request))


def _unit_typed(request) -> str:
    return request.GET.get("unit", "")


def _unit_in(request, code: str) -> Unit | None:
    return next((unit for unit in my_units(request.user) if code and unit.code == code), None)


def _current_unit(request) -> Unit | None:
    """The same for the frame, which is also around a page that says that there is no such unit."""
    if found := _unit_in(request, of_address(request)[0]) or unit_asked(request):
        return found
    units = my_units(request.user)
    own = [g.unit.drawing_unit.pk for g in request.user.grants_in_force()]
    return next((u for u in units if u.pk in own), units[0] if units else None)


def show_whole_city(request) -> None:
    """The page shows all units together: the pickers call it 全市, whatever unit the address carries along."""
    request.shows_whole_city = True


def unit_or_404(request, *permissions: P) -> Unit:
    """The chosen unit, for whoever has one of these permissions there; without any, for whoever sees a unit."""
    unit = current_unit(request)
    if unit is None or (permissions and not any(request.user.may(p, unit) for p in permissions)):
        raise Http404
    return unit


def current_quarter(request) -> Quarter:
    """The quarter of what the page shows, or the one chosen in the address, else the one of today.

    One that there is not has no page, no export and no paper: the figures of another would be taken for its own.
    """
    typed = request.GET.get("quarter", "")
    if typed and not (of_address(request)[1] or _quarter_asked(request)):
        request.unknown_quarter = f"不认识的季度“{typed[:20]}”"
        raise Http404
    return _current_quarter(request)


def _current_quarter(request) -> Quarter:
    """The same for the frame, which is also around a page that says that there is no such quarter."""
    return of_address(request)[1] or _quarter_asked(request) or Quarter.of(clock.today())


def _quarter_asked(request) -> Quarter | None:
    """Plans rest on the list of their year, and that is made the year before: of what lies further ahead nothing is late or due."""
    found = _quarter(request.GET.get("quarter", ""))
    return found if found and found <= last_planned() else None


def last_planned() -> Quarter:
    return Quarter(clock.today().year + 1, 4)


def _quarter(text: str) -> Quarter | None:
    try:
        return Quarter.parse(text)
    except ValueError:
        return None


def shell(request):
    """Context processor; the public side gets nothing that would touch the session."""
    text_size = "large" if request.COOKIES.get("size") == "large" else ""
    now = cache(clock.now)
    demo = SimpleLazyObject(lambda: SimpleNamespace(now=now()) if clock.is_demo() else None)
    context = {
        "text_size": text_size,
        "demo": demo,
        "site": SimpleLazyObject(lambda: _site(demo)),
        "policy": SimpleLazyObject(lambda: policy.on(clock.today())),  # the version that every public page names (0-a)
    }
    if request.path.startswith(STAFF_PATHS):
        context["desk"] = SimpleLazyObject(lambda: _desk(request, now))
    return context


def _example_site(place: City) -> dict:
    """What a demo shows in place of the numbers that the office running the site holds (PNG 01)."""
    return {
        "identifier": f"{place.code[:4]:0<10}（示例）",
        "icp": f"{place.province[:1]} ICP 备 00000000 号（示例）",
        "police": f"{place.province[:1]}公网安备 {place.code[:4]:0<14} 号（示例）",
    }


def _site(demo) -> dict:
    """The foot of every public page: 标识码, ICP, 公网安备 (ui.md 3); what was approved as data goes before the settings."""
    place = this_city()
    given = {name: value for name, value in settings.SITE.items() if value}
    kept = {name: value for name in ("identifier", "icp", "police") if (value := getattr(place, name))}
    return (_example_site(place) if demo else {}) | given | kept | {"city": place}


def _desk(request, now: Callable[[], datetime]):
    user = request.user
    if not user.is_authenticated:
        return None
    unit, quarter, today = _current_unit(request), _current_quarter(request), clock.today()
    units = my_units(user)
    here = request.resolver_match.view_name if request.resolver_match else ""
    carried = _carried(request, unit, quarter)
    counts = not getattr(request, "refused", False)  # a refusal costs as little as it can, and tells nothing
    nav, section = [], reverse("inspections:desk-home")
    groups = subjects.house().doors.items()
    # Whoever oversees the city has it all before him on the home, until he chooses one unit (ui-2.md 22).
    of_all = here == "inspections:desk-home" and len(units) > 1 and bool(user.units_with(P.SEE_CITY))
    by_scope = getattr(request, "shows_whole_city", False)
    all_chosen = by_scope or (of_all and request.GET.get("unit") not in {u.code for u in units})
    # Where all units are chosen no door tells the number of one.
    numbers, alerts, beats = _numbers(user, None if all_chosen else unit, quarter, now, groups if counts else ())
    lit = _lit(here, request.path, [door for _, doors in groups for door in doors if door.opens_for(user)])
    for group, doors in groups:
        shown = []
        for door in doors:
            if not door.opens_for(user):
                continue
            count, hot = numbers.get(door.url_name, (None, False))
            name, url = door.url_name, reverse(door.url_name)
            current = name == lit
            section = url if current else section
            shown.append(
                SimpleNamespace(
                    label=door.label,
                    url=url + carried,
                    icon=door.icon,
                    count=count,
                    hot=hot,
                    current=current,
                )
            )
        if shown:
            nav.append(SimpleNamespace(title=group, links=shown))
    this = Quarter.of(today)
    choices = [this.next(), this, this.previous(), this.previous().previous(), this.previous().previous().previous()]
    choices = [q for q in choices if _quarter(str(q))]  # none before the plan was in force
    if quarter not in choices:
        choices.append(quarter)
    # A page that shows one thing shows no other unit's or quarter's: the pickers lead to the list it stands in.
    of_unit, of_quarter = of_address(request)
    to_list = "" if not (of_unit or of_quarter) else section

    # Where the address says 全市 by its scope, a unit is chosen without it; what has no page for one unit offers none.
    scoped = by_scope and request.GET.get("scope") == "city"
    units_offered = [] if by_scope and not scoped else units
    whole = []
    if of_all or scoped:
        url = "?" + request.GET.urlencode() if scoped else _replace(request, unit=None)
        whole = [SimpleNamespace(code="", name="全市", url=url, current=all_chosen)]

    def pick(**changes):
        if not to_list:
            return _replace(request, **({"scope": None} if scoped and "unit" in changes else {}), **changes)
        kept = {"unit": unit.code if unit else "", "quarter": str(quarter)} | changes
        return f"{to_list}?{urlencode(kept)}"

    return SimpleNamespace(
        user_name=user.full_name,
        role_names="、".join(user.role_names()),
        unit="全市" if all_chosen else unit.short_name if unit else "",
        units=whole
        + [
            SimpleNamespace(code=u.code, name=u.short_name, url=pick(unit=u.code), current=u == unit and not all_chosen)
            for u in units_offered
        ],
        quarter=quarter.label if units else "",
        quarters=[SimpleNamespace(label=q.label, url=pick(quarter=str(q)), current=q == quarter) for q in choices]
        if units
        else [],
        nav=nav,
        worker_silent=not beats,
        alerts=alerts,
        alerts_url=reverse("notices:inbox"),
        help_url=f"{reverse('help:home')}?{urlencode({'of': here})}" if here else reverse("help:home"),
        search_url=reverse("search:search"),
        today=today,
        idle_minutes=settings.SESSION_IDLE_MINUTES,
    )


def _numbers(user, unit, quarter, now, groups) -> tuple[dict[str, tuple[int | None, bool]], int, int]:
    """Beside each door what waits there, beside the bell what is unread, and whether the worker's rounds run: one query."""
    doors = [d for _, group in groups for d in group if d.count and d.opens_for(user)]
    waiting = {d.url_name: found for d in doors if (found := d.count(user, unit, quarter))}
    asked = [rows for found in waiting.values() for rows in (*found.rows, *found.late)]
    beats = Heartbeat.objects.filter(name="tick", at__gte=now() - SILENCE)
    told = iter(counting.of([*asked, user.inbox.waiting(), beats]))
    numbers = {
        name: found.shown(list(islice(told, len(found.rows))), list(islice(told, len(found.late))))
        for name, found in waiting.items()
    }
    return numbers, next(told), next(told)


def _replace(request, **changes) -> str:
    data = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            data.pop(name, None)
        else:
            data[name] = value
    for name in ("page", "ask"):  # of what was shown before
        data.pop(name, None)
    return "?" + data.urlencode()


def _stem(name: str) -> str:
    """What a page is about: `draw` of plans:draw-detail and of inspections:draw-dispatch."""
    return name.rpartition(":")[2].partition("-")[0]


def _lit(here: str, path: str, doors: list[Door]) -> str:
    """The door through which one comes to this page: the one that says so; of several about the same, the one called most like
    it; else the one whose address this page stands below."""
    if said := next((door.url_name for door in doors if here in door.also), ""):
        return said
    names = [door.url_name for door in doors]
    same = [name for name in names if _stem(here) == _stem(name) and ("-" in name or here == name)]
    if same:
        return max(same, key=lambda name: sum(1 for _ in takewhile(bool, map(str.__eq__, here, name))))
    home = reverse("inspections:desk-home")  # everything stands below it
    ways = [(_address(name), door.url_name) for door in doors for name in (door.url_name, *door.also)]
    below = [(len(url), name) for url, name in ways if url not in ("", home) and path.startswith(url)]
    return max(below, default=(0, ""))[1]


def _address(name: str) -> str:
    """Of a list; "" for a page of one thing, which needs to be told which."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def door_of(here: str, path: str) -> str:
    """What the navigation calls the list behind which this page stands; "" for one that stands behind none."""
    found = {door.url_name: door for doors in subjects.house().doors.values() for door in doors}
    lit = _lit(here, path, list(found.values()))
    return found[lit].label if lit else ""


def _carried(request, unit: Unit | None, quarter: Quarter) -> str:
    """Unit and quarter go along from page to page, once the address says them."""
    of_unit, of_quarter = of_address(request)
    kept = {}
    if unit and (of_unit or request.GET.get("unit", "").isalnum()):
        kept["unit"] = unit.code
    if of_quarter or _quarter(request.GET.get("quarter", "")):
        kept["quarter"] = str(quarter)
    return f"?{urlencode(kept)}" if kept else ""
