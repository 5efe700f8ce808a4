"""Looking for a facility with whatever somebody can type or copy: a page, never an error, and the right one (四(3)-e)."""

import pytest
from django.test import Client

from tests.disclosure.factories import make_published_result
from tests.factories import make_facility, make_unit
from tests.plans.draw.factories import make_sealed_draw

CODE, USCC, NAME = "BX-00777", "91210504MA0UTQ2T1K", "枫岭印染有限公司"
LRM, RLO, ZWSP, BOM = "\u200e", "\u202e", "\u200b", "\ufeff"
# What is typed → whether the page of the one facility is what comes of it.
LEADS_THERE = [
    CODE.lower(),
    USCC.lower(),
    f" {USCC} ",
    f"{LRM}{USCC}{LRM}",
    f"{BOM}{NAME}{ZWSP}",
    f"枫岭{ZWSP}印染有限公司",
    f"{RLO}枫岭染织厂",
    "ＢＸ－００７７７",
    "ｂｘ－００７７７",
    "９１２１０５０４ＭＡ０ＵＴＱ２Ｔ１Ｋ",
    "枫岭染织厂",
    f"{NAME}\x00",
]
# Nothing of that name, near or not; and nothing that breaks.
NOTHING = [
    "枫" * 5_000,
    "%" * 300,
    "_" * 50,
    "'; DROP TABLE disclosure_publication; --",
    "<script>alert(1)</script>",
    "\\",
    "{}[]()*+?^$|.",
    "%00",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    RLO * 40,
    "e\u0301" * 60,
    "🏭" * 40,
    "1e999",
    "-1",
    "null",
]


@pytest.fixture
def place(at):
    at("2026-07-06 10:00")
    unit = make_unit("210504")
    found = make_facility(
        unit, code=CODE, name=NAME, uscc=USCC, former_names=["枫岭染织厂"], address="明山区枫桥路 49 号"
    )
    make_sealed_draw(unit)
    make_published_result(unit, facility=found)
    return f"/enterprises/{CODE}/"


@pytest.mark.clause("四(3)-a", "四(3)-e")
def test_what_is_copied_with_marks_case_and_full_width_leads_to_its_page(place):
    client = Client()
    for typed in LEADS_THERE:
        answer = client.get("/enterprises/", {"q": typed})
        assert answer.status_code == 302 and answer["Location"] == place, ascii(typed)
        assert place in client.get("/enterprises/", {"q": typed, "district": "明山区"}).content.decode() or (
            client.get("/enterprises/", {"q": typed, "district": "明山区"})["Location"] == place
        ), ascii(typed)
    for typed in (CODE.lower(), USCC, USCC.lower(), "枫岭染织厂", "ＢＸ－００７７７"):
        assert client.get(f"/enterprises/{typed}/")["Location"] == place, typed
        assert client.get(f"/enterprises/{typed}.json")["Location"] == f"{place[:-1]}.json", typed
    for typed in (f"{LRM}枫岭", "ＭＡ０ＵＴＱ", f"{ZWSP}{USCC}"):
        (row,) = client.get("/results/", {"q": typed}).context["rows"]
        assert row["p"].facility_code == CODE, ascii(typed)


@pytest.mark.clause("四(3)-e")
def test_nothing_that_is_typed_breaks_a_page_or_a_file(place):
    client = Client()
    client.raise_request_exception = False
    lists = (
        "/enterprises/",
        "/results/",
        "/data/facilities.csv",
        "/data/results.json",
        "/results/export.csv",
        "/corrections/new/",
    )
    for typed in NOTHING:
        for path in lists:
            answer = client.get(path, {"record" if "new" in path else "q": typed})
            assert answer.status_code in (200, 400, 404), (path, ascii(typed[:20]), answer.status_code)
            said = answer.getvalue().decode()
            assert "<script>alert" not in said, (path, ascii(typed[:20]))
    for path in (
        "%00",
        "x%00",
        "枫" * 300,
        "..%2f..%2fetc%2fpasswd",
        "%ff%fe",
        "%E2%80%AE" * 12,
        "a" * 4_000,
        "%25",
        "*",
    ):
        for ending in ("/", ".json", "/feed/"):
            answer = client.get(f"/enterprises/{path}{ending}")
            assert answer.status_code == 404, (path[:20], ending, answer.status_code)
