"""The public site: only what is published, without a cookie, cacheable, and steady under odd addresses (四(3))."""

import gzip
import re
from html import unescape
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.database import checks, shown
from benxi_shuangsuiji.database.logins import PUBLIC
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure import digests, words
from disclosure.draws import documents as public_documents
from disclosure.draws import tickets
from disclosure.models import Objection
from disclosure.publishing import actions
from inspections.models import Answer, Mode, Outcome
from plans.draw import ssj1
from plans.filings import actions as plans_actions
from plans.models import QuarterlyPlan
from registry.models import Category
from tests.accounts.test_access import patterns
from tests.browsing import untimed
from tests.disclosure.factories import make_published_list, make_published_plan, make_published_result
from tests.disclosure.objections.factories import decide, make_objection, propose
from tests.disclosure.site import structure
from tests.factories import (
    make_city_team,
    make_disclosure_officer,
    make_facility,
    make_planner,
    make_unit,
    make_user,
)
from tests.inspections.factories import make_dispatched, make_reviewed
from tests.plans.draw.factories import make_held_draw, make_sealed_draw
from tests.plans.factories import make_branch, make_plan
from tests.test_layers import imports_of
from tests.test_rooms import MODULES

ROOT = Path(__file__).resolve().parents[3]
STANDING = [
    "/",
    "/items/",
    "/plans/",
    "/draws/",
    "/results/",
    "/results/export.csv",
    "/results/export.xlsx",
    "/enterprises/",
    "/verify/",
    "/verify/algorithm/",
    "/verify/ssj1.py",
    "/verify/ssj1.js",
    "/verify/chain/",
    "/verify/register/",
    "/verify/register/own/",
    "/data/",
    "/data/fields/",
    "/data/facilities.csv",
    "/data/sha256sums.txt",
    "/statistics/tables.xlsx",
    "/data/schema/register.json",
    "/data/catalog.jsonld",
    "/data/schema/texts/result.json",
    "/statistics/",
    *(f"/statistics/{table}.{form}" for table in ("rates", "found", "never", "evenness") for form in ("csv", "json")),
    "/statistics/self-check/",
    "/statistics/self-check.csv",
    "/statistics/self-check.json",
    "/notices/",
    "/notices/revisions/",
    "/corrections/",
    "/accessibility/",
    "/contact/",
    "/guide/",
    "/data/units.json",
]


def make_public_summary(quarter):
    """The summary of what is public so far, while the units of this test are all that there are."""
    lead = make_user((Role.LEAD_OFFICE, make_city_team()))
    for unit in Unit.objects.drawing():
        if not unit.plans.of(quarter).exists():
            make_published_plan(unit)
    for plan in QuarterlyPlan.objects.of(quarter).filter(received_at=None):
        plans_actions.receive_plan(plan=plan, by=lead)
    return actions.publish_plan_summary(quarter=quarter, by=lead)


