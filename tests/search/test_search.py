"""The box of the frame: each role finds what it may open, by number at once; nobody else finds it (reviews: desk A7)."""

import re
from collections import Counter

import pytest
from django.test import Client

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.search import finding
from inspections.models import Inspection
from plans.models import Filing
from registry.facilities.search import facility_text, inspector_text
from registry.models import Facility, Inspector
from tests.access.world import cast
from tests.browsing import enter, html_of, queries, signed_in, text_of
from tests.disclosure.factories import make_published_result
from tests.disclosure.objections.factories import make_objection
from tests.factories import (
    make_approver,
    make_facility,
    make_inspector,
    make_lead_office,
    make_observer,
    make_registrar,
    make_unit,
)

pytestmark = pytest.mark.django_db
URL = "/desk/search/"


def spelled():
    """The words of the index, which the actions write and the factories do not."""
    for row, text in [(f, facility_text(f)) for f in Facility.objects.all()] + [
        (i, inspector_text(i)) for i in Inspector.objects.all()
    ]:
        type(row).objects.filter(pk=row.pk).update(search_text=text)


def hits(client, q):
    """Titles → addresses of what a page shows; an exact number has led on to its page."""
    answer = client.get(URL, {"q": q})
    if answer.status_code == 302:
        return {"→": answer["Location"]}
    assert answer.status_code == 200
    return {hit.title: hit.url for _, groups in answer.context["kinds"] for g in groups for hit in g.hits}


def test_whatever_a_role_finds_it_can_open_and_what_is_in_the_circle_only_the_circle_finds(world):
    spelled()
    check = Inspection.objects.filter(source="DRAW").order_by("pk").first()
    team = check.members.filter(inspector__user__isnull=False).first()
    people = {who: user for who, user in cast(world).items() if not who.startswith("other")}
    people |= {"of the team": team.inspector.user} if team else {}
    circle = {f"own {Role.PLANNER}", f"own {Role.APPROVER}", f"city {Role.SUPERVISOR}", "of the team"}
    asked = [check.no, check.facility.name, "2026Q3", check.notice_number.text]
    dead, secret, found = [], [], {}
    for who, user in people.items():
        browser, opened = signed_in(user), set()
        for q in asked:
            for title, url in hits(browser, q).items():
                found.setdefault(q, set()).add(who)
                if who not in circle and check.no in url:
                    secret.append((who, q, url))
                if url not in opened and browser.get(url).status_code not in (200, 302):
                    dead.append((who, q, title, url))
                opened.add(url)
    assert dead == []
    assert secret == []
    assert {f"own {Role.PLANNER}", f"city {Role.SUPERVISOR}"} <= found[check.no] <= circle
    assert f"own {Role.REGISTRAR}" in found[check.facility.name]
    assert f"own {Role.INSPECTOR}" in found["2026Q3"] and f"own {Role.ARCHIVIST}" in found["2026Q3"]
    keeps = f"city {Role.ADMIN_GRANTS}"
    assert hits(signed_in(people[keeps]), people[keeps].username) == {"→": people[keeps].get_absolute_url()}


def test_an_exact_number_opens_its_page(client, world):
    spelled()
    check = Inspection.objects.filter(source="DRAW").first()
    facility, inspector = check.facility, check.members.first().inspector
    Facility.objects.filter(pk=facility.pk).update(uscc="91210500MA0000001A")
    receipt = Filing.objects.exclude(receipt_no="").first()
    pages = {
        facility.code: facility.get_absolute_url(),
        "９１２１０５００ＭＡ０００００01a": facility.get_absolute_url(),
        inspector.code: inspector.get_absolute_url(),
        inspector.certificate_no: inspector.get_absolute_url(),
        check.no.lower(): check.get_absolute_url(),
        f" {check.draw.draw_id} ": f"/desk/draws/{check.draw.draw_id}/",
        world.values["instruction_no"]: f"/desk/coordination/{world.values['instruction_no']}/",
    }
    if receipt:
        pages[receipt.receipt_no] = (receipt.draw or receipt.plan).get_absolute_url()
    enter(client, cast(world)[f"own {Role.PLANNER}"])
    assert {q: client.get(URL, {"q": q}).get("Location") for q in pages} == pages


