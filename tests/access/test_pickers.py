"""A page that shows one thing shows its quarter and unit in the top bar, whatever else the address says (ui.md 3)."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils.html import escape

from benxi_shuangsuiji.accounts.roles import Role
from tests.access.test_matrix import ARGUMENT, STAFF, address_of, value_for
from tests.accounts.test_access import patterns
from tests.browsing import only_read
from tests.factories import make_city_team, make_unit, make_user

pytestmark = pytest.mark.django_db

# Every address that names a plan, a draw, a check or a summary; a page that comes later is among them by itself.
OF_ONE_QUARTER = [(a, n, v) for a, n, v in STAFF if {"quarter", "draw_id", "no"} & set(ARGUMENT.findall(a))]
OF_ALL_UNITS = {"disclosure:selfcheck-summary"}
PICKER = re.compile(r'<summary><span class="sr">选择(单位|季度)，现在是</span><span>([^<]*)</span>')


def shown(page: str) -> dict[str, str]:
    return dict(PICKER.findall(page))


def test_every_page_of_one_quarter_shows_that_quarter_in_the_picker(client, world, at, papers_as_text):
    at("2026-11-20 10:00")  # the world's things are of the third quarter
    here = [(role, world.unit) for role in Role if role not in (Role.ADMIN_SYSTEM, Role.ADMIN_GRANTS, Role.ADMIN_AUDIT)]
    city = [(role, make_city_team()) for role in (Role.SUPERVISOR, Role.LEAD_OFFICE)]
    client.force_login(make_user((Role.PLANNER, world.other), *here, *city))
    wrong, seen = [], set()
    with only_read():
        for address, name, _ in OF_ONE_QUARTER:
            url, _ = address_of(world, name, address)
            for query in ("", "?quarter=2026Q2&unit=210503"):
                answer = client.get(url + query)
                is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
                pickers = shown(answer.content.decode()) if is_page else {}
                if "季度" not in pickers:
                    break  # the stage, the phone, papers: no picker, whatever the address says
                seen.add(name)
                if name in OF_ALL_UNITS:
                    pickers["单位"] = "明山分局"  # it is of no unit, so that any may stand there
                if pickers != {"季度": "2026 年第三季度", "单位": "明山分局"}:
                    wrong.append((url + query, pickers))
    assert wrong == []
    assert {"plans:plan-detail", "plans:draw-detail", "inspections:task-detail"} <= seen


def test_a_quarter_that_there_is_not_is_said_and_no_other_is_shown_for_it(client, world):
    city = make_city_team()
    client.force_login(make_user((Role.SUPERVISOR, city), (Role.PLANNER, world.unit)))
    for page in (
        "/desk/",
        "/desk/city/",
        "/desk/city/export.xlsx",
        "/desk/city/self-check/",
        "/desk/indicators/",
        "/desk/tasks/",
    ):
        for typed in ("2999Q4", "2099Q1", "2028Q1", "1000Q1", "2024Q4", "2026Q5", "<b>"):
            answer = client.get(page, {"quarter": typed})
            assert (answer.status_code, f"不认识的季度“{escape(typed)}”" in answer.content.decode()) == (404, True), (
                page
            )
        for typed in ("2026q3", "2027Q4"):  # as far as plans can rest on a list
            assert client.get(page, {"quarter": typed}).status_code == 200, page
    calendar = {typed: client.get("/desk/calendar/", {"quarter": typed}) for typed in ("2027Q3", "2027Q4")}
    assert ["下一季度" in answer.content.decode() for answer in calendar.values()] == [True, False]


# What has no argument and begins with the one unit of its reader; found by walking, so that a page that comes later is among them.
PLAIN = [(a, n, v) for a, n, v in STAFF if not ARGUMENT.findall(a)]
OF_A_UNIT = {
    "plans:draw-list",
    "registry:facility-list",
    "registry:inspector-list",
    "registry:facility-export",
    "inspections:task-list",
    "inspections:indicator-list",
    "inspections:frequency-list",
    "inspections:coverage",
    "inspections:desk-home",
    "notices:deadline-list",
}


def refused(client, world, address: str) -> bool:
    """Whether another unit's page is as little there as that of a unit that there is not; both answer alike."""
    asked = [(code, client.get(f"/{address}", {"unit": code})) for code in (world.other.code, "219999")]
    (first, second) = (answer.status_code for _, answer in asked)
    assert first == second, address
    if first != 404 or client.get(f"/{address}", {"unit": world.unit.code}).status_code != 200:
        return False
    return all(f"没有单位“{code}”，或者这个账号不能看" in answer.content.decode() for code, answer in asked)


@pytest.fixture
def of_one_unit(client, world):
    client.force_login(make_user(*((role, world.unit) for role in (Role.PLANNER, Role.APPROVER, Role.REGISTRAR))))


