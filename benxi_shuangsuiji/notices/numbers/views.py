"""参数修改: the system administrator proposes, the lead office decides (附-b)."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.notices.models import PolicyChange
from benxi_shuangsuiji.notices.numbers import actions, history
from benxi_shuangsuiji.notices.numbers.forms import DecideForm, ProposeForm
from benxi_shuangsuiji.policy.changes import METHOD_LIMITS, METHOD_NOTES


@requires(P.MANAGE_SYSTEM)
def policy_propose(request):
    """Put a new number forward with its day and its document."""
    form = ProposeForm(request.POST or None, today=clock.today())
    back = reverse("notices:deadline-rules")
    return act_page(
        request,
        "notices/policy_propose.html",
        form,
        partial(actions.propose, by=request.user),
        back,
        "参数修改已提出，牵头部门已收到待办",
        back=back,
        limits=METHOD_LIMITS.values(),
        fixed=history.fixed(),
    )


@requires(P.KEEP_BASES)
def policy_decide(request, pk):
    """Approve or refuse a proposed number."""
    change = get_object_or_404(PolicyChange.objects.select_related("proposed_by", "decision__by"), pk=pk)
    form = DecideForm(request.POST or None)
    back = reverse("notices:deadline-rules")
    return act_page(
        request,
        "notices/policy_decide.html",
        form,
        partial(actions.decide, change=change, by=request.user),
        back,
        "参数修改已审批，提出的人已收到消息",
        change=change,
        row=history.row_of(change, clock.today()),
        note=METHOD_NOTES.get(change.parameter, ""),
        obstacle=actions.why_not_decide(change, request.user),
        back=back,
    )
