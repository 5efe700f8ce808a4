"""合规体检: how a day is read, what it may not tell, how a closed quarter stays, the page and its papers (ui-2.md 23)."""

import io
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from benxi_shuangsuiji import clock, subjects, workdays
from benxi_shuangsuiji.notices.duties import open_due
from benxi_shuangsuiji.notices.models import Duty, DutyMove
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.policy.clauses import CLAUSES
from benxi_shuangsuiji.workdays.days import SHANGHAI, Quarter
from inspections.indicators import figures
from inspections.indicators.facts import Row
from inspections.models import Inspection, Outcome
from inspections.selfcheck import guarantees, papers, standing
from inspections.selfcheck.asking import closes_on
from inspections.selfcheck.catalogue import BY_ID, RULES, Kind
from inspections.selfcheck.findings import Cell, State
from inspections.selfcheck.pages import Page
from registry.audits import duties as audit_duties
from registry.models import Book
from tests.browsing import enter, html_of
from tests.disclosure.factories import make_published_result
from tests.factories import (
    make_city_team,
    make_lead_office,
    make_observer,
    make_planner,
    make_supervisor,
    make_unit,
)
from tests.inspections.coordination.test_coordination import make_instruction
from tests.inspections.factories import answer_all, finish, make_dispatched, make_published, ready, start
from tests.plans.draw.factories import make_held_draw
from tests.proofs import PROOFS, worn

from .eye import NEVER_MISSING

pytestmark = pytest.mark.django_db
Q3, Q4 = Quarter(2026, 3), Quarter(2026, 4)
PAGE = "/desk/city/self-check/"
DATED = [rule for rule in RULES if rule.how in ("duty", "checks", "city", "book")]
OF_A_YEAR = {"d24", "d1", "d11"}


def state(rule: str, unit, quarter=Q3, moment=None) -> State:
    return cell(rule, unit, quarter, moment).state


def cell(rule: str, unit, quarter=Q3, moment=None):
    found = standing.of([unit], quarter, moment=moment, rules=[BY_ID[rule]])
    return found.lines[0].cells[unit.pk] if found.lines else None


def duty(rule: str, unit, period: str, due: date, closed: date | None = None) -> Duty:
    done = noon(closed) if closed else None
    made = {
        "role": "PLANNER",
        "title": "事项",
        "due": due,
        "target": due,
        "closed_at": done,
        "closed_by": "办了" if done else "",
    }
    return Duty.objects.create(rule=rule, unit=unit, period=period, **made)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


def test_each_rule_has_its_clause_its_words_and_its_place_and_is_one_of_a_date_a_number_or_a_paper():
    known = {clause.id for clause in CLAUSES}
    assert {rule.clause for rule in RULES} <= known and len(BY_ID) == len(RULES)
    assert len(RULES) >= 70 and {rule.kind for rule in RULES} == set(Kind)
    steps = set(subjects.house().steps) | set(Book)
    assert {step for rule in DATED for step in rule.of.split()} <= steps
    named = {filed.name for filed in subjects.house().filed}
    assert {rule.of for rule in RULES if rule.how == "paper"} <= named
    tried = {rule.id for rule in DATED} | {rule.id for rule in RULES if rule.k or rule.how == "paper"}
    assert tried == set(BY_ID)  # no rule that no table below would try


