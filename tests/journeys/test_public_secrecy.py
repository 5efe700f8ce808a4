"""The public side tells what was published and nothing else: every route, file and feed, read to the byte (四(3)-a, 七(五)-o, domain.md 7.8).

Two proofs. One database is filled with words that are nobody's business, and everything public is read for them. One
quarter is played to its end twice, with other visits that nobody has published yet: register, pages, files, feeds and log
are the same to the byte, since the salts of the texts are given.
"""

import itertools
import random
import re
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import NoReverseMatch, resolve, reverse

from benxi_shuangsuiji import clock
from disclosure import publications
from disclosure.models import Act, Publication
from disclosure.opendata import machine_views
from disclosure.publishing import actions as publishing
from disclosure.register import log, own, signing
from disclosure.statements import actions as statements
from inspections.models import Inspection, Outcome
from inspections.review import actions as review
from plans.draw import actions as draw_actions
from tests.accounts.test_access import patterns
from tests.browsing import only_read
from tests.disclosure.factories import (
    ask_revision,
    make_published_list,
    make_published_result,
    make_published_step,
    make_revision,
    make_step,
)
from tests.disclosure.factories import make_published_plan as make_publicly_planned
from tests.disclosure.objections.factories import decide, make_objection, propose
from tests.disclosure.statements.test_statements import make_public, words_of
from tests.factories import make_disclosure_officer, make_facility, make_unit
from tests.inspections.evidence.pictures import PDF
from tests.inspections.factories import answer_all, finish, make_finished, make_reviewed, ready, start
from tests.journeys import test_secrecy
from tests.journeys.test_secrecy import ARGUMENT, combinations, drawn, first_difference, quarter, undone, walk
from tests.plans.draw.factories import make_held_draw, make_sealed_draw
from tests.plans.factories import make_branch

__all__ = ["quarter"]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("at", "papers_as_text"),
    pytest.mark.slow("secrecy"),
]


@pytest.fixture(autouse=True)
def signed(tmp_path, monkeypatch):
    monkeypatch.setattr(test_secrecy, "MOST_PAGES", 5_000)  # most of the addresses that are made up lead nowhere
    with override_settings(REGISTER_KEY="11" * 32, REGISTER_ORIGIN="", REGISTER_HEAD=str(tmp_path / "head")):
        yield


OF_A_TEXT = re.compile("disclosure:(json|tlog-proof)-")


def addresses(**values: list) -> list[str]:
    """Every public address, with every value that its arguments can have; what stands in none of them is a new argument."""
    found = []
    for address, name, view in patterns():
        if view.access != "public" or not name.startswith("disclosure:") or OF_A_TEXT.match(name):
            continue
        for chosen in combinations(ARGUMENT.findall(address), values):
            try:
                found.append(reverse(name, kwargs=chosen))
            except NoReverseMatch:
                continue
    return found


def everything(codes, units) -> list[str]:
    numbers = sorted(set(Publication.everything.values_list("no", flat=True)))
    entries = len(list(log.entries(0, 10**6)))
    texts = Publication.everything.values_list("kind", "no", "version")  # sealed ones as well
    of_texts = [
        reverse(f"disclosure:{form}-{kind}", args=[no, v]) for kind, no, v in texts for form in ("json", "tlog-proof")
    ]
    return of_texts + addresses(
        code=codes,
        unit=units,
        no=numbers,
        draw_id=[f"{unit}-2026Q3-01" for unit in units],
        year=[2026],
        quarter=["2026q3"],
        version=[1, 2],
        category=["key", "general", "special"],
        name=["manifest", "slips", "result", "seed", "roster", "abort", "run-1-result"],
        kind=[
            *machine_views.MAPS,
            "list",
            "plan",
            "result",
            "results",
            "summary",
            "notice",
            "register",
            "rectification",
            "statement",
            "decision",
        ],
        form=["pdf", "docx"],
        table=["rates", "found", "never", "evenness"],
        size=["large", "normal"],
        seq=[1, 2],
        receipt=["YY2026-0001", "YY2026-0002"],
        level=["0", "entries"],
        number=["000", "1"],
        width=[entries],
        way=["pdf"],
        token=[],
        pk=[1],
        part=[1],
    )


