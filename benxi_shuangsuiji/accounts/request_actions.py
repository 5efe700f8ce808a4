"""授权申请, from the refused page to the grant; each act is one transaction and one line of the trail (decision 0081)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.telling import notify, tell
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason

from . import request_rules as rules
from .actions import grant_role
from .duties import GRANT_REQUEST
from .models import GrantRequest, Unit, User
from .roles import Permission, Role


@transaction.atomic
def ask(*, permissions: Sequence[Permission], reason: str, by: User) -> GrantRequest:
    """The grants administrators have it to do: who, of which unit, what opens the page, and why he needs it."""
    User.objects.locked(by.pk, fresh_keys=True)  # of two presses the second finds the first
    refuse_if(rules.why_not_ask(by, permissions, reason))
    now, codes = clock.now(), ",".join(permissions)
    asked = GrantRequest.objects.create(permissions=codes, reason=reason.strip(), asked_by=by, asked_at=now)
    trail.record("accounts.grant.asked", by=by, about=asked, unit=by.unit, permissions=codes, reason=asked.reason)
    team, url = Unit.objects.city_team(), asked.get_absolute_url()
    title = f"决定授权申请：{by.unit.short_name}{asked}"[:120]
    due, role = decision_due(now.date(), workdays.calendar()), Role.ADMIN_GRANTS
    words = "没有决定以前，申请的人打不开那一页。"
    GRANT_REQUEST.open(team, str(asked.pk), role=role, title=title, due=due, url=url, consequence=words)
    tell(role=role, unit=team, key=f"grant:{asked.pk}", title=title, body=f"原因：{asked.reason}", url=url, by=by)
    return asked


@transaction.atomic
def approve(
    *,
    asked: GrantRequest,
    role: str,
    unit: Unit,
    document: str,
    valid_from: date,
    by: User,
    valid_to: date | None = None,
    opinion: str = "",
) -> GrantRequest:
    """The grant itself is given as every other: by its own rule, document and act."""
    asked = GrantRequest.objects.locked(asked.pk, "asked_by", fresh_keys=True)
    refuse_if(rules.why_not_decide_request(asked, by))
    refuse_if(rules.why_not_this_role(asked, role))
    days = {"valid_from": valid_from, "valid_to": valid_to}
    grant = grant_role(account=asked.asked_by, unit=unit, role=role, document=document, by=by, **days)
    asked.decide("APPROVED", by=by, at=clock.now(), opinion=opinion, grant=grant)
    trail.record("accounts.grant.given", by=by, about=asked, unit=unit, role=role, opinion=asked.opinion)
    _over(asked, f"申请的授权已办：{unit.short_name}{Role(role).label}", f"{valid_from:%Y-%m-%d} 起。{asked.opinion}")
    return asked


@transaction.atomic
def refuse(*, asked: GrantRequest, opinion: str, by: User) -> GrantRequest:
    asked = GrantRequest.objects.locked(asked.pk, "asked_by", fresh_keys=True)
    refuse_if(rules.why_not_decide_request(asked, by))
    refuse_if(why_not_reason(opinion, "不授权的原因"))
    asked.decide("RETURNED", by=by, at=clock.now(), opinion=opinion)
    trail.record("accounts.grant.refused", by=by, about=asked, opinion=asked.opinion)
    _over(asked, f"没有授权：“{asked.words}”", f"原因：{asked.opinion}")
    return asked


def _over(asked: GrantRequest, title: str, body: str) -> None:
    now = clock.now()
    GRANT_REQUEST.close(Unit.objects.city_team(), str(asked.pk), "授权申请已决定", now)
    key = f"grant:{asked.pk}:decided"
    notify(user=asked.asked_by, key=key, title=title, body=body, url=asked.get_absolute_url(), at=now)
