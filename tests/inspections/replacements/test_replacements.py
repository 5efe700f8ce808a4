"""更换 after dispatch: the checks follow the amendment, and nobody learns of it without need (七(二)-f, -g; 七(五)-o)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents import filled, pdf
from benxi_shuangsuiji.notices.models import Message
from benxi_shuangsuiji.refusal import Refused
from inspections.acceptance import rules as acceptance_rules
from inspections.checks import marks
from inspections.dispatch import actions as dispatch_actions
from inspections.frequency.items import drawn_before
from inspections.models import Inspection, InspectionStatus, Outcome, Source, VisitMember
from inspections.replacements import actions as replacements
from inspections.replacements import paper as replacement_paper
from plans.models import AmendmentRequest, ChangeReason, Pick, RequestState
from tests.browsing import enter, post
from tests.documents import reading
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_inspector,
    make_observer,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import begun, finish, make_dispatched, ready, start, team_of
from tests.plans.amendments.factories import PHOTO, grounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
PROOF = "停产通知 本环停〔2026〕3 号"


def make_handed_out(**fields):
    checks = make_dispatched(make_unit("210504"), **{"key": 12, "general": 0, "special": 0, "inspectors": 6, **fields})
    return checks[0].draw, checks


def ask(draw, reason, **what):
    by = what.pop("by", None) or make_planner(draw.unit)
    what = {**grounds(reason, *what.get("picks", ())), **what}
    return replacements.ask(draw=draw, reason=reason, evidence=PROOF, by=by, **what)


def approve(request, number=1):
    by = make_approver(request.draw.unit)
    return replacements.approve(request=request, by=by, document_no=f"本环更〔2026〕{number} 号")


@pytest.mark.clause("七(二)-f", "七(二)-g")
def test_the_check_of_a_closed_enterprise_is_taken_back_and_its_substitute_dispatched():
    draw, checks = make_handed_out()
    gone = checks[0]
    team = team_of(gone)

    approve(ask(draw, ChangeReason.HALT, picks=[gone.pick]))

    gone.refresh_from_db()
    assert gone.status == InspectionStatus.REPLACED
    assert gone.replaced_at
    assert not gone.members.exists()
    assert VisitMember.ever.filter(inspection=gone, left_at=gone.replaced_at).count() == len(team)
    came = Pick.objects.get(draw=draw, amendment=1)
    made = dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))
    assert [check.pick for check in made] == [came]
    assert {p.pk for p in team_of(made[0])} == {m.inspector_id for m in came.team.members.all()}


@pytest.mark.clause("七(一)4-c")
def test_a_place_found_shut_and_taken_off_the_list_keeps_no_item_from_the_next_draw():
    draw, checks = make_handed_out()
    ready(checks[0])
    gone = finish(start(checks[0]), outcome=Outcome.NOT_OPERATING, finding="大门上锁，已停产")
    next_one = Inspection(source=Source.DRAW, facility=gone.facility, year=gone.year)
    next_one.started_at = clock.now() + timedelta(days=1)
    assert drawn_before([next_one])[None]

    approve(AmendmentRequest.objects.get(draw=draw))

    assert not drawn_before([next_one])[None]  # as the next draw counts it: SSJ1 3.3 reads what stands


@pytest.mark.clause("七(五)-c")
def test_who_stands_aside_loses_the_task_and_who_comes_gets_it(client):
    draw, checks = make_handed_out()
    check = checks[0]
    leader, *others = team_of(check)
    ready(check)
    url = f"/field/{check.no}/"
    client.force_login(leader.user)
    assert client.get(url).status_code == 200

    asked = ask(draw, ChangeReason.RECUSE, picks=[check.pick], inspector=leader, by=leader.user)
    assert f"{leader.name}的更换申请在等批准" in acceptance_rules.why_not_accepted(check, [leader])
    approve(asked)

    check.refresh_from_db()
    now = team_of(check)
    assert leader not in now
    assert len(now) == 1 + len(others)
    assert check.accepted_at is None
    assert check.members.filter(is_leader=True).count() == 1
    assert client.get(url).status_code == 404
    assert check.facility.name not in client.get("/field/").content.decode()
    newcomer = next(person for person in now if person not in others)
    client.force_login(newcomer.user)
    assert client.get(url).status_code == 200
    assert "申请更换" in client.get(url).content.decode()


@pytest.mark.clause("七(二)-d")
def test_what_has_begun_is_not_replaced():
    draw, checks = make_handed_out()
    early = ask(draw, ChangeReason.HALT, picks=[checks[0].pick])
    ready(checks[0])
    begun(checks[0])

    with pytest.raises(Refused, match="检查中，不能再更换"):
        ask(draw, ChangeReason.CLOSED, picks=[checks[0].pick])
    with pytest.raises(Refused, match="检查中，不能再更换"):
        approve(early)
    assert not draw.documents.filter(kind="AMEND").exists()


def test_a_team_that_lost_too_many_is_filled_by_the_added_inspector(client):
    draw, checks = make_handed_out(key=4, inspectors=2)
    check = checks[0]
    leaves, stays = team_of(check)
    approve(ask(draw, ChangeReason.LEAVE, picks=[check.pick], inspector=leaves))
    assert not check.members.exists()
    request = AmendmentRequest.objects.get()
    address = f"/desk/draws/{draw.draw_id}/amend/{request.pk}/"
    # No object comes in where an inspector goes: there is nothing to dispatch (issue 16).
    assert "新补入的对象" not in enter(client, make_planner(draw.unit)).get(address).content.decode()
    assert not Message.objects.filter(body__contains="等派发").exists()

    joins = make_inspector(draw.unit, with_user=True)
    approve(ask(draw, ChangeReason.JOIN, inspector=joins), 2)

    assert set(team_of(check)) == {stays, joins}
    check.refresh_from_db()
    assert check.status == InspectionStatus.DISPATCHED


# --- pages -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(二)-g")
def test_a_replacement_from_the_request_to_the_paper_through_the_pages(client):
    draw, checks = make_handed_out()
    address = f"/desk/draws/{draw.draw_id}/amend/"
    client.force_login(make_planner(draw.unit))
    page = client.get(address).content.decode()
    assert "换成谁由签号决定，不能指定" in page
    assert "写明情况和证明材料" in post(client, address, reason="O_HALT", picks=checks[0].pick_id).content.decode()

    grounds("O_HALT", checks[0].pick)
    photo = SimpleUploadedFile(*PHOTO)
    asked = post(client, address, reason="O_HALT", picks=checks[0].pick_id, evidence=PROOF, file=photo)["Location"]
    request = AmendmentRequest.objects.get()
    assert asked == f"{address}{request.pk}/"
    planner_sees = client.get(asked)
    assert "批准更换</button>" not in planner_sees.content.decode()
    assert "还剩" in planner_sees.content.decode()  # by when it is decided (D-20)
    lit = [link.label for group in planner_sees.context["desk"].nav for link in group.links if link.current]
    assert lit == ["随机抽取"]
    assert post(client, asked, decision="approve", document_no="本环更〔2026〕1 号").status_code == 409

    client.force_login(make_approver(draw.unit))
    assert "填写批准文号" in post(client, asked, decision="approve").content.decode()
    assert post(client, asked, decision="approve", document_no="本环更〔2026〕1 号")["Location"] == asked
    page = client.get(asked).content.decode()
    came = Pick.objects.get(draw=draw, amendment=1)
    assert came.facility.name in page
    assert "按签号轮到" in page and "新补入的对象" in page
    names = client.get(f"/desk/draws/{draw.draw_id}/?names=1").content.decode()
    assert f"<s>{checks[0].facility.name}</s>" in names
    assert "第 1 次更换补入" in names

    paper = replacement_paper.paper_of(AmendmentRequest.objects.get(), site="https://site.example")
    html = filled.as_html(paper)
    for text in ("抽取名单更换审批表", "本环更〔2026〕1 号", PROOF, came.facility.name, checks[0].facility.name):
        assert text in html
    if pdf.available():
        assert client.get(f"{asked}form.pdf").content.startswith(b"%PDF")
        assert reading.whole(paper)[1] == 1


@pytest.mark.clause("七(五)-c")
def test_an_inspector_asks_from_the_phone_for_himself(client):
    _, checks = make_handed_out()
    check = checks[0]
    leader = team_of(check)[0]
    client.force_login(leader.user)

    sent = post(client, f"/field/{check.no}/replace/", reason="I_RECUSE", evidence="配偶在这家企业任职，声明 1 份")

    assert sent["Location"] == f"/field/{check.no}/"
    request = AmendmentRequest.objects.get()
    assert (request.inspector, request.asked_by, list(request.picks.all())) == (leader, leader.user, [check.pick])
    assert "待批准" in client.get(f"/field/{check.no}/replace/").content.decode()

    paper = replacement_paper.paper_of(request)
    assert (paper.title, paper.left) == ("回避申请和决定书", "文号：待批准")
    assert marks.read([f"{paper.mark}:1:1"]).no == check.no  # it goes into the file of that check
    if pdf.available():
        assert reading.whole(paper)[1] == 1


def test_the_form_offers_only_what_has_not_begun(client):
    draw, checks = make_handed_out()
    client.force_login(make_planner(draw.unit))
    address = f"/desk/draws/{draw.draw_id}/amend/"
    begun(checks[0])
    page = client.get(address).content.decode()
    assert checks[0].facility.name not in page
    assert checks[1].facility.name in page

    begun(*draw.inspections.all())
    assert "都已开始，不能再更换" in client.get(address).content.decode()


def test_a_rejected_request_changes_nothing(client):
    draw, checks = make_handed_out()
    request = ask(draw, ChangeReason.HALT, picks=[checks[0].pick])
    client.force_login(make_approver(draw.unit))

    post(client, f"/desk/draws/{draw.draw_id}/amend/{request.pk}/", decision="reject", opinion="只停产两天")

    request.refresh_from_db()
    assert request.state == RequestState.RETURNED
    assert Message.objects.filter(user=request.asked_by, title="1 份更换申请没有批准").exists()
    assert not draw.documents.filter(kind="AMEND").exists()


# --- secrecy -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(二)-d", "七(二)-f")
def test_a_replacement_that_is_refused_leaves_who_tried_and_no_name():
    draw, checks = make_handed_out()
    pick = checks[0].pick
    asked = ask(draw, ChangeReason.HALT, picks=[pick])
    planner = make_planner(draw.unit)

    for attempt in (
        lambda: replacements.approve(request=asked, by=planner, document_no="本环更〔2026〕9 号"),
        lambda: replacements.ask(draw=draw, reason=ChangeReason.HALT, evidence="", picks=[pick], by=planner),
    ):
        with pytest.raises(Refused):
            attempt()

    kept = AuditEntry.objects.filter(verb="plans.draw.refused").order_by("pk")
    assert [(e.details, e.about_key, e.actor) for e in kept] == [
        ({"tried": "批准更换"}, draw.draw_id, planner),
        ({"tried": "申请更换"}, draw.draw_id, planner),
    ]


@pytest.mark.clause("七(五)-o")
def test_an_unreleased_replacement_reaches_nobody_without_need(client):
    draw, checks = make_handed_out()
    request = approve(ask(draw, ChangeReason.HALT, picks=[checks[0].pick]))
    names = {text for pick in Pick.objects.filter(draw=draw) for text in (pick.facility.name, pick.facility.code)}
    names |= {pick.ticket[:12] for pick in Pick.objects.filter(draw=draw)}
    city = make_city_team()
    outsiders = [
        make_registrar(draw.unit),
        make_disclosure_officer(draw.unit),
        make_observer(),
        make_user((Role.ARCHIVIST, draw.unit)),
        make_user((Role.BUREAU_READER, city)),
        make_user((Role.LEAD_OFFICE, city)),
        make_user((Role.PLANNER, make_unit("210503")), (Role.APPROVER, make_unit("210503"))),
        make_inspector(make_unit("210503"), with_user=True).user,
    ]
    own = f"/desk/draws/{draw.draw_id}/"
    pages = [own, f"{own}?names=1", f"{own}stage/", f"{own}amend/", f"{own}amend/{request.pk}/"]
    pages += [f"{own}amend/{request.pk}/form.pdf", f"/field/{checks[0].no}/replace/", "/desk/draws/", "/desk/"]

    for user in outsiders:
        client.force_login(user)
        for url in pages:
            answer = client.get(url, follow=True)
            assert answer.status_code in (200, 403, 404), url
            found = {name for name in names if name in answer.content.decode(errors="replace")}
            assert not found, (user, url)
        assert client.get(f"{own}amend/").status_code in (403, 404)
    client.logout()
    for url in (f"/draws/{draw.draw_id}/", "/", "/draws/"):
        assert not {name for name in names if name in client.get(url).content.decode()} & {
            pick.ticket[:12] for pick in Pick.objects.filter(draw=draw)
        }
    for message in Message.objects.all():
        assert not {name for name in names if name in f"{message.title}{message.body}{message.url}"}


def test_the_supervisor_reads_and_decides_nothing(client):
    draw, checks = make_handed_out()
    request = ask(draw, ChangeReason.HALT, picks=[checks[0].pick])
    client.force_login(make_supervisor())
    url = f"/desk/draws/{draw.draw_id}/amend/{request.pk}/"

    assert "批准更换</button>" not in client.get(url).content.decode()
    assert post(client, url, decision="approve", document_no="本环更〔2026〕1 号").status_code == 409
    assert AmendmentRequest.objects.get().state == RequestState.ASKED
