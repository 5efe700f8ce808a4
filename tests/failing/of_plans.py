"""Lists, plans, draws and what is filed of them, once: brought about in the one world (六, 七(二))."""

from datetime import date, timedelta

from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from inspections.replacements import actions as replacing
from plans.aborts import actions as aborting
from plans.draw.values import source_states
from plans.filings import actions as filings
from plans.lists import basis_changes
from plans.models import BasisChange, ChangeReason, Filing, ItemCategory, Pick
from tests.factories import make_approver, make_city_team, make_lead_office, make_planner, make_unit
from tests.failing.acts import Press
from tests.failing.once import WORDS, Brought, Stage, keeping
from tests.inspections.factories import make_dispatched, team_of
from tests.plans.draw.factories import make_held_draw, make_item_list, make_published_plan, make_sealed_draw, move_clock
from tests.plans.factories import advance_list, make_branch, make_list, make_plan

LEAD, LEADER, PLANNER = Role.LEAD_OFFICE, Role.APPROVER, Role.PLANNER
RECORD = ("记录.pdf", b"%PDF-1.7 record")
ACTS: list[Brought] = []
act = keeping(ACTS)


def of_plan(plan, name: str = "plan-detail") -> str:
    return reverse(f"plans:{name}", args=[plan.unit.code, "2026q3"])


# --- lists ---


@act("ask for a further kind of items", "plans.lists.kind_views.kind_list")
def _(stage: Stage) -> Press:
    said = {"label": "生态破坏问题整改情况", "basis": "某办法第三条"}
    return Press(stage.own(LEAD), reverse("plans:kind-list"), "提出增加", said)


@act("add a further kind of items")
def _(stage: Stage) -> Press:
    return Press(make_approver(make_city_team()), reverse("plans:kind-list"), "批准")


@act("begin the list of a year", "plans.lists.views.itemlist_new")
def _(stage: Stage) -> Press:
    said = {"unit": make_city_team().pk, "year": 2027}
    return Press(stage.own(LEAD), reverse("plans:itemlist-new"), "编制清单", said)


@act("approve the list of a year", "plans.lists.views.itemlist_decide", daily=True)
def _(stage: Stage) -> Press:
    made = make_list(unit=stage.unit, upto="DRAFT")
    item = make_item_list().items.get(code="A01")
    item.pk, item.list, item.code = None, made, "L01"
    item.save()
    item.points.create(number=1, text="污染防治设施是否正常运行", standard="按规定运行")
    item.cites.create(basis=BasisChange.objects.first().basis, position=1)
    advance_list(made, "SUBMITTED", stage.own(PLANNER))
    page = reverse("plans:itemlist-detail", args=[stage.unit.code, made.year, made.version])
    return Press(stage.own(LEADER), page, "批准")


@act("say that a change of the law touches nothing", "plans.bases.views.change_detail")
def _(stage: Stage) -> Press:
    said = {"kind": "MADE", "effective_on": date(2026, 8, 1), "document": "令", "summary": "施行"}
    basis = BasisChange.objects.first().basis
    change = basis_changes.record_change(
        basis=basis, by=make_lead_office(), categories=[ItemCategory.FACILITIES.value], **said
    )
    page = reverse("plans:basis-change-detail", args=[change.pk])
    return Press(stage.own(LEAD), page, "记为不受影响", {"reason": WORDS})


# --- plans ---


@act("begin a plan", "plans.quarterly.views.plan_new")
def _(stage: Stage) -> Press:
    unit = make_unit("210521")
    return Press(make_planner(unit), reverse("plans:plan-detail", args=[unit.code, "2026q3"]), "编制")


@act("take a public plan up again", "plans.quarterly.revision_views.plan_revise")
def _(stage: Stage) -> Press:
    plan = make_published_plan(make_unit("210522"))
    return Press(make_planner(plan.unit), of_plan(plan, "plan-revise"), "更改", {"reason": WORDS})


def filed_plan(code: str) -> Filing:
    plan = make_plan(make_branch(code=code), upto="PUBLISHED")
    return Filing.objects.get(plan=plan)


@act("receive a plan", "plans.quarterly.views.plan_receive")
def _(stage: Stage) -> Press:
    return Press(stage.own(LEAD), of_plan(filed_plan("210505").plan), "签收")


@act("give a filed plan back", "disclosure.city.rollup_views.filing_return")
def _(stage: Stage) -> Press:
    page = reverse("disclosure:filing-return", args=[filed_plan("210506").pk])
    return Press(stage.own(LEAD), page, "退回", {"opinion": "缺一般对象的数量"})


