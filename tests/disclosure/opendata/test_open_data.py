"""Open data for machines: what is asked is what comes, or a refusal; nothing is secret in any of it (四(3)-e)."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.urls import reverse

from disclosure.models import Publication
from disclosure.opendata import api_views, machine_views, rows
from disclosure.register import pub1
from tests.disclosure.factories import make_published_list, make_published_plan, make_published_result, make_revision
from tests.disclosure.objections.factories import make_objection
from tests.disclosure.opendata.descriptions import faults
from tests.factories import make_city_team, make_facility, make_unit
from tests.plans.draw.factories import make_held_draw, make_sealed_draw

pytestmark = pytest.mark.django_db
MISSPELT = ["quarter=2026Q9", "quarter=2026-Q2", "category=KEY", "outcome=FOUND", "unit=999", "district=明山", "on=31.7.2026", "seit=1", "sort=name", "from=1.7.2026", "to=x", "source=draw"]  # fmt: skip


@pytest.mark.clause("四(3)-e")
@pytest.mark.parametrize("asked", MISSPELT)
def test_a_condition_that_nobody_knows_is_said_on_the_page_and_refused_by_every_file(client, asked):
    make_published_result()
    name = asked.partition("=")[0]
    for path in ("results/export.csv", "results/export.xlsx", "data/results.json", "data/results.jsonl"):
        answer = client.get(f"/{path}?{asked}")
        assert answer.status_code == 400, path
        assert [u["name"] for u in answer.json()["unknown"]] == [name] and answer.json()["unknown"][0]["allowed"]
    assert client.get(f"/results/followups.csv?{asked}").status_code == 400  # it has no conditions
    page = client.get(f"/results/?{asked}")  # which gets no name that it does not know
    assert page.status_code == 200 and (f"不认识的条件：{asked}，没有使用" in page.content.decode()) == (name != "seit")


@pytest.mark.clause("四(3)-e")
def test_day_source_item_and_unit_ask_the_same_of_page_api_and_file(client, at, pages_kept):
    at("2026-07-06 10:00")
    make_published_list(unit=make_city_team())
    unit, other = make_unit(), make_unit("210503")
    drawn, complaint = make_published_result(unit), make_published_result(other, no="210503-2026Q3-T001")
    item, day = drawn.snapshot["items"][0]["code"], drawn.checked_on
    page = client.get("/results/").content.decode()
    assert re.search(f'<option value="{unit.code}"[^>]*>{unit.short_name}</option>', page), re.findall(
        "<option.*", page
    )
    assert client.get("/data/results.json?item=nothing").json()["unknown"][0]["allowed"]
    both, none = {drawn.no, complaint.no}, set()
    for asked, found in {
        f"from={day}": both,
        f"to={day - timedelta(days=1)}": none,
        f"from={day}&to={day}&unit={unit.code}": {drawn.no},
        f"source={'random' if drawn.draw else 'other'}": {r.no for r in (drawn, complaint) if bool(r.draw) == bool(drawn.draw)},
        f"item={item}": {r.no for r in (drawn, complaint) if item in {i["code"] for i in r.snapshot["items"]}},
        "outcome=CASE_FILED&source=random": none,
    }.items():  # fmt: skip
        shown = client.get(f"/results/?{asked}").content.decode()
        assert {no for no in both if f"/results/{no}/" in shown} == found, asked
        assert f"<b>{len(found)}</b> 条结果" in shown, asked
        assert {r["no"] for r in client.get(f"/data/results.json?{asked}").json()["results"]} == found, asked
        lines = client.get(f"/results/export.csv?{asked}").getvalue().decode().splitlines()[1:]
        assert {line.partition(",")[0] for line in lines} == found, asked


@pytest.mark.clause("四(3)-e")
def test_the_list_leads_through_everything_once_in_the_order_of_the_log(client, monkeypatch):
    monkeypatch.setattr(api_views, "PAGE", 2)
    unit = make_unit()
    made = [make_published_result(unit) for _ in range(5)]
    corrected = make_revision(made[0], words={"finding": "标签缺项 3 处"})

    found, url = [], reverse("disclosure:results-json") + f"?unit={unit.code}&district={made[0].district}"
    while url:
        answer = client.get(url)
        assert answer["Access-Control-Allow-Origin"] == "*"
        said = answer.json()
        found += said["results"]
        url = said.get("next", "").removeprefix("http://testserver")
    assert [row["no"] for row in found] == [p.no for p in [*made[1:], corrected]]
    assert [wrong for row in found if (wrong := faults(row, rows.SCHEMA))] == []
    text = client.get(found[-1]["text"].removeprefix("http://testserver")).content
    assert pub1.digest(text) == found[-1]["digest"] == corrected.digest
    assert client.get(f"/data/results.json?after={corrected.entry.index}").json()["results"] == []
    assert client.get("/data/results.json?after=x").status_code == 400


@pytest.mark.clause("四(3)-e")
def test_the_texts_are_those_of_the_log_and_none_is_missing(client):
    unit = make_unit()
    made = [make_published_result(unit) for _ in range(3)]
    make_revision(made[1], "WITHDRAW")

    lines = b"".join(client.get("/data/results.jsonl").streaming_content)

    assert [json.loads(line)["no"] for line in lines.splitlines()] == [made[0].no, made[2].no]
    assert all(line.decode() in {p.text for p in Publication.objects.all()} for line in lines.splitlines())


@pytest.mark.clause("四(3)-e")
def test_an_enterprise_is_found_by_the_code_that_everybody_knows(client):
    unit = make_unit()
    one = make_facility(unit, name="本溪枫岭焦化有限公司", uscc="91210504MA0UTQ2T1K")
    result = make_published_result(unit, facility=one)

    for code in (one.code.lower(), "91210504MA0UTQ2T1K", "91210504ma0utq2t1k"):
        assert client.get(f"/enterprises/{code}/")["Location"] == f"/enterprises/{one.code}/"
        assert client.get(f"/enterprises/{code}.json")["Location"] == f"/enterprises/{one.code}.json"
    said = client.get(f"/enterprises/{one.code}.json").json()
    assert (said["facility"]["name"], [r["no"] for r in said["results"]]) == ("本溪枫岭焦化有限公司", [result.no])
    other = make_facility(unit, name="本溪枫岭焦化有限公司二厂", uscc="91210504MA0UTQ2T1K", permit_no="")
    make_published_result(unit, facility=other)
    assert client.get("/enterprises/91210504MA0UTQ2T1K/")["Location"] == "/enterprises/?q=91210504MA0UTQ2T1K"
    assert client.get("/enterprises/NOBODY.json").status_code == client.get("/enterprises/NOBODY/").status_code == 404


def test_machines_are_told_where_to_look_and_where_not(client):
    result = make_published_result()
    make_sealed_draw(key=0, general=1, special=0)
    make_published_plan(make_unit("210503"))
    asked = make_objection(result)

    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /desk/" in robots and "Sitemap: http://testserver/sitemap.xml" in robots
    places = [place for part in located(client, "/sitemap.xml") for place in located(client, part)]
    lasting = {f"/results/{result.no}/", f"/corrections/{asked.receipt}/", "/guide/", "/verify/chain/"}
    lasting |= {
        reverse(f"disclosure:{kind}", args=args)
        for kind, args in (("roster", ["210504-2026Q3"]), ("plan", ["2026q3", "210503"]))
    }
    assert sorted({f"http://testserver{page}" for page in lasting} - set(places)) == []
    assert all(client.get(place.removeprefix("http://testserver")).status_code == 200 for place in places)
    assert "Expires: " in client.get("/.well-known/security.txt").content.decode()
    assert client.get("/favicon.ico").status_code == 301
    page = client.get(f"/results/{result.no}/?x=1").content.decode()
    assert re.findall(r'rel="canonical"\s+href="([^"]*)"', page) == [f"http://testserver/results/{result.no}/"]
    assert not [place for place in places if "/desk/" in place]


def located(client, address: str) -> list[str]:
    sitemap = ET.fromstring(client.get(address.removeprefix("http://testserver")).content)
    return [loc.text for loc in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_a_sitemap_is_cut_into_parts_and_every_page_is_in_one(client, monkeypatch):
    made = [make_published_result() for _ in range(5)]
    monkeypatch.setattr(machine_views, "MOST", 2)
    parts = [part for part in located(client, "/sitemap.xml") if "sitemap-results-" in part]
    found = [located(client, part) for part in parts]
    assert [len(part) for part in found] == [2, 2, 1]
    assert [place for part in found for place in part] == [f"http://testserver/results/{p.no}/" for p in made]
    for beyond in ("results-4", "results-0", "staff-1", "pages-99"):
        assert client.get(f"/sitemap-{beyond}.xml").status_code == 404


@pytest.mark.clause("四(3)-e")
def test_every_file_of_the_catalogue_opens_and_is_described_where_it_says(client):
    make_held_draw(make_unit("210503"), released=True)
    make_published_result()
    said = client.get("/data/catalog.jsonld").json()
    assert said["dct:license"] == rows.LICENCE and said["dct:modified"]
    files = [file for one in said["dcat:dataset"] for file in one["dcat:distribution"]]
    assert len(files) >= 10 and any(file["dcat:downloadURL"].endswith("/verify/history/2026.json") for file in files)
    service = said["dcat:service"]
    addresses = [
        file[name]
        for file in files
        for name in ("dcat:downloadURL", "dcat:accessURL", "dct:conformsTo")
        if name in file
    ]
    for address in {
        *addresses,
        *(service[n] for n in ("dcat:endpointURL", "dcat:endpointDescription", "dct:conformsTo")),
    }:
        assert address.startswith("http://testserver/") and whole(client.get(address)).status_code == 200, address
    for file in files:
        kind = whole(client.get(file["dcat:downloadURL"]))["Content-Type"].partition(";")[0]
        assert kind == file["dcat:mediaType"], file


def whole(answer):
    """The answer, read to its end: what is left in the middle holds its transaction until it is collected, in another test."""
    assert answer.getvalue()
    return answer
