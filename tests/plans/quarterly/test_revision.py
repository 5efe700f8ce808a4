"""A published plan is changed: a new version with its reason, the old one kept, and nothing once a list is sealed."""

import hashlib
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from disclosure.models import Publication
from disclosure.publishing import actions as disclosing
from plans.draw import actions as draw_actions
from plans.draw import frames, seal_rules
from plans.draw.values import source_states
from plans.filings import actions as filings_actions
from plans.models import Draw, DrawStatus, PlanStatus, QuarterlyPlan, SourceKind
from plans.quarterly import actions as quarterly_actions
from plans.quarterly import rules
from tests.factories import make_approver, make_city_team, make_disclosure_officer, make_planner, make_unit, make_user
from tests.plans.draw.factories import make_held_draw, make_prepared_draw, make_sealed_draw, move_clock
from tests.plans.factories import make_branch, make_plan

pytestmark = pytest.mark.django_db

REASON = "七月名录核对未完成，抽取改在八月"


@pytest.fixture(autouse=True)
def _begin(at):
    at("2026-07-02 09:00")


def make_public_plan():
    """Published through `disclosure`, so that there is something to keep."""
    plan = make_plan(make_branch(), upto="APPROVED")
    disclosing.publish_plan(plan=plan, by=make_disclosure_officer(plan.unit))
    return QuarterlyPlan.objects.get(pk=plan.pk)


def revise(plan, reason=REASON, by=None):
    return quarterly_actions.revise_plan(plan=plan, by=by or make_planner(plan.unit), reason=reason)


def announce_dice(plan, due, by):
    """Another day for draw and sources."""
    return quarterly_actions.save_plan(
        plan=plan,
        by=by,
        data={
            "draw_at": due + timedelta(minutes=20),
            "window_from": due.date(),
            "sources": [{"kind": SourceKind.DICE, "label": who, "due": due} for who in ("见证人甲", "见证人乙")],
        },
    )


def publish_again(plan, by):
    plan = quarterly_actions.submit_plan(plan=plan, by=by, late_reason="名录核对延误")
    quarterly_actions.approve_plan(plan=plan, by=make_approver(plan.unit))
    return disclosing.publish_plan(plan=plan, by=make_disclosure_officer(plan.unit))


def test_the_plan_is_taken_up_again_with_its_reason_and_its_duties_stay_done():
    plan = make_public_plan()
    filings_actions.receive_plan(plan=plan, by=make_user((Role.LEAD_OFFICE, make_city_team())))
    by = make_planner(plan.unit)
    done = dict(Duty.objects.filter(unit=plan.unit, rule__in=["D-2", "D-3"]).values_list("rule", "closed_at"))
    assert all(done.values()) and len(done) == 2
    plan = revise(plan, f"  {REASON} ", by)

    assert (plan.status, plan.revision, plan.revision_reason) == (PlanStatus.DRAFT, 2, REASON)
    cleared = ("submitted_by", "submitted_at", "approved_by", "approved_at", "published_at", "received_at")
    assert [getattr(plan, name) for name in cleared] == [None] * 6
    assert dict(Duty.objects.filter(unit=plan.unit, rule__in=["D-2", "D-3"]).values_list("rule", "closed_at")) == done
    assert AuditEntry.objects.filter(verb="plans.plan.revised", actor=by).count() == 1


@pytest.mark.parametrize("reason", ["", "改日期", "一二三四五六七八九 ", "长" * 201])
def test_without_a_reason_that_says_something_the_plan_stays(reason):
    plan = make_public_plan()
    with pytest.raises(Refused, match="写明更改的原因，10 到 200 个字"):
        revise(plan, reason)
    assert QuarterlyPlan.objects.get().status == PlanStatus.PUBLISHED


def test_only_the_units_planner_takes_a_plan_up_again():
    plan = make_public_plan()
    for other in (make_approver(plan.unit), make_disclosure_officer(plan.unit), make_planner(make_unit("210503"))):
        with pytest.raises(Refused, match=r"没有编制.*的权限"):
            revise(plan, by=other)


def test_who_changes_a_plan_does_not_approve_the_change():
    plan = make_public_plan()
    both = make_user((Role.PLANNER, plan.unit), (Role.APPROVER, plan.unit))
    plan = quarterly_actions.submit_plan(plan=revise(plan, by=both), by=make_planner(plan.unit))
    with pytest.raises(Refused, match="不能审批自己的计划"):
        quarterly_actions.approve_plan(plan=plan, by=both)
    assert quarterly_actions.approve_plan(plan=plan, by=make_approver(plan.unit)).status == PlanStatus.APPROVED


