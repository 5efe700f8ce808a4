"""Every address × every role × own and other unit (reliability.md P07). A pattern without a value for an argument fails."""

import re
from fnmatch import fnmatch
from html import unescape

import pytest
from django.urls import reverse

from benxi_shuangsuiji.accounts.access import opens_for
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.kept import methods_at
from inspections.models import Inspection
from plans.models import InspectionItem, ItemList
from tests import markup
from tests.access.absent import absent, any_address, without_what_is_new
from tests.access.world import cast
from tests.accounts.test_access import patterns
from tests.browsing import html_of, only_read, post, signed_in
from tests.journeys.untouched import nothing_changes
from tests.test_layers import ROOT, SOURCES

# Who may see a paper is asked here, not how it is set: some sixty of them would each be laid out by WeasyPrint.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("papers_as_text")]

STAFF = [(address, name, view) for address, name, view in patterns() if getattr(view, "access", None) != "public"]
LOGOUT = "accounts:logout"
LINK = re.compile(r'<a\s[^>]*href="(/(?!static/|media/)[^"?#]*)')
ARGUMENT = re.compile(r"<(?:[^:>]+:)?([^>]+)>")
# The city's list, its items, the laws they rest on and the question bank are everybody's to read; a form sent there by
# another unit is answered by the rule's sentence, and changes nothing.
EVERYBODYS = (
    *(name for _, name, _ in STAFF if name.startswith(("plans:item", "plans:basis", "plans:bank"))),
    "inspections:indicator-rows",  # names no unit: whoever opens it reads the rows of his own
)


def value_for(world, name, argument):
    """The most particular value: "name:argument", then "pattern:argument", then "argument"."""
    found = [
        (len(key), value)
        for key, value in world.values.items()
        if key == argument or (key.endswith(f":{argument}") and fnmatch(name, key.rsplit(":", 1)[0]))
    ]
    return max(found)[1] if found else None


def address_of(world, name, address):
    arguments = {a: value_for(world, name, a) for a in ARGUMENT.findall(address)}
    assert None not in arguments.values(), f"tests/access/world.py: {name} 缺少 {arguments}"
    return reverse(name, kwargs=arguments), bool(arguments)


@pytest.mark.promise("P07")
def test_every_address_has_a_value_to_ask_for_it_with_and_opens_for_nobody_who_is_not_signed_in(client, world):
    """The quick half of the walk below, so that a new address without its line is seen at once."""
    answers = {name: client.get(address_of(world, name, address)[0]) for address, name, _ in STAFF if name != LOGOUT}

    assert {name for name, a in answers.items() if a.status_code != 302 or "/desk/login/" not in a["Location"]} == set()


@pytest.mark.promise("P07")
@pytest.mark.slow("walks")
@pytest.mark.clause("四(2)-a", "五-3a", "八(二)-b")
@pytest.mark.parametrize("part", range(3))
def test_every_address_for_every_role_and_unit(client, world, part):
    people = cast(world)
    browsers = {who: signed_in(user) for who, user in people.items()}
    lists = list(ItemList.objects.values()), list(InspectionItem.objects.values())
    with only_read():
        wrong = refused_or_opened(client, world, people, browsers, STAFF[part::3])
    assert (list(ItemList.objects.values()), list(InspectionItem.objects.values())) == lists
    assert not wrong, "\n".join(map(str, wrong))


def is_page(answer) -> bool:
    return answer["Content-Type"].startswith("text/html") and not answer.streaming and b"<html" in answer.content[:200]


