"""Which account is which inspector (七(五)-o): the registrar says it, on the inspector's page."""

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page
from registry import book

from . import actions, rules
from .forms import AccountLinkForm
from .pages import FORM_PAGE, inspector_or_404


@requires(P.EDIT_INSPECTORS)
def inspector_account(request, code):
    """Link an inspector to his account, or take the link away."""
    inspector = inspector_or_404(request, code)
    choices = book.accounts_for(inspector, clock.today())
    return act_page(
        request,
        FORM_PAGE,
        AccountLinkForm(request.POST or None, accounts=choices, inspector=inspector),
        lambda account: actions.link_account(inspector=inspector, user=account, by=request.user),
        inspector,
        lambda linked: "账号已关联" if linked.user else "账号关联已取消",
        inspector=inspector,
        heading="关联账号",
        button="关联账号",
        text="关联以后，派给这名检查人员的任务由这个账号接收和填写。列出的是本单位有“检查人员”授权、还没有关联的账号；"
        "没有要找的，先由系统管理员建账号，再由授权管理员授权。",
        obstacle=rules.why_not_edit_inspector(inspector, request.user),
    )