def everything_read(codes, units) -> dict[str, tuple[int, str]]:
    begin = ["/", *everything(codes, units)]
    begin += [f"/enterprises/?q={code}" for code in codes] + ["/data/facilities.csv?never=1", "/enterprises/?never=1"]
    with only_read():
        return walk(Client(), begin, inside="/")


# Nothing of these is public, however it is spelled; each is in some row by the time everything is read.
PRIVATE = {
    "a natural person": ("赵铁柱", "赵大柱", "210504198001011234"),
    "his house": ("枫桥路 7 号", "枫桥路7号"),
    "the house of an individual business": ("枫桥路 88 号", "枫桥路88号"),
    "who stands behind a business": ("钱守信", "孙立新"),
    "how they are reached": ("13904140000", "13904140001", "13904140002"),
    "where exactly it lies": ("41.286731", "123.765432"),
    "who objects": ("齐修远", "024-40000009", "40000009", "qi@example.cn"),
    "what he says and brings": ("账本在柜子第三层", "账本照片.pdf", "补交的是五月那本"),
    "words that were withdrawn": ("李四的住址在渡口",),
    "why nobody reads them": ("住址是渡口",),
    "what nobody reviewed yet": ("初查记有偷排口",),
    "what another reviewed and nobody published": ("复核认定偷排口",),
    "a step not yet public": ("拟责令停产七天",),
    "what the enterprise said and took back": ("机修工喝醉了那天",),
    "a correction that is only asked for": ("改作缺项九处",),
}


def fill(unit) -> list[str]:
    """A unit's quarter full of what nobody outside may read; codes of the facilities that are asked for by everybody."""
    person = make_facility(
        unit,
        name="赵铁柱",
        uscc="210504198001011234",
        is_natural_person=True,
        former_names=["赵大柱"],
        address="明山区枫桥路 7 号",
        legal_person="赵铁柱",
        contact_phone="13904140000",
    )
    shop = make_facility(
        unit,
        name="枫桥汽修部",
        uscc="92210504MA0UTQ2T1J",
        address="明山区枫桥路 88 号",
        legal_person="钱守信",
        contact_name="孙立新",
        contact_phone="13904140001",
    )
    works = make_facility(
        unit, name="枫岭印染有限公司", contact_phone="13904140002", latitude="41.286731", longitude="123.765432"
    )
    of_person = make_published_result(unit, facility=person, problem="标签缺项 2 处")
    make_published_result(unit, facility=shop, problem="标签缺项 2 处")
    of_works = make_published_result(unit, facility=works, problem="标签缺项 2 处")
    make_published_step(of_works)
    make_step(of_works, words="拟责令停产七天")
    ask_revision(of_works, words={"finding": "改作缺项九处"})
    gone = make_published_result(unit, problem="李四的住址在渡口")
    make_revision(gone, Act.WITHDRAW, gone="李四的住址在渡口", reason="含有个人信息", evidence="住址是渡口，核对笔录")
    make_finished(unit, problem="初查记有偷排口")
    make_reviewed(unit, problem="复核认定偷排口")
    make_public(words_of(Inspection.objects.get(no=of_works.no)))
    said = statements.submit(inspection=Inspection.objects.get(no=of_person.no), words="机修工喝醉了那天，设备停着")
    statements.take_back(words=said)
    who = {"name": "齐修远", "phone": "024-40000009", "email": "qi@example.cn"}
    files = [SimpleUploadedFile("账本照片.pdf", PDF)]
    asked = make_objection(of_person, **who, words="账本在柜子第三层，当天就给看过", files=files)
    decide(propose(asked))
    make_objection(make_published_result(unit), **who | {"phone": "024-40000010"}, words="补交的是五月那本台账")
    return [person.code, shop.code, works.code]


