from django.contrib.auth import views as auth

from benxi_shuangsuiji.audit import trail

from .access import public_page, requires
from .forms import LoginForm


class Login(auth.LoginView):
    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        response = super().form_valid(form)
        trail.record("accounts.signed_in", by=form.get_user(), about=form.get_user())
        return response

    def get_context_data(self, **kwargs):
        timed_out = self.request.session.pop("timed_out", False) if self.request.COOKIES else False
        return super().get_context_data(timed_out=timed_out, **kwargs)


login = public_page(Login.as_view())
logout = requires()(auth.LogoutView.as_view())
