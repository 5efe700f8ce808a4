"""Nothing of the exchange names an unreleased facility to anyone outside the circle (decisions.md 3, issue 17).

Asked of the bytes of packages, of the rows that stay, and of every address of the room as everybody else.
"""

import io
import logging
import zipfile

import pyrage
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.database import shown
from benxi_shuangsuiji.documents.packages import BadPackage
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from inspections import urls
from inspections.exchange import actions, incoming, pages
from inspections.exchange.subject import SUBJECT
from inspections.models import (
    ExchangePackage,
    ExchangeRecord,
    Inspection,
    PackageRefusal,
    PlatformCode,
    PlatformDifference,
    PlatformResult,
    PlatformTask,
)
from tests.browsing import only_read, post, signed_in, text_of
from tests.factories import make_facility, make_inspector, make_lead_office, make_planner, make_unit, make_user
from tests.inspections.exchange.both import Both
from tests.inspections.exchange.factories import connect, number, pack
from tests.inspections.exchange.test_adopting import result_there
from tests.inspections.exchange.test_back import REFUSALS
from tests.inspections.factories import make_dispatched, ready, start, team_of
from tests.registry.workbooks import credit_code

pytestmark = pytest.mark.django_db
ONLY_PRESSED = {"exchange-again", "exchange-refusal-drop"}
KEEPS = {
    "exchange-settings",
    "exchange-codes",
    "exchange-code-end",
}  # of whoever keeps the connection, who is not of the circle
# What stays of a package. The others hold what came, for those who decide: for the circle alone.
QUEUE = {"inspections_exchangepackage", "inspections_exchangerecord", "inspections_packagerefusal"}
WITH_WORDS = {"inspections_platformtask", "inspections_platformdifference", "inspections_platformresult"}


@pytest.fixture
def both(at, tmp_path, caplog):
    """Drawn, dispatched, nothing released: a package out, one refused record, a team told otherwise, a result that waits for
    its team, a package that was not taken, and one more check waits."""
    caplog.set_level(logging.INFO)
    at(clock.now())
    both = Both(tmp_path)
    connect(results="MEP")
    both.platform.leads = {**both.platform.leads, "results": "MEP"}
    make_dispatched(both.unit)
    first = Inspection.objects.order_by("no").first()
    both.platform.refusals["teams", first.no] = ("OTHER", "证件照片没有上传")
    both.out()
    both.back()
    last = Inspection.objects.order_by("no").last()
    assert last != first and last.draw.release_at > clock.now()
    other = make_inspector(both.unit)
    member = {"code": other.code, "name": other.name, "certificate_no": other.certificate_no}
    member |= {"certificate_to": other.certificate_to.isoformat(), "leader": True}
    both.platform.say(both.unit.code, "teams", last.platform_task.number, state="ISSUED", members=[member])
    place = last.facility
    result = result_there(last, finding=f"{place.name}（{place.code}）没有台账，{other.name}看到", measures=place.uscc)
    result = {
        key: told for key, told in result.items() if key not in ("key", "record_version", "task", "platform_task")
    }
    both.platform.say(both.unit.code, "results", last.platform_task.number, **result)
    both.back()
    assert PlatformResult.objects.get().inspection == last
    ready(last)
    start(last)
    with pytest.raises(BadPackage):
        both.take(pack(both.unit, 900))
    Inspection.objects.filter(pk=last.pk).update(finish_by="2026-09-17")  # so that something waits
    return both


def names():
    """What would tell whom: of the places that were drawn, and of the people who go there."""
    checks = Inspection.objects.filter(draw__isnull=False).select_related("facility")
    places = [check.facility for check in checks]
    found = {word for place in places for word in (place.name, place.code, place.uscc)}
    return (found | {member.inspector.name for check in checks for member in check.members.all()}) - {""}


def rows_of(table) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
        return cursor.fetchone()[0]


def named_in(text: str) -> set[str]:
    return {word for word in names() if word in text}