def test_another_units_page_is_as_little_there_as_that_of_no_unit(client, world, of_one_unit):
    """?unit= of another unit showed one's own figures with 200, so that they could be taken for that unit's."""
    with only_read():
        assert {
            name for address, name, _ in PLAIN if name in OF_A_UNIT and refused(client, world, address)
        } == OF_A_UNIT


@pytest.mark.slow("walks")
def test_no_address_tells_another_unit_from_none(client, world, of_one_unit):
    with only_read():
        assert {name for address, name, _ in PLAIN if refused(client, world, address)} >= OF_A_UNIT


def test_the_home_of_the_city_knows_no_unit_that_there_is_not(client, world):
    client.force_login(make_user((Role.SUPERVISOR, make_city_team())))
    assert [client.get("/desk/", {"unit": code}).status_code for code in ("219999", world.unit.code, "")] == [
        404,
        200,
        200,
    ]


def test_the_chosen_unit_is_read_in_one_place():
    """A view that reads it by itself would have to refuse by itself; these three only make an address of it."""
    apps = (
        p
        for app in ("registry", "plans", "inspections", "disclosure", "benxi_shuangsuiji")
        for p in Path(app).rglob("*.py")
    )
    reading = {str(p) for p in apps if re.search(r"""GET(\.get\(|\[)["']unit["']""", p.read_text("utf-8"))}
    only_an_address = {"registry/facilities/list_views.py", "plans/quarterly/views.py", "inspections/desk/views.py"}
    assert reading == {"benxi_shuangsuiji/web/frame.py"} | only_an_address


def test_the_picker_of_a_record_leads_to_its_list_and_the_way_back_keeps_the_quarter(client, world, at):
    at("2026-11-20 10:00")
    client.force_login(make_user((Role.PLANNER, world.unit)))
    page = client.get(f"/desk/plans/{world.unit.code}/2026q3/").content.decode()
    assert 'href="/desk/plans/?unit=210504&amp;quarter=2026Q2"' in page  # the picker
    assert 'href="/desk/draws/?unit=210504&amp;quarter=2026Q3"' in page  # the navigation
    answer = client.get("/desk/plans/?quarter=2026Q2").content.decode()
    assert 'href="?quarter=2026Q4"' in answer  # a list keeps its page
    assert 'href="/desk/draws/?quarter=2026Q2"' in answer


OF_A_TIME = [(a, n) for a, n, _ in patterns() if {"year", "quarter"} & set(ARGUMENT.findall(a))]


def test_no_address_breaks_on_a_year_that_never_was(client, world, at):
    """Staff and public addresses with a year or a quarter in the path (reliability.md F04)."""
    at("2026-11-20 10:00")
    city = [(role, make_city_team()) for role in (Role.SUPERVISOR, Role.LEAD_OFFICE, Role.DISCLOSURE_OFFICER)]
    client.force_login(make_user((Role.PLANNER, world.unit), (Role.ADMIN_SYSTEM, world.unit), *city))
    opened = []
    for year in ("0", "1999", "2024", "2101", "9999", "99999999999"):
        asked = [f"/desk/publish/summary/{year}Q4/"]
        for address, name in OF_A_TIME:
            given = {n: value_for(world, name, n) or 1 for n in ARGUMENT.findall(address)}
            given |= {"year": year, "quarter": f"{year}Q4"}
            asked.append("/" + ARGUMENT.sub(lambda part, given=given: str(given[part[1]]), address))
        with only_read():
            opened += [url for url in asked if client.get(url).status_code not in (403, 404, 405)]
    assert opened == []


@pytest.mark.parametrize(
    "address", ["/desk/plans/210504/1000q1/", "/desk/plans/210504/2024q4/edit/", "/desk/plans/210504/1000q1/draw/"]
)
def test_a_plan_from_before_the_policy_is_not_found(client, address):
    client.force_login(make_user((Role.PLANNER, make_unit())))
    method = client.post if address.endswith("draw/") else client.get
    assert method(address, {"form_key": uuid4()} if method == client.post else {}).status_code == 404


@pytest.mark.parametrize(
    "address", ["/desk/objects/%00/", "/desk/inspectors/a%00b/", "/desk/objects/%00/change/", "/field/%00/"]
)
def test_an_address_with_a_nul_is_not_found(client, address):
    """PostgreSQL takes no NUL, so such a code must not get as far as a query (reliability.md F02)."""
    client.force_login(make_user((Role.REGISTRAR, make_unit()), (Role.INSPECTOR, make_unit())))
    assert client.get(address).status_code == 404


def test_the_summary_of_a_quarter_shows_that_quarter(client, world, at):
    at("2026-11-20 10:00")
    client.force_login(make_user((Role.LEAD_OFFICE, make_city_team())))
    assert shown(client.get("/desk/publish/summary/2026Q3/").content.decode())["季度"] == "2026 年第三季度"