@act("send a plan again", "plans.filings.views.plan_send")
def _(stage: Stage) -> Press:
    filing = filed_plan("210507")
    filings.return_filing(filing=filing, by=make_lead_office(), opinion="缺一般对象的数量")
    return Press(make_planner(filing.unit), of_plan(filing.plan, "plan-send"), "重新报送", {"note": WORDS})


@act("file the year with the justice bureau", "plans.filings.views.justice_filing")
def _(stage: Stage) -> Press:
    page = reverse("plans:justice-filing", args=[stage.unit.code, 2026])
    return Press(stage.own(PLANNER), page, "登记报送", {"recipient": "某司法局", "document_no": "某函〔2026〕1号"})


@act("ask for a ratio of its own", "plans.local.views.local_new")
def _(stage: Stage) -> Press:
    said = {"year": 2026, "percent": "9", "valid_from": clock.today().isoformat(), "air_quality": "优良 88%"}
    said |= {"pollution_sources": 20, "inspectors": 4, "area_km2": 400, "coverage_target": "2027 年底查完一遍"}
    page = reverse("plans:local-new", args=[stage.other.code, "ratio"])
    return Press(stage.others(PLANNER), page, "提交批准", said)


# --- draws ---


@act("begin a draw", "plans.draw.views.draw_create", daily=True)
def _(stage: Stage) -> Press:
    plan = make_published_plan(make_unit("210508"))
    page = f"{reverse('plans:draw-list')}?unit={plan.unit.code}&quarter=2026q3"
    return Press(make_planner(plan.unit), page, "核对名单")


def overdue(draw):
    """The value has not come on its day."""
    move_clock(max(state.due for state in source_states(draw)) + timedelta(days=4))
    return draw


@act("ask to abort a draw", "plans.aborts.views.draw_abort")
def _(stage: Stage) -> Press:
    draw = overdue(make_sealed_draw(make_unit("210509")))
    said = {"missing": "1", "reason": "当期停售", "evidence": "公告"}
    return Press(make_planner(draw.unit), reverse("plans:draw-abort", args=[draw.draw_id]), "提交作废申请", said)


@act("abort a draw", daily=True)
def _(stage: Stage) -> Press:
    draw = overdue(make_sealed_draw(make_unit("210510")))
    aborting.ask_to_abort(draw=draw, missing=[1], reason="当期停售", evidence="公告", by=make_planner(draw.unit))
    page = reverse("plans:draw-abort", args=[draw.draw_id])
    return Press(make_approver(draw.unit), page, "批准作废", {"document_no": "本环〔2026〕1号", "word": "作废"})


@act("file a draw", "plans.filings.views.draw_file")
def _(stage: Stage) -> Press:
    draw = make_held_draw(make_unit("210511"))
    page = reverse("plans:draw-file", args=[draw.draw_id])
    return Press(make_planner(draw.unit), page, "报送", {"record": RECORD})


@act("hand out what was drawn", "inspections.dispatch.views.draw_dispatch", daily=True)
def _(stage: Stage) -> Press:
    draw = make_held_draw(make_unit("210512"))
    return Press(make_planner(draw.unit), reverse("inspections:draw-dispatch", args=[draw.draw_id]), "派发")


@act("ask for a replacement", "inspections.replacements.views.replacement_list")
def _(stage: Stage) -> Press:
    checks = make_dispatched(make_unit("210513"))
    pick: Pick = checks[0].pick
    said = {
        "reason": ChangeReason.LEAVE,
        "picks": [pick.pk],
        "inspector": team_of(checks[0])[0].pk,
        "evidence": "假条 1 份",
    }
    page = reverse("inspections:draw-replacements", args=[pick.draw.draw_id])
    return Press(make_planner(checks[0].unit), page, "提交申请", said)


@act("ask to be taken off a task", "inspections.replacements.views.field_replace")
def _(stage: Stage) -> Press:
    check = make_dispatched(make_unit("210514"))[0]
    said = {"reason": ChangeReason.RECUSE, "evidence": "近亲属在该企业任职"}
    return Press(team_of(check)[0].user, reverse("inspections:field-replace", args=[check.no]), "提交申请", said)


@act("replace somebody")
def _(stage: Stage) -> Press:
    check = make_dispatched(make_unit("210515"))[0]
    person = team_of(check)[0]
    said = {"reason": ChangeReason.RECUSE, "evidence": "近亲属在该企业任职", "picks": [check.pick]}
    asked = replacing.ask(draw=check.draw, by=person.user, inspector=person, **said)
    page = reverse("inspections:draw-replacement", args=[check.draw.draw_id, asked.pk])
    return Press(make_approver(check.unit), page, "批准更换", {"document_no": "本环更〔2026〕1 号"})
