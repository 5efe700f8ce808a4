"""What is possible only before the first draw of the city, once: the day of first use, and the past (二-a, SSJ1 10)."""

from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Role
from tests.factories import make_lead_office
from tests.failing.acts import Press
from tests.failing.once import Brought, Stage, keeping

ACTS: list[Brought] = []
act = keeping(ACTS)


@act("ask for the day of first use", "benxi_shuangsuiji.notices.first_use.views.first_use")
def _(stage: Stage) -> Press:
    said = {"day": "2026-10-01", "document": "关于启用双随机系统的通知"}
    return Press(stage.own(Role.ADMIN_SYSTEM), reverse("notices:first-use"), "提出", said)


@act("fix the day of first use")
def _(stage: Stage) -> Press:
    return Press(stage.own(Role.LEAD_OFFICE), reverse("notices:first-use"), "确定启用日期")


@act("say that there is no past", "registry.past_checks.views.past_none")
def _(stage: Stage) -> Press:
    page = f"{reverse('registry:past-list')}?unit={stage.unit.code}"
    return Press(stage.own(Role.APPROVER), page, "声明没有需要补录的检查")


@act("ask to carry the past into the chain", "plans.carry.views.carry")
def _(stage: Stage) -> Press:
    said = {"document_no": "本环执〔2026〕1号"}
    return Press(stage.own(Role.LEAD_OFFICE), reverse("plans:carry"), "提出结转", said)


@act("carry the past into the chain")
def _(stage: Stage) -> Press:
    return Press(make_lead_office(), reverse("plans:carry"), "批准结转")
