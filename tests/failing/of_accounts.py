"""Accounts, roles, units and the calendar, once: who may do anything at all (三, 五)."""

from datetime import timedelta

from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts import request_actions, second_factor_actions, unit_actions
from benxi_shuangsuiji.accounts.models import Authenticator
from benxi_shuangsuiji.accounts.roles import Permission, Role
from tests.factories import make_city_team, make_planner, make_unit, make_user
from tests.failing.acts import Press
from tests.failing.once import WORDS, Brought, Stage, keeping
from tests.workdays.notices import NOTICES

SYSTEM, GRANTS = Role.ADMIN_SYSTEM, Role.ADMIN_GRANTS
ACTS: list[Brought] = []
act = keeping(ACTS)


@act("open an account", "benxi_shuangsuiji.accounts.account_views.account_new", daily=True)
def _(stage: Stage) -> Press:
    said = {"unit": stage.unit.pk, "full_name": "岑望", "username": "cenwang"}
    return Press(stage.own(SYSTEM), reverse("accounts:account-new"), "新建账号", said)


@act("grant a role", "benxi_shuangsuiji.accounts.account_views.grant_new", daily=True)
def _(stage: Stage) -> Press:
    account = make_user(unit=stage.unit)
    said = {"role": "PLANNER", "unit": stage.unit.pk, "document": "本环办〔2026〕3 号"}
    return Press(stage.own(GRANTS), reverse("accounts:account-grant", args=[account.pk]), "授权", said)


@act("end a role", "benxi_shuangsuiji.accounts.account_views.grant_end", daily=True)
def _(stage: Stage) -> Press:
    account = make_planner(stage.unit)
    page = reverse("accounts:account-grant-end", args=[account.pk, account.grants.get().pk])
    return Press(stage.own(GRANTS), page, "终止授权", {"reason": WORDS})


@act("ask for a grant", "benxi_shuangsuiji.accounts.request_views.grant_ask")
def _(stage: Stage) -> Press:
    by = make_user((Role.PLANNER, stage.unit), unit=stage.unit)
    page = f"{reverse('accounts:grant-ask')}?p={Permission.SEE_PATTERNS}"
    return Press(by, page, "提交申请", {"reason": WORDS})


@act("give what was asked for", "benxi_shuangsuiji.accounts.request_views.grant_request", daily=True)
def _(stage: Stage) -> Press:
    by = make_user((Role.PLANNER, stage.unit), unit=stage.unit)
    asked = request_actions.ask(permissions=[Permission.SEE_PATTERNS], reason=WORDS, by=by)
    said = {"role": Role.APPROVER, "unit": stage.unit.pk, "document": "本环办〔2026〕3 号"}
    return Press(stage.own(GRANTS), asked.get_absolute_url(), "授权", said)


def with_a_phone(stage: Stage):
    account = make_user((Role.PLANNER, stage.unit), unit=stage.unit)
    Authenticator.objects.create(user=account, secret=b"sealed", confirmed_at=clock.now())
    return account


@act("ask to reset a second factor", "benxi_shuangsuiji.accounts.second_factor_views.second_factor_reset")
def _(stage: Stage) -> Press:
    page = reverse("accounts:account-second-factor", args=[with_a_phone(stage).pk])
    return Press(stage.own(SYSTEM), page, "提", {"reason": "手机丢失，当面核实"})


@act("reset a second factor", daily=True)
def _(stage: Stage) -> Press:
    account = with_a_phone(stage)
    second_factor_actions.ask_for_reset(account=account, reason="手机丢失，当面核实", by=stage.own(SYSTEM))
    return Press(stage.own(GRANTS), reverse("accounts:account-second-factor", args=[account.pk]), "批准重置")


@act("ask for another name of a unit", "benxi_shuangsuiji.accounts.unit_views._ask_page")
def _(stage: Stage) -> Press:
    said = {"name": "本溪市生态环境局溪山分局", "short_name": "溪山分局", "division_code": "210503"}
    day = clock.today() + timedelta(days=200)
    said |= {"effective_from": day.isoformat(), "document": "关于机构名称的通知"}
    return Press(stage.own(SYSTEM), reverse("accounts:unit-rename", args=[stage.other.code]), "提出修改", said)


@act("take back an approved change of a unit", "benxi_shuangsuiji.accounts.unit_views.unit_withdraw")
def _(stage: Stage) -> Press:
    unit, day = make_unit("210522"), clock.today() + timedelta(days=200)
    values = {"name": "另一分局", "short_name": "另一分局", "seal_name": "", "division_code": "210522"}
    said = {
        "kind": "RENAME",
        "unit": unit,
        "effective_from": day,
        "document": "关于机构名称的通知",
        "by": stage.own(SYSTEM),
    }
    change = unit_actions.ask(**said, values=values)
    unit_actions.approve(change=change, by=stage.own(GRANTS))
    return Press(
        make_user((GRANTS, make_city_team())),
        reverse("accounts:unit-withdraw", args=[change.pk]),
        "撤回",
        {"reason": WORDS},
    )


@act("enter the notice of a year", "benxi_shuangsuiji.workdays.views.workday_publish")
def _(stage: Stage) -> Press:
    said = {
        "source_document": "国办发明电〔2026〕1 号",
        "published_on": clock.today().isoformat(),
        "notice": NOTICES[2027],
    }
    page = reverse("workdays:workday-publish", args=[2027])
    return Press(stage.own(SYSTEM), page, "核对", said, fields={"enter": ["1"]})
