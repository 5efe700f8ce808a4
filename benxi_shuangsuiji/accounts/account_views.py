"""Pages of the two administrators: the system administrator keeps accounts, the grants administrator gives roles."""

from functools import partial

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.web import chips

from . import actions, lockouts, rules, second_factor, unused
from .access import requires
from .forms import AccountFilter, AccountForm, ConfirmForm, EmailForm, GrantForm, MoveForm, ReasonForm, RenameForm
from .models import RoleGrant, SecondFactorReset, Unit, User
from .roles import Permission as P
from .roles import Role
from .standing import LAST_USE, VIEWS, accounts_of, counts_of

PER_PAGE = 50
FORM_PAGE = "accounts/account_form.html"


@requires(P.MANAGE_SYSTEM, P.MANAGE_GRANTS)
@require_safe
def account_list(request):
    """Who can sign in, where, as what; found by name, account, unit and role."""
    today = clock.today()
    form = AccountFilter(request.GET, units=Unit.objects.all())
    chosen = form.chosen()
    rows = accounts_of(request.user, today)
    for word in chosen["q"].split():
        rows = rows.filter(Q(username__icontains=word) | Q(full_name__icontains=word))
    in_force = RoleGrant.objects.in_force(today).filter(user=OuterRef("pk"))
    if chosen["office"]:
        there = Exists(in_force.filter(unit__code=chosen["office"]))
        rows = rows.filter(Q(unit__code=chosen["office"]) | there)
    if chosen["role"]:
        rows = rows.filter(Exists(in_force.filter(role=chosen["role"])))
    counts = counts_of(rows)
    view = chips.asked(request, "view", VIEWS, "all")
    grants = RoleGrant.objects.in_force(today).select_related("unit").order_by("unit__position", "role")
    found = rows.filter(VIEWS[view][1]).select_related("unit")
    found = found.order_by(F("unit__position").asc(nulls_last=True), "username")
    paginator = Paginator(found.prefetch_related(Prefetch("grants", grants, to_attr="current")), PER_PAGE)
    paginator.count = counts[view]
    context = {
        "page": paginator.get_page(request.GET.get("page")),
        "total": counts["all"],
        "form": form,
        "chips": chips.choices(
            ((name, label, counts[name]) for name, (label, _) in VIEWS.items()),
            view,
            lambda name: chips.query_with(request, view="" if name == "all" else name),
        ),
        "kept_names": ["view"] if "view" in request.GET else [],
        "may_open": not rules.why_not_keep_accounts(request.user),
    }
    return TemplateResponse(request, "accounts/account_list.html", context)


def _account(request, pk) -> User:
    found = User.objects.visible_to(request.user).select_related("unit").annotate(last_use=LAST_USE)
    return get_object_or_404(found, pk=pk)


@requires(P.MANAGE_SYSTEM, P.MANAGE_GRANTS)
@require_safe
def account_detail(request, pk):
    """One account: who, how it stands, what it may do and did hold, and the acts of the one who looks."""
    account, today, by = _account(request, pk), clock.today(), request.user
    keeps, gives = not rules.why_not_keep_accounts(by, account), not rules.why_not_keep_grants(by, account)
    own = account.pk == by.pk
    paused = lockouts.is_paused(account.username)
    grants = list(account.grants.select_related("unit", "granted_by").order_by("-valid_from", "-pk"))
    for grant in grants:
        grant.state, grant.words = _standing(grant, today)
        grant.may_end = gives and not own and not grant.ended_at
    context = {
        "account": account,
        "grants": grants,
        "paused": paused,
        "keeps": keeps,
        "gives": gives,
        "own": own,
        "gone_at": unused.goes_at(account, today) if account.is_active else None,
        "why_not_reset": rules.why_not_reset_password(account, by, today) if keeps else "",
        "second_factor": second_factor.of(account),
        "reset_waits": SecondFactorReset.objects.pending().filter(account=account).exists(),
        "why_not_grant": "" if account.is_active and not own else _why_no_grants(own),
        "is_inspector": any(g.role == Role.INSPECTOR and g.state == "ok" for g in grants),
    }
    return TemplateResponse(request, "accounts/account_detail.html", context)


def _why_no_grants(own: bool) -> str:
    return "不能给自己授权，由另一名授权管理员办理。" if own else "账号已停用，由系统管理员启用以后再授权。"


def _standing(grant, today) -> tuple[str, str]:
    if grant.ended_at:
        return "wait", "已终止"
    if grant.valid_to and grant.valid_to < today:
        return "wait", "已到期"
    if grant.valid_from > today:
        return "wait", "未开始"
    return "ok", "生效"


@requires(P.MANAGE_SYSTEM)
def account_new(request):
    """A new account without rights; its first password is shown on the answer and nowhere again."""
    form = AccountForm(request.POST or None, by=request.user)
    return act_page(
        request,
        FORM_PAGE,
        form,
        partial(actions.open_account, by=request.user),
        partial(_first_password, request, "账号已建"),
        "",
        heading="新建账号",
        button="新建账号",
        text="第一个密码由系统随机给出，本人第一次登录时要改。建好以后没有任何权限，由授权管理员授权。",
    )


def _first_password(request, heading: str, made: tuple[User, str]):
    account, password = made
    context = {"account": account, "password": password, "heading": heading}
    return TemplateResponse(request, "accounts/first_password.html", context)


