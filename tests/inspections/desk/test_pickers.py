"""The pickers of the frame name the extent of what the page shows, never the reader's own unit beside figures of all (issue 16)."""

import re

import pytest

from tests.browsing import enter
from tests.factories import make_city_team, make_lead_office, make_planner, make_unit

pytestmark = pytest.mark.django_db

ALWAYS = [
    "/desk/city/",
    "/desk/city/plans/",
    "/desk/city/draws/",
    "/desk/city/results/",
    "/desk/city/provincial/",
    "/desk/city/self-check/",
    "/desk/trend/",
]
BY_SCOPE = ["/desk/indicators/", "/desk/indicators/k7/", "/desk/analysis/", "/desk/fairness/"]


def named(client, path: str) -> tuple[str, str]:
    """What the pickers say, and the whole bar."""
    bar = client.get(path).content.decode().partition('role="search"')[0]
    found = re.search(r'现在是</span><span>([^<]*)</span>|<span class="pick-one">([^<]*)</span>', bar)
    return found[1] or found[2], bar


@pytest.fixture
def lead(at, client):
    at("2026-08-19 10:32")
    make_city_team()
    for code, name in (("210505", "南芬分局"), ("210502", "平山分局")):
        make_planner(make_unit(code, name=name))
    return enter(client, make_lead_office())


@pytest.mark.parametrize("path", ALWAYS)
def test_a_page_of_all_units_is_called_so_whatever_unit_the_address_carries(lead, path):
    assert named(lead, f"{path}?quarter=2026Q3")[0] == "全市"
    assert named(lead, f"{path}?quarter=2026Q3&unit=210505")[0] == "全市"


@pytest.mark.parametrize("path", BY_SCOPE)
def test_where_the_address_says_all_a_unit_is_chosen_by_leaving_that_out(lead, path):
    said, bar = named(lead, f"{path}?quarter=2026Q3&unit=210505&scope=city")

    assert said == "全市"
    (url,) = re.findall(r'href="(\?[^"]*unit=210502[^"]*)"', bar)
    assert "scope" not in url and named(lead, path + url.replace("&amp;", "&"))[0] == "平山分局"


def test_a_page_of_one_unit_names_that_unit(lead):
    assert named(lead, "/desk/indicators/?quarter=2026Q3&unit=210505")[0] == "南芬分局"