NUMBER = re.compile(r"(?<![\w-])\d{6}-\d{4}(?:Q[1-4])?-[A-Z]?\d{2,4}(?:-[A-Z]\d{2})?(?![\w-])")


def test_the_number_of_an_objection_opens_what_everybody_reads_of_it(client):
    receipt = make_objection(make_published_result(make_unit(), problem="台账缺页")).receipt
    for person in (make_lead_office(), make_observer()):
        client.force_login(person)
        answer = client.get("/desk/search/", {"q": receipt}, follow=True)
        assert answer.redirect_chain[-1][0] == f"/corrections/{receipt}/" and receipt in html_of(answer)


def test_every_number_that_somebody_is_shown_opens_or_is_found(world):
    """On his home, among his to-dos, in the lists of approvals and on the public site (reviews: desk A7)."""
    spelled()
    visitor, unfound, asked = Client(), [], Counter()
    public = {
        n for url in ("/", "/results/", "/draws/?quarter=2026Q3") for n in NUMBER.findall(text_of(visitor.get(url)))
    }
    for who, user in cast(world).items():
        browser, shown = signed_in(user), set(sorted(public)[:4])
        for url in ("/desk/", "/desk/todo/", "/desk/approvals/", "/desk/tasks/campaigns/"):
            answer = browser.get(url)
            if answer.status_code == 200:
                shown |= set(NUMBER.findall(text_of(answer)))
        for number in sorted(shown):
            asked["public" if number in public else "own"] += 1
            if not hits(browser, number):
                unfound.append((who, number))
    assert unfound == [] and asked["public"] and asked["own"], asked


def test_the_number_of_a_to_do_opens_what_is_to_be_done(client):
    unit = make_unit()
    place = f"/desk/approvals/?no={unit.code}-2026-P004"
    Duty.objects.create(
        rule="APPROVE", unit=unit, role=Role.APPROVER, period=f"{unit.code}-2026-P004", title=f"审批 3 件检查（{unit.code}-2026-P004）",
        due=clock.today(), target=clock.today(), url=place,
    )  # fmt: skip
    assert hits(enter(client, make_approver(unit)), f"{unit.code}-2026-P004") == {"→": place}
    assert hits(signed_in(make_registrar(unit)), f"{unit.code}-2026-P004") == {}


def test_more_places_of_one_code_than_are_shown_stand_behind_a_link(client):
    unit = make_unit()
    for n in range(7):
        make_facility(unit, name=f"晴川印染{n}号厂")
    Facility.objects.update(uscc="91210500MA0000001A")
    spelled()
    page = enter(client, make_registrar(unit)).get(URL, {"q": "91210500MA0000001A"})
    ((_, (group,)),) = page.context["kinds"]
    assert len(group.hits) == 6 and "还有更多" in text_of(page)
    assert all(f"晴川印染{n}号厂" in text_of(client.get(group.more_url)) for n in range(7))


def test_a_part_of_a_number_and_words_are_listed_and_all_of_a_kind_stand_on_a_page_of_their_own(client):
    unit = make_unit()
    for n in range(8):
        make_facility(unit, name=f"晴川印染{n}号厂")
    make_inspector(unit, name="晴川")
    spelled()
    enter(client, make_registrar(unit))

    page = client.get(URL, {"q": "晴川"})
    (kind, (group,)), (people, _) = page.context["kinds"]
    assert (kind, people, len(group.hits)) == ("企业", "人员", 6)
    assert "还有更多" in text_of(page)
    assert len(client.get(URL + group.more_url).context["kinds"][0][1][0].hits) == 8
    assert set(hits(client, "晴川 7号")) == {"晴川印染7号厂"} == set(hits(client, "qcyr 7号"))


@pytest.mark.parametrize(
    "typed, words",
    [
        ("", "写要找的"),
        ("  \x00 ", "写要找的"),
        ("a", "太短，没有查"),
        ("厂 7", "太短，没有查"),
        ("%%", "没有找到"),
        ("__", "没有找到"),
        ("厂%", "没有找到"),
        ("没有这一家", "没有找到"),
        ("x" * 5000, "没有找到"),
        ("'; DROP TABLE registry_facility; --", "没有找到"),
    ],
)
def test_what_cannot_be_found_is_said_in_a_sentence_and_wild_cards_are_letters(client, typed, words):
    unit = make_unit()
    make_facility(unit, name="晴川印染厂")
    spelled()
    page = enter(client, make_registrar(unit)).get(URL, {"q": typed})
    assert words in text_of(page)