@pytest.mark.clause("一-c", "八(一)-b")
def test_each_rule_with_a_day_is_kept_late_overdue_or_not_yet_due():
    city, unit, calendar = make_city_team(), make_unit(), workdays.calendar()
    no = make_published(unit).no
    for one in DATED:
        rule, step, law = one.id, one.of.split()[0], one.law
        mine = city if one.how == "city" else unit
        due, period = clock.today() + timedelta(days=20), no if one.how == "checks" else "210504-2026Q3-X1"
        if law and law.span == "QUARTER":
            due, period = law.due_for("2026Q3", calendar).date, "2026Q3"
        if rule in OF_A_YEAR:
            due, period = law.due_for("2026", calendar).date, "2026"
        if law and law.span == "MONTH":
            period = f"{one.of.split()[1]}:2026-08"
        quarter = Q3 if period.startswith("2026Q3") or due in Q3 else Quarter.of(due)
        key = {"rule": step, "unit": mine, "period": period}
        made = Duty.objects.filter(**key).first() or duty(step, mine, period, due)
        for closed, looked, asked in (
            (None, -2, (State.OPEN, False)),
            (None, +5, (State.BROKEN, True)),
            (+5, +5, (State.BROKEN, False)),
            (-1, +5, (State.KEPT, False)),
        ):
            done = None if closed is None else noon(due + timedelta(days=closed))
            Duty.objects.filter(pk=made.pk).update(due=due, closed_at=done, closed_by="办了" if done else "")
            found = cell(rule, mine, quarter, noon(due + timedelta(days=looked)))
            assert (found.state, found.overdue) == asked, (rule, closed, looked, found)
            assert ("逾期 5 天" in found.text, found.text == "晚 5 天办了") == (asked[1], closed == 5), (rule, found)
        Duty.objects.filter(pk=made.pk).update(closed_at=noon(due), closed_by="办了")


@pytest.mark.parametrize("undone", [True, False])
def test_what_was_not_done_is_overdue_and_what_was_done_late_or_wrongly_is_not(monkeypatch, undone):
    unit = make_unit()
    row = Row(unit.pk, counts=False, what="210504-2026Q3-0001", undone=undone)
    monkeypatch.setitem(figures.BY_K, 21, replace(figures.BY_K[21], rows=lambda scope: [row]))
    found = cell("k21", unit, moment=noon(Q3.last_day))
    assert (found.state, found.overdue) == (State.BROKEN, undone)


@pytest.mark.clause("七(七)-p", "七(五)-e", "七(五)-f")
def test_a_paper_that_is_always_printed_would_be_missed(monkeypatch):
    """The tales show the others broken; these only where nothing prints them any more."""
    unit = make_unit()
    check = Inspection.objects.get(no=make_published_result(unit).no)
    kinds = {
        rule.id: filed
        for rule in RULES
        if rule.how == "paper"
        for filed in subjects.house().filed
        if filed.name == rule.of
    }
    for kind in (kinds[rule] for rule in NEVER_MISSING):
        monkeypatch.setattr(kind.papers, lambda checks: {})
    found = standing.of([unit], Q3, rules=[BY_ID[rule] for rule in NEVER_MISSING])
    assert {line.rule.id for line in found.lines} == NEVER_MISSING
    for line in found.lines:
        broken = line.cells[unit.pk]
        assert (broken.state, broken.text, broken.facts[0].result) == (State.BROKEN, "不合要求", check.no), line.rule.id
    excused = next(kind for kind in kinds.values() if kind.unless and kind.name == "现场检查笔录")
    monkeypatch.setattr(excused.unless, lambda checks: {check.pk: "非现场检查"})
    assert state("p30", unit) == State.OPEN  # excused: nothing that should be there


