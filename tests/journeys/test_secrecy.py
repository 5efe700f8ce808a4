"""Between the draw and the publication nobody outside the circle learns who was drawn (七(五)-o, decisions.md 3).

The proof is a comparison: the same quarter is drawn twice with different sealed numbers, so that other facilities and
other teams come out, and in one of the two a check has already been carried out. Whoever stands outside the circle walks
every page, export and search that he can reach or guess; what he reads must be the same both times.
"""

import io
import re
import zipfile
from collections import deque
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import unquote, urldefrag, urljoin

import openpyxl
import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts import second_factor
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.deadlines import feeds
from benxi_shuangsuiji.refusal import Refused
from inspections.coordination import actions as coordination_actions
from inspections.dispatch import actions as dispatch_actions
from inspections.replacements import actions as replacements
from plans.draw import actions as draw_actions
from plans.models import ChangeReason, DrawDocument, PickDrop, SourceKind, TeamMember
from plans.proofs import daily as proofs
from registry.models import Facility, Inspector
from tests.accounts.test_access import patterns
from tests.browsing import only_read
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_inspector,
    make_observer,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import answer_all, finish, link_of, make_dispatched, ready, start, team_of
from tests.journeys.people import OverHttp
from tests.plans.amendments.factories import grounds
from tests.plans.draw.factories import VALUES, make_published_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

MOST_PAGES = 1_500  # of one person; nobody at all guesses every address there is
MOST_QUERIES = 1  # of one path, beside those that are guessed
ARGUMENT = re.compile(r"<(?:[^:>]+:)?([^>]+)>")
# The picker of quarters is on every page; the quarter in which was drawn is enough. How full a disk is differs by itself.
NOT_FOLLOWED = re.compile(
    r"^/(static|size)/|/logout/|^/desk/accounts/\d|^/desk/log/check/|^/desk/health/|[?&]quarter=(?!2026Q3)|/2026q[124]/"
)
# Every list of all facilities, or of all inspectors; there a name says nothing.
LISTS_OF_ALL = re.compile(
    r"^/desk/objects/|^/desk/indicators/k[67]/|^/desk/inspectors/|^/desk/recusals/|^/draws/[^/]+/(frames/|frames/[a-z]+\.txt|bundle\.json)|^/verify/history/"
    # Whoever asks for one by its code is told the same of everybody.
    r"|^/draws/[^/]+/\?code=|^/desk/tasks/targeted/new/\?(unit=\d+&)?object=|^/admin/registry/(facility|inspector|inspectorabsence)/|^/desk/responsibility/"
    # Public of everybody from the freeze on; that they say no more is compared.
    r"|^/(enterprises|registers)/|^/data/facilities\.csv|^/corrections/new/\?record=[^&]+&kind=register&code="
)
CHANGING = [
    (re.compile(r'"token": "[^"]+"'), '"token": ""'),  # against forged forms, for what a phone has kept
    (re.compile(r'(name="(?:csrfmiddlewaretoken|form_owner|form)" value=)"[^"]*"'), r"\1"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "KEY"),
    (
        re.compile(r"[0-9a-f]{12,64}"),
        "DIGEST",
    ),  # fingerprints and slips: of everything, they are public and differ
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{4}( [0-9a-f]{4}){2,}"), "DIGEST"),
]


@pytest.fixture(autouse=True)
def papers_are_read_as_text(papers_as_text, monkeypatch):
    """A printed page differs in its bytes with every fingerprint on it; what it says is what it is printed from.

    And the secret of a phone that is set up is another each time.
    """
    monkeypatch.setattr(second_factor, "new_secret", lambda request: bytes(20))
    cache.clear()  # codes that were guessed in vain


# --- walking ----------------------------------------------------------------------------------------------------------


def headers_of(response) -> str:
    """The head of an answer; length, digest and ETag follow from what is read anyway, Expires from the machine's time."""
    follow = ("Content-Length", "ETag", "Expires", "Unencoded-Digest")
    return "\n".join(f"{k}: {v}" for k, v in sorted(response.items()) if k not in follow)