def test_what_the_circle_sees_of_a_sealed_list_in_a_search_is_kept_in_the_trail(client, world):
    spelled()
    check = Inspection.objects.filter(source="DRAW").first()
    seen = AuditEntry.objects.filter(verb="inspections.sealed.viewed", details__page="search")
    enter(client, cast(world)[f"own {Role.PLANNER}"]).get(URL, {"q": check.facility.name})
    assert seen.count() == 1 and check.facility.name not in str(seen.get().details)
    enter(client, cast(world)[f"own {Role.REGISTRAR}"]).get(URL, {"q": check.facility.name})
    assert seen.count() == 1


@pytest.mark.clause("四(3)-a")
def test_every_role_finds_a_published_enterprise_by_its_name_and_by_its_code_on_the_page_that_everybody_reads(world):
    """Administrators, offices, publishers and archivists were told 没有找到 of what anybody on the street finds (issue 16)."""
    result = make_published_result(make_unit("210599"), problem="台账缺页")
    name, code = result.facility_name, result.facility_code
    address = f"/enterprises/{code}/"
    spelled()
    for who, user in cast(world).items():
        found = signed_in(user).get(URL, {"q": name})
        urls = (
            [found["Location"]]
            if found.status_code == 302
            else [hit.url for _, groups in found.context["kinds"] for g in groups for hit in g.hits]
        )
        own = [url for url in urls if url.startswith("/desk/objects/")]
        assert own or address in urls, (who, urls)
        assert not (own and address in urls), (who, urls)
    keeper = signed_in(cast(world)[f"city {Role.ADMIN_SYSTEM}"])
    assert hits(keeper, code) == {"→": address}


def test_initials_find_what_stands_in_a_register_that_the_reader_sees_as_the_box_says(client):
    """It promised them for every enterprise; a public row has its name alone, for initials of more would tell masked names."""
    unit = make_unit()
    make_facility(unit, name="恒杉印染有限公司")
    make_inspector(unit, name="祁砚池")
    spelled()
    keeper = signed_in(make_registrar(unit))
    assert "自己看得到的名录里的也可以写拼音首字母" in text_of(keeper.get(URL))
    assert "恒杉印染有限公司" in hits(keeper, "hsyr") and "祁砚池" in hits(keeper, "qyc")
    assert not hits(signed_in(make_registrar(make_unit("210599"))), "hsyr")


def test_a_recorders_number_finds_the_checks_of_whoever_may_see_them(world):
    check = Inspection.objects.filter(source="DRAW").order_by("pk").first()
    Inspection.objects.filter(pk=check.pk).update(recorder_no="ZFJ-777")
    people = cast(world)
    assert check.get_absolute_url() in hits(signed_in(people[f"own {Role.PLANNER}"]), "zfj-777").values()
    for who in (f"own {Role.REGISTRAR}", f"city {Role.ADMIN_SYSTEM}", f"other {Role.PLANNER}"):
        if who in people:
            assert hits(signed_in(people[who]), "zfj-777") == {}, who


def test_a_search_asks_the_database_as_often_whatever_there_is(client):
    unit = make_unit()
    enter(client, make_registrar(unit))
    counted = []
    for _ in range(2):
        for n in range(4):
            make_facility(unit, name=f"晴川{n}号厂")
        spelled()
        counted.append(queries(client, f"{URL}?q=晴川"))
    assert counted[0] == counted[1] <= 45


def test_the_box_is_on_every_page_of_everybody_and_a_page_that_is_not_there_offers_it(client, world):
    for who, user in cast(world).items():
        page = signed_in(user).get("/desk/inbox/")
        assert 'action="/desk/search/"' in page.content.decode(), who
    missing = enter(client, cast(world)[f"own {Role.ARCHIVIST}"]).get("/desk/nowhere/")
    assert missing.status_code == 404 and missing.content.decode().count('action="/desk/search/"') == 2


def test_each_kind_is_one_of_the_four_that_the_box_promises():
    kinds = [finds.kind for finds in subjects.house().finds]
    assert list(dict.fromkeys(kinds)) == list(finding.KINDS)
    assert len({finds.place for finds in subjects.house().finds}) == len(kinds)
