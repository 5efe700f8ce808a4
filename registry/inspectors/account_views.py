"""Which account is which inspector (七(五)-o): the registrar says it, on the inspector's page."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.refusal import Refused
from registry import book
from registry.models import Inspector

from . import actions, rules
from .forms import AccountLinkForm


@requires(P.EDIT_INSPECTORS)
def inspector_account(request, code):
    """Link an inspector to his account, or take the link away."""
    rows = Inspector.objects.visible_to(request.user).select_related("unit__serves", "unit__parent", "user")
    inspector = get_object_or_404(rows, code=code)
    choices = book.accounts_for(inspector, clock.today())
    form = AccountLinkForm(request.POST or None, accounts=choices, inspector=inspector)
    if request.method == "POST" and form.is_valid():
        try:
            actions.link_account(inspector=inspector, user=form.cleaned_data["account"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "账号已关联" if form.cleaned_data["account"] else "账号关联已取消")
            return redirect(inspector)
    context = {
        "inspector": inspector,
        "form": form,
        "heading": "关联账号",
        "button": "关联账号",
        "text": "关联以后，派给这名检查人员的任务由这个账号接收和填写。列出的是本单位有“检查人员”授权、还没有关联的账号；"
        "没有要找的，先由系统管理员建账号，再由授权管理员授权。",
        "obstacle": rules.why_not_edit_inspector(inspector, request.user),
    }
    return TemplateResponse(request, "registry/inspectors/inspector_form.html", context)
