"""A page that shows one thing shows its quarter and unit in the top bar, whatever else the address says (ui.md 3)."""

import re

import pytest

from benxi_shuangsuiji.accounts.roles import Role
from tests.factories import make_city_team, make_user

from .test_matrix import ARGUMENT, STAFF, address_of
from .world import make_world

pytestmark = pytest.mark.django_db

# Every address that names a plan, a draw, a check or a summary; a page that comes later is among them by itself.
OF_ONE_QUARTER = [(a, n, v) for a, n, v in STAFF if {"quarter", "draw_id", "no"} & set(ARGUMENT.findall(a))]
PICKER = re.compile(r'<summary><span class="sr">选择(单位|季度)，现在是</span><span>([^<]*)</span>')


def shown(page: str) -> dict[str, str]:
    return dict(PICKER.findall(page))


def test_every_page_of_one_quarter_shows_that_quarter_in_the_picker(client, at):
    world = make_world()
    at("2026-11-20 10:00")  # the world's things are of the third quarter
    here = [(role, world.unit) for role in Role if role not in (Role.ADMIN_SYSTEM, Role.ADMIN_GRANTS, Role.ADMIN_AUDIT)]
    city = [(role, make_city_team()) for role in (Role.SUPERVISOR, Role.LEAD_OFFICE)]
    client.force_login(make_user((Role.PLANNER, world.other), *here, *city))
    wrong, seen = [], set()
    for address, name, _ in OF_ONE_QUARTER:
        url, _ = address_of(world, name, address)
        for query in ("", "?quarter=2026Q2&unit=210503"):
            answer = client.get(url + query)
            is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
            pickers = shown(answer.content.decode()) if is_page else {}
            if "季度" not in pickers:
                continue  # the stage, the phone, papers: no picker
            seen.add(name)
            if pickers != {"季度": "2026 年第三季度", "单位": "明山分局"}:
                wrong.append((url + query, pickers))
    assert wrong == []
    assert {"plans:plan-detail", "plans:draw-detail", "inspections:task-detail"} <= seen


def test_the_picker_of_a_record_leads_to_its_list_and_the_way_back_keeps_the_quarter(client, at):
    world = make_world()
    at("2026-11-20 10:00")
    client.force_login(make_user((Role.PLANNER, world.unit)))
    page = client.get(f"/desk/plans/{world.unit.code}/2026q3/").content.decode()
    assert 'href="/desk/plans/?unit=210504&amp;quarter=2026Q2"' in page  # the picker
    assert 'href="/desk/draws/?unit=210504&amp;quarter=2026Q3"' in page  # the navigation
    answer = client.get("/desk/plans/?quarter=2026Q2").content.decode()
    assert 'href="?quarter=2026Q4"' in answer  # a list keeps its page
    assert 'href="/desk/draws/?quarter=2026Q2"' in answer


def test_the_summary_of_a_quarter_shows_that_quarter(client, at):
    make_world()
    at("2026-11-20 10:00")
    client.force_login(make_user((Role.LEAD_OFFICE, make_city_team())))
    assert shown(client.get("/desk/publish/summary/2026Q3/").content.decode())["季度"] == "2026 年第三季度"