@pytest.mark.clause("一-c", "八(一)-b")
def test_the_evidence_of_every_rule_opens_for_the_supervisor_and_shows_the_thing(at, client, rf):
    """One click from the cell: the facts on the page, from there the rows, the page that keeps a day, the public result."""
    unit, _ = make_unit(), make_city_team()
    public, closed = make_published_result(unit, problem="台账缺页"), make_published_result(unit)
    open_due(clock.today(), workdays.calendar())
    at("2026-08-19 09:00")
    request = rf.get(PAGE)
    request.user = make_supervisor()
    page, seen, pages = Page(request, Q3), {}, {}
    for line in page.matrix.lines:
        for one in page.units:
            if (found := line.cells[one.pk]).counts:
                evidence = page.evidence_of(line.rule, one, found)
                assert evidence.facts or evidence.nothing, line.rule.id
                assert evidence.rows_url, line.rule.id
                seen.setdefault(evidence.rows_url, []).append(evidence)
                seen |= {f"/results/{fact.result}/": [evidence] for fact in evidence.facts if fact.result}
                seen |= {fact.url: [evidence] for fact in evidence.facts if fact.url}
                pages[line.rule.id] = pages.get(line.rule.id, "") or next((f.url for f in evidence.facts), "")
    rows = papers.broken_rows(page.matrix)  # of the volume: each rule once
    assert len({row[:2] for row in rows}) == len(rows)
    assert [row[2] for row in rows if "封存和抽取记录" in row[1]] == ["市执法队、明山分局：逾期 40 天"]
    enter(client, request.user)
    shown = {}
    for url in filter(None, seen):
        answer = client.get(url)
        assert answer.status_code == 200, url
        shown[url] = html_of(answer)
    assert f"/results/{public.no}/" in shown
    # A day leads to the page that keeps it, and not only to the calendar (issue 16).
    assert all(pages[rule] for rule in ("d2", "d4", "d7", "d7b", "d12"))
    archive = f"{reverse('inspections:archive-list')}?unit={unit.code}&quarter=2026Q3"
    assert closed.no in shown[archive]
    (calendar,) = (url for url in shown if url.startswith(f"{reverse('notices:deadline-list')}?unit={unit.code}&"))
    assert Duty.objects.get(rule="D-4", unit=unit).title in shown[calendar]
    for url, found in seen.items():
        for evidence in found if "indicators" in url else ():
            assert all(fact.what in shown[url] for fact in evidence.facts), url


@pytest.mark.clause("七(五)-o", "一-c")
def test_only_published_results_count_for_everybody_and_no_page_tells_of_a_sealed_check(at, client):
    unit, _ = make_unit(), make_city_team()
    first, *_ = make_dispatched(unit, key=2, general=2, special=1)
    readers = (make_lead_office(), make_observer(), make_supervisor(), make_planner(unit))
    addresses = [PAGE + f"?quarter=2026Q3&more=no&open={rule.id}-{unit.code}" for rule in RULES[::6]]

    def read():
        whole = standing.of([unit], Q3)
        return [(line.rule.id, c.state, c.text, c.facts) for line in whole.lines for c in line.cells.values()]

    before = read()
    ready(first)
    finish(answer_all(start(first)), outcome=Outcome.NO_ISSUE)
    assert read() == before
    for reader in readers:
        enter(client, reader)
        for address in addresses:
            page = html_of(client.get(address))
            assert first.no not in page and first.facility.code not in page
    book = client.get(f"{PAGE}export.xlsx?quarter=2026Q3").content
    text = " ".join(str(c.value) for ws in load_workbook(io.BytesIO(book)) for row in ws.iter_rows() for c in row)
    assert first.no not in text and first.facility.code not in text and "封存和抽取记录" in text


@pytest.mark.clause("附-b", "二-a")
def test_a_corrected_calendar_is_counted_anew_while_the_quarter_runs_and_never_after_it_is_closed(at, client):
    unit = make_unit()
    made = duty("COORD", unit, "210504-2026Q3-Z001", date(2026, 8, 10))
    at("2026-08-12 09:00")
    assert state("coord", unit) == State.BROKEN
    moved = {"duty": made, "target_before": made.due, "provisional_after": False, "because": "国务院通知更正"}
    DutyMove.objects.create(
        **moved, due_before=made.due, due_after=date(2026, 8, 20), target_after=date(2026, 8, 20), at=clock.now()
    )
    Duty.objects.filter(pk=made.pk).update(due=date(2026, 8, 20))
    found = cell("coord", unit)
    assert (found.state, found.note) == (State.OPEN, "8 月 12 日更正后改为守住")
    enter(client, make_supervisor())
    assert f'title="{found.note}"' in html_of(client.get(f"{PAGE}?quarter=2026Q3&kind=date"))
    at("2026-10-20 09:00")
    assert standing.of([unit], Q3).is_closed and cell("coord", unit).text == "逾期 56 天"  # as on 15 October
    moved |= {"target_before": date(2026, 8, 20)}
    DutyMove.objects.create(
        **moved,
        due_before=date(2026, 8, 20),
        due_after=date(2026, 11, 1),
        target_after=date(2026, 11, 1),
        at=clock.now(),
    )
    Duty.objects.filter(pk=made.pk).update(due=date(2026, 11, 1), closed_at=clock.now())
    found = cell("coord", unit)
    assert (found.state, found.text, found.note) == (
        State.BROKEN,
        "逾期 56 天",
        "10 月 20 日更正过日期，季度已结束，仍按原来的",
    )
    assert "季度结束以后" in found.facts[0].words
    assert closes_on(Q4) == date(2027, 1, 15)


