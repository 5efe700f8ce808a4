"""Pages of the second factor: setting it up, typing the code, one's own devices, and its reset by two administrators."""

from functools import partial

from django.contrib.auth.views import RedirectURLMixin
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.forms.pages import TONES, Ask, Decide, Row, act_page, decision_page, press

from . import devices, rules, second_factor
from . import second_factor_actions as actions
from .access import before_second_factor, requires
from .forms import CodeForm, ConfirmForm, ReasonForm, ResetDecisionForm
from .models import KnownDevice, SecondFactorReset, User
from .roles import Permission as P

SIGN_INS_SHOWN = 20


def _next(request) -> str:
    """Where he was going, if that is on this site."""
    wanted = request.POST.get(RedirectURLMixin.redirect_field_name, request.GET.get("next", ""))
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("inspections:desk-home")


@sensitive_post_parameters("code")
@before_second_factor
@requires()
def second_factor_page(request):
    """动态口令, after the password: on a phone that goes to checks it can be left out for seven days, on /field/ alone."""
    to = _next(request)
    if request.session.get(second_factor.GIVEN):
        return redirect(to)
    if second_factor.of(request.user) is None:
        return redirect("accounts:second-factor-setup")
    remembers = second_factor.may_be_remembered(request.user)
    form = CodeForm(request.POST or None, remembers=remembers)
    status = 200
    if request.method == "POST" and form.is_valid():
        if refusal := second_factor.why_not(request.user, form.cleaned_data["code"]):
            form.add_error("code", refusal)
            status = 409
        else:
            second_factor.note(request)
            devices.proven(request, remember=form.cleaned_data.get("remember", False))
            return redirect(to)
    context = {"form": form, "next": to, "left": second_factor.codes_left(request.user)}
    return TemplateResponse(request, "accounts/second_factor.html", context, status=status)


@sensitive_post_parameters("code")
@before_second_factor
@requires()
def second_factor_setup(request):
    """Set it up, or put another phone in the place of the old one, which takes the old one's code first."""
    user = request.user
    if second_factor.of(user) is not None and not request.session.get(second_factor.GIVEN):
        return redirect("accounts:second-factor")
    secret = second_factor.new_secret(request)

    def take(*, code, **_):
        return actions.set_up(account=user, secret=secret, code=code, by=user)

    def done(codes):
        request.session.pop(second_factor.NEW_SECRET, None)
        second_factor.note(request)
        devices.proven(request, remember=False)
        return _codes_page(request, codes, _next(request))

    return act_page(
        request,
        "accounts/second_factor_setup.html",
        CodeForm(request.POST or None, remembers=False),
        take,
        done,
        "",
        refusals_at="code",
        fresh=True,
        next=_next(request),
        again=second_factor.of(user) is not None,
        picture=second_factor.picture_of(secret, user),
        words=second_factor.words_of(secret),
    )


def _codes_page(request, codes: list[str], to: str):
    return TemplateResponse(request, "accounts/recovery_codes.html", {"codes": codes, "next": to})


@requires()
def recovery_codes(request):
    """Ten new ones in place of the old."""
    return act_page(
        request,
        "accounts/recovery_again.html",
        ConfirmForm(request.POST if request.method == "POST" else None) if second_factor.of(request.user) else None,
        partial(actions.make_codes_anew, account=request.user, by=request.user),
        lambda codes: _codes_page(request, codes, reverse("accounts:devices")),
        "",
        fresh=True,
        late=second_factor.NO_AUTHENTICATOR,
        obstacle=second_factor.NO_AUTHENTICATOR,
    )


@requires()
@require_safe
def own_devices(request):
    """From where I am signed in, and when I signed in: whoever sees a device that is not his ends it here."""
    rows = KnownDevice.objects.filter(user=request.user, ended_at=None).order_by("-seen_at")
    signed = AuditEntry.objects.filter(verb="accounts.signed_in", actor=request.user).order_by("-pk")
    context = {
        "devices": rows,
        "this": request.session.get(devices.KEY),
        "sign_ins": signed[:SIGN_INS_SHOWN],
        "authenticator": second_factor.of(request.user),
        "left": second_factor.codes_left(request.user),
        "skipped": second_factor.is_skipped(),
    }
    return TemplateResponse(request, "accounts/devices.html", context)


@requires()
@require_POST
def device_end(request, pk):
    device = get_object_or_404(KnownDevice, pk=pk, user=request.user)
    return press(
        request,
        partial(actions.end_device, device=device, by=request.user),
        "accounts:devices",
        lambda ended: f"{ended.label}已退出登录",
    )


@requires(P.MANAGE_SYSTEM, P.MANAGE_GRANTS)
def second_factor_reset(request, pk):
    """重置动态口令: the system administrator asks, the grants administrator decides."""
    account = get_object_or_404(User.objects.visible_to(request.user).select_related("unit"), pk=pk)
    user = request.user
    rows = [
        Row(asked, TONES[asked.state], asked.reason)
        for asked in SecondFactorReset.objects.filter(account=account)
        .select_related("asked_by", "decided_by", "account")
        .order_by("-pk")
    ]
    pending = next((row.asked for row in rows if row.asked.waits), None)
    asks = not rules.why_not_keep_accounts(user, account)
    decides = pending is not None and not rules.why_not_keep_grants(user, account)
    return decision_page(
        request,
        about=account,
        template="accounts/second_factor_reset.html",
        pending=pending,
        rows=rows,
        ask=_ask(account, user) if asks else None,
        decide=_decide(pending, user) if decides else None,
        nobody="重置由系统管理员提出，授权管理员批准。",
        who=[("系统管理员", "当面或打电话核实本人以后提出"), ("授权管理员", "再核实一次，批准或者退回")],
        account=account,
        authenticator=second_factor.of(account),
    )


def _ask(account, user) -> Ask:
    return Ask(
        ReasonForm,
        partial(actions.ask_for_reset, account=account, by=user),
        "重置申请已提交，等授权管理员批准。",
        obstacle=rules.why_not_open_reset(account, user),
        title="申请重置",
        button="提交申请",
    )


def _decide(pending, user) -> Decide:
    return Decide(
        ResetDecisionForm,
        partial(actions.approve_reset, asked=pending, by=user),
        partial(actions.return_reset, asked=pending, by=user),
        approved="动态口令已重置，本人下次登录时另设。",
        rejected="已退回重置申请。",
        obstacle=rules.why_not_decide_reset(pending, user),
        approve_button="批准重置",
        danger=True,
    )