def test_what_stays_of_packages_and_what_people_are_told_of_them_are_numbers(both, caplog):
    assert PlatformDifference.objects.filter(state="OPEN").exists() and ExchangeRecord.objects.filter(state="REFUSED")
    assert len(names()) > 6
    # Every table of the room is one or the other, and those with words are read by nobody else than the circle and the team.
    assert {*SUBJECT.inside_rows} == QUEUE | WITH_WORDS and not {*SUBJECT.inside_rows} & {*shown.TABLES}
    for table in QUEUE:
        assert named_in(rows_of(table)) == set() != set(rows_of(table)), table
    assert named_in(rows_of("inspections_platformresult"))  # so there was something to tell
    exchanged = "verb LIKE 'inspections.exchange.%%' OR verb = 'inspections.sealed.viewed'"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(a::text, ' ') FROM audit_auditentry a WHERE {exchanged}")
        said = cursor.fetchone()[0]
    assert "inspections.exchange.imported" in said and named_in(said) == set()
    numbers = set(Inspection.objects.values_list("no", flat=True))
    assert not any(no in said for no in numbers)
    for table in (Duty, Message):
        rows = rows_of(table._meta.db_table)
        assert "/desk/exchange/" in rows and named_in(rows) == set()
    came = Message.objects.filter(title__contains="从移动执法平台来了")
    team = {member.user_id for member in team_of(PlatformResult.objects.get().inspection)}
    assert {message.user_id for message in came} == team
    assert named_in(caplog.text) == set()


def test_the_sentences_of_refusals_name_no_place_and_the_log_has_none(both, caplog):
    place = make_facility(both.unit, name="本溪隐名化工有限公司", uscc=credit_code())
    last = ExchangePackage.objects.filter(sender="MEP").count()
    sentences = []
    for content, *_ in REFUSALS.values():
        with pytest.raises(BadPackage) as refusal:
            incoming.take(content=content(both.unit, place), by=both.planner)
        sentences.append(str(refusal.value))
    assert len(sentences) > 20 and last
    assert PackageRefusal.objects.filter(number=number(both.unit, 1)).count() == 0  # it was taken
    words = {place.name, place.code, place.uscc}
    with connection.cursor() as cursor:
        cursor.execute("SELECT a::text FROM audit_auditentry a WHERE verb = 'inspections.exchange.refused'")
        log = " ".join(text for (text,) in cursor.fetchall())
    assert "前面还缺包" in log
    for text in (*sentences, rows_of("inspections_packagerefusal"), log, caplog.text):
        assert not any(word in text for word in words) and named_in(text) == set()
    assert not any(sentence in log for sentence in sentences)


def test_a_package_that_is_encrypted_tells_nobody_on_the_way_anything(both):
    mine = pyrage.x25519.Identity.generate()
    connect(key=str(mine.to_public()))
    browser = signed_in(both.planner)
    answer = post(browser, reverse("inspections:exchange-make") + f"?unit={both.unit.code}")
    content = answer.content
    assert answer.status_code == 200 and answer["Content-Disposition"].endswith(".zip.age")
    whole = content.decode("latin-1") + str(answer.headers)
    told = {word.encode().decode("latin-1") for word in names() | set(Inspection.objects.values_list("no", flat=True))}
    assert (
        not any(word in whole for word in told)
        and "tasks.jsonl" not in whole
        and not zipfile.is_zipfile(io.BytesIO(content))
    )
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(content, [pyrage.x25519.Identity.generate()])
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(content, [mine]))) as package:
        assert named_in(package.read("tasks.jsonl").decode())  # so there was something to tell