@pytest.mark.clause("六(二)-e", "六(三)-i")
def test_what_was_owed_before_the_quarter_and_still_is_stays_broken_in_it(at):
    """桓仁's audits since June: of each registry apart, under the very duty that its keeper has."""
    unit = make_unit()
    at("2026-06-01 09:00")
    for book in Book:
        audit_duties.sync(unit, book, clock.now())
    at("2026-08-19 09:00")
    found = {rule: cell(rule, unit) for rule in ("d13o", "d13p")}
    assert {one.state for one in found.values()} == {State.BROKEN} and all(one.overdue for one in found.values())
    made = Duty.objects.get(rule="D-13", period__startswith=Book.FACILITY)
    made.closed_at, made.closed_by = noon(date(2026, 7, 5)), "审核签字"
    made.save()
    assert "晚" in cell("d13o", unit).text
    assert cell("d1", make_city_team()) is None  # a year's rule stands in the quarter of its day


@pytest.mark.clause("一-c", "五-2b", "八(一)-a")
def test_the_page_shows_filters_and_opens_what_is_not_kept(at, client):
    city, unit = make_city_team(), make_unit()
    late = duty("D-4", unit, "2026Q3", date(2026, 7, 10))
    plan = duty("D-2", unit, "2026Q3", date(2026, 7, 5))
    duty("D-7", unit, "2026Q3", date(2026, 10, 5))
    at("2026-08-19 10:32")
    due = date(2026, 8, 25)
    enter(client, make_supervisor())
    page = html_of(client.get(f"{PAGE}?quarter=2026Q3"))
    assert (
        "有没守住的" in page
        and "逾期 40 天" in page
        and "被抽查对象名单和检查人员名单应在每季度首月10日前完成抽取工作" in page
    )
    opened = html_of(client.get(f"{PAGE}?quarter=2026Q3&open=d4-{unit.code}"))
    for words in ("依据：", "7 月 10 日（周五），规则 D-4", "没有督办过", "证明这条规则的测试", "tests/"):
        assert words in opened
    assert "该在哪天" in opened and "其他督办" not in opened
    make_instruction(unit, title="计划没有批准", duty=plan, due=due)
    make_instruction(unit, title="准备迎检", due=due)
    opened = html_of(client.get(f"{PAGE}?quarter=2026Q3&open=d4-{unit.code}"))
    assert "没有督办过" in opened and "计划没有批准" not in opened  # urged about its plan, not about its draw
    assert "准备迎检" in opened.partition("本季这个单位的其他督办")[2]
    make_instruction(unit, title="抽取没有完成", duty=late, due=due)
    opened = html_of(client.get(f"{PAGE}?quarter=2026Q3&open=d4-{unit.code}"))
    assert "没有督办过" not in opened and "抽取没有完成" in opened.partition("本季这个单位的其他督办")[0]
    tested = html_of(client.get(f"{PAGE}?quarter=2026Q3&open=d10-{unit.code}"))
    named = guarantees.tests_of("七(五)-m")
    assert (
        named and "怎么处理的" in tested and "证明这条规则的测试" in tested and named[0].rpartition("::")[2] in tested
    )
    assert "该有什么" in html_of(client.get(f"{PAGE}?quarter=2026Q3&open=p10-{unit.code}"))
    waits = html_of(client.get(f"{PAGE}?quarter=2026Q3&open=k13-{unit.code}"))
    assert "该是多少" in waits
    assert f"{unit.short_name}还没有抽取，这一条 9 月 25 日前看" in waits
    only = client.get(f"{PAGE}?quarter=2026Q3&state=late&kind=date&of={unit.code}&q=抽取").context["page"]
    assert [line.rule.id for line in only.lines if line.rule.id == "d4"] == ["d4"]
    assert {line.state for line in only.lines} == {State.BROKEN} and only.shown_units == [unit]
    assert "没有符合条件的条款" in html_of(client.get(f"{PAGE}?quarter=2026Q3&q=没有这样的字"))
    enter(client, make_planner(unit))  # a unit reads its own column
    mine = client.get(f"{PAGE}?quarter=2026Q3").context["page"]
    assert mine.units == [unit] and city not in mine.units
    at("2027-01-10 09:00")  # the same day of the quarter before is 10 October, when it still ran on to its closing
    enter(client, make_supervisor())
    assert ("d7", unit.pk) in client.get(f"{PAGE}?quarter=2026Q4").context["page"].before


