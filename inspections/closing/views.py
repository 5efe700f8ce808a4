"""年度办结: each unit's K1, what is open, what a law keeps back; asked and approved here (二-b)."""

from functools import partial

from django import forms
from django.http import Http404

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.forms.pages import TONES, Ask, Decide, Row, decision_page
from benxi_shuangsuiji.workdays.days import FIRST_YEAR
from inspections.models import YearClosing
from plans.models import RequestState

from . import actions, figures, rules
from .models import leads_the_city, may_see

WHO = [
    ("市执法队牵头部门", "申请年度办结"),
    ("市执法队分管负责人", "看过各单位的公开率以后批准，或者退回；不能批准本人的申请"),
]


class ClosingForm(forms.Form):
    note = fields.text("说明", rows=2, max_length=300, required=False)


class OpinionForm(forms.Form):
    opinion = fields.opinion()


@requires(P.SEE_CITY, P.APPROVE_PLANS)
def year_closing(request, year):
    """Once closed it shows what was counted then, before that what is counted now."""
    user, today = request.user, clock.today()
    if not FIRST_YEAR <= year <= today.year or not may_see(user):
        raise Http404
    found = YearClosing.objects.visible_to(user).filter(year=year).select_related("asked_by", "decided_by")
    rows = [Row(one, TONES[one.state], f"{year} 年度办结", notes=[one.note] if one.note else []) for one in found]
    pending = next((one for one in found if one.waits), None)
    closed = next((one for one in found if one.state == RequestState.APPROVED), None)
    early = "" if closed else rules.why_not_count(year, today)
    if closed:
        lines, withheld = [figures.Line(**line) for line in closed.lines], closed.withheld
    else:
        lines, withheld = ([], []) if early else (figures.lines_of(year), figures.withheld_of(year))
    obstacle = rules.why_not_open_ask(year, user, today, lines)
    ask = Ask(
        ClosingForm,
        partial(actions.ask, year=year, by=user),
        "已申请年度办结，等市执法队分管负责人批准。",
        obstacle=obstacle,
        title=f"申请 {year} 年度办结",
    )
    return decision_page(
        request,
        about=None,
        template="inspections/closing/year_closing.html",
        pending=pending,
        rows=rows,
        ask=ask if user.units_with(P.PUBLISH_CITY) else None,
        decide=_decide(pending, user, today) if pending and leads_the_city(user) else None,
        nobody=rules.LEADER if pending else obstacle,
        who=WHO,
        year=year,
        lines=lines,
        closed=closed,
        early=early,
        withheld=withheld,
    )


def _decide(closing: YearClosing, user, today) -> Decide:
    return Decide(
        OpinionForm,
        partial(actions.approve, closing=closing, by=user),
        partial(actions.reject, closing=closing, by=user),
        approved=f"{closing.year} 年已办结，各单位的公开率随年度卷归档。",
        rejected="已退回。",
        obstacle=rules.why_not_approve(closing, user, today),
        may_return=not rules.why_not_open_decision(closing, user),
        title="办结以后不能撤回",
        approve_button="批准办结",
    )