@pytest.mark.clause("七(四)-3")
def test_between_the_change_and_its_publication_nothing_is_prepared_or_sealed():
    draw = make_prepared_draw()
    by = make_planner(draw.unit)
    revise(draw.plan, by=by)

    sentence = "季度计划正在更改（第 2 版），批准、公开以后才能核对和封存。"
    with pytest.raises(Refused) as refused:
        draw_actions.seal_draw(draw=Draw.objects.get(), by=make_approver(draw.unit))
    assert str(refused.value) == sentence
    with pytest.raises(Refused) as refused:
        draw_actions.prepare_draw(plan=draw.plan, by=by)
    assert str(refused.value) == sentence
    assert Draw.objects.get().status == DrawStatus.PREPARED


@pytest.mark.clause("七(四)-3")
def test_a_passed_source_is_the_way_out_not_a_dead_end():
    """The list waits for its seal, the lottery is over: change, publish, seal what the new version says."""
    plan = make_public_plan()
    by = make_planner(plan.unit)
    draw = draw_actions.prepare_draw(plan=plan, by=by)
    duty = Duty.objects.get(unit=plan.unit, rule="D-4")
    assert duty.role == "APPROVER"
    move_clock(plan.sources.get().due + timedelta(days=30))
    sentence = (
        f"公开随机数来源（{plan.sources.get().label}，7 月 9 日 21:30）已经开出，不能再封存。"
        "由计划员更改计划，另定一期，批准、公开后再封存。"
    )
    with pytest.raises(Refused) as refused:
        draw_actions.seal_draw(draw=draw, by=make_approver(plan.unit))
    assert str(refused.value) == sentence

    plan = revise(plan, by=by)
    duty.refresh_from_db()
    assert (duty.role, duty.title) == ("PLANNER", "更改计划，完成 2026 年第三季度随机抽取")
    due = clock.now() + timedelta(days=1)
    publish_again(announce_dice(plan, due, by), by)
    duty.refresh_from_db()
    assert (duty.role, duty.title) == ("APPROVER", "封存 2026 年第三季度抽查名单")
    sealed = draw_actions.seal_draw(draw=draw, by=make_approver(plan.unit), registry_reason="演练用名录")

    assert sealed.status == DrawStatus.FROZEN
    assert [state.due for state in source_states(sealed)] == [due.replace(microsecond=0)] * 2


def test_the_sentence_about_dice_says_that_their_time_is_over():
    draw = make_prepared_draw(sources=tuple((SourceKind.DICE, f"见证人{n}", timedelta(days=1)) for n in "甲乙"))
    move_clock(clock.now() + timedelta(days=2))
    found = seal_rules.checks(draw, frames.outlook(draw.plan, clock.now()), clock.now())
    assert [c.problem.partition("。")[0] for c in found if c.problem][:1] == [
        "公开随机数来源（见证人甲，7 月 3 日 09:00）已经过了掷骰的时间，不能再封存"
    ]


@pytest.mark.clause("七(二)-d")
@pytest.mark.parametrize("make", [make_sealed_draw, make_held_draw])
def test_a_plan_whose_list_is_sealed_stands(make):
    draw = make()
    with pytest.raises(Refused, match=f"{draw.draw_id} 的名单已于 .* 封存，计划不能再改：名单一经确定不得随意变更。"):
        revise(draw.plan)
    # And in the database, where no code of ours is asked.
    with pytest.raises(IntegrityError, match="名单已经封存，计划不能再改"), transaction.atomic():
        QuarterlyPlan.objects.filter(pk=draw.plan_id).update(status=PlanStatus.DRAFT, published_at=None)
    assert QuarterlyPlan.objects.get(pk=draw.plan_id).status == PlanStatus.PUBLISHED


@pytest.mark.parametrize("fields", [{"revision": 2}, {"revision_reason": REASON}, {"revision": 0}])
def test_the_database_keeps_a_reason_with_each_later_version(fields):
    plan = make_public_plan()
    with pytest.raises(IntegrityError, match="a_changed_plan_says_why"), transaction.atomic():
        QuarterlyPlan.objects.filter(pk=plan.pk).update(**fields)


def test_a_change_is_not_late_again_but_a_late_draw_wants_its_reason():
    plan = make_public_plan()
    by = make_planner(plan.unit)
    move_clock(clock.now() + timedelta(days=40))
    plan = announce_dice(revise(plan, by=by), clock.now() + timedelta(days=1), by)
    with pytest.raises(Refused) as refused:
        quarterly_actions.submit_plan(plan=plan, by=by)
    assert str(refused.value).startswith("抽取应在 7 月 10 日前完成，现在定在 8 月 12 日。")
    assert quarterly_actions.submit_plan(plan=plan, by=by, late_reason="名录核对延误").late_reason == "名录核对延误"


