"""Feeds of city, unit, enterprise and of one objection: what became public, as RFC 4287 has it (四(3)-e)."""

import pytest

from tests.disclosure.factories import make_published_plan, make_published_result, make_revision
from tests.disclosure.objections.factories import decide, make_objection, propose
from tests.disclosure.opendata import atom
from tests.factories import make_unit
from tests.plans.draw.factories import make_sealed_draw

pytestmark = pytest.mark.django_db


@pytest.mark.clause("四(3)-e")
def test_every_feed_is_valid_and_no_entry_ever_changes(client, at):
    at("2026-07-06 10:00")
    empty = client.get("/feed/").content
    assert atom.faults(empty) == [] and atom.titles(empty) == []
    unit = make_unit()
    first, second = make_published_result(unit), make_published_result(make_unit("210503"))
    make_sealed_draw(make_unit("210505"))  # a roster of every enterprise becomes public with it
    objection = make_objection(first)

    def read() -> dict[str, bytes]:
        places = ["/feed/", *(f"/feed/{code}/" for code in ("210504", "210503", "210505"))]
        places += [f"/enterprises/{code}/feed/" for code in (first.facility_code,)]
        found = {}
        for place in [*places, f"/corrections/{objection.receipt}/feed/"]:
            answer = client.get(place)
            assert answer["Content-Type"] == "application/atom+xml; charset=utf-8" and answer["ETag"]
            assert atom.faults(answer.content) == [], place
            found[place] = answer.content
        return found

    before = read()
    at("2026-07-08 10:00")
    make_revision(first, words={"finding": "现场台账缺 3 月一页"})
    make_revision(second, "WITHDRAW")
    make_published_plan(unit)
    decide(propose(objection))
    after = read()

    for place, feed in before.items():
        kept = {i: entry for i, entry in atom.entries(feed).items() if second.title.encode() not in entry}
        told = atom.entries(after[place])
        withdrawn = kept.keys() - told.keys()
        assert {i: told[i] for i in kept.keys() & told.keys()} == {i: kept[i] for i in kept.keys() & told.keys()}, place
        # What is withdrawn is gone everywhere; of an enterprise what holds is told.
        assert not withdrawn or place in ("/feed/", "/feed/210503/") or "enterprises" in place
    city = atom.titles(after["/feed/"])
    assert f"{first.title}已更正" in city and [t for t in city if t.endswith("已撤下")] and second.title not in city
    assert atom.titles(before[f"/feed/{first.unit_code}/"])[-1] == first.title
    course = atom.titles(after[f"/corrections/{objection.receipt}/feed/"])
    assert [t.partition(" ")[2].partition("，")[0] for t in course] == ["公开决定", "核查完毕", "受理"]
    for nobody in ("/feed/999999/", "/enterprises/NOBODY/feed/", "/corrections/YY2026-9999/feed/"):
        assert client.get(nobody).status_code == 404


@pytest.mark.clause("四(3)-e")
def test_the_rules_of_a_feed_are_told_from_one_another(client):
    make_published_result()
    feed = client.get("/feed/").content.decode()
    for old, new in {
        "<author>": "<rights>x</rights><author>",
        "<updated>2026": "<updated>26",
        'href="http://testserver/results': 'href="/results',
        "urn:sha256:": "",
        'rel="self"': 'rel="alternate"',
        "<entry>": "<entry><pubDate>1</pubDate>",
        'xml:lang="zh-CN"': "",
    }.items():
        assert old in feed and atom.faults(feed.replace(old, new).encode()), old