def words_of(response) -> str:
    """What somebody can read in an answer."""
    return words_in(b"".join(response.streaming_content) if response.streaming else response.content)


def words_in(content: bytes) -> str:
    """What somebody can read in a file: in the cells of a workbook, in the parts of a Word paper or of a package."""
    if content[:4] != b"PK\x03\x04":
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if "xl/workbook.xml" not in parts.namelist():
            return "\n".join(f"{name}\n{words_in(parts.read(name))}" for name in parts.namelist())
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return "\n".join(str(list(row)) for sheet in book for row in sheet.iter_rows(values_only=True))


def links_of(url, text) -> list[str]:
    found = re.findall(r'(?:href|src|action)="([^"]*)"', text)
    addresses = [urldefrag(urljoin(url, link.replace("&amp;", "&")))[0] for link in found]
    return [a for a in addresses if a.startswith("/") and not a.startswith("//") and not NOT_FOLLOWED.search(a)]


def walk(client, begin, *, inside, without=()) -> dict[str, tuple[int, str]]:
    """Every page that can be reached from these addresses by following links: address → (status, text).

    `without`: codes of the registry whose pages are left out, because others of their kind are walked.
    """
    queue, seen, queries = deque(begin), {}, {}
    while queue and len(seen) < MOST_PAGES:
        url = queue.popleft()
        path = url.partition("?")[0]
        if url in seen or NOT_FOLLOWED.search(url) or any(f"/{code}/" in url for code in without):
            continue
        queries[path] = queries.get(path, 0) + ("?" in url)
        if queries[path] > MOST_QUERIES and url not in begin:
            continue
        response = client.get(url)
        seen[url] = (response.status_code, headers_of(response) + "\n\n" + words_of(response))
        if response.status_code == 200 and "html" in response["Content-Type"]:
            queue.extend(link for link in links_of(url, seen[url][1]) if link.startswith(inside))
        elif response.status_code in (301, 302):
            queue.extend(link for link in [urljoin(url, response["Location"])] if link.startswith(inside))
    cut_short = len(seen) >= MOST_PAGES
    assert not cut_short
    return seen


def unchanging(text: str) -> str:
    for pattern, instead in CHANGING:
        text = pattern.sub(instead, text)
    return text


