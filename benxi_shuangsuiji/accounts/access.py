"""Every page says who may open it, and nothing opens that does not say so (decisions.md 7, code-style.md 8)."""

from datetime import timedelta
from functools import wraps
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from benxi_shuangsuiji.forms import kept as kept_forms
from benxi_shuangsuiji.web.checks import trusted_networks

from . import devices, fresh, second_factor
from .roles import FRESH

STAFF_PATHS = ("/desk/", "/field/", "/admin/")
WRITTEN_EVERY = timedelta(minutes=1)


class NeedsPermission(PermissionDenied):
    """403 that can say which right is missing."""

    def __init__(self, permissions):
        self.permissions = permissions
        super().__init__("、".join(p.label for p in permissions))


def client_address(request) -> str:
    """The caller's address: the first from the right in X-Forwarded-For that is no proxy of ours (TRUSTED_PROXIES, S10).

    A caller who writes addresses there himself stands to the left of what our proxies added.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    networks, socket = trusted_networks()
    if not (_is_in(direct, networks) if direct else socket):
        return direct
    seen = direct
    for word in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        address = word.strip()
        try:
            ip_address(address)
        except ValueError:
            break
        seen = address
        if not _is_in(address, networks):
            break
    return seen


def _is_in(address: str, networks) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)


def requires(*permissions, asks_itself=False):
    """Mark a view as open to signed-in people who have one of these permissions in some unit.

    The unit itself is checked by the query (`visible_to`), so another unit's record is simply not found.
    Without an argument the page is open to everyone who is signed in. What is sent to a page that only permissions of
    `FRESH` open is carried out once the sign-in is fresh; `asks_itself`: the page shows the field for it (`act_page`, `fresh`).
    """

    asks = bool(permissions) and FRESH.issuperset(permissions) and not asks_itself

    def mark(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if permissions and not any(request.user.units_with(p) for p in permissions):
                raise NeedsPermission(permissions)
            if asks and request.method == "POST" and (page := fresh.between(request)):
                return page
            return view(request, *args, **kwargs)

        guarded.access = tuple(permissions)
        guarded.asks_itself = asks_itself
        return guarded

    return mark


def opens_for(user, path: str) -> bool:
    """Whether what lies at this address asks for no right that the reader lacks: a page leads nobody to a refusal.

    What the address names may still be another unit's, which is not found.
    """
    try:
        access = getattr(resolve(path).func, "access", None)
    except Resolver404:
        return False
    return not access or access == "public" or any(user.units_with(p) for p in access)


def public_page(view):
    """Mark a view as open without login. It reads publications only."""
    view.access = "public"
    return view


def before_password_change(view):
    """Mark a view as open to somebody who still has a first password: to change it, and to leave."""
    view.before_password_change = True
    return view


def before_second_factor(view):
    """Mark a view as open to somebody who has typed his password and not yet the code: to type it, and to leave."""
    view.before_second_factor = True
    return view


def to_second_factor(request):
    """Ask for the code, or have it set up; afterwards the same page opens, with what was typed."""
    request.half_signed_in = True  # told to a phone's outbox, which then waits
    name = "accounts:second-factor" if second_factor.of(request.user) else "accounts:second-factor-setup"
    if request.method == "POST":
        back = reverse("continue") if kept_forms.keep(request) else kept_forms.page_of(request)
    elif "GET" in kept_forms.methods_at(request.path):
        back = request.get_full_path()
    else:
        back = kept_forms.readable_above(request.path)
    return redirect_to_login(back, login_url=reverse(name))


def to_login(request):
    """Ask for the sign-in; afterwards the same page opens again, with what was typed (ui.md 6.3, reliability F11)."""
    if request.method == "POST":
        if kept_forms.keep(request):
            return redirect_to_login(reverse("continue"))
        return redirect_to_login(kept_forms.page_of(request))
    if "GET" not in kept_forms.methods_at(request.path):
        return redirect_to_login(kept_forms.readable_above(request.path))
    return redirect_to_login(request.get_full_path())


class AccessMarks:
    """Turn away whoever is not signed in, refuse a view without a mark, and open nothing on a first password."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, args, kwargs):
        access = getattr(view_func, "access", None)
        if access is None:
            raise PermissionDenied(f"{view_func.__module__}.{view_func.__name__} has no access mark")
        if access == "public":
            return None
        if not request.user.is_authenticated:
            return to_login(request)
        if request.user.must_change_password:
            return None if hasattr(view_func, "before_password_change") else redirect("accounts:password")
        if hasattr(view_func, "before_second_factor") or second_factor.is_given(request):
            return None
        return to_second_factor(request)


class StaffSession:
    """End a sign-in after 30 idle minutes or 12 hours (machine time, decisions.md 8), and one whose device was ended.

    On `/field/` there is no idle limit, for who is on a visit looks at his phone once an hour; what he does there keeps no
    page of the desk open. Runs on staff paths only, so that a public page never touches a session (reliability.md 3).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith(STAFF_PATHS) and request.user.is_authenticated:
            moment, in_field = timezone.now(), request.path.startswith(second_factor.FIELD)
            started, seen = (_moment(request.session.get(name)) or moment for name in ("started_at", "seen_at"))
            idle = not in_field and moment - seen > timedelta(minutes=settings.SESSION_IDLE_MINUTES)
            if idle or moment - started > timedelta(minutes=settings.SESSION_ABSOLUTE_MINUTES):
                self._end(request)
            elif self._is_old(request, seen, moment, in_field):
                if devices.still_on(request):
                    self._note(request, started, moment, in_field)
                else:
                    self._end(request)
        return self.get_response(request)

    @staticmethod
    def _is_old(request, seen, moment, in_field) -> bool:
        """Written once a minute, not on every request: a page then costs no extra write."""
        noted = _moment(request.session.get("noted_at")) if in_field else None
        return "seen_at" not in request.session or moment - (noted or seen) > WRITTEN_EVERY

    @staticmethod
    def _note(request, started, moment, in_field) -> None:
        request.session["started_at"] = started.isoformat()
        request.session["noted_at"] = moment.isoformat()
        if not in_field or "seen_at" not in request.session:
            request.session["seen_at"] = moment.isoformat()

    @staticmethod
    def _end(request) -> None:
        logout(request)
        request.session["timed_out"] = True


def _moment(text: str | None):
    return parse_datetime(text or "")
