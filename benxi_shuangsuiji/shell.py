"""What every page's frame needs: who is signed in, the chosen unit and quarter, the navigation (ui.md 3).

Unit and quarter live in the address (`?unit=`, `?quarter=`), never in the session (decisions.md 10).
"""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from . import clock
from .accounts.models import Unit
from .accounts.roles import Permission as P
from .notices.models import Heartbeat
from .workdays.days import Quarter

STAFF_PATHS = ("/desk/", "/field/", "/admin/")

# Longer without a round, and the pages say that reminders and papers are waiting.
SILENCE = timedelta(minutes=5)

# (group, [(label, URL name, icon, permissions that show it)])
NAV = [
    (
        "工作",
        [
            ("工作台", "inspections:desk-home", "home", ()),
            ("待办", "notices:todo", "clipboard", ()),
            ("我的检查任务", "inspections:field-tasks", "phone", (P.FIELD_WORK,)),
        ],
    ),
    (
        "名录与清单",
        [
            ("检查对象", "registry:facility-list", "factory", (P.SEE_FACILITIES,)),
            ("检查人员", "registry:inspector-list", "people", (P.SEE_INSPECTORS,)),
            ("抽查事项", "plans:itemlist-list", "checklist", (P.SEE_ITEMS,)),
        ],
    ),
    (
        "季度工作",
        [
            ("季度计划", "plans:plan-list", "calendar", (P.SEE_PLANS,)),
            ("随机抽取", "plans:draw-list", "rings", (P.SEE_DRAWS,)),
            ("检查任务", "inspections:task-list", "clipboard", (P.SEE_SEALED, P.REVIEW_RESULTS)),
            ("结果公示", "disclosure:publish-list", "speaker", (P.PUBLISH, P.PUBLISH_CITY)),
        ],
    ),
    (
        "监督",
        [
            ("全市进度", "inspections:city-progress", "chart", (P.SEE_CITY,)),
            ("操作记录", "audit:log", "list", (P.SEE_LOG,)),
        ],
    ),
]
# URL name → function(user, unit, quarter) giving (count, is urgent); apps add theirs in `ready()`.
COUNTS: dict[str, Callable] = {}


def my_units(user) -> list[Unit]:
    """The drawing units in which the user holds any role, in the plan's order."""
    if not hasattr(user, "_my_units"):
        reach: set[int] = set()
        for permission in P:
            reach |= user.units_with(permission)
        user._my_units = list(Unit.objects.drawing().filter(pk__in=reach))
    return user._my_units


def current_unit(request) -> Unit | None:
    """The unit chosen in the address, if the user may see it; else his own unit; else the first he may see."""
    units = my_units(request.user)
    wanted = request.GET.get("unit") or getattr(request, "unit_code", None)
    for unit in units:
        if unit.code == wanted:
            return unit
    own = [g.unit.drawing_unit.pk for g in request.user.grants_in_force()]
    return next((u for u in units if u.pk in own), units[0] if units else None)


def current_quarter(request) -> Quarter:
    """The quarter chosen in the address (query or path), else the one of today."""
    try:
        return Quarter.parse(request.GET.get("quarter", ""))
    except ValueError:
        return getattr(request, "quarter_of_path", None) or Quarter.of(clock.today())


def shell(request):
    """Context processor; the public side gets nothing that would touch the session."""
    text_size = "large" if request.COOKIES.get("size") == "large" else ""
    context = {"text_size": text_size, "demo": SimpleLazyObject(_demo)}
    if request.path.startswith(STAFF_PATHS):
        context["desk"] = SimpleLazyObject(lambda: _desk(request))
    return context


def _demo():
    return SimpleNamespace(now=clock.now()) if clock.is_demo() else None


def _desk(request):
    user = request.user
    if not user.is_authenticated:
        return None
    unit, quarter, today = current_unit(request), current_quarter(request), clock.today()
    units = my_units(user)
    here = request.resolver_match.view_name if request.resolver_match else ""
    nav = []
    for title, links in NAV:
        shown = []
        for label, name, icon, permissions in links:
            if permissions and not any(user.units_with(p) for p in permissions):
                continue
            count, hot = COUNTS[name](user, unit, quarter) if name in COUNTS else (None, False)
            shown.append(
                SimpleNamespace(
                    label=label,
                    url=_with(request, reverse(name)),
                    icon=icon,
                    count=count,
                    hot=hot,
                    current=here.split("-")[0] == name.split("-")[0] and ("-" in name or here == name),
                )
            )
        if shown:
            nav.append(SimpleNamespace(title=title, links=shown))
    this = Quarter.of(today)
    choices = [this.next(), this, this.previous(), this.previous().previous(), this.previous().previous().previous()]
    if quarter not in choices:
        choices.append(quarter)
    return SimpleNamespace(
        user_name=user.full_name,
        role_names="、".join(user.role_names()),
        unit=unit.short_name if unit else "",
        units=[
            SimpleNamespace(code=u.code, name=u.short_name, url=_replace(request, unit=u.code), current=u == unit)
            for u in units
        ],
        quarter=quarter.label,
        quarters=[
            SimpleNamespace(label=q.label, url=_replace(request, quarter=str(q)), current=q == quarter) for q in choices
        ],
        nav=nav,
        worker_silent=not Heartbeat.objects.filter(name="tick", at__gte=clock.now() - SILENCE).exists(),
        alerts=user.inbox.filter(read_at__isnull=True).count(),
        alerts_url=reverse("notices:inbox"),
        search_url=reverse("registry:facility-list"),
        today=today,
    )


def _replace(request, **changes) -> str:
    data = request.GET.copy()
    for name, value in changes.items():
        data[name] = value
    data.pop("page", None)
    return "?" + data.urlencode()


def _with(request, url: str) -> str:
    """Carry unit and quarter along from page to page."""
    kept = "&".join(f"{n}={request.GET[n]}" for n in ("unit", "quarter") if request.GET.get(n, "").isalnum())
    return f"{url}?{kept}" if kept else url