def everything(at) -> list[str]:
    """Addresses of every kind of public page, each with something on it."""
    at("2026-07-06 10:00")
    result = make_published_result(problem="标签缺项 2 处")
    item_list = make_published_list()
    plan = make_published_plan(make_branch(code="210502"))
    make_public_summary(Quarter(2026, 3))
    sealed = make_sealed_draw(make_unit("210505"))
    drawn = make_held_draw(make_unit("210503"), released=True)
    return [
        *STANDING,
        f"/items/{item_list.year}/",
        f"/items/{item_list.year}/{item_list.unit_code}/1/",
        f"/items/{item_list.no}/snapshot.json",
        f"/items/{item_list.no}/1/snapshot.json",
        "/plans/2026q3/",
        "/plans/2026q3/210502/",
        "/plans/2026q3/210502/1/",
        f"/plans/{plan.no}/snapshot.json",
        f"/plans/{plan.no}/1/snapshot.json",
        f"/papers/plan/{plan.no}/1.docx",
        "/plans/2026q3/summary/1/snapshot.json",
        "/draws/210502-2026Q3-01/",
        *(f"/draws/{d.draw_id}/{page}" for d in (sealed, drawn) for page in ("", "bundle.json", "manifest.txt", "changes/", "frames/", "frames/key/", "frames/key.txt")),
        f"/draws/{drawn.draw_id}/seed.txt",
        f"/draws/{drawn.draw_id}/result.txt",
        f"/draws/{drawn.draw_id}/roster.txt",
        f"/draws/{drawn.draw_id}/tickets.csv",
        f"/draws/{drawn.draw_id}/sha256sums.txt",
        f"/draws/{drawn.draw_id}/?list=general&all=1",
        f"/draws/{drawn.draw_id}/?code=nobody",
        "/verify/history/2026.json",
        f"/results/{result.no}/",
        f"/results/{result.no}/snapshot.json",
        f"/results/{result.no}/1/",
        f"/results/{result.no}/1/snapshot.json",
        f"/enterprises/{result.facility_code}/",
        f"/corrections/{decide(propose(make_objection(result))).no}/",
        f"/corrections/{make_objection(plan).receipt}/",
        f"/corrections/{Objection.objects.last().receipt}/feed/",
        f"/enterprises/{drawn.picks.first().facility.code}/",
        f"/enterprises/{drawn.picks.first().facility.code}.json",
        "/registers/210505-2026Q3/",
        "/registers/210505-2026Q3/v1.json",
        "/verify/chain/1.txt",
    ]  # fmt: skip


# --- open, light, without a trace -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("path", STANDING)
def test_every_standing_page_opens_on_an_empty_system(path):
    response = Client().get(path)
    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.promise("P08")
@pytest.mark.clause("四(3)-a")
def test_every_public_page_opens_without_login_sets_no_cookie_and_may_be_cached(at, pages_kept):
    client = Client()
    for path in everything(at):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
            content = response.getvalue()
        assert response.status_code == 200, path
        assert not response.cookies, path
        assert response["Cache-Control"].startswith("public, max-age="), path
        # One asks the state, one since when there is news, one when something was last entered, one whether this is a demo, one reads sealed lists that nobody has read since the start.
        assert len(queries) <= 15, (path, len(queries))
        assert not [q for q in queries if "session" in q["sql"]], path
        if not response.streaming:  # the second reader costs one query, that of the state
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).content == content, path
            assert len(queries) == 1, path
        if response["Content-Type"].startswith("text/html"):
            assert len(gzip.compress(content)) <= 15_000, path
            assert "csrfmiddlewaretoken" not in content.decode(), path


def test_every_public_page_says_at_its_foot_whose_site_it_is(at):
    """主办, 承办 and the site's numbers (ui.md 3) do not depend on the view; a missing page has the same foot."""
    client, bare, heard = Client(), [], {}
    for path in [*everything(at), "/nowhere/", "/results/nobody/", "/corrections/new/", "/verify/register/"]:
        response = client.get(path)
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        page = response.getvalue().decode()
        if stumbles := structure.faults(page):
            heard[path] = stumbles
        foot = page.partition('<footer class="foot">')[2]
        words = [
            "主办：本溪市生态环境局",
            "政府网站标识码 2105000000（示例）",
            "辽 ICP 备",
            "辽公网安备",
            "更正与申诉",
            "我为政府网站找错",
            "联系我们",
        ]
        bare += [(path, word) for word in words if word not in foot]
    assert bare == []
    assert heard == {}  # headings, landmarks, labels, captions, ids: what a screen reader goes by


def test_the_foot_shows_the_offices_own_numbers_once_they_are_set(settings, db):
    settings.SITE = settings.SITE | {"identifier": "2105000017", "portal_url": "https://portal.example.cn/"}
    page = Client().get("/contact/").content.decode()
    assert "政府网站标识码 2105000017　" in page and "https://portal.example.cn/" in page
    assert "2105000000（示例）" not in page
    assert [w.id for w in checks.site_identifiers(None)] == ["benxi.W002"]
    assert 'href="/contact/#mistakes">我为政府网站找错' in page
    settings.SITE = settings.SITE | {"icp": "x", "police": "y", "find_error_url": "https://mistakes.example.cn/"}
    assert checks.site_identifiers(None) == []
    assert Client().get("/guide/").content.decode().count("https://mistakes.example.cn/") == 1