def refused_or_opened(client, world, people, browsers, addresses) -> list[tuple]:
    """What is otherwise than the rights of each person say."""
    wrong, read = [], set()
    for address, name, view in addresses:
        if name == LOGOUT:
            continue
        url, particular = address_of(world, name, address)
        answer = client.get(url)
        if answer.status_code != 302 or "/desk/login/" not in answer["Location"]:
            wrong.append((name, "nobody", answer.status_code))
        for who, user in people.items():
            answer = browsers[who].get(url, follow=particular)
            status = answer.status_code
            allowed = not view.access or any(user.units_with(p) for p in view.access)
            here = not view.access or any(user.may(p, world.unit) for p in view.access)
            if status == 200 and is_page(answer):
                wrong += [(name, who, "leads him to what is not his", link) for link in shut_to(user, html_of(answer))]
                if name not in read:
                    read.add(name)
                    wrong += [(name, who, told) for told in markup.faults(html_of(answer))]
            if status >= 500:
                wrong.append((name, who, status))
            elif not allowed and status not in (403, 405):
                wrong.append((name, who, status, "must be 403"))
            elif allowed and particular and not here and name not in EVERYBODYS and status not in (404, 405):
                wrong.append((name, who, status, "other unit must be 404"))
            elif allowed and here and not particular and status not in (200, 302, 404, 405):
                wrong.append((name, who, status, "must open"))
            if view.access and (not allowed or (particular and not here)):
                posted = post(browsers[who], url).status_code
                if posted not in (403, 404, 405) and not (allowed and name in EVERYBODYS):
                    wrong.append((name, who, posted, "POST must be refused"))
    return wrong


@pytest.mark.clause("七(五)-o")
@only_read()
def test_a_dispatched_check_opens_for_nobody_outside_the_circle(world):
    """Asked of those who hold a right that the address asks for; the walk above says that it refuses all others."""
    inspection = Inspection.objects.get(no=world.values["no"])
    team = {m.inspector.user_id for m in inspection.members.select_related("inspector")}
    people = cast(world)
    browsers = {who: signed_in(user) for who, user in people.items()}
    wrong, asked = [], set()
    for address, name, view in STAFF:
        if "<slug:no>" not in address and "<public_no:no>" not in address:
            continue
        if name.startswith("inspections:archive-") or name in (
            "disclosure:publish-detail",
            "disclosure:publish-confirm",
            "disclosure:revision",
            "disclosure:revision-file",
            "disclosure:revision-paper",
            "disclosure:followup",
            "disclosure:statement-desk",
            "disclosure:statement-give-back",
            "inspections:rectification",
            "inspections:rectification-again",
        ):  # of what is public
            continue
        url, _ = address_of(world, name, address)
        for who, user in people.items():
            inside = user.may(Permission.SEE_SEALED, world.unit) or user.pk in team
            if inside or (view.access and not any(user.units_with(p) for p in view.access)):
                continue
            asked.add(who)
            answer = browsers[who].get(url)
            if answer.status_code not in (403, 404, 405):
                wrong.append((name, who, answer.status_code))
            if inspection.facility.name in answer.content.decode(errors="replace"):
                wrong.append((name, who, "names the facility"))
    assert not wrong, "\n".join(map(str, wrong))
    assert {"other PLANNER", "other INSPECTOR", "own DISCLOSURE_OFFICER", "city OBSERVER"} <= asked


def shut_to(user, page) -> set[str]:
    """Where the page leads a reader who has none of the rights that the address asks for, or to no page at all."""
    return {path for path in map(unescape, {*LINK.findall(page)}) if not opens_for(user, path)}


def told_apart(world, people, browsers, addresses, methods) -> list[tuple]:
    """Where somebody learns that another unit's thing exists: it is answered otherwise than one that does not."""
    wrong = []
    for address, name, _ in addresses:
        arguments = {a: value_for(world, name, a) for a in ARGUMENT.findall(address)}
        url = reverse(name, kwargs=arguments)
        for none in absent(name, arguments):
            for who in people:
                for method in methods:
                    theirs = ask(browsers[who], method, url)
                    if theirs.status_code in (403, 404, 405):
                        told, of_none = (
                            without_what_is_new(theirs, url),
                            without_what_is_new(ask(browsers[who], method, none), none),
                        )
                        if told != of_none:
                            wrong.append((name, who, method, none, first_difference(told, of_none)))
    return wrong


def ask(browser, method, url):
    return post(browser, url) if method == "POST" else browser.generic(method, url)


def first_difference(one, other) -> tuple:
    for a, b in zip(one, other, strict=True):
        if a != b:
            at = next((n for n, (x, y) in enumerate(zip(str(a), str(b), strict=False)) if x != y), 0)
            return str(a)[max(at - 60, 0) : at + 60], str(b)[max(at - 60, 0) : at + 60]
    return ()


NAMING = [(address, name, view) for address, name, view in STAFF if "<" in address and name not in EVERYBODYS]


