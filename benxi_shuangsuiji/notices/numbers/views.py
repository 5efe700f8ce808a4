"""参数修改: the system administrator proposes, the lead office decides (附-b)."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import Decide, Row, act_page, decision_page
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
    row, obstacle = history.row_of(change, clock.today()), actions.why_not_decide(change, request.user)
    asked = history.Asked(row)
    decide = partial(actions.decide, change=change, by=request.user)
    done = "参数修改已审批，提出的人已收到消息"
    return decision_page(
        request,
        about=change,
        template="notices/policy_decide.html",
        pending=asked if asked.waits else None,
        rows=[Row(asked, row.state, f"依据文件：{change.source_document}")],
        decide=Decide(
            DecideForm,
            approve=partial(decide, approve=True),
            reject=partial(decide, approve=False),
            approved=done,
            rejected=done,
            obstacle=obstacle,
            title="审批",
            approve_button="同意",
            reject_button="不同意",
        ),
        nobody=obstacle,
        change=change,
        row=row,
        note=METHOD_NOTES.get(change.parameter, ""),
        back=reverse("notices:deadline-rules"),
    )
