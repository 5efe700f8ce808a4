"""启用日期: asked for by the system administrator or the lead office, fixed by another of the lead office (二-a)."""

from functools import partial

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.decision import State
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, decision_page
from benxi_shuangsuiji.notices.models import FirstUse
from benxi_shuangsuiji.workdays.days import full_date

from . import actions, rules
from .forms import FirstUseForm, FixForm

TONES = {State.ASKED: "warn", State.APPROVED: "ok", State.RETURNED: "bad"}
WHO = [
    ("系统管理员或牵头部门", "提出启用日期，写明依据文件"),
    ("牵头部门另一个人", "确定或者退回；确定以后不能再改"),
]


@requires(P.MANAGE_SYSTEM, P.KEEP_BASES)
def first_use(request):
    """The one day, its document, who said it and who fixed it."""
    user, today, calendar = request.user, clock.today(), workdays.calendar()
    rows = [
        Row(
            asked,
            TONES[asked.state],
            f"{full_date(asked.day)}起启用",
            notes=() if asked.asked_by else ("安装系统时设定",),
            more=asked.document,
        )
        for asked in FirstUse.objects.select_related("asked_by", "decided_by")
    ]
    pending = next((row.asked for row in rows if row.asked.waits), None)
    fixed = next((row.asked for row in rows if row.asked.state == State.APPROVED), None)
    ask = Ask(
        partial(FirstUseForm, today=today, calendar=calendar),
        partial(actions.ask_for_first_use, by=user),
        "启用日期已提出，等牵头部门确定。",
        obstacle=rules.why_not_ask_at_all(user) or rules.why_not_once(pending or fixed),
        title="提出启用日期",
        button="提出",
    )
    decide = None
    if pending and user.units_with(P.KEEP_BASES):
        decide = Decide(
            FixForm,
            partial(actions.fix_first_use, asked=pending, by=user),
            partial(actions.return_first_use, asked=pending, by=user),
            approved="启用日期已确定。",
            rejected="已退回，另行提出。",
            obstacle=rules.why_not_decide(pending, user),
            approve_button="确定启用日期",
        )
    return decision_page(
        request,
        about=fixed or pending or user,
        template="notices/first_use.html",
        pending=pending,
        rows=rows,
        ask=None if fixed else ask,
        decide=decide,
        nobody=rules.why_not_once(pending or fixed),
        who=WHO,
        fixed=fixed,
    )