@pytest.mark.promise("P07")
def test_another_units_thing_is_answered_like_one_that_does_not_exist(client, world):
    """Same status and near the same length: an answer must not tell that something exists (ASVS 8.2.2)."""
    planner = cast(world)["other PLANNER"]
    client.force_login(planner)
    pairs = [
        (f"/desk/objects/{world.values['code']}/", "/desk/objects/NO-SUCH-CODE/"),
        (f"/desk/tasks/{world.values['no']}/", "/desk/tasks/210504-2026Q3-9999/"),
        (f"/desk/draws/{world.values['draw_id']}/", "/desk/draws/210504-2026Q3-77/"),
        (f"/desk/plans/{world.unit.code}/2026q3/", "/desk/plans/210599/2026q3/"),
        (f"/desk/plans/{world.unit.code}/2026q3/edit/", "/desk/plans/210599/2026q3/edit/"),
    ]
    for theirs, none in pairs:
        a, b = client.get(theirs), client.get(none)
        assert (a.status_code, b.status_code) == (404, 404)
        assert abs(len(a.content) - len(b.content)) < 200


@pytest.mark.promise("P07")
def test_what_is_another_units_is_answered_byte_for_byte_like_what_is_absent(world):
    """Byte for byte (ASVS 8.2.2): every fourth address, for one of those who hold the right elsewhere."""
    people = {who: user for who, user in cast(world).items() if who.startswith("other")}
    browsers = {who: signed_in(user) for who, user in people.items()}
    wrong, asked = [], set()
    with only_read():
        for n, one in enumerate(NAMING[::4]):
            may = [w for w, u in people.items() if not one[2].access or any(u.units_with(p) for p in one[2].access)]
            if may:
                who = may[n % len(may)]
                asked.add(who)
                wrong += told_apart(world, [who], browsers, [one], ["GET"])
    assert not wrong, "\n".join(map(str, wrong))
    assert len(asked) > 5


EVERY = [(address, name) for address, name, _ in patterns()]
UNKNOWN = ("PUT", "DELETE", "PATCH", "OPTIONS")


@pytest.mark.promise("P07")
def test_no_address_answers_another_method_than_it_declares(client, world):
    """The public ones too: what is not read and not sent is refused, and what only reads takes no form (P07)."""
    wrong = []
    for address, name in EVERY:
        url = any_address(name, {a: value_for(world, name, a) for a in ARGUMENT.findall(address)})
        declared = methods_at(url)
        methods = [*UNKNOWN, *({"GET", "POST"} - set(declared))]
        if name != LOGOUT:
            answers = {method: client.generic(method, url).status_code for method in methods}
            # Whoever is not signed in is led to do so, before anything is looked at.
            wrong += [(name, m, s) for m, s in answers.items() if s != 405 and (m in UNKNOWN or s != 302)]
    assert not wrong, "\n".join(map(str, wrong))


def may_anywhere(user, view) -> bool:
    return not view.access or any(user.units_with(p) for p in view.access)


def may_there(user, view, unit) -> bool:
    return not view.access or any(user.may(p, unit) for p in view.access)


def answered_by_method(world, people, browsers, name, address, view, who: dict[str, list[str]]) -> list[tuple]:
    """What is wrong with the answers of one address to each method, for those of `who` under that method."""
    url, particular = address_of(world, name, address)
    declared, wrong = methods_at(url), []
    for method in UNKNOWN:
        for person in who[method]:
            answer = ask(browsers[person], method, url)
            if (answer.status_code, answer["Allow"]) != (405, ", ".join(declared)) or b"<html" in answer.content:
                wrong.append((name, person, method, answer.status_code, answer.get("Allow")))
    for person in who["HEAD"]:
        head = ask(browsers[person], "HEAD", url)
        told = status_and_headers(head, url)
        if "GET" in declared and told != status_and_headers(ask(browsers[person], "GET", url), url):
            wrong.append((name, person, "HEAD is not GET", told))
        if "GET" not in declared and head.status_code not in (403, 404, 405):
            wrong.append((name, person, "HEAD", head.status_code))
        if head.status_code == 405 and head["Allow"] != ", ".join(declared):
            wrong.append((name, person, "HEAD", head["Allow"]))
    for person in who["POST"]:
        may, there = may_anywhere(people[person], view), may_there(people[person], view, world.unit)
        if may and (there or not particular or name in EVERYBODYS):
            continue  # what is his to send is an act, and stands in tests/failing
        answer = ask(browsers[person], "POST", url)
        if answer.status_code not in ((404, 405) if may else (403, 405)):
            wrong.append((name, person, "POST", answer.status_code))
        if may:
            wrong += told_apart(world, [person], browsers, [(address, name, view)], ["POST"])
    return wrong