def guesses(unit, facilities, inspectors, tokens=()) -> list[tuple[str, object]]:
    """Addresses that somebody can make up who knows the codes of the registry and how things are numbered, with views.

    `tokens`: the secret addresses of the calendars of people outside the circle.
    """
    draw_id = f"{unit.code}-2026Q3-01"
    values = {
        "unit": [unit.code],
        "year": [2026],
        "sheet": ["units", "results"],
        "version": [1],
        "quarter": ["2026q3"],
        "draw_id": [draw_id],
        "no": [f"{unit.code}-2026Q3-{end}" for end in ("0001", "0002", "0001-Z01")] + [f"{unit.code}-2026Q3"],
        "report_no": [f"{unit.code}-2026Q3", f"{unit.code}-2026"],
        "check_no": [f"{unit.code}-2026Q3-0001", f"{unit.code}-2026Z-0001"],
        "case_no": [f"{unit.code}-2026-L001"],
        "referral_no": [f"{unit.code}-2026-Y001"],
        "instruction_no": [f"{unit.code}-2026Q3-Z001"],
        "n": [1],
        "k": [9],
        "part": [0],
        "pk": [1],
        "grant": [1],
        "seq": [1, 2, 3],
        "category": ["key", "general"],
        "name": ["manifest", "slips", "result", "seed", "roster", "abort", "run-1-result"],
        "kind": ["plan", "result", "results", "summary", "notice", "rectification", "pages", "enterprises"],
        "number": [1],
        "form": ["pdf", "docx"],
        "size": [],
        "table": ["rates", "found", "never", "evenness"],
        "level": [],  # hashes; what was entered stands in the plain file
        "way": ["pdf"],
        "receipt": ["00000000-0000-4000-8000-000000000000", "YY2026-0001"],
        "inspector": [p.pk for p in inspectors[:2]],
        "chapter": ["词语"],
        "token": tokens,
        "package_no": [f"BXS-{unit.code}-000001", f"MEP-{unit.code}-000001"],
        "platform_no": ["PT-0815"],
    }
    found = []
    for address, name, view in patterns():
        meant = inspectors if "inspector" in address else facilities
        pools = {**values, "code": [p.code for p in meant], "object_id": [p.pk for p in meant]}
        for chosen in combinations(ARGUMENT.findall(address), pools):
            try:
                found.append((reverse(name, kwargs=chosen), view))
            except NoReverseMatch:
                continue
    views = {name: view for _, name, view in patterns()}
    for facility in facilities:
        q = f"?q={facility.name}"
        found += [
            (f"/desk/objects/{q}", views["registry:facility-list"]),
            (f"/desk/tasks/{q}", views["inspections:task-list"]),
            (f"/desk/search/{q}", views["search:search"]),
            (f"/desk/search/{q}&of=检查任务", views["search:search"]),
            (f"/results/{q}", views["disclosure:results"]),
            (f"/results/export.csv{q}", views["disclosure:results-csv"]),
            (f"/enterprises/{q}", views["disclosure:enterprises"]),
            (f"/enterprises/?never=1&q={facility.code}", views["disclosure:enterprises"]),
            (f"/registers/{unit.code}-2026Q3/{q}", views["disclosure:roster"]),
            ("/data/facilities.csv", views["disclosure:facilities-csv"]),
            ("/data/facilities.csv?never=1", views["disclosure:facilities-csv"]),
            (f"/draws/{draw_id}/frames/key/{q}", views["disclosure:draw-frame"]),
            (f"/draws/{draw_id}/?code={facility.code}&list=key&all=1", views["disclosure:draw"]),
        ]
    at = f"?unit={unit.code}&quarter=2026Q3"
    return [
        *found,
        (f"/desk/draws/{draw_id}/?names=1", views["plans:draw-detail"]),
        (f"/desk/draws/{draw_id}/?names=1&run=1", views["plans:draw-detail"]),
        (f"/desk/log/?about={unit.code}-2026Q3-01", views["audit:log"]),
        ("/desk/log/?kind=row", views["audit:log"]),
        ("/desk/log/?kind=look", views["audit:log"]),
        (f"/desk/log/?office={unit.code}&kind=检查任务", views["audit:log"]),
        *((f"/desk/log/?about={facility.name}", views["audit:log"]) for facility in facilities),
        (f"/desk/search/?q={unit.code}-2026Q3-0001", views["search:search"]),
        (f"/desk/search/?q={draw_id}", views["search:search"]),
        *((f"/desk/search/?q={person.name}", views["search:search"]) for person in inspectors[:2]),
        ("/desk/log/?verb=row.insert", views["audit:log"]),
        (f"/desk/{at}", views["inspections:desk-home"]),
        (f"/desk/tasks/{at}", views["inspections:task-list"]),
        (f"/desk/city/{at}", views["inspections:city-progress"]),
        (f"/desk/coordination/{at}", views["inspections:coordination-list"]),
        (f"/desk/coordination/export.xlsx{at}", views["inspections:coordination-export"]),
        (f"/desk/publish/{at}", views["disclosure:publish-list"]),
        (f"/desk/publish/confirm/{at}", views["disclosure:publish-several"]),
        (f"/desk/inspectors/{at}", views["registry:inspector-list"]),
        (f"/desk/recusals/{at}", views["registry:recusal-list"]),
        (f"/desk/objects/export.xlsx{at}", views["registry:facility-export"]),
        (f"/desk/inspectors/export.xlsx{at}", views["registry:inspector-export"]),
    ]


def combinations(arguments, pools):
    if not arguments:
        yield {}
        return
    first, *rest = arguments
    for value in pools[first]:
        for others in combinations(rest, pools):
            yield {first: value, **others}


# --- two outcomes of one draw -----------------------------------------------------------------------------------------


class _Back(Exception):
    """Leaves a block and everything that was written in it."""


@contextmanager
def undone():
    try:
        with transaction.atomic():
            yield
            raise _Back
    except _Back:
        pass