@pytest.mark.clause("七(五)-n")
def test_the_words_of_the_platform_are_read_at_the_package_and_record_and_each_look_is_in_the_trail(both):
    """A refusal that named an enterprise stood in the rows that promise numbers, and nobody saw who had read it."""
    check = Inspection.objects.order_by("no").first()
    package = ExchangePackage.objects.filter(sender="BXS").first()
    why = f"{check.facility.name}的笔录缺签名"
    refused = package.lines.get(kind="teams", inspection=check)
    ExchangeRecord.objects.filter(pk=refused.pk).update(reason=why)
    browser, looks = signed_in(both.planner), AuditEntry.objects.filter(verb="inspections.sealed.viewed")

    def read(name, *args):
        page = text_of(browser.get(reverse(f"inspections:{name}", args=args) + f"?unit={both.unit.code}"))
        return why in page, looks.latest("pk").details["page"]

    queue = text_of(browser.get(reverse("inspections:exchange") + f"?unit={both.unit.code}"))
    assert f"平台退回，理由见 {package.number}" in queue
    assert read("exchange") == (False, "exchange")
    assert read("exchange-package", package.number) == (True, "exchange-package")
    assert read("exchange-record", refused.pk) == (True, "exchange-record")
    assert looks.latest("pk").actor == both.planner and check.facility.name not in str(looks.latest("pk").details)
    # A queue in which nothing waits to be sent still says whose turn it is: what lies there and is not answered.
    actions.make(unit=both.unit, by=both.planner)
    before = looks.count()
    assert not pages.queue(both.unit, clock.today()).waiting and read("exchange") == (False, "exchange")
    assert looks.count() == before + 1


def addresses(both) -> dict[str, list[tuple]]:
    """Every address of the room: its name, and the arguments with which something of this unit stands there."""
    package = ExchangePackage.objects.filter(sender="BXS").first()
    record = ExchangeRecord.objects.filter(state="REFUSED").get()
    task = (PlatformTask.objects.first().number,)
    code = PlatformCode.objects.filter(ended_at__isnull=True).first()
    return {
        "exchange": [()],
        "exchange-make": [()],
        "exchange-sheet": [()],
        "exchange-import": [()],
        "exchange-package": [(package.number,)],
        "exchange-again": [(package.number,)],
        "exchange-answer": [(package.number,)],
        "exchange-refusal-drop": [(PackageRefusal.objects.get().pk,)],
        "exchange-record": [(record.pk,)],
        "platform-task": [task],
        "platform-task-decline": [task],
        "platform-difference": [(row.pk,) for row in PlatformDifference.objects.all()],
        "exchange-settings": [()],
        "exchange-codes": [()],
        "exchange-code-end": [(code.pk,)],
        "field-adopt": [(PlatformResult.objects.get().inspection.no,)],
    }


# What the circle, or whoever keeps the connection, would send to be done; the others are pressed with nothing.
SENT = {
    "exchange-answer": {"said": "refused", "reason": "包不完整"},
    "exchange-record": {"said": "accepted", "number": "PT-77"},
    "platform-task": {"check": "2026-1"},
    "platform-task-decline": {"reason": "不是本单位的"},
    "platform-difference": {"said": "ours", "words": "以本系统为准，平台改"},
    "exchange-settings": {
        "in_use": "",
        "tasks": "BXS",
        "dispatch": "BXS",
        "results": "BXS",
        "document": "本环函〔2026〕9号",
    },
    "exchange-codes": {"kind": "UNIT", "ours": "210599", "theirs": "DW-99"},
    "field-adopt": {"version": 1},
}


def in_urls() -> set[str]:
    """The names of all addresses of the room, and of the one at which a team takes a result over."""
    rooms = ("inspections.exchange.views", "inspections.visits.adopt_views")
    return {pattern.name for pattern in urls.urlpatterns if pattern.callback.__module__ in rooms}


def ways_of(both) -> list[tuple[str, str]]:
    unit = f"?unit={both.unit.code}"
    return [
        (name, reverse(f"inspections:{name}", args=args) + unit)
        for name, each in addresses(both).items()
        for args in each
    ]