def test_a_quarter_before_first_use_is_not_asked_and_every_way_of_reading_it_says_so(at, client, monkeypatch):
    at("2026-08-19 09:00")
    unit, said = make_unit(), "启用以前的季度不体检"
    reader = make_planner(unit)
    enter(client, reader)
    first = html_of(client.get(f"{PAGE}?quarter=2025Q1"))  # no plan was in force before it
    assert "条款 × 单位" in first and "上季同日" not in first
    assert "上季同日" in html_of(client.get(f"{PAGE}?quarter=2025Q2"))
    monkeypatch.setattr(first_use, "_loader", lambda: date(2026, 1, 1))
    page = html_of(client.get(f"{PAGE}?quarter=2025Q4"))
    assert said in page and "条款 × 单位" not in page and "守住" not in page
    matrix = standing.of([unit], Quarter(2025, 4))
    assert matrix.lines == () and said in str(papers.of_matrix(matrix, reader).blocks)
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}export.xlsx?quarter=2025Q4").content))
    assert said in " ".join(str(c.value) for ws in book for row in ws.iter_rows() for c in row)
    begun = html_of(client.get(f"{PAGE}?quarter=2026Q1"))
    assert said not in begun and "条款 × 单位" in begun and "上季同日" not in begun
    monkeypatch.setattr(first_use, "_loader", lambda: None)
    assert "启用日期还没有确定" in html_of(client.get(f"{PAGE}?quarter=2026Q3"))


def test_what_is_offered_to_look_at_adds_up_to_what_is_shown(at, client):
    unit = make_unit()
    open_due(clock.today(), workdays.calendar())
    enter(client, make_planner(unit))
    page = client.get(PAGE).context["page"]
    offered = [int(re.search(r"([0-9]+) 条", words)[1]) for name, words in page.form.fields["kind"].choices if name]
    assert sum(offered) == len(page.matrix.lines) < len(RULES)
    for (name, _), count in zip(page.form.fields["kind"].choices[1:], offered, strict=True):
        assert len(client.get(f"{PAGE}?kind={name}").context["page"].lines) == count


def test_a_quarter_that_has_not_come_up_has_kept_nothing(at, client):
    """Its first duties come up in the month before it: until then it has no broken and no kept places."""
    unit = make_unit()
    enter(client, make_planner(unit))
    at("2026-08-31 09:00")
    assert "从它前一个月起体检" in html_of(client.get(f"{PAGE}?quarter=2026Q4"))
    at("2026-09-01 09:00")
    open_due(clock.today(), workdays.calendar())
    assert client.get(f"{PAGE}?quarter=2026Q4").context["page"].matrix.lines


