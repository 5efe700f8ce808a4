"""抽查类别 (/desk/items/kinds/): the eight of 三 and those that follow them, one asks, another decides (三-o)."""

from functools import partial

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.decision import State
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, decision_page
from plans.models import ItemCategory, ItemKind

from . import kinds
from .forms import KindDecisionForm, KindForm

TONES = {State.ASKED: "warn", State.APPROVED: "ok", State.RETURNED: "bad"}


@requires(P.SEE_ITEMS)
def kind_list(request):
    user = request.user
    found = ItemKind.objects.select_related("asked_by", "decided_by").order_by("-asked_at", "-pk")
    rows = [Row(kind, TONES[kind.state], kind.label, notes=[kind.basis], more=f"第 {kind.number} 类") for kind in found]
    pending = next((row.asked for row in rows if row.asked.waits), None)
    return decision_page(
        request,
        about=user,
        template="plans/lists/kind_list.html",
        pending=pending,
        rows=rows,
        ask=_ask(user) if user.units_with(P.EDIT_CITY_ITEMS) else None,
        decide=_decide(pending, user) if pending and user.units_with(P.APPROVE_ITEMS) else None,
        nobody="抽查类别由市执法队牵头部门提出增加，分管负责人批准。",
        eight=ItemCategory.choices,
        more=[row.asked for row in rows if row.asked.state == State.APPROVED][::-1],
    )


def _ask(user) -> Ask:
    return Ask(
        KindForm,
        partial(kinds.ask, by=user),
        "已提出，等市执法队分管负责人批准。",
        obstacle=kinds.why_not_open_ask(user),
        title="增加一类",
        button="提出增加",
    )


def _decide(pending: ItemKind, user) -> Decide:
    return Decide(
        KindDecisionForm,
        partial(kinds.approve, asked=pending, by=user),
        partial(kinds.reject, asked=pending, by=user),
        approved="已批准，下一版清单可以编制这一类的事项。",
        rejected="已退回，没有增加。",
        obstacle=kinds.why_not_open_decision(pending, user),
    )