@requires(P.MANAGE_SYSTEM)
def account_rename(request, pk):
    """The person is called otherwise now."""
    account = _account(request, pk)
    form = RenameForm(request.POST or None, initial={"full_name": account.full_name})
    return act_page(
        request,
        FORM_PAGE,
        form,
        partial(actions.rename, account=account, by=request.user),
        account,
        "姓名已改",
        account=account,
        heading="改姓名",
        button="改姓名",
        text="以后的页面和文书写新的姓名；已经做好的文书和公开的内容不变。检查人员的姓名还要由名录管理员在名录里改。",
    )


@requires(P.MANAGE_SYSTEM)
def account_email(request, pk):
    """Another address for his reminders, or none."""
    account = _account(request, pk)
    form = EmailForm(request.POST or None, initial={"email": account.email})
    return act_page(
        request,
        FORM_PAGE,
        form,
        partial(actions.change_email, account=account, by=request.user),
        account,
        "邮箱已改",
        account=account,
        heading="改邮箱",
        button="改邮箱",
        text="从现在起提醒发到新的邮箱，还没有发出的也是。本人会收到消息，原来的邮箱也收到一封。",
    )


@requires(P.MANAGE_GRANTS)
def account_move(request, pk):
    """Into another unit; the grants of the old one end."""
    account = _account(request, pk)
    form = MoveForm(request.POST or None, by=request.user)
    return act_page(
        request,
        FORM_PAGE,
        form,
        partial(actions.move, account=account, by=request.user),
        account,
        lambda moved: f"{moved.full_name}已调到{moved.unit.short_name}，原来的授权已终止",
        account=account,
        heading="调动",
        button="调动",
        text="原来的授权当时全部终止，在新单位要办什么，另行授权。办过的事都留着。",
        obstacle="自己的调动由另一名授权管理员办理。" if account.pk == request.user.pk else "",
        danger=True,
    )


@requires(P.MANAGE_SYSTEM)
def account_off(request, pk):
    """Switch an account off, with the reason."""
    account = _account(request, pk)
    form = ReasonForm(request.POST or None)
    act = partial(actions.switch_off, account=account, by=request.user)
    return act_page(
        request,
        FORM_PAGE,
        form,
        act,
        account,
        f"{account.full_name}的账号已停用",
        account=account,
        heading="停用账号",
        button="停用账号",
        text="停用以后立刻不能登录，正在用的也退出。授权和办过的事都留着，可以再启用。",
        danger=True,
    )


@requires(P.MANAGE_SYSTEM)
def account_on(request, pk):
    """Switch an account on again."""
    account = _account(request, pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    act = partial(actions.switch_on, account=account, by=request.user)
    return act_page(
        request,
        FORM_PAGE,
        form,
        act,
        account,
        f"{account.full_name}的账号已启用",
        account=account,
        heading="启用账号",
        button="启用账号",
        text="启用以后，没有到期、没有终止的授权重新生效。",
        obstacle=rules.why_not_switch_on(account, request.user),
    )


@requires(P.MANAGE_SYSTEM)
def account_unlock(request, pk):
    """End the pause after five wrong passwords."""
    account = _account(request, pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    act = partial(actions.unlock, account=account, by=request.user)
    return act_page(
        request,
        FORM_PAGE,
        form,
        act,
        account,
        "登录暂停已解除",
        account=account,
        heading="解除登录暂停",
        button="解除暂停",
        text="先问清是不是本人输错。忘记密码的，重设密码就会一并解除。",
        obstacle=rules.why_not_unlock(account, request.user, paused=lockouts.is_paused(account.username)),
    )


@requires(P.MANAGE_SYSTEM)
def account_reset(request, pk):
    """Replace a forgotten password; the new first one is shown on the answer and nowhere again."""
    account = _account(request, pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        FORM_PAGE,
        form,
        partial(actions.reset_password, account=account, by=request.user),
        partial(_first_password, request, "密码已重设"),
        "",
        account=account,
        heading="重设密码",
        button="重设密码",
        text="先核实是本人提出。原来的密码立刻作废，正在用的登录退出；新密码由系统随机给出，本人登录时要改。",
        obstacle=rules.why_not_reset_password(account, request.user, clock.today()),
        danger=True,
    )


@requires(P.MANAGE_GRANTS)
def grant_new(request, pk):
    """Give a role: which, where, by which document, from when to when."""
    account = _account(request, pk)
    initial = {"unit": account.unit and account.unit.drawing_unit, "valid_from": clock.today()}
    form = GrantForm(request.POST or None, by=request.user, initial=initial)
    act = partial(actions.grant_role, account=account, by=request.user)
    own = account.pk == request.user.pk
    return act_page(
        request,
        FORM_PAGE,
        form,
        act,
        account,
        f"已给{account.full_name}授权",
        account=account,
        heading="授权",
        button="授权",
        text="写明任命文件。起始日当天生效，截止日当天仍有效。",
        obstacle="" if account.is_active and not own else _why_no_grants(own),
    )


@requires(P.MANAGE_GRANTS)
def grant_end(request, pk, grant):
    """End a role at once, with the reason."""
    account = _account(request, pk)
    grant = get_object_or_404(account.grants.select_related("unit", "user"), pk=grant)
    form = ReasonForm(request.POST or None)
    act = partial(actions.end_grant, grant=grant, by=request.user)
    return act_page(
        request,
        FORM_PAGE,
        form,
        act,
        account,
        "授权已终止",
        account=account,
        heading="终止授权",
        button="终止授权",
        text=f"{account.full_name}在{grant.unit.short_name}的{grant.get_role_display()}授权立刻终止。记录留着；以后可以另行授权。",
        danger=True,
    )