@pytest.fixture
def quarter(at):
    """A unit with a prepared draw, canary names, and the people outside the circle, each with a client."""
    at("2026-07-06 10:00")
    unit, other, city = make_unit("210504"), make_unit("210503"), make_city_team()
    plan = make_published_plan(unit, key=4, general=3, special=0, inspectors=5)
    for name, facility in zip("甲乙丙丁戊己庚", Facility.objects.order_by("code"), strict=True):
        facility.name = f"金丝雀{name}厂"
        facility.save()
    for name, inspector in zip("赵钱孙李周", Inspector.objects.order_by("code"), strict=True):
        inspector.name = f"白鹭{name}"
        inspector.save()
    colleague = make_inspector(
        unit, with_user=True, name="没被抽中的人", certificate_to=clock.today() - timedelta(days=1)
    )
    people = {
        "registrar": make_registrar(unit),
        "archivist": make_user((Role.ARCHIVIST, unit)),
        "disclosure officer": make_disclosure_officer(unit),
        "observer": make_observer(),
        "lead office": make_user((Role.LEAD_OFFICE, city)),
        "bureau reader": make_user((Role.BUREAU_READER, city)),
        "another unit's planner": make_planner(other),
        "a colleague in no team": colleague.user,
        "system administrator": make_user((Role.ADMIN_SYSTEM, city)),
        "audit administrator": make_user((Role.ADMIN_AUDIT, city)),
    }
    clients = {"nobody": Client()}
    clients["nobody"].tokens = [feeds.open_feed(by=user) for user in people.values()]
    for who, user in people.items():
        clients[who] = Client()
        clients[who].force_login(user)
        clients[who].person = user
    draw = draw_actions.prepare_draw(plan=plan, by=make_planner(unit, name="计划员"))
    coordination_actions.send_instructions(
        units=[unit],
        quarter=plan.quarter,
        kind="REMIND",
        to_role=Role.PLANNER,
        title="抽取和检查的进度",
        text="回复抽取和检查的进度。",
        due=clock.today() + timedelta(days=30),
        by=people["lead office"],
    )
    return draw, clients, make_approver(unit, name="分管负责人")


def sealed(draw, approver, monkeypatch, at, *, secret):
    """Seal with this secret; two people type the same public value both times."""
    at("2026-07-06 10:00")
    monkeypatch.setattr("plans.draw.secrets.new_secret", lambda: secret * 64)
    draw = draw_actions.seal_draw(draw=draw, by=approver, registry_reason="演练用名录")
    at("2026-07-08 21:40")
    for person in (draw.prepared_by, approver):
        draw_actions.enter_value(draw=draw, position=1, value=VALUES[SourceKind.LOTTERY], by=person)
    return draw


def drawn(draw, approver, monkeypatch, at, *, secret, visited):
    """Seal with this secret, draw and dispatch; with `visited` the first check is finished and waits for its review."""
    draw = sealed(draw, approver, monkeypatch, at, secret=secret)
    draw = draw_actions.hold_draw(draw=draw, by=draw.prepared_by)
    checks = dispatch_actions.dispatch(draw=draw, by=draw.prepared_by)
    at("2026-07-13 16:00")
    if visited:
        check = checks[0]
        ready(check)
        start(check)
        finish(answer_all(check))
    return draw, checks


def secrets_of(draw, checks) -> set[str]:
    """Everything that says which facility was drawn, by what ticket, and who goes there."""
    told = {check.visit_code for check in checks} | {check.no for check in checks}
    for pick in draw.picks.select_related("facility"):
        told |= {pick.facility.name, pick.ticket[:12]}
    told |= set(TeamMember.objects.filter(team__pick__draw=draw).values_list("inspector__name", flat=True))
    told |= {
        line for line in DrawDocument.objects.get(draw=draw, kind="RESULT").text.splitlines() if "\tpick" in f"\t{line}"
    }
    return told