def test_every_link_of_the_public_pages_leads_somewhere(at):
    client = Client()
    seen = set(everything(at))
    waiting, broken = sorted(seen), []
    while waiting:
        path = waiting.pop()
        response = client.get(path)
        if response.status_code not in (200, 302):
            broken.append((path, response.status_code))
            continue
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        for link in re.findall(r'href="([^"#]+)', response.content.decode()):
            link = unescape(link)
            if link.startswith("?"):
                link = path.partition("?")[0] + link
            if link.startswith("/statistics/") and "period=" in link:
                continue  # every choice beside every other: tests/disclosure/statistics
            if link.startswith("/") and not link.startswith(("/static/", "/desk/", "/size/")) and link not in seen:
                seen.add(link)
                waiting.append(link)
    assert broken == []
    assert len(seen) > 60


@pytest.mark.django_db
def test_a_reader_who_has_the_page_gets_304():
    make_published_result()
    first = Client().get("/results/")
    second = Client().get("/results/", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (first.status_code, second.status_code, second.content) == (200, 304, b"")
    make_published_result()
    assert Client().get("/results/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


@pytest.mark.django_db
def test_only_get_and_head_are_answered():
    assert Client().post("/results/").status_code == 405
    assert Client().head("/results/").status_code == 200


@pytest.mark.django_db
def test_a_signed_in_persons_public_page_is_the_same_page():
    client = Client()
    officer = make_disclosure_officer(make_unit())
    client.force_login(officer)
    assert client.get("/results/").content == Client().get("/results/").content


@pytest.mark.django_db
def test_size_is_remembered_in_the_one_cookie_and_leads_back_to_a_page_of_ours():
    client = Client()
    response = client.get("/size/large/", HTTP_REFERER="http://testserver/results/?q=a")
    assert (response.status_code, response["Location"]) == (302, "/results/?q=a")
    assert {name: m.value for name, m in response.cookies.items()} == {"size": "large"}
    assert 'data-size="large"' in client.get("/results/").content.decode()
    elsewhere = ["https://example.org/x", "http://testserver//example.org", "javascript:alert(1)", ""]
    assert [client.get("/size/normal/", HTTP_REFERER=r)["Location"] for r in elsewhere] == ["/"] * 4
    assert 'data-size="large"' not in client.get("/results/").content.decode()


ODD = ["?page=abc", "?page=-1", f"?page={10**30}", f"?page={'9' * 5000}", "?q=%00", "?q=%ED%A0%80", "?sort=;drop", "?quarter=9999Q9", "?quarter=2026Q", "?on=2026-13-99", "?district=%F0%9F%98%80", f"?q={'a' * 10000}", "?outcome=NONE&category=x", "?unit=%27", "?q=%25_%5C", "?q=a&q=b", "?version=zz"]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/results/", "/enterprises/", "/draws/", "/notices/", "/verify/chain/", "/results/export.csv", "/data/", "/statistics/", "/statistics/rates.csv"])  # fmt: skip
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_address_is_answered_not_stumbled_over(path, odd):
    answer = Client().get(path + odd)
    # A page says what it does not know and goes on; a file of everything in its place would be wrong.
    refused = path.endswith(".csv") and answer.status_code == 400 and "不认识的条件" in answer.content.decode()
    assert refused or answer.status_code in (200, 302)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/items/99999/", "/items/2020/", "/plans/2026q9/", "/plans/2026q3/", "/plans/2026q3/%00/", "/plans/2026q3/210502/9999/", "/draws/x/", "/draws/210504-2026Q3-01/", "/draws/210504-2026Q3-01/seed.txt", "/draws/210504-2026Q3-01/tickets.csv", "/verify/history/2031.json", "/draws/210504-2026Q3-01/run-1-seed.txt", "/results/a%00b/", "/results/nothing/", "/enterprises/%00/", "/enterprises/nobody/", "/verify/chain/99999999999999999999.txt", "/verify/chain/7.txt", "/size/huge/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(path):
    assert Client().get(path).status_code == 404


# --- nothing before its time ------------------------------------------------------------------------------------


@pytest.mark.clause("四(3)-a", "八(二)-b")
def test_nothing_is_readable_before_it_is_published(at):
    at("2026-07-06 10:00")
    unit = make_unit()
    facility = make_facility(unit, name="本溪清砚环保有限公司", uscc="91210504MA0UTQ2T1K")
    inspection = make_reviewed(unit, facility=facility, problem="标签缺项 2 处")
    plan = make_plan(make_branch(code="210502"), upto="APPROVED")
    client = Client()

    for path in [*STANDING, "/results/?q=清砚", "/enterprises/?q=清砚"]:
        text = client.get(path).getvalue().decode("utf-8", "replace")
        if path.endswith(".xlsx"):
            continue
        # The search box repeats what was asked; the list must not answer.
        assert "本溪清砚环保" not in text, path
        assert inspection.no not in text, path
        assert "标签缺项" not in text, path
    for path in (f"/results/{inspection.no}/", f"/results/{inspection.no}/snapshot.json", f"/enterprises/{facility.code}/", f"/plans/2026q3/{plan.unit.code}/", "/plans/2026q3/"):  # fmt: skip
        assert client.get(path).status_code == 404, path


def test_between_draw_and_release_no_public_page_tells_who_was_drawn(at):
    at("2026-07-06 10:00")
    inspections = make_dispatched(make_unit("210503"))
    draw = inspections[0].draw
    picked = {i.facility.name for i in inspections}
    people = {m.inspector.name for i in inspections for m in i.members.select_related("inspector")}
    client = Client()

    own = f"/draws/{draw.draw_id}/"
    for path in [*STANDING, own, f"{own}slips.txt", f"{own}sha256sums.txt"]:
        text = client.get(path).getvalue().decode("utf-8", "replace")
        of_everybody = path in ("/enterprises/", "/data/facilities.csv")  # public of all alike since the freeze
        assert [n for n in (people if of_everybody else picked | people) if n in text] == [], path
    for name in ("seed", "result", "roster"):
        assert client.get(f"/draws/{draw.draw_id}/{name}.txt").status_code == 404
    bundle = client.get(f"/draws/{draw.draw_id}/bundle.json").json()
    assert (bundle["roster"], bundle["seed"], bundle["result"]) == (None, None, None)
    page = client.get("/enterprises/" + inspections[0].facility.code + "/").content.decode()
    assert "名单未公开" in page and [n for n in people if n in page] == []


# The modules whose views are public pages; what they load, they load for a reader.
PAGES = [
    "disclosure.city.public_views",
    "disclosure.draws.file_views",
    "disclosure.draws.verify_views",
    "disclosure.draws.views",
    "disclosure.facilities.file_views",
    "disclosure.facilities.views",
    "disclosure.lists.views",
    "disclosure.objections.public_views",
    "disclosure.opendata.api_views",
    "disclosure.opendata.description_views",
    "disclosure.opendata.feed_views",
    "disclosure.opendata.machine_views",
    "disclosure.register.views",
    "disclosure.results.step_views",
    "disclosure.results.views",
    "disclosure.revisions.public_views",
    "disclosure.statements.public_views",
    "disclosure.site.contact_views",
    "disclosure.rosters.views",
    "disclosure.selfcheck.public_views",
    "disclosure.site.views",
    "disclosure.statistics.views",
]
# What takes something in from outside, without a login: it shows what is public, and writes.
TAKING_IN = {"disclosure.objections.form_views", "disclosure.statements.link_views"}
# The paper of a published plan is laid out as its draft was.
WITH_WORK = {"disclosure.lists.paper_views", *TAKING_IN}
# Pure: the verifier, and the comparison of two public texts.
PURE = {
    "plans.draw",
    "plans.draw.evenness",
    "plans.draw.evenness.Band",
    "plans.draw.ssj1",
    "plans.lists",
    "plans.lists.changes",
}


def loaded_by_public_pages() -> list[str]:
    """Every module of ours that a public page loads, whatever way it takes."""
    found, waiting = set(), set(PAGES)
    while waiting:
        module = waiting.pop()
        found.add(module)
        named = {name for name, _ in imports_of(MODULES[module], names=True)}
        waiting |= {name for name in named & set(MODULES) if name.startswith("disclosure.")} - found - WITH_WORK
    return sorted(found)


def test_the_public_pages_are_those_of_the_addresses():
    public = {view.__module__ for _, _, view in patterns() if view.access == "public"}
    assert {module for module in public if module.startswith("disclosure.")} - WITH_WORK == set(PAGES)


@pytest.mark.clause("四(3)-a")
@pytest.mark.parametrize("module", loaded_by_public_pages())
def test_reading_a_public_page_needs_no_registry_no_plan_and_no_inspection(module):
    found = {name for name, _ in imports_of(MODULES[module], names=True)}
    theirs = {name for name in found if name.split(".")[0] in ("registry", "inspections", "plans")}
    # Nothing of how something becomes public: what is read is what was published.
    own = {name for name in found if name.startswith(("disclosure.publishing", "disclosure.city.standing"))}
    assert (theirs - PURE, own) == (set(), set())


READ_BY_PUBLIC_PAGES = {
    "disclosure_objection",
    "disclosure_ruling",
    "disclosure_witness",
    "disclosure_cosignature",
    "workdays_calendarexception",
    "workdays_publishedyear",
    "disclosure_publication",
    "disclosure_rosterrow",
    "disclosure_registerentry",
    "disclosure_registernode",
    "disclosure_checkpoint",
    "plans_public_document",
    "plans_public_chain",
    "plans_public_value",
    "plans_public_correction",
    "plans_public_lateness",
    "plans_public_carry",
    "accounts_unit",
    "demo_clock",
}


def test_public_pages_query_publications_documents_and_units_only(at):
    client = Client()
    for path in everything(at):
        with CaptureQueriesContext(connection) as queries:
            client.get(path).getvalue()
        tables = {t for q in queries for t in re.findall(r'(?:FROM|JOIN) "?([a-z_]+)\b"?(?!\()', q["sql"])}
        assert tables <= READ_BY_PUBLIC_PAGES, (path, tables - READ_BY_PUBLIC_PAGES)


def test_everybodys_login_can_read_what_public_pages_read_and_the_numbers_of_the_plan():
    # The numbers of the plan and the names of the city, which a test knows without a database.
    numbers = {"notices_policychange", "notices_policydecision", "notices_firstuse", "accounts_cityrecord"}
    assert READ_BY_PUBLIC_PAGES - {"demo_clock"} | numbers == set(shown.TABLES)


def test_every_public_page_of_the_addresses_asks_as_everybody():
    """But those that take something in, and the one that keeps the size of the type in a cookie and asks nothing."""
    public = [(pattern, view) for pattern, _, view in patterns() if view.access == "public"]
    theirs = [(str(pattern), view) for pattern, view in public if view.__module__.startswith("disclosure.")]
    others = [
        p for p, view in theirs if not getattr(view, "asks_as_everybody", False) and view.__module__ not in TAKING_IN
    ]
    assert len(theirs) > 60 and others == ["size/<public_size:size>/"]


ASKS_NOTHING = ("/verify/ssj1", "/data/schema/")


@pytest.mark.promise("P08")
@pytest.mark.commits
def test_every_public_page_is_asked_for_by_everybodys_login_on_a_connection_of_its_own(at, own_database):
    """With rows that are committed, as on a server: the web's login is asked for nothing (S6)."""
    client, paths = Client(), everything(at)
    with connections["public"].cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('transaction_read_only')")
        assert cursor.fetchone() == (PUBLIC, "on")
    for path in paths:
        with (
            CaptureQueriesContext(connections["default"]) as by_web,
            CaptureQueriesContext(connections["public"]) as by_everybody,
        ):
            answer = client.get(path)
            answer.getvalue()
        assert answer.status_code in (200, 302, 404), path
        assert [q["sql"] for q in by_web] == [], path
        assert len(by_everybody) or path.startswith(ASKS_NOTHING), path


# --- what the pages say -----------------------------------------------------------------------------------------


def test_the_words_of_public_pages_are_those_of_the_apps():
    assert {c: o.label for c, o in words.OUTCOMES.items()} == dict(Outcome.choices)
    assert list(words.CATEGORIES.items()) == Category.choices  # in this order too: 重点, 一般, 特殊 (PNG 04)
    assert {c: w for c, (_, w) in words.ANSWERS.items()} == dict(Answer.choices)
    assert {c: w for c, w in words.MODES.items() if c.isupper()} == dict(Mode.choices)
    assert {o.group for o in words.OUTCOMES.values()} <= set(words.GROUPS)


@pytest.mark.django_db
@pytest.mark.clause("四(3)-e")
def test_a_result_is_found_by_name_code_and_filters_and_keeps_its_address():
    unit = make_unit()
    first = make_facility(unit, name="本溪枫岭焦化有限公司", uscc="91210504MA0UTQ2T1K")
    found = make_published_result(unit, facility=first, problem="标签缺项 2 处")
    make_published_result(unit)
    client = Client()

    for query in ("q=枫岭", "q=91210504ma0utq", f"q={first.code}", "outcome=RECTIFY_ORDERED", "q=枫岭&district=明山区&category=general&quarter=2026Q3"):  # fmt: skip
        rows = client.get(f"/results/?{query}").context["rows"]
        assert [r["p"].no for r in rows] == [found.no], query
    assert client.get("/results/?q=枫岭&outcome=CASE_FILED").context["rows"] == []
    assert client.get("/enterprises/?q=本溪枫岭焦化有限公司")["Location"] == f"/enterprises/{first.code}/"
    assert client.get("/enterprises/?q=91210504MA0UTQ2T1K")["Location"] == f"/enterprises/{first.code}/"

    page = untimed(client.get(f"/results/{found.no}/").content.decode())
    for words_shown in ("本溪枫岭焦化有限公司", "责令 7 月 20 日前改正", "2 人", "检查当天公开", found.digest):
        assert words_shown in page
    snapshot = client.get(f"/results/{found.no}/snapshot.json").content.decode()
    assert snapshot == digests.canonical(found.snapshot)


@pytest.mark.clause("八(二)-d")
def test_a_late_result_says_so_with_its_reason(at):
    from disclosure.publishing import actions

    at("2026-07-06 10:00")
    inspection = make_reviewed()
    at("2026-08-05 10:00")
    officer = make_disclosure_officer(inspection.unit)
    actions.publish_result(inspection=inspection, by=officer, late_reason="等待检测报告")
    page = Client().get(f"/results/{inspection.no}/").content.decode()
    assert "第 22 个工作日公开" in page
    assert "等待检测报告" in page


@pytest.mark.django_db
def test_the_list_costs_the_same_with_one_row_and_with_many():
    counts = []
    for n in (1, 4):
        for _ in range(n):
            make_published_result()
        with CaptureQueriesContext(connection) as queries:
            assert Client().get("/results/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_twenty_rows_a_page_newest_check_first(at):
    at("2026-07-06 10:00")
    unit = make_unit()
    early = make_published_result(unit)
    at("2026-07-07 10:00")
    late = make_published_result(unit)
    assert [r["p"].no for r in Client().get("/results/").context["rows"]] == [late.no, early.no]
    assert [r["p"].no for r in Client().get("/results/?sort=date").context["rows"]] == [early.no, late.no]
    assert Client().get("/results/").context["page"].paginator.per_page == 20


@pytest.mark.clause("四(3)-c", "0-a")
@pytest.mark.django_db
def test_the_item_list_page_shows_every_item_its_law_and_the_plans_label():
    publication = make_published_list()
    page = Client().get("/items/2026/").content.decode()
    for item in publication.snapshot["items"]:
        assert item["code"] in page
        assert item["name"] in page
    assert "（试行）" in page
    assert publication.digest in page


@pytest.mark.clause("四(3)-d")
@pytest.mark.django_db
def test_the_plan_page_shows_numbers_with_their_rule_and_names_no_enterprise():
    publication = make_published_plan(make_branch())
    page = Client().get("/plans/2026q3/210504/").content.decode()
    assert "至少 2 家：8 × 25% = 2" in page
    assert publication.snapshot["draw_text"] in untimed(page)
    assert "示例企业" not in page


def test_the_three_categories_stand_in_one_order_wherever_they_are_listed(at):
    """重点, 一般, 特殊 (PNG 04), though the documents have the order of bytes: general, key, special."""
    at("2026-07-06 10:00")
    draw = make_held_draw(make_branch(key=4, general=4, special=2), released=True)
    client = Client()
    assert [s.stratum.rpartition(".")[2] for s in public_documents.draw_of(draw.draw_id).manifest.strata] == ["general", "key", "special"]  # fmt: skip
    page = client.get(f"/draws/{draw.draw_id}/")
    assert [s.category for s in page.context["page"].strata] == ["key", "general", "special"]
    assert [tab["label"][:2] for tab in page.context["page"].chosen.tabs] == ["重点", "一般", "特殊"]
    names = [d.label for d in page.context["page"].downloads if d.label.startswith("检查对象名单")]
    assert names == ["检查对象名单（重点）", "检查对象名单（一般）", "检查对象名单（特殊）"]
    chips = client.get(f"/draws/{draw.draw_id}/frames/").context["chips"]
    assert [c.label for c in chips] == ["重点", "一般", "特殊"]
    client.force_login(make_planner(draw.unit))
    for path in (f"/desk/draws/{draw.draw_id}/", f"/desk/plans/{draw.unit.code}/2026q3/", "/plans/2026q3/"):
        found = re.findall(r"(?<=>)(重点|一般|特殊)(?=监管对象<|对象<|<|（家）<)", client.get(path).content.decode())
        assert list(dict.fromkeys(found)) == ["重点", "一般", "特殊"][: len(set(found))], (path, found)


def test_a_draws_page_follows_it_from_seal_to_release(at):
    at("2026-07-06 10:00")
    draw = make_sealed_draw(make_unit("210503"))
    client = Client()
    address = f"/draws/{draw.draw_id}/"
    assert client.get(address).context["draw"].state == "FROZEN"
    assert ssj1.verify_json(client.get(address + "bundle.json").content).ok

    from plans.draw import actions as draw_actions
    from plans.models import SourceKind
    from tests.plans.draw.factories import VALUES, agree_on_values, move_clock

    assert client.get(address).context["page"].values == []
    agree_on_values(draw)
    numbers = VALUES[SourceKind.LOTTERY].split(",")
    assert client.get(address).context["page"].values == [("七星彩第2026183期", numbers)]
    draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))
    page = client.get(address)
    assert page.context["page"].values == [("七星彩第2026183期", numbers)]
    assert (page.context["draw"].state, page.context["page"].chosen) == ("DRAWN", None)
    assert page.context["page"].people == (0, "")  # who goes, and how often, is public with the names only
    assert ssj1.verify_json(client.get(address + "bundle.json").content).ok

    draw.refresh_from_db()
    move_clock(draw.release_at)
    draw_actions.release_draw(draw=draw)
    page = client.get(address)
    assert page.context["draw"].state == "RELEASED"
    tables = tickets.tables_of(page.context["draw"])
    assert sum(place.standing for table in tables for place in table.places) == page.context["draw"].total
    teams = page.context["draw"].result.tasks
    assert page.context["page"].people[0] == len({p for t in teams for p in (t.leader, *t.members)})
    assert "每组 2 人，每人 " in page.context["page"].people[1]
    bundle = client.get(address + "bundle.json").content
    assert ssj1.verify_json(bundle).ok
    for document in page.context["page"].downloads:
        assert ssj1.digest(client.get(document.url).content.decode()) == document.digest


def test_the_home_page_counts_from_publications_and_names_who_is_late(at):
    at("2026-07-06 10:00")
    make_unit("210503")
    make_published_plan(make_branch())
    at("2026-07-12 09:00")
    home = Client().get("/").context["home"]
    assert home.quarter == Quarter(2026, 3)
    first = home.progress[0]
    assert first["state"] == "r"
    assert first["when"] == "市执法队、溪湖分局没有公开，逾期 7 天"
    assert [(r.name, r.late) for r in home.rows if r.code == "210503"] == [("溪湖分局", True)]
    assert home.results == 0


@pytest.mark.parametrize("apart", [0, 2])
def test_the_home_page_counts_the_drawn_against_the_same_number_it_shows_above(at, apart):
    """重点 42 in the first tile is the 42 of the second; of those not drawn, who has stopped is said (ui.md 4.8, PNG 01)."""
    at("2026-07-06 10:00")
    unit = make_unit()
    for _ in range(6):
        make_facility(unit, category=Category.KEY)
    for _ in range(apart):
        make_facility(unit, category=Category.KEY, status="SUSPENDED")
    draw = make_held_draw(unit)
    key = public_documents.draw_of(draw.draw_id).stratum("key")
    assert apart == key.N - key.A
    books, drawn, general = Client().get("/").context["home"].stats[:3]
    assert f"重点 {key.N}　" in books["note"]
    assert (drawn["figure"], drawn["unit"]) == (str(key.u), f"/ {key.N} 家")
    assert (f"没抽到的里停产停业 {apart} 家" in drawn["note"]) == bool(apart)
    assert "按到 7 月 6 日封存的名单" in drawn["note"] and "停产" not in general["note"]


def test_before_the_quarters_first_plan_the_home_page_shows_the_last_quarter_and_the_next_date(at):
    at("2026-07-02 09:00")
    make_unit()
    home = Client().get("/").context["home"]
    assert home.quarter == Quarter(2026, 2)
    assert home.progress[-1]["what"] == "2026 年第三季度抽查计划"
    assert home.progress[-1]["when"] == "7 月 5 日前公开，还剩 3 天"


@pytest.mark.django_db
def test_every_public_address_of_this_app_is_in_these_tests():
    from disclosure.urls import PAGES_OF_TEXTS, urlpatterns

    names = {p.name for p in urlpatterns if not str(p.pattern).startswith("desk/")}
    # Texts and proofs: tests/disclosure/register.
    names -= {f"{ending}-{kind}" for kind in PAGES_OF_TEXTS for ending in ("json", "tlog-proof")}
    tried = {
        "accessibility",
        "algorithm",
        "carry",
        "chain",
        "catalogue",
        "chain-entry",
        "contact",
        "data",
        "draw",
        "draw-bundle",
        "draw-changes",
        "draw-document",
        "draw-frame",
        "draw-frame-text",
        "draw-frames",
        "draw-sums",
        "draw-tickets",
        "draws",
        "enterprise",
        "enterprise-feed",
        "enterprise-json",
        "enterprises",
        "facilities-csv",
        "favicon",
        "feed",
        "fields",
        "followup-snapshot",
        "followup-step",
        "followups-csv",
        "guide",
        "history",
        "home",
        "items",
        "items-version",
        "items-years",
        "list-snapshot",
        "list-version-snapshot",
        "notices",
        "objection",
        "objection-enter",
        "objection-feed",
        "objection-new",
        "objection-of-link",
        "objection-own",
        "objections",
        "openapi",
        "paper",
        "plan",
        "plan-snapshot",
        "plan-version",
        "plan-version-snapshot",
        "plans",
        "plans-of-quarter",
        "register",
        "register-checkpoint",
        "register-file",
        "register-own",
        "register-script",
        "register-tile",
        "register-tile-part",
        "register-verifier",
        "result",
        "result-snapshot",
        "result-version",
        "result-version-snapshot",
        "results",
        "results-csv",
        "results-json",
        "results-jsonl",
        "results-summary",
        "results-summary-snapshot",
        "results-xlsx",
        "revisions",
        "robots",
        "roster",
        "roster-schema",
        "schema",
        "security",
        "sitemap",
        "selfcheck",
        "selfchecks",
        "selfchecks-csv",
        "selfchecks-json",
        "sitemap-part",
        "size",
        "statement",
        "statement-of-link",
        "statistics",
        "statistics-csv",
        "text-schema",
        "statistics-xlsx",
        "sums",
        "statistics-json",
        "summary-snapshot",
        "unit-feed",
        "units-json",
        "verifier",
        "verifier-script",
        "verify",
    }
    assert names == tried
