"""申请授权 behind 403, and the page on which the grants administrator decides (decision 0081)."""

from functools import partial

from django.shortcuts import get_object_or_404

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.forms.pages import TONES, Decide, Row, act_page, decision_page

from . import request_actions as actions
from . import request_rules as rules
from .access import requires
from .forms import GrantDecisionForm, ReasonForm
from .models import GrantRequest, Unit, roles_with
from .roles import CITY_WIDE, Permission

MOST_ASKED = 8  # no page of ours is opened by more


@requires()
def grant_ask(request):
    """One line of why; what is asked for is in the address of the refused page's button, by its permissions alone."""
    user, codes = request.user, set(request.GET.getlist("p")[:MOST_ASKED])
    permissions = [one for one in Permission if one.value in codes]
    obstacle = rules.why_not_open(user, permissions)
    return act_page(
        request,
        "accounts/grant_ask.html",
        None if obstacle else ReasonForm(request.POST or None),
        partial(actions.ask, permissions=permissions, by=user),
        lambda asked: asked,
        "申请已交给授权管理员，决定以后发消息。",
        late=obstacle,
        obstacle=obstacle,
        permissions=[one.label for one in permissions],
        whose=[role.label for role in roles_with(permissions)],
    )


@requires()
def grant_request(request, pk):
    """Read by who asked; decided by a grants administrator, who gives the role that opens the page, or says why not."""
    user = request.user
    found = GrantRequest.objects.visible_to(user).select_related("asked_by__unit", "decided_by", "grant__unit")
    asked = get_object_or_404(found, pk=pk)
    given = [f"{asked.grant.unit.short_name} {asked.grant.get_role_display()}"] if asked.grant else []
    decides = asked.waits and asked.asked_by_id != user.pk and not rules.why_not_decide_request(asked, user)
    return decision_page(
        request,
        about=asked,
        template="accounts/grant_request.html",
        pending=asked if asked.waits else None,
        rows=[Row(asked, TONES[asked.state], asked.reason, notes=given)],
        decide=_decide(asked, user) if decides else None,
        nobody="由授权管理员决定，结果发到“消息”。" if asked.waits else "已经决定。",
        who=[("授权管理员", "问清分管负责人，按任命文件授权，或者写明原因退回")],
        asked=asked,
    )


def _decide(asked: GrantRequest, user) -> Decide:
    account = asked.asked_by
    own = account.unit and account.unit.drawing_unit
    initial = {
        # A role of the whole city is held at the city team.
        "unit": Unit.objects.city_team() if set(asked.roles) <= set(CITY_WIDE) else own,
        "valid_from": clock.today(),
        "role": asked.roles[0].value if len(asked.roles) == 1 else "",
    }
    return Decide(
        partial(GrantDecisionForm, by=user, roles=asked.roles, initial=initial),
        partial(actions.approve, asked=asked, by=user),
        partial(actions.refuse, asked=asked, by=user),
        approved=f"已给{account.full_name}授权，已告诉本人。",
        rejected=f"没有授权，原因已告诉{account.full_name}。",
        title="授权",
        approve_button="授权",
        reject_button="不授权",
    )
