"""全市进度 as PNG 06: every cell leads on, the circle sees how the checks advance, the tile counts what is red (五-1a, 五-2b, 一-c)."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import openpyxl
import pytest
from django.db import DatabaseError, transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Calendar, Quarter
from disclosure.publishing import actions as disclosing
from inspections.archive.duties import BINDING
from inspections.indicators import figures, pages
from inspections.indicators.facts import Scope
from inspections.models import Inspection, InspectionStatus, Instruction, Outcome, PaperKind
from inspections.oversight.cycle import LEFT, RIGHT, Covered
from inspections.oversight.pages import City
from inspections.oversight.progress import STEPS, _plan_public_cell
from inspections.paperwork.rules import why_not_paper
from inspections.rectification.duties import AGAIN
from inspections.replacements import actions as replacements
from inspections.review import actions as review_actions
from plans.draw.actions import release_draw
from plans.models import AmendmentRequest
from tests.browsing import enter, html_of, post_and_follow, queries, refused, text_of, untimed
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_facility,
    make_lead_office,
    make_observer,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import answer_all, finish, make_dispatched, ready, start
from tests.inspections.reports.factories import carry_out, make_finished_quarter, make_public, make_sent
from tests.law.factories import make_quarter, visit
from tests.registry.factories import approved_status

pytestmark = pytest.mark.django_db
CITY = "/desk/city/?quarter=2026Q3"
Q3 = Quarter(2026, 3)


def city_of(user) -> City:
    return City(user, Q3, clock.now(), workdays.calendar())


def make_bureau():
    return make_user((Role.BUREAU_READER, make_unit("2105SJ", kind=UnitKind.CITY_BUREAU, name="市生态环境局")))


def row_of(page: str, name: str) -> str:
    return next(row for row in re.findall(r"<tr>(.*?)</tr>", page, re.S) if f">{name}</a>" in row)


@pytest.mark.clause("五-2b")
def test_the_supervisor_sees_how_the_checks_advance_and_the_lead_office_what_is_public(client):
    unit, supervisor, lead = make_unit(), make_supervisor(), make_lead_office()
    first, second, *_ = make_dispatched(unit, key=2, general=2, special=0)
    before = cells_of(lead)
    carry_out(first)
    assert cells_of(lead) == before
    total = before["检查"].split("/")[1]
    assert cells_of(supervisor)["检查"] == f"1/{total}" and cells_of(supervisor)["公示"] == f"0/{total}"
    make_public(second, found=True)
    assert cells_of(supervisor)["检查"] == f"2/{total}" and cells_of(lead)["检查"] == f"1/{total}"
    assert cells_of(lead)["公示"] == cells_of(supervisor)["公示"] == f"1/{total}"
    assert cells_of(lead)["处理"] == "1 家" and cells_of(lead)["归档"] == "0/1"
    page = html_of(enter(client, lead).get(CITY))
    assert "本季结果已公开" in page and "本季已检查" not in page
    for words in (text_of(client.get(CITY)), text_of(client.get("/desk/?quarter=2026Q3"))):
        assert "%" in words and not re.search(r"\d\.0%", words)  # a share is written alike everywhere: 50%
    assert f'<span class="sr">{unit.short_name}检查，</span>' in row_of(page, unit.short_name)
    assert "本季已检查" in html_of(enter(client, supervisor).get(CITY))


def cells_of(user) -> dict[str, str]:
    row = next(row for row in city_of(user).rows if row.unit.code == "210504")
    return dict(zip(STEPS, (cell.text for cell in row.cells), strict=True))


@pytest.mark.clause("五-1a", "五-2b")
def test_every_cell_unit_and_alert_leads_to_a_page_that_opens(client, at):
    unit, _ = make_unit(), make_city_team()
    make_public(make_dispatched(unit, key=2, general=1, special=0)[0], found=True)
    at("2026-09-26 09:00")
    for user in (make_supervisor(), make_bureau(), make_lead_office(), make_observer()):
        page = html_of(enter(client, user).get(CITY))
        row = row_of(page, unit.short_name)
        links = re.findall(r'<a href="([^"]+)"[^>]*class="cell', row)
        assert len(links) == 9
        of_unit = [tr for tr in re.findall(r"<tr>(.*?)</tr>", page, re.S) if f">{unit.short_name}<" in tr]
        cells = [td for tr in of_unit for td in re.findall(r"<td(.*?)</td>", tr, re.S) if "须核对" not in td]
        assert len(of_unit) == 4 and len(cells) >= 20 and all("<a " in td for td in cells)
        links += [td.partition('href="')[2].partition('"')[0] for td in cells]
        links += [url for url in re.findall(r'<dt><a href="([^"]+)"', page) if url != "#alerts"]
        alerts = re.findall(r'<li class="r">\s*<b><a href="([^"]+)"', page)
        assert alerts
        for link in {*links, *alerts, f"/desk/city/units/{unit.code}/"}:
            assert client.get(link.replace("&amp;", "&")).status_code == 200, (user, link)


@pytest.mark.clause("五-1a", "八(一)-a")
def test_the_bureau_supervises_from_the_page_and_reads_the_answer_there(client, at):
    """Dashboard, a supervision note with the matter filled in, the unit's answer, all from one page."""
    at("2026-07-14 09:00")
    unit, planner = make_unit(), make_planner(make_unit())
    bureau = make_bureau()
    page = html_of(enter(client, bureau).get(CITY))
    assert "抽取逾期 4 天" in page and "本季度还没有。" in page
    ask = next(
        link.replace("&amp;", "&")
        for link in re.findall(r'<a href="(/desk/coordination/new/[^"]+)"', page)
        if f"of={unit.code}" in link and "matter=step-3" in link
    )
    form = client.get(ask).context["form"].initial
    assert form["units"] == [unit.code] and "抽取逾期 4 天" in form["title"] and "抽取逾期 4 天" in form["text"]
    post_and_follow(client, ask, **form)
    note = Instruction.objects.get()
    page = untimed(html_of(client.get(CITY)))
    assert note.title in page and "本季督办过 1 次，最近 7 月 14 日" in page and "市局" in page
    post_and_follow(enter(client, planner), note.get_absolute_url(), words="定在 7 月 16 日抽取。")
    page = html_of(enter(client, bureau).get(f"/desk/city/units/{unit.code}/?quarter=2026Q3"))
    assert "待审定" in page and note.title in page
    assert "督办<span" not in html_of(enter(client, make_observer()).get(CITY))  # whoever may not, is offered nothing


