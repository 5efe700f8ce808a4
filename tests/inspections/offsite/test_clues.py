"""线索: what was seen from outside leads to the place, with its look attached and the leader's approval (七(三)-a, -c, N-14)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.refusal import Refused
from inspections.checks.papers import period_words
from inspections.evidence.recordings import unexplained
from inspections.models import (
    Inspection,
    InspectionStatus,
    LookFile,
    LookPoint,
    Mode,
    OffsiteLook,
    OnsiteReason,
    OnsiteRequest,
    Outcome,
    Paper,
)
from inspections.offsite import papers
from inspections.offsite.rules import waits_to_enter
from inspections.onsite import actions as onsite
from inspections.paperwork.check_papers import CheckFacts
from inspections.service import actions as service
from inspections.visits import actions as visits
from inspections.visits.entering import enter
from inspections.visits.pages import spent
from tests.browsing import html_of, post, signed_in, text_of
from tests.factories import make_approver, make_facility, make_planner, make_registrar, make_unit
from tests.inspections.factories import answer_all, finish, look, make_started, team_of
from tests.registry.factories import entered_in_positive_list

pytestmark = pytest.mark.django_db
CLUE = {"result": "CLUE", "clue": "氨氮小时均值三次超过限值"}
WHY = {"reason": "CLUE", "reference": "非现场查看第 1 次", "words": "氨氮小时均值三次超过限值"}


def with_clue(**fields) -> Inspection:
    inspection = answer_all(make_started(mode=Mode.OFFSITE, **fields))
    look(inspection, **CLUE)
    return inspection


def approved(inspection) -> Inspection:
    asked = onsite.ask(inspection=inspection, by=team_of(inspection)[0].user, **WHY)
    onsite.decide(request=asked, approve=True, opinion="", by=make_approver(inspection.unit))
    return Inspection.objects.get(pk=inspection.pk)


@pytest.mark.clause("七(三)-c", "七(三)-a")
def test_a_clue_becomes_a_proposal_with_its_look_and_reason_ready_and_the_leader_decides():
    unit = make_unit()
    inspection = with_clue(unit=unit)
    browser, address = signed_in(team_of(inspection)[0].user), reverse("inspections:field-onsite", args=[inspection.no])
    assert "发现线索，申请现场核实" in text_of(browser.get(inspection.field_url))
    page = browser.get(address)
    form = page.context["form"]
    assert form["reason"].value() == "CLUE" and form["words"].value() == WHY["words"]
    assert "非现场发现线索" in text_of(page) and "氨氮小时均值三次超过限值" in text_of(page)
    assert [value for value, _ in form["reason"].field.widget.choices] == ["", "CLUE"]
    assert "</code> <br>" not in " ".join(html_of(page).split())
    assert post(browser, address, WHY | {"reason": "COMPLAINT"}).status_code == 409
    assert post(browser, address, WHY).status_code == 302
    asked = OnsiteRequest.objects.get()
    assert [made.number for made in asked.looks.all()] == [1]
    leader = signed_in(make_approver(unit))
    desk = reverse("inspections:task-onsite", args=[inspection.no])
    assert "氨氮小时均值三次超过限值" in text_of(leader.get(desk))
    with pytest.raises(Refused, match="还在等批准"):
        finish(inspection, outcome=Outcome.PENDING, finding="等批准")
    assert post(leader, desk, {"decision": "approve"}).status_code == 302
    inspection.refresh_from_db()
    assert inspection.mode == Mode.ONSITE and waits_to_enter(inspection)


@pytest.mark.clause("七(三)-c")
def test_they_arrive_once_more_show_themselves_and_go_on_at_the_place():
    inspection = approved(with_clue())
    team = team_of(inspection)
    with pytest.raises(Refused, match="还没有登记到场"):
        visits.conclude(
            inspection=inspection, by=team[0].user, outcome="NO_ISSUE", finding="", measures="", rectify_by=None
        )
    browser = signed_in(team[0].user)
    assert "已批准现场核实" in text_of(browser.get(inspection.field_url))
    address = reverse("inspections:field-arrive", args=[inspection.no])
    typed = {"present": [p.pk for p in team], "recorder": "other", "recorder_no": "BX-MS-07", "at": ""}
    early = localtime(clock.now() - timedelta(hours=3))
    assert "批准现场核实之后" in text_of(post(browser, address, typed | {"at": f"{early:%Y-%m-%dT%H:%M}"}))
    assert "组长" in text_of(post(browser, address, typed | {"present": [team[1].pk]}))
    assert "执法记录仪编号" in text_of(post(browser, address, typed | {"recorder_no": ""}))
    assert post(browser, address, typed).status_code == 302
    inspection.refresh_from_db()
    assert inspection.entered_at > inspection.started_at and inspection.recorder_no == "BX-MS-07"
    assert {m.arrived_at for m in inspection.members.all()} == {inspection.entered_at}
    assert inspection.recordings.get().starts_at == inspection.entered_at
    assert unexplained(inspection, inspection.recordings.all(), clock.now()) == []  # not of the hours from outside
    with pytest.raises(Refused, match="先出示证件"):
        answer_all(inspection)
    service.deliver(inspection=inspection, paper=Paper.NOTICE, by=team[0].user, at=clock.now())
    over = finish(answer_all(Inspection.objects.get(pk=inspection.pk)))
    assert (over.status, over.mode, over.offsite_means) == (InspectionStatus.FINISHED, Mode.ONSITE, "")
    with pytest.raises(Refused, match="已经登记到场"):
        enter(inspection=over, by=team[0].user, at=clock.now(), present=team, recorder_no="BX-MS-07")
    desk = text_of(signed_in(make_planner(inspection.unit)).get(inspection.get_absolute_url()))
    assert "现场核实" in desk and "氨氮小时均值三次超过限值" in desk


@pytest.mark.clause("七(三)-c")
def test_the_arrival_is_the_time_at_the_place_on_every_page_and_paper():
    """What began at 10:15 from outside is entered at 10:16 or later; nobody was there before (N-14)."""
    unit = make_unit()
    begun = answer_all(make_started(mode=Mode.OFFSITE, unit=unit))
    Inspection.objects.filter(pk=begun.pk).update(started_at=begun.started_at - timedelta(minutes=90))
    look(Inspection.objects.get(pk=begun.pk), **CLUE)
    browser, desk = signed_in(team_of(begun)[0].user), signed_in(make_planner(unit))
    assert "参加" in text_of(desk.get(begun.get_absolute_url()))
    assert "已到场" not in text_of(desk.get(begun.get_absolute_url()))
    check = approved(begun)
    code, since = reverse("inspections:field-code", args=[check.no]), localtime(check.started_at)
    for page in (browser.get(code), browser.get(reverse("inspections:field-tasks"))):  # let in, and not there yet
        assert "登记到场" not in text_of(page).replace("还没有登记到场", "")
        assert f"{since:%-H:%M} 到场" not in text_of(page)
    with pytest.raises(Refused, match="还没有登记到场"):
        service.deliver(inspection=check, paper=Paper.NOTICE, by=team_of(check)[0].user, at=clock.now())
    enter(inspection=check, by=team_of(check)[0].user, at=clock.now(), present=team_of(check), recorder_no="BX-MS-07")
    check = Inspection.objects.get(pk=check.pk)
    there = localtime(check.entered_at)
    assert f"{there:%-H:%M} 已登记到场" in text_of(browser.get(code))
    course = {step["what"]: step["when"] for step in desk.get(check.get_absolute_url()).context["timeline"]}
    assert (course["开始"], course["到场"]) == (f"{since:%Y-%m-%d %H:%M}", f"{there:%Y-%m-%d %H:%M}")
    service.deliver(inspection=check, paper=Paper.NOTICE, by=team_of(check)[0].user, at=clock.now())
    over = finish(answer_all(check))
    assert CheckFacts(over).of("period") == period_words(over.entered_at, over.ended_at)
    assert spent(over, over.ended_at).startswith("共 不到 1 分")
    assert "经批准到现场核实" in papers.record_of(over).note and "没有进入现场" not in papers.record_of(over).note


@pytest.mark.clause("七(三)-c")
def test_the_end_of_the_check_leads_to_what_is_still_to_be_done_about_the_clue():
    """Each line with its own door: nobody is sent to enter a look while the leader decides, or while he is let in (N-14)."""
    check = with_clue()
    browser = signed_in(team_of(check)[0].user)
    base = check.field_url

    def line():
        page = browser.get(f"{base}finish/")
        return next(one for one in page.context["checks"] if "现场" in one["text"] or "线索" in one["text"])

    assert (line()["state"], line()["url"]) == ("warn", f"{base}onsite/")
    assert "结果不能是“未发现问题”" in line()["text"]
    asked = onsite.ask(inspection=check, by=team_of(check)[0].user, **WHY)
    assert "现场核实的申请等批准" in text_of(browser.get(base))
    assert "还在等批准" in line()["text"] and (line()["url"], line()["link"]) == (f"{base}onsite/", "看申请")
    onsite.decide(request=asked, approve=True, opinion="同意", by=make_approver(check.unit))
    assert (line()["state"], line()["url"], line()["link"]) == ("bad", f"{base}arrive/", "去登记到场")
    enter(
        inspection=Inspection.objects.get(pk=check.pk),
        by=team_of(check)[0].user,
        at=clock.now(),
        present=team_of(check),
        recorder_no="BX-MS-07",
    )
    assert not any("登记到场" in one["text"] for one in browser.get(f"{base}finish/").context["checks"])


def test_a_clue_is_followed_or_taken_back_before_nothing_was_found():
    inspection = with_clue()
    with pytest.raises(Refused, match="第 1 次查看发现线索"):
        finish(inspection)
    look(inspection, instead_of=inspection.looks.get(), files=[("新.pdf", b"%PDF-1.7\n1\n%%EOF\n")])
    assert finish(inspection).status == InspectionStatus.FINISHED
    other = with_clue()
    asked = onsite.ask(inspection=other, by=team_of(other)[0].user, **WHY)
    onsite.decide(request=asked, approve=False, opinion="校准期间的数据，不进现场", by=make_approver(other.unit))
    assert finish(Inspection.objects.get(pk=other.pk)).mode == Mode.OFFSITE


@pytest.mark.clause("七(三)-b")
def test_a_clue_is_taken_back_only_where_it_was_seen_and_with_a_reason():
    """What 在线监控 had found was gone from the public result by a 台账 that “corrected” it, without a word why."""
    inspection = with_clue()
    clue = inspection.looks.get()
    newer = {"instead_of": clue, "files": [("新.pdf", b"%PDF-1.7\n1\n%%EOF\n")]}
    for other in ({"method": "LEDGER"}, {"source": "危险废物台账"}):
        with pytest.raises(Refused, match="撤销它的更正要用同样的方式和来源"):
            look(inspection, **newer | other)
    with pytest.raises(Refused, match="更正的原因写得太短"):
        look(inspection, **newer, instead_why=" ")
    with pytest.raises(Refused, match="不写更正的原因"):
        look(inspection, instead_why="数据取错了时段")
    look(inspection, method="LEDGER", source="危险废物台账")  # beside it: the clue stands
    with pytest.raises(Refused, match="第 1 次查看发现线索"):
        finish(inspection)
    made = look(inspection, **newer)
    assert "更正第 1 次：数据取错了时段" in text_of(
        signed_in(team_of(inspection)[0].user).get(reverse("inspections:field-looks", args=[inspection.no]))
    )
    assert finish(inspection).status == InspectionStatus.FINISHED
    for change in ({"instead_why": ""}, {"source": "另一个来源"}):
        again = with_clue()
        row = OffsiteLook.objects.get(pk=made.pk)
        row.pk, row.inspection, row.number, row.instead_of = None, again, 2, again.looks.get()
        for name, value in change.items():
            setattr(row, name, value)
        with pytest.raises(DatabaseError, match="更正写明原因"), transaction.atomic():
            row.save()
            LookFile.objects.create(look=row, evidence=again.evidence.first())
            LookPoint.objects.create(look=row, point=again.answers.first(), words="没有超过")
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.clause("七(三)-a", "七(三)-c")
def test_the_database_lets_nobody_enter_without_approval_or_a_listed_reason():
    inspection = with_clue()
    approved(with_clue())  # of another check
    asked = None
    for _ in range(2):  # before anybody asks, and before anybody decides
        with pytest.raises(DatabaseError, match="先经分管负责人批准"), transaction.atomic(), connection.cursor() as c:
            c.execute("UPDATE inspections_inspection SET mode = 'ONSITE' WHERE id = %s", [inspection.pk])
        asked = asked or onsite.ask(inspection=inspection, by=team_of(inspection)[0].user, **WHY)
    with pytest.raises(IntegrityError, match="gives_a_listed_reason"), transaction.atomic():
        OnsiteRequest.objects.create(
            inspection=make_started(mode=Mode.OFFSITE),
            reason="WISH",
            reference="1234",
            words="想去看看",
            asked_by=asked.asked_by,
            asked_at=clock.now(),
        )
    other = with_clue()
    with pytest.raises(DatabaseError, match="属于同一次检查"), transaction.atomic():
        asked.looks.add(other.looks.get())
    assert OnsiteReason.labels[0] == "信访举报" and "企业申请" in OnsiteReason.labels


@pytest.mark.clause("七(三)-b")
def test_a_check_of_a_listed_place_begins_off_site_in_the_database_too():
    unit = make_unit()
    place = make_facility(unit)
    entered_in_positive_list(place, by=make_registrar(unit))
    made = make_started(unit=unit, facility=place)
    copied = (
        "INSERT INTO inspections_inspection ({0}, no, visit_code, source, mode, status) SELECT {0}, no || 'X', 'ABCDEFGHJKLM', %s,"
        " 'ONSITE', 'DISPATCHED' FROM inspections_inspection WHERE id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns WHERE table_name ="
            " 'inspections_inspection' AND column_name NOT IN ('id', 'no', 'visit_code', 'source', 'mode', 'status',"
            " 'started_at')"
        )
        copied = copied.format(cursor.fetchone()[0])
    for source, refused in (("CAMPAIGN", True), ("COMPLAINT", False)):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(copied, [source, made.pk])
        except DatabaseError as error:
            assert refused and "先用非现场方式检查" in str(error)
        else:
            assert not refused
