"""What becomes public, is corrected, withdrawn or answered, once: brought about in the one world (四, 八)."""

from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import Publication
from disclosure.selfcheck import actions as selfchecks
from disclosure.statements import actions as statements
from inspections.models import Inspection
from tests.disclosure.factories import ask_revision, make_published_result, make_step
from tests.disclosure.objections.factories import make_objection, propose
from tests.factories import make_approver, make_disclosure_officer, make_lead_office
from tests.failing.acts import Press
from tests.failing.once import WORDS, Brought, Stage, keeping
from tests.inspections.factories import make_reviewed
from tests.plans.factories import make_branch, make_plan

OFFICER, LEADER = Role.DISCLOSURE_OFFICER, Role.APPROVER
ACTS: list[Brought] = []
act = keeping(ACTS)


def checked_of(publication: Publication) -> Inspection:
    return Inspection.objects.get(no=publication.no)


def last_result(press: Press):
    """Of what is chosen on a list the page says how much was done, and a second press has nothing left to do."""
    return Publication.objects.results().filter(no=press.fields["no"][-1])


@act("publish results together", "disclosure.publishing.views.publish_several", left=last_result, daily=True)
def _(stage: Stage) -> Press:
    make_reviewed(stage.unit)
    return Press(stage.own(OFFICER), reverse("disclosure:publish-several"), "公开打了勾的结果")


@act("publish a plan", "disclosure.publishing.views._publish_one", daily=True)
def _(stage: Stage) -> Press:
    plan = make_plan(make_branch(code=stage.other.code), upto="APPROVED")
    page = reverse("disclosure:publish-detail", args=["plan", f"{plan.unit.code}-2026Q3"])
    return Press(stage.others(OFFICER), page, "公开")


@act("send a result back instead of publishing it", "disclosure.publishing.views._result")
def _(stage: Stage) -> Press:
    page = reverse("disclosure:publish-detail", args=["result", make_reviewed(stage.unit).no])
    return Press(stage.own(OFFICER), page, "退回修改", {"opinion": WORDS})


@act("publish a step", "disclosure.followups.views.followup", daily=True)
def _(stage: Stage) -> Press:
    step = make_step(make_published_result(stage.unit, problem="物料没有覆盖"))
    return Press(stage.own(OFFICER), reverse("disclosure:followup", args=[step.no]), "公开")


@act("put the summary of a self-check forward", "disclosure.selfcheck.views.selfcheck_summary")
def _(stage: Stage) -> Press:
    page = reverse("disclosure:selfcheck-summary", args=["2026q1"])
    return Press(stage.own(Role.LEAD_OFFICE), page, "按这些数字拟摘要")


@act("let the summary of a self-check through", daily=True)
def _(stage: Stage) -> Press:
    selfchecks.ask(quarter=Quarter(2026, 2), by=make_lead_office())  # of the first one there is a summary by now
    page = reverse("disclosure:selfcheck-summary", args=["2026q2"])
    return Press(stage.own(Role.SUPERVISOR), page, "批准并公开")


def _revision(stage: Stage, result: Publication) -> str:
    return reverse("disclosure:revision", args=["result", result.no])


@act("ask for a withdrawal", "disclosure.revisions.views.revision")
def _(stage: Stage) -> Press:
    result = make_published_result(stage.unit, problem="物料没有覆盖")
    said = {"ground": "PRIVATE", "reason": "写了不该公开的内容", "evidence": "检查笔录第 2 页", "gone": "物料没有覆盖"}
    return Press(stage.own(OFFICER), _revision(stage, result) + "?act=WITHDRAW", "提出撤下", said)


@act("withdraw what is public", daily=True)
def _(stage: Stage) -> Press:
    result = make_published_result(stage.unit, problem="物料没有覆盖")
    ask_revision(result, "WITHDRAW")
    return Press(stage.own(LEADER), _revision(stage, result), "批准撤下")


@act("correct what is public", daily=True)
def _(stage: Stage) -> Press:
    result = make_published_result(stage.unit, problem="物料没有覆盖")
    ask_revision(result, words={"finding": "设施运行正常"})
    return Press(stage.own(LEADER), _revision(stage, result), "批准更正")


@act("propose what is answered to an objection", "disclosure.objections.views.objection")
def _(stage: Stage) -> Press:
    receipt = make_objection(make_published_result(stage.unit)).receipt
    page = reverse("disclosure:objection-desk", args=[receipt])
    return Press(stage.own(OFFICER), page, "提出决定", {"reason": "核对笔录和照片，记录与现场一致"})


@act("decide on an objection", daily=True)
def _(stage: Stage) -> Press:
    objection = make_objection(make_published_result(stage.unit))
    propose(objection)
    return Press(stage.own(LEADER), reverse("disclosure:objection-desk", args=[objection.receipt]), "批准：")


@act("ask who objects for more", "disclosure.objections.views._act")
def _(stage: Stage) -> Press:
    receipt = make_objection(make_published_result(stage.unit)).receipt
    page = reverse("disclosure:objection-more", args=[receipt])
    return Press(stage.own(OFFICER), page, "通知补正", {"what": "写明哪一天", "until": "2026-07-20"})


def _own_words(stage: Stage):
    return statements.submit(inspection=checked_of(make_published_result(stage.unit)), words="设备已在当天修好")


@act("give back an enterprise's words", "disclosure.statements.views.give_back")
def _(stage: Stage) -> Press:
    page = reverse("disclosure:statement-give-back", args=[_own_words(stage).no])
    return Press(stage.own(OFFICER), page, "退回企业修改", {"because": "末尾是电话号码，删去再交"})


@act("publish an enterprise's words")
def _(stage: Stage) -> Press:
    words = _own_words(stage)
    statements.propose(words=words, by=make_disclosure_officer(stage.unit))
    return Press(stage.own(LEADER), reverse("disclosure:statement-desk", args=[words.no]), "批准公开")


@act("withdraw an enterprise's words", "disclosure.statements.views.withdraw")
def _(stage: Stage) -> Press:
    words = _own_words(stage)
    request = statements.propose(words=words, by=make_disclosure_officer(stage.unit))
    statements.approve(request=request, by=make_approver(stage.unit))
    statements.take_back(words=words)
    return Press(stage.own(OFFICER), reverse("disclosure:statement-desk", args=[words.no]), "撤下企业说明")