def outside(both):
    """One of each role of this unit that does not see what is sealed; those of another unit; who is in no team; nobody at all."""
    other = make_unit("210503")
    for role in Role:
        user = make_user((role, both.unit))
        if not user.may(Permission.SEE_SEALED, both.unit):
            yield role, user
    yield "planner elsewhere", make_planner(other)
    yield "leader elsewhere", make_user((Role.APPROVER, other))
    yield "lead office", make_lead_office()
    yield "inspector of no team", make_inspector(both.unit, with_user=True).user


def said(answer) -> str:
    """What an answer tells, the members of a workbook or package too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b" ".join(book.read(name) for name in book.namelist())
    return content.decode(errors="replace")


def told(browser, path, known) -> set[str]:
    answer = said(browser.get(path))
    return {word for word in known if word in answer}


def test_outside_the_circle_no_address_and_no_row_names_anybody(both, caplog):
    known, asked = names(), f"/desk/search/?q={PlatformTask.objects.first().number}"
    assert {*addresses(both)} == in_urls()
    # What is only pressed shows nothing to anybody; the next test presses it.
    read = [way for name, way in ways_of(both) if name not in ONLY_PRESSED]
    paths = [*read, asked, f"/desk/search/?q={ExchangePackage.objects.filter(sender='BXS').first().number}"]
    # The circle itself and the team read them there, so these are addresses that would tell.
    inside, member = signed_in(both.planner), signed_in(team_of(PlatformResult.objects.get().inspection)[0].user)
    telling = [path for path in paths if told(inside, path, known)]
    assert len(telling) >= 2 and any("sheet" in path for path in telling)
    assert any(told(member, path, known) for path in paths if "/platform/" in path)
    everybody = list(outside(both))
    assert len(everybody) > 8
    for who, user in everybody:
        for rows in (ExchangePackage, ExchangeRecord, PackageRefusal, PlatformTask, PlatformDifference):
            assert not rows.objects.visible_to(user).filter(unit=both.unit).exists(), (who, rows)
        with pytest.raises(Refused, match="只有本单位的计划员"):
            actions.make(unit=both.unit, by=user)
    with only_read():
        for who, browser in [(who, signed_in(user)) for who, user in everybody] + [("nobody", Client())]:
            for path in paths:
                assert told(browser, path, known) == set(), (who, path)
    assert named_in(caplog.text) == set()


def test_outside_the_circle_every_address_refuses_what_is_pressed_and_nothing_changes(both):
    """With what would be done for the circle; a page without it answers an empty press with its form, and tells nothing either."""
    ways, known, whole = ways_of(both), names(), pack(both.unit, 2)
    kept = (*QUEUE, *WITH_WORDS, "inspections_platformcode", "inspections_connection", "inspections_inspection")
    before = {table: rows_of(table) for table in kept}
    with only_read():
        for who, user in [*outside(both), ("nobody", None)]:
            browser = signed_in(user) if user else Client()
            for name, way in ways:
                if name in KEEPS and user and user.units_with(Permission.KEEP_EXCHANGE):
                    continue
                sent = {"package": ContentFile(whole, "MEP.zip")} if name == "exchange-import" else SENT.get(name)
                answer = post(browser, way, sent)
                if name == "exchange-import" and user and user.units_with(Permission.DISPATCH):
                    # The page is that of any planner; whose package it is, the package says.
                    assert answer.status_code == 409 and "由包号里那个单位的计划员导入" in text_of(answer), who
                else:
                    # A planner of another unit stands on his own page, where nothing waits: 409.
                    refusing = (403, 404, 405, 409) if name == "exchange-make" else (403, 404, 405)
                    assert answer.status_code in refusing or _asks_who(answer), (who, name, answer.status_code)
                assert not {word for word in known if word in said(answer)}, (who, name)
            assert {table: rows_of(table) for table in kept} == before, who
    # The same, pressed by the circle, is done.
    assert post(signed_in(both.planner), dict(ways)["exchange-refusal-drop"]).status_code == 302
    assert rows_of("inspections_packagerefusal") != before["inspections_packagerefusal"]


def _asks_who(answer) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(reverse("accounts:login"))
