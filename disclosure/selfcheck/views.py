"""合规体检公开摘要: put forward by the lead office, let through by the supervisor (四(3)-f, 八(一)-b; ui-2.md 23, 27)."""

from datetime import datetime
from functools import partial

from django import forms
from django.http import Http404

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.forms.decision import State
from benxi_shuangsuiji.forms.pages import TONES, Ask, Decide, Row, decision_page
from benxi_shuangsuiji.workdays.days import full_date
from disclosure.models import Change, Publication
from disclosure.results.forms import quarter_of
from inspections.models import SelfCheckSummary
from inspections.selfcheck import summing

from . import actions, duties, rules, tables

WHO = [
    ("市执法队牵头部门", "拟摘要：数字由系统数，拟的时候固定"),
    ("市执法队监督员", "看过以后批准，同时公开；或者退回。不能批准本人拟的"),
]


class PutForwardForm(forms.Form):
    """Nothing is typed: the figures are counted."""


class OpinionForm(forms.Form):
    opinion = fields.opinion()


@requires(P.SEE_CITY, P.APPROVE_SELFCHECK)
def selfcheck_summary(request, quarter):
    """What would become public, word by word: as it was put forward, and before that as it would be counted now."""
    quarter = quarter_of(quarter)
    if quarter is None:
        raise Http404
    user, today = request.user, clock.today()
    found = list(SelfCheckSummary.objects.visible_to(user).of(quarter).select_related("asked_by", "decided_by"))
    pending = next((one for one in found if one.waits), None)
    public = rules.published(quarter)
    in_force = next((one for one in found if one.state == State.APPROVED), None) if public else None
    gone = rules.withdrawn_at(quarter)
    rows = [Row(one, TONES[one.state], _said(one, in_force, public, gone), name="合规体检公开摘要") for one in found]
    obstacle = rules.why_not_ask(quarter, user, today)
    asks = Ask(
        PutForwardForm,
        partial(actions.ask, quarter=quarter, by=user),
        "已拟好摘要，等监督员批准。",
        obstacle=obstacle,
        title=f"拟 {quarter.label}公开摘要",
        button="按这些数字拟摘要",
        notes=["数字就是下面这些，不能改；监督员批准以后公开。"],
    )

    def facts() -> dict:
        """Counted only where the page is shown; what may be put forward anew stands there as it counts now."""
        anew = public and not obstacle
        shown = pending.facts if pending else public.snapshot if public and not anew else _counted(quarter, obstacle)
        heading = "会公开的" if pending else "已公开的" if public and not anew else "现在数出来的"
        return {"shown": shown, "shown_heading": heading, **_tables(shown)}

    return decision_page(
        request,
        about=None,
        template="disclosure/selfcheck/summary_desk.html",
        pending=pending,
        rows=rows,
        ask=asks if user.units_with(P.PUBLISH_CITY) else None,
        decide=_decide(pending, user) if pending and user.units_with(P.APPROVE_SELFCHECK) else None,
        nobody=rules.WHO if pending else obstacle,
        who=WHO,
        facts=facts,
        quarter=quarter,
        public=public,
        due_day=full_date(duties.due_of(quarter).date),
    )


def _said(
    one: SelfCheckSummary, in_force: SelfCheckSummary | None, public: Publication | None, gone: datetime | None
) -> str:
    """Of what was let through, what is public of it now: neither the figures before a correction nor any after a withdrawal."""
    if one.state != State.APPROVED:
        return summing.said(one.facts)
    if one != in_force or public is None:
        return "公开以后已撤下" if gone and gone >= one.decided_at else "公开以后重新公开"
    return ("公开以后更正：" if public.change == Change.CORRECTION else "") + summing.said(public.snapshot)


def _counted(quarter, obstacle: str) -> dict | None:
    return summing.facts_of(quarter) if obstacle in ("", rules.WHO) and quarter.last_day < clock.today() else None


def _tables(snapshot: dict | None) -> dict:
    if not snapshot or not snapshot["rules"]:
        return {}
    return {
        "stats": tables.stats_of(snapshot),
        "groups": tables.groups(snapshot),
        "as_of": tables.as_of(snapshot),
        "note": tables.NOTE,
    }


def _decide(pending: SelfCheckSummary, user) -> Decide:
    return Decide(
        OpinionForm,
        partial(actions.approve, summary=pending, by=user),
        partial(actions.give_back, summary=pending, by=user),
        approved="已批准，摘要已公开。",
        rejected="已退回，牵头部门会收到意见。",
        obstacle=rules.why_not_approve(pending, user, clock.today()),
        may_return=not rules.why_not_open_decision(pending, user),
        title="批准以后立即公开，不能撤回",
        approve_button="批准并公开",
    )
