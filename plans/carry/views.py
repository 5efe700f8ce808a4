"""结转: what every unit has said of the past, and the two people who write it into the chain (二-a, SSJ1 10)."""

from functools import partial

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.decision import State
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, decision_page
from plans.models import Carry

from . import actions, rules, words
from .forms import CarryForm, DecideForm

TONES = {State.ASKED: "warn", State.APPROVED: "ok", State.RETURNED: "bad"}
WHO = [
    ("各单位", "补录启用以前的检查，或者声明没有"),
    ("牵头部门", "提出结转；没有提供的单位写明，不等"),
    ("牵头部门另一个人、市执法队分管负责人", "批准或者退回；批准以后写入公示链第 1 条，不能再改"),
]


@requires(P.RECEIVE_PLANS, P.APPROVE_PLANS, P.SEE_CITY)
def carry(request):
    """One page for the whole course."""
    user = request.user
    requests = Carry.objects.select_related("asked_by", "decided_by")
    rows = [Row(asked, TONES[asked.state], asked.document_no, more=_what(asked)) for asked in requests]
    pending = next((row.asked for row in rows if row.asked.waits), None)
    standing = next((row.asked for row in rows if row.asked.state != State.RETURNED), None)
    ask = Ask(
        CarryForm,
        partial(actions.ask_to_carry, by=user),
        "结转已提出，等批准。",
        obstacle=rules.why_not_ask_at_all(user) or rules.why_not_now(standing),
        title="提出结转",
        button="提出结转",
    )
    decide = None
    if pending and rules.may_decide(user):
        decide = Decide(
            DecideForm,
            partial(actions.approve_carry, asked=pending, by=user),
            partial(actions.return_carry, asked=pending, by=user),
            approved="结转已写入公示链第 1 条。",
            rejected="已退回。",
            obstacle=rules.why_not_decide(pending, user),
            approve_button="批准结转",
            danger=True,
        )
    return decision_page(
        request,
        about=standing or user,
        template="plans/carry/carry.html",
        pending=pending,
        rows=rows,
        ask=ask if user.units_with(P.RECEIVE_PLANS) and (standing is None or pending) else None,
        decide=decide,
        nobody=rules.why_not_now(standing),
        who=WHO,
        facts=lambda: {"words": words.words_of_units()},
        standing=standing,
    )


def _what(asked: Carry) -> str:
    if asked.state != State.APPROVED:
        return ""
    silent = f"；没有提供：{'、'.join(asked.silent)}" if asked.silent else ""
    return f"公示链第 1 条，文书指纹 {asked.digest[:16]}…{silent}"