def read_by(clients, unit, facilities, inspectors, tokens):
    """Who → address → what he reads there.

    The public pages are the same for everybody and walked by nobody at all. A staff page for which somebody has no
    permission in any unit refuses him before it looks at anything (tests/access), so he does not guess at it.
    """
    known = guesses(unit, facilities, inspectors, tokens)
    others = [
        *Facility.objects.exclude(pk__in=[f.pk for f in facilities]).values_list("code", flat=True),
        *Inspector.objects.exclude(pk__in=[i.pk for i in inspectors]).values_list("code", flat=True),
    ]
    with only_read():
        return _read_by(clients, known, others)


def _read_by(clients, known, others):
    found = {}
    for who, client in clients.items():
        if who == "nobody":
            begin = ["/", "/desk/", "/field/", *(url for url, _ in known)]
            found[who] = walk(client, begin, inside="/", without=others)
            continue
        reach = [
            url
            for url, view in known
            if view.access != "public" and (not view.access or any(client.person.units_with(p) for p in view.access))
        ]
        begin = ["/desk/", "/field/", "/admin/", *reach]
        found[who] = walk(client, begin, inside=("/desk/", "/field/", "/admin/"), without=others)
    return found


def only_in_one(outcomes) -> list:
    """One that belongs to the first outcome alone, and one that belongs to the second alone."""
    one, other = outcomes
    found = [min(one - other, key=lambda x: x.code), min(other - one, key=lambda x: x.code)]
    return found


SECRETS = ("1", "7")  # two sealed numbers that draw different facilities and different teams


# One third each: nobody at all guesses every address there is, and the rest are about as long together.
THIRDS = {"nobody": slice(0, 1), "the first": slice(1, None, 2), "the others": slice(2, None, 2)}


@pytest.mark.promise("P05")
@pytest.mark.slow("secrecy")
@pytest.mark.clause("七(五)-o")
@pytest.mark.parametrize("who_reads", THIRDS)
def test_who_was_drawn_changes_nothing_that_anybody_outside_the_circle_can_read(quarter, monkeypatch, at, who_reads):
    draw, clients, approver = quarter
    tokens = clients["nobody"].tokens
    clients = dict(list(clients.items())[THIRDS[who_reads]])
    facilities, teams = [], []
    for secret in SECRETS:
        with undone():
            held, _ = drawn(draw, approver, monkeypatch, at, secret=secret, visited=False)
            facilities.append({pick.facility for pick in held.picks.select_related("facility")})
            teams.append({m.inspector for m in TeamMember.objects.select_related("inspector")})
    known = only_in_one(facilities), list(teams[0] ^ teams[1] or teams[0])[:2]

    pages, told = [], []
    for secret, visited in zip(SECRETS, (True, False), strict=True):
        with undone():
            held, checks = drawn(draw, approver, monkeypatch, at, secret=secret, visited=visited)
            told.append(secrets_of(held, checks))
            pages.append(read_by(clients, draw.unit, *known, tokens))

    first, second = pages
    if "observer" in clients:
        status, log = first["observer"][f"/desk/log/?about={draw.draw_id}"]
        assert (status, draw.draw_id in log) == (200, True)  # the trail is read, and it speaks of the draw
    differences = []
    for who in clients:
        assert len([url for url, (status, _) in first[who].items() if status == 200]) > 5, who
        assert first[who].keys() ^ second[who].keys() == set(), who
        for url, (status, text) in first[who].items():
            if url.startswith("/desk/log/"):
                continue  # it counts what was done; what it may not say is looked for below
            here, there = unchanging(text), unchanging(second[who][url][1])
            if (status, here) != (second[who][url][0], there):
                differences.append((who, url, first_difference(here, there)))
    assert not differences, "\n".join(str(d) for d in differences)

    for found, secret_words in zip(pages, told, strict=True):
        named = said_in(found, secret_words)
        assert not named, "\n".join(str(n) for n in named)