def noted(browsers) -> set[tuple[str, str]]:
    """(method, person) of every request that is answered from now on, as it arrived at the other end."""
    asked = set()

    def note(person, send):
        def request(**environ):
            answer = send(**environ)
            asked.add((answer.wsgi_request.method, person))
            return answer

        return request

    for person, browser in browsers.items():
        browser.request = note(person, browser.request)
    return asked


def status_and_headers(answer, url) -> tuple:
    status, headers, *_ = without_what_is_new(answer, url)
    return status, headers, answer.get("Location")


@pytest.mark.promise("P07")
def test_every_method_is_answered_at_every_address_for_every_role(world):
    """Each address with each method, HEAD at every third address, and each role with each method, in turn. Nothing is written by
    what does not read, and of what is asked is told by the browsers, not by the plan."""
    people = cast(world)
    browsers = {name: signed_in(user) for name, user in people.items()}
    everybody, others = list(people), [name for name in people if name.startswith("other")]
    wrong, asked = [], noted(browsers)
    addresses = [one for one in STAFF if one[1] != LOGOUT]
    with only_read():
        with nothing_changes():
            for n, (address, name, view) in enumerate(addresses):
                turns = [everybody[(n + 5 * i) % len(everybody)] for i in range(len(UNKNOWN) + 1)]
                elsewhere = [name for name in others if view.access and may_anywhere(people[name], view)]
                who = dict(zip(UNKNOWN, ([turn] for turn in turns), strict=False)) | {"HEAD": []}
                who["POST"] = [turns[-1], *elsewhere[n % max(len(elsewhere), 1) :][:1]]
                wrong += answered_by_method(world, people, browsers, name, address, view, who)
        for n, (address, name, view) in enumerate(addresses[::3]):  # who reads evidence or a sealed list is noted
            who = dict.fromkeys(("POST", *UNKNOWN), ()) | {"HEAD": [everybody[n % len(everybody)]]}
            wrong += answered_by_method(world, people, browsers, name, address, view, who)
    assert not wrong, "\n".join(map(str, wrong))
    assert asked >= {(method, person) for method in ("HEAD", "POST", *UNKNOWN) for person in people}


@pytest.mark.slow("matrix")
@pytest.mark.parametrize("part", range(3))
def test_every_method_at_every_address_for_every_role_whole(world, part):
    """The test above without turns, and what is another unit's against what is absent for everybody who holds the right elsewhere."""
    people = cast(world)
    browsers = {name: signed_in(user) for name, user in people.items()}
    everybody, wrong = list(people), []
    addresses = [one for one in STAFF[part::3] if one[1] != LOGOUT]
    send, read = (dict.fromkeys(("HEAD", "POST", *UNKNOWN), ()) for _ in range(2))
    send |= dict.fromkeys(("POST", *UNKNOWN), everybody)
    read["HEAD"] = everybody
    with only_read():
        with nothing_changes():
            for address, name, view in addresses:
                wrong += answered_by_method(world, people, browsers, name, address, view, send)
        for address, name, view in addresses:  # who reads evidence or a sealed list is noted
            wrong += answered_by_method(world, people, browsers, name, address, view, read)
            if (address, name, view) in NAMING:
                elsewhere = [p for p in everybody if p.startswith("other") and may_anywhere(people[p], view)]
                wrong += told_apart(world, elsewhere, browsers, [(address, name, view)], ["GET"])
    assert not wrong, "\n".join(map(str, wrong))


def test_no_view_makes_a_difference_between_reading_and_only_asking():
    """So that HEAD is GET without what it says. What is written when somebody reads is not written when nothing is read."""
    found = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if re.search(r"""method (==|!=|in|not in) \(?["'](GET|HEAD)""", path.read_text(encoding="utf-8"))
    }
    assert found == {
        "inspections/acceptance/views.py",  # the read receipt of a task
        "disclosure/objections/views.py",  # that the names were read
        "disclosure/site/freshness.py",  # both
        "benxi_shuangsuiji/web/static.py",  # both
        "benxi_shuangsuiji/web/views.py",  # both
    }
