"""依法不公开 of one result: the officer asks, the leader decides, and later ends it (二-b)."""

from functools import partial

from django import forms
from django.shortcuts import get_object_or_404

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, act_page, decision_page
from inspections.checks.forms import DecisionForm
from inspections.models import Ground, Inspection, Withholding
from plans.models import RequestState

from . import actions, duties, rules

TONES = {RequestState.ASKED: "warn", RequestState.APPROVED: "ok", RequestState.RETURNED: "bad"}
SEES = (P.PUBLISH, P.APPROVE_REVISION)
WHO = [
    ("本单位公示员", "申请不公开，写明依据和内容"),
    ("本单位分管负责人", "写明文号后批准，或者退回；依据没有了，终止不公开。不能批准本人的申请、本人记录的结果"),
]


class WithholdingForm(forms.Form):
    ground = fields.choice("不公开的依据", Ground.choices)
    words = fields.text("哪些内容、为什么", rows=3, max_length=300, help_text="能隐去以后公开的，隐去以后公开。")


class LiftForm(forms.Form):
    because = fields.text("终止的原因", rows=2, max_length=200)


def _check(request, no: str) -> Inspection:
    """Whose circle it is, or who publishes it; for everybody else there is none (decisions.md 3)."""
    units = {pk for p in SEES for pk in request.user.units_with(p)}
    found = Inspection.objects.known_to(request.user).filter(unit__in=units)
    return get_object_or_404(found.select_related("facility", "unit"), no=no)


@requires(*SEES)
def withholding(request, no):
    user, check = request.user, _check(request, no)
    rows = [_row(one) for one in check.withholdings.select_related("asked_by", "decided_by", "lifted_by")]
    for row in rows:
        row.asked.inspection = check
    pending = next((row.asked for row in rows if row.asked.waits), None)
    standing = next((row.asked for row in rows if row.asked.state == "APPROVED" and not row.asked.lifted_at), None)
    may_ask, may_decide = user.may(P.PUBLISH, check.unit_id), user.may(P.APPROVE_REVISION, check.unit_id)
    return decision_page(
        request,
        about=check,
        template="inspections/withholding/withholding.html",
        pending=pending,
        rows=rows,
        ask=_ask(check, user) if may_ask else None,
        decide=_decide(pending, user) if pending and may_decide else None,
        nobody=rules.LEADER if pending else "",
        who=WHO,
        inspection=check,
        standing=standing,
        may_lift=bool(standing) and not rules.why_not_open_lift(standing, user),
    )


@requires(P.APPROVE_REVISION)
def withholding_lift(request, no):
    """The ground is gone: ask why and let it be published."""
    check = _check(request, no)
    standing = check.withholdings.standing().first()
    if standing:
        standing.inspection = check
    obstacle = rules.why_not_open_lift(standing, request.user)
    return act_page(
        request,
        "inspections/withholding/lift.html",
        None if obstacle else LiftForm(request.POST or None),
        partial(actions.lift, withholding=standing, by=request.user),
        duties.url_of(check),
        "已终止不公开，结果等公示员公开。",
        late=obstacle,
        inspection=check,
        obstacle=obstacle,
        back=duties.url_of(check),
    )


def _row(one: Withholding) -> Row:
    notes = [one.words]
    if one.lifted_at:
        notes.append(f"{one.lifted_by.full_name}终止：{one.lifted_because}")
    return Row(one, TONES[one.state], one.get_ground_display(), notes=notes)


def _ask(check: Inspection, user) -> Ask:
    return Ask(
        WithholdingForm,
        partial(actions.ask, inspection=check, by=user),
        "不公开的申请已提交，等分管负责人批准。",
        obstacle=rules.why_not_open_ask(check, user),
        title="申请依法不公开",
    )


def _decide(one: Withholding, user) -> Decide:
    return Decide(
        DecisionForm,
        partial(actions.approve, withholding=one, by=user),
        partial(actions.reject, withholding=one, by=user),
        approved="已批准不公开。年度办结时和依据、文号一起列出。",
        rejected="已退回，结果按期公开。",
        obstacle=rules.why_not_open_decision(one, user),
        approve_button="批准不公开",
    )