@pytest.mark.slow("secrecy")
@pytest.mark.clause("七(五)-o")
def test_a_replacement_a_refusal_and_a_recomputation_name_nobody_outside_the_circle(quarter, monkeypatch, at):
    """One facility has left the list, one has come, somebody tried what is refused, and all was computed anew."""
    draw, clients, approver = quarter
    held, checks = drawn(draw, approver, monkeypatch, at, secret="1", visited=False)
    planner, gone = held.prepared_by, next(check.pick for check in checks if check.pick.category == "key")
    what = {"draw": held, "reason": ChangeReason.HALT, "picks": [gone], "by": planner}
    what |= grounds(ChangeReason.HALT, gone)
    with pytest.raises(Refused):
        replacements.ask(evidence="", **what)
    request = replacements.ask(evidence="停产通知〔2026〕3 号", **what)
    replacements.approve(request=request, by=approver, document_no="明环更〔2026〕1 号")
    assert PickDrop.objects.get().pick == gone and held.picks.filter(amendment=1).count() == 1
    proofs.prove_daily()
    told = secrets_of(held, checks)
    outside = {who: clients[who] for who in ("nobody", "observer", "audit administrator")}
    drawn_now = [pick.facility for pick in held.picks.order_by("amendment", "pk")]

    known = [gone.facility, drawn_now[-1]], list(Inspector.objects.order_by("code")[:1])
    found = read_by(outside, draw.unit, *known, clients["nobody"].tokens)

    assert "更换" in found["observer"]["/desk/log/"][1]
    # That it stands still is the registry's own row, which he reads there too; no act of a draw or a check writes it.
    registry = ("observer", "/desk/log/?kind=row", gone.facility.name)
    named = [one for one in said_in(found, told) if one != registry]
    assert not named, "\n".join(str(n) for n in named)


@pytest.mark.clause("七(五)-o", "七(五)-j")
def test_the_page_behind_a_code_tells_of_its_own_facility_alone(at):
    """The one exception (decisions.md 3): whoever holds the notice reads about his visit, and nothing about another."""
    at("2026-07-06 10:00")
    checks = make_dispatched(make_unit(), key=12, general=3)
    told = {check.no: {check.facility.name, check.facility.code, check.no, check.visit_code} for check in checks}
    tickets = {check.no: check.pick.ticket[:12] for check in checks}

    for check in checks:
        response = Client().get(f"/v/{check.visit_code}/")
        read = headers_of(response) + words_of(response)
        assert check.facility.name in read
        others = set().union(*(words for no, words in told.items() if no != check.no), tickets.values())
        own = " ".join(told[check.no])
        assert {word for word in others if word in read and word not in own} == set()
        assert "no-store" in response["Cache-Control"]
        before = Client().get(f"/e/{link_of(check).token}/")
        assert {word for words in told.values() for word in words if word in words_of(before)} <= told[check.no] - {
            check.facility.name,
            check.facility.code,
        }
    for page in ("/", "/draws/", f"/draws/{checks[0].draw.draw_id}/", "/results/", "/data/"):
        assert not re.search(r"/v/[0-9A-Za-z]{4}", words_of(Client().get(page)).replace("/v/report", ""))


def said_in(found, secret_words) -> list[tuple[str, str, str]]:
    """Who reads which of these words where, but for the lists that hold everybody."""
    named = []
    for who, answers in found.items():
        for url, (_, text) in answers.items():
            if LISTS_OF_ALL.match(url):
                continue
            read, asked = without_address(text), unquote(url)
            named += [(who, url, word) for word in secret_words if word in read and word not in asked]
    return named


def without_address(text: str) -> str:
    """The text without what the reader himself wrote: his search and the address in the links to the login page."""
    return re.sub(r'value="[^"]*"|[?&;](q|next)=[^"&]*', "", text)


def first_difference(one: str, other: str) -> tuple[str, str]:
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[max(0, at - 120) : at + 120], other[max(0, at - 120) : at + 120]