@pytest.mark.clause("五-2b")
def test_the_tile_counts_the_units_with_anything_red_on_the_page(client, at):
    at("2026-07-06 09:00")
    late, slow = make_unit(), make_unit("210503")
    make_dispatched(slow)
    at("2026-07-20 09:00")
    supervisor = make_supervisor()
    city = city_of(supervisor)
    red = {a.unit.code for a in city.alerts if a.is_late}
    assert {late.code} <= red and city.late_units == len(red)
    for line in city.lines:
        shown = [c for c in (*line.row.cells, line.filed.plan, line.filed.draw) if c.state == "late"]
        anything = shown or line.row.problems or line.filed.late or any(b.overdue for b in line.books.values())
        assert bool(anything or city.cycle.units[line.unit.pk].is_low) == (line.unit.code in red), line.unit
    assert re.search(
        rf"有逾期或不足</a></dt>\s*<dd[^>]*>{city.late_units}<", html_of(enter(client, supervisor).get(CITY))
    )


@pytest.mark.clause("七(一)2-b")
@pytest.mark.parametrize(("day", "over"), [("2028-02-10 09:00", 0), ("2026-08-19 09:00", 6), ("2027-12-20 09:00", 11)])
def test_todays_point_stands_where_the_words_reckon_even_progress(at, day, over):
    make_unit()
    at(day)
    cycle = City(make_supervisor(), Quarter.of(clock.today()), clock.now(), workdays.calendar()).cycle
    assert (cycle.whole.goal, cycle.points[-1].x) == (round(100 * over / 12, 1), LEFT + (RIGHT - LEFT) * over // 12)
    assert [point.x for point in cycle.points[:-1]] == [LEFT + 25 * (n + 1) for n in range(over)]


@pytest.mark.clause("一-c")
def test_work_goes_step_by_step_by_lists_and_forms_and_every_indicator_leads_to_its_rows(client):
    unit, supervisor = make_unit(), make_supervisor()
    check = make_dispatched(unit, key=2, general=1, special=0)[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        Inspection.objects.filter(pk=check.pk).update(status=InspectionStatus.PUBLISHED)  # no step is skipped
    ready(check)
    started = start(check)
    with refused("检查点"):
        finish(started)  # nor a line of its list
    assert why_not_paper(started, PaperKind.FORM)
    assert why_not_paper(finish(answer_all(started)), PaperKind.FORM) == ""
    enter(client, supervisor)
    for where in (f"unit={unit.code}", "scope=city"):
        page = html_of(client.get(f"/desk/indicators/?quarter=2026Q3&{where}"))
        for k in figures.BY_K:
            assert f"/desk/indicators/k{k}/?" in page and f"/desk/indicators/trend/?k={k}&" in page, (where, k)


@pytest.mark.clause("五-2b", "七(二)-g")
def test_the_cell_of_publication_counts_the_same_places_on_both_sides_and_a_visit_in_vain_is_over(at):
    """Who was taken off after a public visit stands among the results as among the public ones; ✓ is not for 6 of 7."""
    unit, other, supervisor, lead = make_unit(), make_unit("210503"), make_supervisor(), make_lead_office()
    at("2026-07-06 09:00")
    vain, *rest = make_quarter(unit)
    vain = visit(vain, outcome=Outcome.NOT_OPERATING, finding="大门上锁，已停产")
    vain = review_actions.review_result(inspection=vain, by=make_approver(unit))
    disclosing.publish_result(inspection=vain, by=make_disclosure_officer(unit))
    assert {cells_of(user)["检查"] for user in (supervisor, lead)} == {"1/6，未能检查 1"}
    halted = AmendmentRequest.objects.get()  # the visit in vain has asked for it
    replacements.approve(request=halted, by=make_approver(unit), document_no="本环更〔2026〕1 号")
    for check in rest:
        make_public(check)
    for user in (supervisor, lead):
        row = next(row for row in city_of(user).rows if row.unit == unit)
        assert (row.public, row.results, row.cells[5].state) == (6, 7, "run"), user  # the substitute is not public
        tile = next(s for s in city_of(user).stats if s["label"] in ("本季已检查", "本季结果已公开"))
        assert tile["figure"] == (5 if user == supervisor else 6)
    for n, check in enumerate(make_quarter(other)):
        visit(check, **({} if n else {"outcome": Outcome.NOT_OPERATING, "finding": "大门上锁"}))
    at("2026-09-28 09:00")
    cell = next(row for row in city_of(supervisor).rows if row.unit == other).cells[4]
    assert (cell.state, cell.text) == ("ok", "6/6，未能检查 1")


@pytest.mark.clause("五-2b")
def test_what_is_overdue_at_home_is_red_here_and_what_lies_with_the_office_is_not_urged(at):
    unit, supervisor, lead = make_unit(), make_supervisor(), make_lead_office()
    checks = make_finished_quarter(unit)
    found, other = (check.no for check in checks)
    assert Duty.objects.open().filter(rule=AGAIN.id, period=found).exists()
    BINDING.open(
        unit,
        other,
        role=Role.ARCHIVIST,
        title="案卷成册",
        due=workdays.calendar().fixed(clock.today() + timedelta(days=9)),
    )
    make_sent(unit)
    assert (cells_of(lead)["处理"], cells_of(lead)["归档"], cells_of(lead)["报告"]) == ("1 家", "0/2", "待签收")
    at("2026-10-20 09:00")
    for user in (supervisor, lead):
        cells = cells_of(user)
        assert (cells["处理"], cells["归档"]) == ("逾期 1 家", "逾期 1 卷") and "签收逾期" in cells["报告"]
        city = city_of(user)
        red = {a.key: a for a in city.alerts if a.unit == unit and a.is_late}
        assert red["step-6"].ask_url and red["step-8"].ask_url and not red["receipt-报告"].ask_url
        assert city.matter("receipt-报告") is None and "step-7" not in red


def test_a_plan_that_was_changed_shows_the_day_of_its_first_version_and_which_one_is_read():
    plan = SimpleNamespace(revision=2, is_being_changed=False, published_at=datetime(2026, 8, 18, 10, tzinfo=UTC))
    cell = _plan_public_cell(plan, datetime(2026, 7, 2, 10, tzinfo=UTC), Q3.plan_due(Calendar()), date(2026, 8, 19))
    assert (cell.state, cell.text) == ("ok", "7/2，第 2 版 8/18")


@pytest.mark.clause("二-b", "五-2b")
def test_a_result_past_its_20_working_days_is_red_for_the_circle_and_told_to_nobody_else(at):
    unit, supervisor, lead = make_unit(), make_supervisor(), make_lead_office()
    carry_out(make_dispatched(unit, key=1, general=1, special=0)[0])
    at(clock.now() + timedelta(days=45))
    assert cells_of(supervisor)["公示"] == "逾期 1 家"
    assert city_of(supervisor).matter("results").title == "1 家结果超过 20 个工作日未公开"
    assert city_of(lead).matter("results") is None and "逾期" not in cells_of(lead)["公示"]


@pytest.mark.clause("一-c", "五-4k")
def test_what_the_page_counts_is_what_the_rows_of_the_indicators_say(at):
    """K1, K2 and K7 counted by the database, against their rows: public, late and kept back, reached and not, inside and outside."""
    unit, other = make_unit(), make_unit("210503")
    checks = make_dispatched(unit, key=3, general=6, special=1)
    for n, check in enumerate(checks):
        if n % 3 == 0:
            make_public(check, found=n == 0)
        elif n % 3 == 1:
            ready(check)
            finish(answer_all(start(check)), outcome=Outcome.NO_ISSUE)
    make_facility(other, category="general")
    closes = make_facility(unit, category="general")
    approved_status(closes, "CLOSED", on=clock.today(), by=make_registrar(unit))
    scopes = []
    for day in (None, "2026-09-24 09:00", "2026-09-27 09:00", "2026-10-09 09:00"):
        if day:
            at(day)
        if day == "2026-10-09 09:00":
            release_draw(draw=checks[0].draw)
        for circle in ((), (unit.pk,), (unit.pk, other.pk)):
            scopes += [Scope.of([unit, other], 2026, 3, circle=circle), Scope.of([unit, other], 2026, circle=circle)]
        for scope in scopes[-6:]:
            for k in (1, 2, 3, 4, 7):
                fresh = Scope.of(scope.units, scope.year, scope.number, circle=scope.circle, moment=scope.moment)
                rows = {u: (f.counted, f.n, f.is_met, f.asked) for u, f in figures.of_each(scope, k).items()}
                sums = {u: (f.counted, f.n, f.is_met, f.asked) for u, f in figures.sums(fresh, k).items()}
                assert sums == rows, (k, day, scope.number, scope.circle)
    assert figures.sums(scopes[0], 7)[None].n == 7 and figures.sums(scopes[-6], 1)[None].n


def test_a_tile_leads_to_rows_that_say_the_same_number_or_to_the_units_that_it_adds_up(client, at):
    """The lead office read 28.1 % on the tile and 0/0 behind it: of a sealed list it is told numbers, and no rows."""
    unit, supervisor, lead = make_unit(), make_supervisor(), make_lead_office()
    at("2026-07-06 09:00")
    make_public(make_dispatched(unit, key=2, general=1, special=0)[0])
    for user in (supervisor, lead):
        tile = next(one for one in city_of(user).tiles if one["label"] == "重点对象本季抽查")
        page = html_of(enter(client, user).get(tile["url"]))
        assert ("/indicators/k5/" in tile["url"]) == (user == supervisor)
        assert tile["figure"] in page and tile["figure"] != "—", user
    assert 'id="steps"' in page and tile["url"].endswith("#steps")
    assert pages.NOTHING_PUBLIC in html_of(client.get("/desk/indicators/k5/?scope=city&quarter=2026Q3"))


def test_the_dashboard_asks_the_database_as_much_for_eight_units_as_for_one_and_at_most_40_times_with_its_frame(client):
    user = make_supervisor()
    unit = make_unit()
    make_public(make_dispatched(unit, key=2, general=1, special=0)[0], found=True)
    one = queries(enter(client, user), CITY)
    for n in range(7):
        make_dispatched(make_unit(f"21050{n}B", kind=UnitKind.BRANCH), key=1, general=1, special=0)
    assert (queries(enter(client, make_supervisor()), CITY), one <= 40) == (one, True), one


def test_the_workbook_says_what_the_page_says(client, at):
    unit, lead = make_unit(), make_lead_office()
    make_public(make_dispatched(unit, key=2, general=1, special=0)[0], found=True)
    at("2026-09-26 09:00")
    answer = enter(client, lead).get("/desk/city/export.xlsx?quarter=2026Q3")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    city = city_of(lead)
    assert book.sheetnames == ["各单位各环节", "抽取和公开", "一般对象三年覆盖", "预警"]
    cells = {row[0]: row for row in book["各单位各环节"].iter_rows(values_only=True)}
    row = next(r for r in city.rows if r.unit == unit)
    assert all(text.endswith(c.text) for c, text in zip(row.cells, cells[unit.short_name][2:11], strict=True))
    assert "逾期 逾期" not in str(list(cells.values())) and any("逾期" in str(text) for text in cells[unit.short_name])
    assert len(list(book["预警"].iter_rows())) == len(city.alerts) + 2
    assert enter(client, make_planner(unit)).get("/desk/city/export.xlsx").status_code == 403
    assert client.get(f"/desk/city/units/{unit.code}/").status_code == 200
    assert client.get(f"/desk/city/units/{make_city_team().code}/").status_code == 404


@pytest.mark.parametrize(
    ("seen", "near", "low"), [(50, False, False), (45, True, False), (44, False, True), (0, False, True)]
)
def test_a_bar_is_dark_where_the_unit_keeps_up_pale_near_it_and_red_behind(seen, near, low):
    one = Covered("平山分局", seen, 100, 50.0)
    assert (one.is_near, one.is_low) == (near, low)
    assert one.bar == ({"percent": "0", "drawn": "45.0"} if near else {"percent": f"{seen}.0", "drawn": ""})