def test_only_the_city_team_issues_the_paper_and_a_reader_of_some_units_has_theirs_alone(client):
    team = make_city_team()
    unit, other, _ = make_unit(), make_unit("210502"), make_unit("210503")
    planner = make_planner(unit)
    own, two = (
        papers.of_matrix(standing.of([unit], Q3), planner),
        papers.of_matrix(standing.of([unit, other], Q3), planner),
    )
    for paper in (own, two):
        assert paper.number == "系统打印，供内部使用，不是公文" and paper.signed == "" and paper.plain
    assert own.issuer == unit.name and own.title.startswith(f"{unit.short_name} ")
    assert two.issuer == "" and two.title.startswith(f"{unit.short_name}、{other.short_name} ")
    name = unquote(enter(client, planner).get(f"{PAGE}export.xlsx?quarter=2026Q3")["Content-Disposition"])
    assert f"{unit.short_name}_合规体检_" in name
    lead = make_lead_office()
    whole = papers.of_matrix(standing.of(standing.units_of(lead, Q3, "SEE_PROGRESS"), Q3), lead)
    assert not whole.plain  # the red head of what is issued
    assert whole.title.startswith("全市 ") and whole.issuer == whole.signed == team.on(clock.today()).signed


def test_a_list_that_is_public_is_not_called_secret_where_nothing_is_there_yet(at, rf):
    request = rf.get(PAGE)
    request.user = make_supervisor()
    for code, released in (("210502", False), ("210503", True)):
        make_held_draw(unit := make_unit(code), released=released)
        words = Page(request, Q3)._why_nothing(unit, Cell(State.OPEN, due=date(2026, 9, 25)))
        assert words == ("" if released else "名单还没有公开，") + "这一条 9 月 25 日前看"


def test_seven_units_cost_as_many_queries_as_one():
    units = [make_unit(f"2105{n:02d}") for n in range(2, 9)]
    for unit in units:
        make_published(unit, problem="台账缺页")
    counts = []
    for some in (units[:1], units):
        with CaptureQueriesContext(connection) as asked:
            standing.of(some, Q3)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 100, counts


@pytest.mark.clause("一-c")
def test_every_other_clause_is_held_by_a_test_that_stands_or_by_somebody(client):
    known, marks = {clause.id for clause in CLAUSES}, worn()
    assert PROOFS == guarantees.PROOFS
    kept = guarantees.proofs()["clauses"]
    gone = {clause: sorted(set(tests) - set(marks.get(clause, ()))) for clause, tests in kept.items()}
    assert {clause: tests for clause, tests in gone.items() if tests} == {}, "run .venv/bin/python -m tests.proofs"
    assert set(kept) <= known and set(guarantees.BY_PEOPLE) <= known - guarantees.looked_at()
    parts = [guarantees.by_the_program(), guarantees.by_people(), guarantees.by_nobody()]
    assert sum(map(len, parts)) + len(guarantees.looked_at()) == len(CLAUSES)
    assert all(one.tests for one in parts[0]) and all(one.who and one.shows for one in parts[1])
    unit = make_unit()
    page = html_of(enter(client, make_planner(unit)).get(f"{PAGE}others/"))
    assert "由程序保证" in page and parts[0][0].tests[0] in page and parts[1][0].shows in page


@pytest.mark.clause("一-c")
def test_paper_shows_every_rule_that_the_screen_folds(at, client):
    unit = make_unit()
    at("2026-08-19 10:32")
    enter(client, make_supervisor())
    shown = client.get(f"{PAGE}?quarter=2026Q3")
    groups, page = shown.context["page"].groups, html_of(shown)
    folded = [row.line.rule for group in groups for row in group.rest]
    assert folded and page.count('<tr class="printonly">') == len(folded)
    stand = [row.line.rule.id for group in groups for row in [*group.rows, *group.rest]]
    assert sorted(stand) == sorted(line.rule.id for line in shown.context["page"].lines)
    assert not any(f"open={rule.id}-{unit.code}" in page for rule in folded)  # read on paper, opened once unfolded
    assert all(not group.rest for group in client.get(f"{PAGE}?quarter=2026Q3&of={unit.code}").context["page"].groups)