@pytest.mark.slow("secrecy")
@pytest.mark.clause("七(五)-o")
def test_the_registry_and_the_plan_read_the_same_before_and_after_the_draw(quarter, monkeypatch, at):
    draw, clients, approver = quarter
    kept = ("/desk/objects/", "/desk/inspectors/", "/desk/plans/", "/plans/", "/results/", "/enterprises/")
    known = list(Facility.objects.order_by("code")[:4]), list(Inspector.objects.order_by("code")[:2])
    begin = [url for url, _ in guesses(draw.unit, *known) if url.startswith(kept)]
    pages = []
    for is_drawn in (False, True):
        with undone():
            if is_drawn:
                drawn(draw, approver, monkeypatch, at, secret="1", visited=True)
            else:
                sealed(draw, approver, monkeypatch, at, secret="1")
                at("2026-07-13 16:00")
            with only_read():
                pages.append({who: {url: clients[who].get(url) for url in begin} for who in ("registrar", "nobody")})

    before, after = pages
    for who, answers in before.items():
        for url, response in answers.items():
            texts = [unchanging(main_of(words_of(r))) for r in (response, after[who][url])]
            assert texts[0] == texts[1], (who, url, first_difference(*texts))


def main_of(html: str) -> str:
    """The page without its frame, whose badges may say that a step of the quarter is done."""
    found = re.search(r"<main.*?</main>", html, re.S)
    return found[0] if found else html


@pytest.mark.slow("secrecy")
@pytest.mark.clause("七(五)-o")
def test_how_far_the_checks_are_is_not_told_outside_even_when_time_is_over(quarter, monkeypatch, at):
    """The names are still sealed, because the worker did not run on the 25th; nobody outside learns what is left to do."""
    draw, clients, approver = quarter
    pages = []
    for all_visited in (False, True):
        with undone():
            _, checks = drawn(draw, approver, monkeypatch, at, secret="1", visited=True)
            for check in checks[1:] if all_visited else []:
                ready(check)
                start(check)
                finish(answer_all(check))
            at("2026-09-28 09:00")
            pages.append(
                {
                    (who, url): unchanging(words_of(client.get(url)))
                    for who, client in clients.items()
                    for url in (
                        "/desk/",
                        f"/desk/?unit={draw.unit.code}",
                        "/desk/todo/",
                        "/desk/city/",
                        "/desk/publish/",
                    )
                }
            )
    for where, text in pages[0].items():
        assert text == pages[1][where], (where, first_difference(text, pages[1][where]))


@pytest.mark.promise("P05")
@pytest.mark.clause("七(五)-o", "七(二)-j")
def test_everybody_inside_the_circle_sees_the_names_and_leaves_a_trace(at):
    at("2026-07-06 10:00")
    check, *_ = make_dispatched()
    draw, team = check.draw, team_of(check)
    name = check.facility.name
    views = [
        (OverHttp(make_planner(draw.unit)), f"/desk/draws/{draw.draw_id}/?names=1", 1),
        (OverHttp(make_planner(draw.unit)), "/desk/tasks/", 1),
        (OverHttp(make_approver(draw.unit)), f"/desk/tasks/{check.no}/", 1),
        (OverHttp(make_supervisor()), f"/desk/draws/{draw.draw_id}/?names=1", 1),
        (OverHttp(make_supervisor()), f"/desk/tasks/?unit={draw.unit.code}", 1),
        (OverHttp(team[0].user), "/field/", 1),
        (OverHttp(team[1].user), f"/field/{check.no}/", 1),
    ]
    for person, url, expected in views:
        trace = AuditEntry.objects.filter(verb__endswith="sealed.viewed", actor=person.user)
        person.open(url).sees(name)
        assert trace.count() == expected, url
        assert name not in str(list(trace.values()))
        person.open(url)
        assert trace.count() == 2 * expected, url


@pytest.mark.clause("七(五)-o")
def test_the_team_of_another_check_does_not_see_this_one(at):
    at("2026-07-06 10:00")
    checks = make_dispatched(inspectors=8)
    mine = {c.no: {p.user_id for p in team_of(c)} for c in checks}
    stranger = next(
        (p.user, c) for c in checks for other in checks for p in team_of(other) if p.user_id not in mine[c.no]
    )
    user, check = stranger
    person = OverHttp(user)

    person.open("/field/").does_not_see(check.no, f">{check.facility.name}<")
    for address in (f"/field/{check.no}/", f"/field/{check.no}/check/1/", f"/field/{check.no}/finish/"):
        assert person.open(address).status == 404
    assert person.post(f"/field/{check.no}/accept/").status == 404
