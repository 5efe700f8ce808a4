"""全过程留痕: one page with everything that happened to one check, and whether the trail of it holds (七(五)-n)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty
from disclosure.publishing import actions as publishing
from inspections.models import Inspection, InspectionStatus, Mode, Outcome
from inspections.review import actions as review
from inspections.trace import linked, papers
from inspections.trace.events import Event
from inspections.visits import actions as visits
from plans.draw import actions as draw_actions
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
    make_finished,
    make_inspection,
    make_published,
    ready,
    start,
    team_of,
)
from tests.inspections.targeted.factories import make_approved

SHANGHAI = ZoneInfo("Asia/Shanghai")
PHONE = {"HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 14) Chrome/126.0", "REMOTE_ADDR": "10.21.4.9"}


def clock_of(second: int) -> datetime:
    return datetime(2026, 8, 19, 10, 16, tzinfo=SHANGHAI) + timedelta(seconds=second)


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
    moments = [line.moment for line in trace.lines]
    assert moments == sorted(moments)
    begun = told["开始检查"]
    assert (begun.address, begun.device) == ("10.21.4.9", "安卓手机 · Chrome") and begun.held.holds
    seen = told["非现场查看第 1 次：视频监控，未发现"]
    assert seen.event.note.endswith("材料 1 份") and seen.entry.verb == "inspections.look.kept"
    digest = check.evidence.get().sha256
    (kept,) = (line for line in trace.lines if digest in line.event.digests)  # the file of a look stands there once
    assert kept.event.note.endswith("上传") and kept.entry.details["sha256"] == digest
    assert begun.event.who == "" and begun.who == begun.entry.actor.full_name
    assert told["审核通过"].event.who and told["公开结果"].entry.verb == "disclosure.result.published"
    for what in ("派发", "检查结束", "提交检查结果", "责令改正", f"检查审批 {check.approvals.get().no}"):
        assert any(what in one for one in told), what
    assert told["责令改正"].event.url == check.rectification.get_absolute_url()
    assert trace.sound == len(trace.kept) > 6 and not trace.broken and not trace.waiting
    page, paper = (signed_in(make_planner(unit)).get(address) for address in addresses(check))
    for words in ("10.21.4.9", "安卓手机", digest, "风机停转", "一致", f"第 {begun.held.seq} 条"):
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
def test_the_log_asked_for_a_published_check_tells_it_from_the_beginning_and_before_where_its_acts_stand(at):
    """Before, only its publication was found: what came before stands under the number of the draw."""
    unit = make_unit()
    check, other = make_dispatched(unit)[:2]
    ready(check)
    finish(answer_all(start(Inspection.objects.get(pk=check.pk))))
    browser = signed_in(make_observer())
    log = reverse("audit:log")
    early = browser.get(log, {"about": check.no})
    assert not early.context["rows"] and f"查 {check.draw.draw_id}" in text_of(early)
    for asked in ({"kind": "row"}, {"since": "昨天"}):  # of what is not listed it is not said where else it stands
        assert "记在抽取编号下面" not in text_of(browser.get(log, {"about": check.no} | asked)), asked
    review.review_result(inspection=Inspection.objects.get(pk=check.pk), by=make_approver(unit))
    publishing.publish_result(inspection=Inspection.objects.get(pk=check.pk), by=make_disclosure_officer(unit))
    at(f"{localtime(check.draw.release_at):%Y-%m-%d %H:%M}")
    draw_actions.release_draw(draw=type(check.draw).objects.get(pk=check.draw_id))
    page = browser.get(log, {"about": check.no.lower()})
    verbs = {entry.verb for entry in page.context["rows"]}
    assert {"inspections.visit.started", "inspections.result.reviewed", "disclosure.result.published"} <= verbs, verbs
    assert addresses(check)[0] in page.content.decode()
    assert "一并列出" in text_of(page)
    assert not browser.get(log, {"about": other.no}).context["rows"]
    for asked in ({"kind": "row"}, {"since": "昨天"}):
        assert "一并列出" not in text_of(browser.get(log, {"about": check.no} | asked)), asked
    elsewhen = text_of(browser.get(log, {"about": check.no, "until": "2020-01-01"}))
    assert "没有符合条件的记录" in elsewhen and "没有这个编号" not in elsewhen and "查 2" not in elsewhen
    with CaptureQueriesContext(connection) as asked:
        browser.get(log, {"about": check.no})
    looked = [query for query in asked if '"inspections_inspection"."no" = ' in query["sql"]]
    assert len(looked) == 1  # read once for the lines and for what stands above them


@pytest.mark.django_db
def test_what_waits_for_its_link_is_said():
    check, drawn = start(make_inspection()), make_dispatched(make_unit("210503"))[0]
    trace = linked.of(check)
    assert trace.waiting == len(trace.kept) > 0 and "等待入链" in papers.verdict(trace)
    by = make_planner(check.unit)
    paper = papers.paper_of(check, trace, clock.now(), by)
    assert paper.blocks[0].cells[1] == ("打印", f"{by.full_name}　{localtime(clock.now()):%Y-%m-%d %H:%M}")
    grid = paper.blocks[-1]
    assert [row[-1] for row in grid.rows] == ["等待入链" if line.entry else "" for line in trace.lines]
    page = signed_in(by).get(addresses(check)[0]).content.decode()
    assert "st-ok" not in page.partition("链的核对")[2].partition("</header>")[0]
    assert "操作记录一直写检查编号" in page and "只写抽取编号" not in page  # no draw made it
    assert "只写抽取编号" in signed_in(make_planner(drawn.unit)).get(addresses(drawn)[0]).content.decode()


LOOK, PHOTO, SIGNED, GAP = (f"inspections.{verb}" for verb in ("look.kept", "evidence.kept", "signed", "gap"))


@pytest.mark.parametrize(
    ("rows", "entries", "told"),
    [  # (verb, second, detail) of each event, (verb, second, details) of each entry → which entry each event has
        # Two looks within seconds, the entry of the first the nearer to the second.
        ([(LOOK, 0, ("number", 1)), (LOOK, 3, ("number", 2))], [(LOOK, 2, {"number": 1}), (LOOK, 6, {"number": 2})], [0, 1]),
        ([(LOOK, 0, ("number", 1)), (LOOK, 1, ("number", 2))], [(LOOK, 2, {"number": 2}), (LOOK, 3, {"number": 1})], [1, 0]),
        ([(LOOK, 0, ("number", 2))], [(LOOK, 1, {"number": 1})], [None]),
        # The same photograph at two points.
        ([(PHOTO, 0, ("sha256", "a")), (PHOTO, 1, ("sha256", "a"))], [(PHOTO, 2, {"sha256": "a"}), (PHOTO, 3, {"sha256": "a"})], [0, 1]),
        # None from before, none twice, none of another kind, none long after.
        ([(GAP, 5, ("", None))], [(GAP, 4, {})], [None]),
        ([(GAP, 0, ("", None)), (GAP, 1, ("", None))], [(GAP, 2, {})], [0, None]),
        ([(GAP, 0, ("", None))], [(LOOK, 1, {}), (GAP, 11, {})], [None]),
        # As many as the entry says.
        ([(SIGNED, 0, ("", None))] * 3, [(SIGNED, 1, {"signer": "PAPER", "signatures": 2})], [0, 0, None]),
    ],
)  # fmt: skip
def test_each_event_has_its_own_entry(rows, entries, told):
    events = [Event(clock_of(s), "", actor=1, verbs=(verb,), named=named) for verb, s, named in rows]
    kept = [
        AuditEntry(pk=n, verb=verb, at=clock_of(s), actor_id=1, details=d) for n, (verb, s, d) in enumerate(entries)
    ]
    assert [entry and entry.pk for _, entry in linked.paired(events, kept)] == told


@pytest.mark.parametrize(
    ("key", "actor", "other", "team", "told"),
    [
        ("D", 1, None, {1}, 7),  # nobody else is meant
        ("D", 1, 300, {1}, None),  # the same leader was at another place of this draw since, and this tells of that
        ("D", 1, 300, {2}, 7),  # another team was
        ("D", 1, 900, {1}, 7),  # that was later than the entry
        ("D", 3, None, {1}, None),  # written by somebody of another team
        ("D-1", 3, 300, {3}, 7),  # under its own number it is of this one, whoever wrote it
    ],
)
def test_of_the_checks_of_a_draw_each_has_its_own_entry(key, actor, other, team, told):
    event = Event(clock_of(0), "出示执法证件", verbs=("shown",), typed="identity_shown_at")
    entry = AuditEntry(pk=7, verb="shown", at=clock_of(600), actor_id=actor, about_key=key, details={})
    moment = {"identity_shown_at": clock_of(other) if other else None}
    courses = linked.Course("D-1", {}, frozenset({1, 9})), [linked.Course("D-2", moment, frozenset(team))]
    assert [found and found.pk for _, found in linked.paired([event], [entry], courses)] == [told]


def test_a_minute_typed_by_hand_stands_where_its_entry_does():
    """It came to the place at 10:16, asked for at 10:16:01 and approved at 10:16:17."""
    typed = Event(clock_of(0), "到现场核实", typed="entered_at")
    entered, late = (linked.Line(typed, AuditEntry(at=clock_of(second))) for second in (20, 300))
    assert entered.moment == clock_of(20) > clock_of(17)
    assert clock_of(59) < late.moment < clock_of(60)
    assert linked.Line(typed).moment == clock_of(0) and typed.to_the_minute
    assert linked.Line(Event(clock_of(5), "", typed="started_at"), entered.entry).moment == clock_of(5)


def test_of_one_moment_the_trail_says_what_was_first():
    """They accepted at 10:16, and came to the place at 10:16 as they typed it; a point answered then has no entry."""
    typed, said = Event(clock_of(0), "到场", typed="started_at"), Event(clock_of(0), "声明")
    lines = [
        linked.Line(Event(clock_of(0), "检查点")),
        linked.Line(Event(clock_of(0), "抽取", first=True)),
        linked.Line(typed, AuditEntry(pk=66, at=clock_of(0))),
        linked.Line(said, AuditEntry(pk=55, at=clock_of(0))),
    ]
    assert [line.event.what for line in sorted(lines, key=lambda line: line.place)] == [
        "抽取",
        "声明",
        "到场",
        "检查点",
    ]


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


@pytest.mark.django_db
@pytest.mark.clause("七(五)-n")
def test_a_targeted_check_is_told_from_its_raising_with_the_entry_of_each_act():
    asked = make_approved()
    lines = {line.event.what: line for line in linked.of(asked.inspection).lines}
    for what, verb, person in (
        ("发起针对性检查", "inspections.targeted.raised", asked.asked_by),
        ("批准针对性检查", "inspections.targeted.approved", asked.decided_by),
    ):
        assert (lines[what].entry.verb, lines[what].entry.actor, lines[what].who) == (verb, person, person.full_name)
    assert asked.reason in lines["发起针对性检查"].event.note


@pytest.mark.django_db
@pytest.mark.clause("七(五)-n")
def test_points_approval_number_and_draw_have_the_entry_of_their_act(at):
    """Each stood without an entry, and so without device and address."""
    check = start(make_inspection())
    leader = team_of(check)[0].user
    first, second, third = check.answers.all()[:3]
    for said in (
        {first.pk: ("NONE_FOUND", ""), second.pk: ("NONE_FOUND", "")},
        {third.pk: ("FOUND", "台账缺页")},
        {third.pk: ("FOUND", "台账缺页")},  # nothing new
    ):
        visits.answer_points(inspection=check, answers=said, by=leader)
    said = AuditEntry.objects.filter(verb="inspections.points.answered")
    assert [entry.details["points"] for entry in said.order_by("pk")] == [2, 1]
    points = [line for line in linked.of(check).lines if line.event.what.startswith("检查点")]
    assert len(points) == 3 and all(line.entry and line.entry.actor == leader for line in points)
    check = make_approved().inspection
    lines = {line.event.what: line for line in linked.of(check).lines}
    no = check.approvals.get().no
    for what, verb in (
        (f"提出：检查审批 {no}", "targeted.raised"),
        (f"决定：检查审批 {no}", "targeted.approved"),
        ("检查通知书编号", "targeted."),  # the clock of a test stands still: raised and approved in one moment
    ):
        assert lines[what].entry.verb.startswith(f"inspections.{verb}"), what
    drawn = make_dispatched(make_unit("210503"))[0]
    (draw,) = [line for line in linked.of(drawn).lines if line.event.what == "抽取"]
    assert draw.entry.verb == "plans.draw.held" and draw.who == drawn.draw.held_by.full_name


@pytest.mark.django_db
def test_the_same_to_do_of_two_rules_stands_once():
    check = make_finished()
    done = Duty.objects.filter(period=check.no, closed_at__isnull=False).first()
    fields = {f.attname: getattr(done, f.attname) for f in Duty._meta.concrete_fields if not f.primary_key}
    Duty.objects.create(**fields | {"rule": "TWICE"})
    assert [line.event.what for line in linked.of(check).lines].count(f"待办办结：{done.title}") == 1


@pytest.mark.clause("七(五)-n")
def test_what_was_answered_in_one_stroke_is_one_line_and_publication_stands_once(own_database):
    """Dozens of answers buried the rest, and one publication had two lines; on paper each answer still has its own."""
    unit = make_unit()
    check = problem_found(unit)
    trail.seal()
    trace = linked.of(check)
    answers = [line for line in trace.lines if line.event.what.startswith("检查点：")]
    strokes = [stroke for stroke in trace.folded if stroke.one in answers]
    assert len(strokes) < len(answers) == sum(len(stroke.lines) for stroke in strokes)
    many = max(strokes, key=lambda stroke: len(stroke.lines))
    assert len({line.entry for line in many.lines}) == 1
    page = signed_in(make_planner(unit)).get(addresses(check)[0])
    assert f"答了 {len(many.lines)} 项" in text_of(page) and "风机停转" in text_of(page)
    assert all(line.event.what in text_of(page) for line in answers)
    paper = papers.paper_of(check, trace, clock.now(), make_planner(unit))
    (grid,) = (block for block in paper.blocks if hasattr(block, "rows"))
    assert len(grid.rows) == len(trace.lines)
    public = [line for line in trace.lines if line.entry and "result.published" in line.entry.verb]
    assert [line.event.what for line in public] == ["公开结果"]
