"""Numbers of 《实施方案》 changed by data; a test that approves one wears the fixture `by_data` (附-b)."""

from datetime import date
from types import SimpleNamespace

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.numbers import actions as policy_changes
from tests.factories import make_city_team, make_lead_office, make_user

DOCUMENT = "《辽宁省生态环境行政检查办法》第十二条"


def make_admin():
    return make_user((Role.ADMIN_SYSTEM, make_city_team()))


def make_change(parameter="publish_within_workdays", value=10, effective_from=date(2026, 9, 1), *, by=None):
    return policy_changes.propose(
        parameter=parameter,
        value=value,
        effective_from=effective_from,
        source_document=DOCUMENT,
        by=by or make_admin(),
    )


def approve(change, *, by=None):
    return policy_changes.decide(change=change, approve=True, opinion="按省里的办法执行", by=by or make_lead_office())


def make_approved_change(parameter, value, effective_from):
    change = make_change(parameter, value, effective_from)
    return SimpleNamespace(change=change, moves=approve(change))
