"""A public page is made once for each state of what is public, and never shows an older one (四(3)-a, 八(二)-c)."""

import gzip
import json
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.accounts import benxi
from benxi_shuangsuiji.accounts.models import CityRecord
from disclosure import kept
from disclosure.models import Act
from plans.draw import actions as draw_actions
from plans.models import SourceKind
from tests.disclosure.factories import make_published_result, make_revision
from tests.disclosure.site.test_public_site import READ_BY_PUBLIC_PAGES
from tests.factories import make_planner, make_unit
from tests.plans.draw.factories import VALUES, agree_on_values, make_sealed_draw, move_clock

pytestmark = pytest.mark.django_db


def made_for(client, path, **headers) -> tuple[bool, bytes]:
    """Whether the page was made for this question, and what it says; a kept one asks the state and nothing else."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path, **headers)
    return len(asked) > 1, answer.content


@pytest.mark.story("O3")
@pytest.mark.promise("P26")
@pytest.mark.clause("四(3)-a")
def test_a_page_is_made_once_and_an_unknown_word_makes_no_other(client, pages_kept):
    result = make_published_result()
    for path in ("/", "/notices/", f"/results/{result.no}/", "/draws/", "/results/", "/data/results.json", "/feed/"):
        first, said = made_for(client, path)
        assert first and made_for(client, path) == (False, said), path
    for odd in ("?utm_source=x", "?x=1&y=2", "?q=1"):
        assert made_for(client, "/" + odd) == (False, client.get("/").content)
    assert made_for(client, "/notices/?page=2&x=1")[0] and not made_for(client, "/notices/?y=3&page=2")[0]
    assert made_for(client, "/results/?q=a&sort=date")[0] and not made_for(client, "/results/?sort=date&q=a")[0]
    assert made_for(client, "/results/?q=b&sort=date")[0] and made_for(client, "/results/?q=a")[0]
    odd = f"utm_source=x&{'y' * 500}=1"
    for path, known in (
        ("/results/", "q=a"),
        ("/enterprises/", "never=1"),
        ("/statistics/", "by=district"),
        ("/draws/", "quarter=2026Q3"),
    ):
        said = client.get(f"{path}?{known}").content
        assert made_for(client, f"{path}?{odd}&{known}") == (False, said) and b"utm" not in said, path
        said = client.get(path).content
        assert made_for(client, f"{path}?{odd}") == (False, said), path
    assert "x=1" not in client.get("/notices/?page=3&x=1").content.decode()  # not even in the address that is printed


def test_another_size_of_type_and_another_host_have_pages_of_their_own(pages_kept, settings):
    settings.ALLOWED_HOSTS = ["*"]
    small, large = Client(), Client()
    large.cookies["size"] = "large"
    assert b'data-size="large"' not in small.get("/contact/").content
    assert b'data-size="large"' in large.get("/contact/").content
    assert b'data-size="large"' not in small.get("/contact/").content
    assert b"//elsewhere/contact/" in small.get("/contact/", HTTP_HOST="elsewhere").content
    assert b"elsewhere" not in small.get("/contact/").content
    settings.PUBLIC_HOST = "gongshi.example"
    said = small.get("/contact/").content
    assert b"//gongshi.example/contact/" in said
    for host in ("elsewhere", "ELSEWHERE", "elsewhere:1", "elsewhere."):
        assert made_for(small, "/contact/", HTTP_HOST=host) == (False, said), host
    assert small.get("/data/", HTTP_HOST="elsewhere").content.count(b"elsewhere") == 0


@pytest.mark.story("O15")
@pytest.mark.parametrize("header", ["gzip", "br, gzip;q=0.5", "gzip, deflate, br, zstd"])
def test_who_takes_it_packed_gets_it_packed_and_the_same(client, pages_kept, header):
    plain = client.get("/")
    packed = client.get("/", HTTP_ACCEPT_ENCODING=header)
    assert packed["Content-Encoding"] == "gzip" and gzip.decompress(packed.content) == plain.content
    assert plain["Vary"] == packed["Vary"] == "Cookie, Accept-Encoding" and packed["ETag"] == f"W/{plain['ETag']}"
    assert client.get("/", HTTP_ACCEPT_ENCODING=header, HTTP_IF_NONE_MATCH=packed["ETag"]).status_code == 304
    assert "Content-Encoding" not in client.get("/", HTTP_ACCEPT_ENCODING="gzip;q=0, br")


@pytest.mark.clause("八(二)-c")
def test_a_correction_and_a_withdrawal_show_at_the_next_question_and_sealed_words_are_kept_nowhere(client, pages_kept):
    result = make_published_result(problem="标签缺项 2 处")
    pages = ["/results/", f"/results/{result.no}/", f"/results/{result.no}/1/", "/data/results.json", f"/enterprises/{result.facility_code}/"]  # fmt: skip
    for path in [*pages, f"/results/{result.no}/snapshot.json"]:
        assert client.get(path).status_code == client.get(path).status_code == 200
    corrected = make_revision(result, words={"finding": "标签缺项 3 处"})
    assert "标签缺项 3 处" in client.get(f"/results/{result.no}/").content.decode()
    make_revision(corrected, Act.WITHDRAW)
    for path in (f"/results/{result.no}/", f"/results/{result.no}/1/", f"/results/{result.no}/snapshot.json"):
        assert [client.get(path).status_code for _ in range(2)] == [410, 410], path
    assert result.facility_name not in client.get("/results/").content.decode()
    words = ["标签缺项", result.facility_name, json.dumps(result.facility_name)[1:-1]]
    for page in pages_kept._pages.values():
        said = (gzip.decompress(page.packed) if page.plain is None else page.plain).decode("utf-8", "replace")
        assert [w for w in words if w in said] == []


def test_a_value_a_draw_and_its_release_show_at_the_next_question(at, pages_kept):
    at("2026-07-06 10:00")
    client, draw = Client(), make_sealed_draw(make_unit("210503"))
    path = f"/draws/{draw.draw_id}/"

    def said():
        client.get(path)
        return client.get(path).content.decode()

    number = VALUES[SourceKind.LOTTERY].split(",")[0]
    assert "已封存" in said() and f"/draws/{draw.draw_id}/result.txt" not in said()
    before = said()
    agree_on_values(draw)
    assert said() != before and number in said()
    draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))
    assert "已抽取" in said() and f"/draws/{draw.draw_id}/result.txt" not in said()
    draw.refresh_from_db()
    move_clock(draw.release_at)
    draw_actions.release_draw(draw=draw)
    assert f"/draws/{draw.draw_id}/result.txt" in said()


def test_a_day_a_minute_and_a_units_new_name_show_at_the_next_question(at, pages_kept):
    at("2026-07-12 23:59")
    client, unit = Client(), make_unit("210503")
    assert [made_for(client, "/draws/")[0] for _ in range(2)] == [True, False]
    assert "逾期 7 天" in client.get("/").content.decode()
    at("2026-07-13 00:00")
    assert "逾期 8 天" in client.get("/").content.decode()
    unit.short_name = "溪河分局"
    unit.save()
    assert "溪河分局" in client.get("/").content.decode()
    # Who is told the minute gets a page of that minute; the others stay.
    draw, page = make_sealed_draw(make_unit("210505")), "/contact/"
    assert made_for(client, f"/draws/{draw.draw_id}/")[0] and not made_for(client, f"/draws/{draw.draw_id}/")[0]
    client.get(page)
    at("2026-07-13 00:01")
    assert made_for(client, f"/draws/{draw.draw_id}/")[0]


def test_a_page_made_with_names_that_the_process_still_knew_goes_with_them(client, pages_kept, city_by_data):
    """Between a change of the names and the moment at which this process reads them, its pages are of the new state."""
    benxi.establish()
    assert "本溪市" in client.get("/contact/").content.decode()
    record = CityRecord.objects.get()
    record.facts |= {"site": "溪山双随机公示"}
    record.save()  # as another process has carried it out: this one goes on by what it read
    assert made_for(client, "/contact/")[0] and "溪山双随机公示" not in client.get("/contact/").content.decode()
    city_by_data.forget()  # its seconds are over
    assert "溪山双随机公示" in client.get("/contact/").content.decode()


def test_the_state_is_asked_at_most_once_a_second(client, pages_kept, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(kept, "ASK_AGAIN", 1.0)
    monkeypatch.setattr(kept, "monotonic", lambda: now[0])
    made_for(client, "/")
    with CaptureQueriesContext(connection) as asked:
        assert [client.get("/").status_code for _ in range(5)] == [200] * 5
    assert len(asked) == 0
    make_published_result()
    now[0] += 1
    assert made_for(client, "/")[0]


def test_no_more_is_kept_than_there_is_room_for_and_nothing_of_another_state(client, pages_kept, settings, monkeypatch):
    settings.PUBLIC_PAGES_MIB = 0.05
    for page in range(2, 30):
        client.get(f"/notices/?page={page}")
    assert 0 < pages_kept._bytes <= 0.05 * 2**20 and pages_kept._bytes == sum(
        p.size for p in pages_kept._pages.values()
    )
    assert not made_for(client, "/notices/?page=29")[0] and made_for(client, "/notices/?page=2")[0]
    monkeypatch.setattr(kept, "LARGEST", 10)
    assert [made_for(client, "/contact/")[0] for _ in range(2)] == [True, True]
    monkeypatch.undo()
    request = RequestFactory().get("/")
    request.GET = kept.Asked(request.GET)
    earlier, page = pages_kept.state(), next(iter(pages_kept._pages.values()))
    pages_kept.clear()
    make_published_result()
    pages_kept.state()
    pages_kept.put(earlier, kept.ask, request, page)  # made of what was public before, and ready only now
    assert not pages_kept._pages


def test_a_long_address_and_what_is_not_there_are_not_kept(client, pages_kept):
    assert [made_for(client, f"/results/?q={'a' * 500}")[0] for _ in range(2)] == [True, True]
    assert client.get("/results/nobody/").status_code == 404
    assert not [place for place in pages_kept._pages if "nobody" in place[0] or "a" * 99 in str(place)]


def test_every_change_of_what_a_public_page_reads_is_seen():
    """Registernode: only with a checkpoint; publications and the rows of rosters: with their entry. A room that reads more says so on its nameplate."""
    unseen = {"disclosure_publication", "disclosure_registernode", "disclosure_rosterrow", "demo_clock"}
    beside = {"accounts_cityrecord"}  # the names of the place: read once a process, and not by the page
    assert (READ_BY_PUBLIC_PAGES - unseen) | beside == set(subjects.house().shows)


def test_what_was_read_from_one_server_is_not_kept_for_pages_of_another(client, pages_kept):
    """Decision 0069: a page that was begun before everybody went over to the other server."""
    client.get("/")
    begun, page = pages_kept.state(), next(iter(pages_kept._pages.values()))
    pages_kept.clear()
    pages_kept._state = replace(begun, known=(*begun.known[:-1], "replica"), source="replica")
    read = []
    assert [pages_kept.once(lambda: read.append(1) or len(read)) for _ in range(2)] == [1, 2]
    request = RequestFactory().get("/")
    request.GET = kept.Asked(request.GET)
    pages_kept.put(begun, kept.ask, request, page)
    assert not pages_kept._pages and not pages_kept._facts and begun.key != pages_kept._state.key
