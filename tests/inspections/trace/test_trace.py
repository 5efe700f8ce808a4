"""全过程留痕: one page with everything that happened to one check, and whether the trail of it holds (七(五)-n)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.audit.models import AuditEntry
from disclosure.publishing import actions as publishing
from inspections.models import Inspection, InspectionStatus, Mode, Outcome
from inspections.review import actions as review
from inspections.trace import linked, papers
from tests import database
from tests.browsing import post, signed_in, text_of
from tests.factories import (
    make_approver,
    make_disclosure_officer,
    make_inspector,
    make_observer,
    make_planner,
    make_supervisor,
    make_unit,
)
from tests.inspections.factories import (
    answer_all,
    came_and_went,
    finish,
    look,
    make_dispatched,
    make_inspection,
    make_published,
    start,
    team_of,
)

PHONE = {"HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 14) Chrome/126.0", "REMOTE_ADDR": "10.21.4.9"}


def addresses(check) -> list[str]:
    return [reverse(f"inspections:{name}", args=[check.no]) for name in ("task-trace", "task-trace-paper")]


def problem_found(unit) -> Inspection:
    """Begun on a phone, looked at from outside, ended with an order to correct, reviewed and public."""
    check = make_inspection(unit, mode=Mode.OFFSITE)
    leader = team_of(check)[0].user
    browser = signed_in(leader)
    browser.defaults |= PHONE
    typed = {"present": [p.pk for p in team_of(check)], "at": "", "contact_person": ""}
    assert post(browser, reverse("inspections:field-arrive", args=[check.no]), typed).status_code == 302
    check = answer_all(Inspection.objects.get(pk=check.pk))
    look(check, method="VIDEO", source="治理设施视频")
    point = check.answers.last()
    said = {"answer": "FOUND", "words": "风机停转"}
    post(
        browser,
        reverse("inspections:field-check", args=[check.no, 2]),
        {f"{name}_{point.pk}": value for name, value in said.items()},
    )
    due = clock.today() + timedelta(days=14)
    finish(check, outcome=Outcome.RECTIFY_ORDERED, finding="风机停转", rectify_by=due)
    review.review_result(inspection=check, by=make_approver(unit))
    publishing.publish_result(inspection=Inspection.objects.get(pk=check.pk), by=make_disclosure_officer(unit))
    return Inspection.objects.get(pk=check.pk)


@pytest.mark.clause("七(五)-n")
def test_the_whole_trace_has_every_event_with_person_device_address_file_and_link(own_database):
    unit = make_unit()
    check = problem_found(unit)
    trail.seal()
    trace = linked.of(check)
    told = {line.event.what: line for line in trace.lines}
    moments = [line.event.at for line in trace.lines]
    assert moments == sorted(moments)
    begun = told["开始检查"]
    assert (begun.address, begun.device) == ("10.21.4.9", "安卓手机 · Chrome") and begun.held.holds
    seen = told["非现场查看第 1 次：视频监控，未发现"]
    assert seen.event.digests == (check.evidence.get().sha256,) and seen.entry.verb == "inspections.look.kept"
    assert told["审核通过"].event.who and told["公开结果"].entry.verb == "disclosure.result.published"
    for what in ("派发", "检查结束", "提交检查结果", "责令改正", f"检查审批 {check.approvals.get().no}"):
        assert any(what in one for one in told), what
    assert told["责令改正"].event.url == check.rectification.get_absolute_url()
    assert trace.sound == len(trace.kept) > 6 and not trace.broken and not trace.waiting
    page, paper = (signed_in(make_planner(unit)).get(address) for address in addresses(check))
    for words in ("10.21.4.9", "安卓手机", seen.event.digests[0], "风机停转", "一致", f"第 {begun.held.seq} 条"):
        assert words in text_of(page), words
    assert paper.content.startswith(b"%PDF")
    assert f"一致 {trace.sound} 条" in papers.verdict(trace)

    with database.owner_connection(name=own_database) as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER sealed_rows")
        cursor.execute("UPDATE audit_auditentry SET details = '{}' WHERE id = %s", [seen.entry.pk])
    trace = linked.of(check)
    assert trace.broken == [seen.held.seq] and f"接不上的是第 {seen.held.seq} 条" in papers.verdict(trace)
    assert "接不上" in text_of(signed_in(make_planner(unit)).get(addresses(check)[0]))


@pytest.mark.django_db
def test_what_waits_for_its_link_is_said():
    check = start(make_inspection())
    trace = linked.of(check)
    assert trace.waiting == len(trace.kept) > 0 and "等待入链" in papers.verdict(trace)


@pytest.mark.django_db
@pytest.mark.clause("七(五)-n")
def test_nobody_outside_the_circle_reads_it_before_the_names_are_public():
    check = make_dispatched(make_unit())[0]
    unit = check.unit
    observer = make_observer()
    outside = [
        observer,
        make_inspector(unit, with_user=True).user,
        make_disclosure_officer(unit),
        make_planner(make_unit("210503")),
    ]
    for user in outside:
        for address in addresses(check):
            assert signed_in(user).get(address).status_code in (403, 404), (user, address)
    for user in (team_of(check)[0].user, make_planner(unit), make_supervisor()):
        before = AuditEntry.objects.filter(verb="inspections.sealed.viewed").count()
        assert signed_in(user).get(addresses(check)[0]).status_code == 200
        assert AuditEntry.objects.filter(verb="inspections.sealed.viewed").count() == before + 1
    came_and_went(check, at=clock.now(), status=InspectionStatus.PUBLISHED, published_at=clock.now())
    assert signed_in(observer).get(addresses(check)[0]).status_code == 404  # its list is still sealed
    assert signed_in(observer).get(addresses(make_published(unit))[0]).status_code == 200


@pytest.mark.django_db
def test_whoever_is_not_signed_in_leaves_no_address():
    trail.whence.set({"address": "10.0.0.1", "device": "x"})
    trail.record("test.by_nobody", by=None)
    assert AuditEntry.objects.get(verb="test.by_nobody").details == {}
    trail.whence.set({})