def page(client, address, user=None):
    if user:
        client.force_login(user)
    return client.get(address).content.decode()


def public(plan, *more):
    return "/".join(["/plans/2026q3", plan.unit.code, *more, ""])


@pytest.mark.clause("七(四)-3", "八(二)-a", "四(3)-d")
def test_the_public_reads_the_old_version_until_the_new_one_is_out_and_can_still_read_it_afterwards(client):
    plan = make_public_plan()
    old = Publication.objects.get()
    by = make_planner(plan.unit)
    plan = revise(plan, by=by)
    assert old.digest in page(client, public(plan))
    assert REASON not in page(client, public(plan))

    new = publish_again(announce_dice(plan, clock.now() + timedelta(days=3), by), by)

    assert (new.no, new.version, new.snapshot["revision"]) == (old.no, 2, 2)
    shown = page(client, public(plan))
    assert new.digest in shown and "第 2 版，更改原因：" + REASON in shown
    assert f'href="{public(plan, "1")}"' in shown
    earlier = page(client, public(plan, "1"))
    assert old.digest in earlier and new.digest not in earlier
    assert "这是更改以前的一版" in earlier and f'href="{public(plan)}"' in earlier
    assert client.get(public(plan, "3")).status_code == 404
    for version, digest in ((1, old.digest), (2, new.digest)):
        text = client.get(f"/plans/{old.no}/{version}/snapshot.json").content
        assert hashlib.sha256(text).hexdigest() == digest
    assert client.get(f"/plans/{old.no}/snapshot.json").content == text


def test_the_planner_finds_the_button_gives_the_reason_and_lands_in_the_editor(client):
    plan = make_public_plan()
    by = make_planner(plan.unit)
    address = reverse("plans:plan-revise", args=[plan.unit.code, "2026q3"])
    assert f'href="{address}"' in page(client, plan.get_absolute_url(), by)
    assert "更改已公开的计划？" in page(client, address)

    short = client.post(address, {"form_key": str(uuid.uuid4()), "reason": "改日期"})
    assert "写明更改的原因，10 到 200 个字" in short.content.decode()
    answer = client.post(address, {"form_key": str(uuid.uuid4()), "reason": REASON}, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("plans:plan-edit", args=[plan.unit.code, "2026q3"])
    assert "已开始编制第 2 版" in answer.content.decode()
    detail = page(client, plan.get_absolute_url())
    assert "正在更改已公开的计划" in detail and REASON in detail
    assert address not in detail
    assert "计划更改中" in page(client, f"/desk/draws/?unit={plan.unit.code}&quarter=2026Q3")
    assert "改为第 2 版" in page(client, "/desk/plans/?quarter=2026Q3")


def test_the_button_is_shown_but_not_ready_once_a_list_is_sealed(client):
    draw = make_sealed_draw()
    by = make_planner(draw.unit)
    address = reverse("plans:plan-revise", args=[draw.unit.code, "2026q3"])
    detail = page(client, draw.plan.get_absolute_url(), by)
    link = detail[detail.index(f'href="{address}"') :].partition(">")[0]
    assert 'aria-disabled="true"' in link
    assert f"{draw.draw_id} 的名单已于" in detail
    answer = client.post(address, {"form_key": str(uuid.uuid4()), "reason": REASON})
    assert "现在不能更改" in answer.content.decode()
    assert QuarterlyPlan.objects.get().revision == 1
    assert address not in page(client, draw.plan.get_absolute_url(), make_approver(draw.unit))


def test_the_page_before_sealing_says_what_to_do_and_leads_there(client):
    draw = make_prepared_draw()
    move_clock(draw.plan.sources.get().due)
    address = reverse("plans:draw-prepare", args=[draw.draw_id])
    shown = page(client, address, make_planner(draw.unit))
    assert "由计划员更改计划，另定一期，批准、公开后再封存。" in shown
    assert f'<a class="btn btn-p" href="{draw.plan.get_absolute_url()}">更改计划</a>' in shown
    assert "更改计划</a>" not in page(client, address, make_approver(draw.unit))


@pytest.mark.parametrize("status", [s for s in PlanStatus.values if s != "PUBLISHED"])
def test_a_plan_that_is_not_public_is_simply_edited(status):
    plan = make_plan(upto=status)
    assert "公开以后才需要这样更改" in rules.why_not_open_revision(plan, make_planner(plan.unit))
