"""The rows of the city's home: in which order, and what is folded (ui-2.md 22)."""

import re
from datetime import date

import pytest

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import duties
from benxi_shuangsuiji.notices.telling import tell_people
from inspections.acceptance.duties import OWN
from inspections.archive.duties import BINDING
from registry.audits.duties import AUDIT
from tests.browsing import enter, html_of, post
from tests.factories import (
    make_approver,
    make_city_team,
    make_lead_office,
    make_observer,
    make_planner,
    make_supervisor,
    make_unit,
)
from tests.inspections.factories import make_published

pytestmark = [pytest.mark.django_db]


def test_steps_within_one_office_are_folded_below_what_the_city_dates(at, client):
    """ui-2.md 22: 144 of 145 rows stood under 本市另定期限的, and what the city dates was not to be found among them."""
    at("2026-08-19 10:32")
    make_city_team()
    late, clear = make_unit("210505", name="南芬分局"), make_unit("210502", name="平山分局")
    duties.ensure("D-4", late, "2026Q3")
    due = workdays.calendar().fixed(date(2026, 7, 3))
    for unit in (late, clear):
        OWN.open(unit, "x", role=Role.INSPECTOR, title="声明并接受检查任务 x", due=due)
    BINDING.open(
        late,
        "210505-2026Q2-0001",
        role=Role.ARCHIVIST,
        title="案卷成册 x",
        due=workdays.calendar().within_workdays(date(2026, 6, 29), 20),
    )
    answer = enter(client, make_supervisor()).get("/desk/")
    page, groups = html_of(answer), answer.context["page"].late
    assert [(g.count, g.folded) for g in groups if "方案" not in g.title] == [(1, False), (2, True)]
    assert "办结后 20 个工作日" in page
    shown, folded = page.split("本系统的办理步骤　2 件", 1)
    assert "案卷成册" in shown and "声明并接受检查任务" not in shown and "声明并接受检查任务" in folded


@pytest.mark.clause("六(二)-e", "五-1a")
def test_the_audits_of_the_two_books_are_two_rows_each_with_its_own_urging(at, client):
    """They stood in one row, “审核名录（2 件）”, and a 督办 of one was taken for one of both (issue 16)."""
    at("2026-08-19 10:32")
    make_city_team()
    late, lead = make_unit("210505", name="南芬分局"), make_lead_office()
    make_planner(late), make_approver(late)
    due = workdays.calendar().fixed(date(2026, 8, 14))
    for book in ("FACILITY", "INSPECTOR"):
        AUDIT.open(late, f"{book}:2026-07", role=Role.REGISTRAR, title=f"审核 {book}", due=due)
    browser = enter(client, lead)
    first, second = browser.get("/desk/").context["page"].found
    assert first.key != second.key and {len(row.matter.duties) for row in (first, second)} == {1}
    assert {row.matter.kind for row in (first, second)} == {"审核检查对象名录", "审核检查人员名录"}
    post(browser, first.urge.partition("#")[0], text="尽快审核", due="2026-08-28")
    again = {row.key: row.urged[0] for row in browser.get("/desk/").context["page"].found}
    assert again[first.key] == "8 月 19 日督办" and again[second.key] == "没有督办过"


def test_all_that_the_home_shows_as_unread_is_marked_read_from_there(at, client):
    """desk.md A8, PNG 22: the supervisor had 46 unread and no button on his home."""
    at("2026-08-19 10:32")
    make_city_team()
    boss = make_supervisor()
    tell_people([boss.pk], "一", "", "/desk/")
    tell_people([boss.pk], "二", "", "/desk/")
    page = html_of(enter(client, boss).get("/desk/"))
    assert "2 条未读" in page
    newest = re.search(r'name="newest" value="(\d+)"', page)[1]
    post(client, "/desk/inbox/read/", newest=newest)
    assert "没有未读的消息" in html_of(client.get("/desk/")) and not boss.inbox.waiting().exists()


def _soon(client, who) -> list[dict]:
    page = enter(client, who).get("/desk/").context["page"]
    return next(group["items"] for group in page.agenda if group["title"].startswith("各单位"))


@pytest.mark.parametrize("make", [make_lead_office, make_observer, make_supervisor])
def test_what_several_units_have_to_do_opens_in_the_calendar_with_nothing_else(at, client, make):
    """五-2b: the button led to a calendar of the city team alone, where none of it stood (issue 16)."""
    at("2026-08-19 10:32")
    make_city_team()
    units = {make_unit("210505", name="南芬分局"), make_unit("210502", name="平山分局")}
    due = workdays.calendar().fixed(date(2026, 8, 24))
    for unit in units:
        AUDIT.open(unit, "FACILITY:2026-07", role=Role.REGISTRAR, title="审核", due=due)
    (item,) = [item for item in _soon(client, make()) if "审核检查对象名录" in item["action"]["label"]]
    assert item["title"].startswith("2 个单位")
    shown = client.get(item["action"]["url"])
    rows = [row for _, those in shown.context["groups"] for row in those]
    assert {row.unit for row in rows} == units
    assert {(row.duty.rule, row.due.date) for row in rows} == {(AUDIT.id, date(2026, 8, 24))}
    whole = client.get("/desk/calendar/" + shown.context["whole_url"])
    assert whole.context["whole_url"] == "" and len(whole.context["groups"][0][1]) > 0


@pytest.mark.parametrize("make", [make_lead_office, make_observer])
def test_what_follows_from_a_result_is_a_line_of_each_unit_that_leads_to_it(at, client, make):
    """案卷成册 of two units: no calendar shows it, and the button led to an empty one (issue 16)."""
    at("2026-08-19 10:32")
    make_city_team()
    checks = [make_published(make_unit(code)) for code in ("210505", "210502")]
    BINDING.duties.delete()
    due = workdays.calendar().fixed(date(2026, 8, 24))
    for check in checks:
        BINDING.open(check.unit, check.no, role=Role.ARCHIVIST, title=f"案卷成册 {check.no}", due=due)
    items = [item for item in _soon(client, make()) if "案卷成册" in item["action"]["label"]]
    assert len(items) == 2
    for item in items:
        (check,) = [c for c in checks if item["title"].startswith(c.unit.short_name)]
        assert "/desk/calendar/" not in item["action"]["url"] and check.unit.code in item["action"]["url"]
        assert client.get(item["action"]["url"]).status_code == 200
