from datetime import timedelta

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.forms import kept as kept_forms
from benxi_shuangsuiji.forms.pages import act_page

from . import actions, devices
from .access import before_password_change, before_second_factor, public_page, requires
from .forms import LoginForm, PasswordForm


class Login(auth.LoginView):
    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        response = super().form_valid(form)
        device = devices.signed_in(self.request, response, form.get_user())
        trail.record("accounts.signed_in", by=form.get_user(), about=form.get_user(), device=device.label)
        return response

    def get_context_data(self, **kwargs):
        timed_out = self.request.session.pop("timed_out", False) if self.request.COOKIES else False
        kept = kept_forms.SESSION_KEY in self.request.session if self.request.COOKIES else False
        context = super().get_context_data(timed_out=timed_out or kept, kept=kept, **kwargs)
        del context["site"]  # Django's, which would stand before that of every page's frame: 主办, 标识码, ICP
        return context


class Logout(auth.LogoutView):
    """Whoever takes the device next finds no page of this person in it, by going back or without a network (七(五)-o).

    The browser's cache alone: what the phone has not sent yet stays, encrypted, for the same person (`/field/sign-out/`).
    """

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


login = public_page(Login.as_view())
logout = before_second_factor(before_password_change(requires()(require_POST(Logout.as_view()))))


@requires()
@require_safe
def stay(request):
    """Whoever is typing is there: his page asks, and the sign-in goes on. Answers the minutes until it ends all the same."""
    started = parse_datetime(request.session.get("started_at", "")) or timezone.now()
    ends = started + timedelta(minutes=settings.SESSION_ABSOLUTE_MINUTES) - timezone.now()
    minutes = min(settings.SESSION_IDLE_MINUTES, ends // timedelta(minutes=1))
    return HttpResponse(str(max(0, minutes)), content_type="text/plain")


@before_password_change
@requires()
def password(request):
    """改密码, by everybody for himself; after a first password nothing else opens before it (GB/T 22239 8.1.4.1 a)."""
    must = request.user.must_change_password

    def change(*, new_password, **_):
        return actions.change_password(account=request.user, new=new_password, by=request.user)

    def back(account):
        update_session_auth_hash(request, account)  # this sign-in goes on, all others end
        devices.still_on(request)  # under the session's new key
        return redirect("help:first" if must else "accounts:password")

    return act_page(
        request,
        "accounts/password.html",
        PasswordForm(request.POST or None, request=request),
        change,
        back,
        "密码已改，其他设备上的登录已退出",
        refusals_at="new_password",
        must=must,
    )