@pytest.mark.promise("P08")
@pytest.mark.clause("四(3)-a", "四(3)-f", "七(五)-o")
def test_of_all_that_is_not_public_no_byte_is_on_any_public_route(at):
    at("2026-07-06 10:00")
    unit = make_unit("210504")
    make_published_list()
    codes = fill(unit)
    draw = make_sealed_draw(unit)
    make_publicly_planned(make_branch(code="210502"))
    released = make_held_draw(make_unit("210503"), released=True)
    at(f"{clock.today().isoformat()} 23:00")
    own.publish_heads()
    signing.sign_newest()

    read = everything_read(codes, [unit.code, "210500", "210502", "210503"])

    assert released.draw_id in read["/draws/"][1] and draw.draw_id in read["/draws/"][1]
    opened = {url for url, (status, _) in read.items() if status == 200}
    answered = {url for url, (status, _) in read.items() if status in (200, 301, 302, 410)}
    names = {name for address, name, view in patterns() if view.access == "public" and name.startswith("disclosure:")}
    missed = {name for name in names - {resolved(url) for url in answered} if not OF_A_TEXT.match(name)}
    assert not missed - NOT_HERE, "\n".join(sorted(missed - NOT_HERE))
    told = [
        (what, word, url)
        for url, (_, text) in read.items()
        for what, words in PRIVATE.items()
        for word in words
        if word in text
    ]
    assert told == []
    # It is there, as far as it may be: in pages, tables, texts and feeds.
    for form in (".json", ".csv", ".jsonl"):
        assert any("赵**" in read[url][1] for url in opened if url.partition("?")[0].endswith(form)), form
    for words in ("赵**", "明山区枫桥路", "枫桥汽修部"):
        assert sum(words in read[url][1] for url in opened) >= 5, words


def resolved(url: str) -> str:
    return resolve(urlsplit(url).path).view_name


# What this world has nothing for: summaries of all units, a past before first use, 256 entries, and what opens with a secret.
NOT_HERE = {
    f"disclosure:{name}"
    for name in (
        "carry",
        "objection-of-link",
        "objection-own",
        "register-tile",
        "size",  # a page in large letters: it leads back to where one came from
        "results-summary",
        "results-summary-snapshot",
        "selfcheck",
        "statement-of-link",
        "summary-snapshot",
    )
}


@pytest.mark.clause("七(五)-o", "四(3)-a")
def test_visits_that_nobody_has_published_change_no_byte_of_what_is_public(quarter, monkeypatch, at):
    """The same names are drawn and released; another check was visited, with another end; one result is public both times."""
    draw, _, approver = quarter
    plays = []
    for order in ((0, 1), (1, 0)):
        salts = itertools.count()
        monkeypatch.setattr(publications.digests, "new_salt", lambda: f"{next(salts):032x}")  # noqa: B023
        monkeypatch.setattr(secrets, "SystemRandom", lambda: random.Random(1))  # by which checks get their numbers
        with undone():
            held, checks = drawn(draw, approver, monkeypatch, at, secret="1", visited=False)
            checks.sort(key=lambda check: check.facility.code)  # they are handed out in an order of their own each time
            nobody_was_there, somebody_was, public = [checks[n] for n in (*order, 2)]
            for check, changes in (
                (somebody_was, {"outcome": Outcome.NOT_OPERATING, "finding": "大门上锁，已停产"}),
                (public, {}),
            ):
                ready(check)
                start(check)
                finish(check, **changes) if changes else finish(answer_all(check))
            review.review_result(inspection=public, by=approver)
            at(held.release_at + timedelta(minutes=1))
            draw_actions.release_due(clock.now())
            officer = make_disclosure_officer(draw.unit, name="公示员")
            publishing.publish_result(
                inspection=Inspection.objects.get(pk=public.pk), by=officer, late_reason="名单公布以前不公开结果"
            )
            signing.sign_newest()
            codes = [check.facility.code for check in checks[:3]]
            plays.append(everything_read(codes, [draw.unit.code]))
            assert nobody_was_there.facility.name in plays[-1][f"/draws/{held.draw_id}/tickets.csv"][1]

    first, second = plays
    differences = [
        (url, first_difference(text, second[url][1]))
        for url, (status, text) in first.items()
        if url in second
        if (status, without_tokens(text)) != (second[url][0], without_tokens(second[url][1]))
    ]
    assert differences == []
    assert first.keys() == second.keys() and len(first) > 100


def without_tokens(text: str) -> str:
    """The form of an objection has a number of its own each time."""
    return re.sub(r'(name="(?:csrfmiddlewaretoken|form)" value=)"[^"]*"', r"\1", text)
