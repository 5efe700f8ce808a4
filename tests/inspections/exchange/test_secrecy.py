"""Nothing of the exchange names an unreleased facility to anyone outside the circle (decisions.md 3, issue 17).

Asked of the bytes of packages, of the rows that stay, and of every address of the room as everybody else.
"""

import io
import zipfile

import pyrage
import pytest
from django.db import connection
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from inspections.exchange import actions
from inspections.models import ExchangePackage, ExchangeRecord, Inspection, PlatformDifference, PlatformTask
from tests.browsing import post, signed_in
from tests.factories import make_inspector, make_lead_office, make_planner, make_unit, make_user
from tests.inspections.exchange.both import Both
from tests.inspections.exchange.factories import connect
from tests.inspections.factories import make_dispatched

pytestmark = pytest.mark.django_db
WALK = (Role.DISCLOSURE_OFFICER, "lead office")
QUEUE = ("inspections_exchangepackage", "inspections_exchangerecord")  # what stays of a package


@pytest.fixture
def both(at, tmp_path):
    """Drawn, dispatched, nothing released; a package out, one refused record, a team told otherwise, one more check waits."""
    at(clock.now())
    both = Both(tmp_path)
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
    both.back()
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


def test_what_stays_of_packages_and_what_people_are_told_of_them_are_numbers(both):
    assert PlatformDifference.objects.filter(state="OPEN").exists() and ExchangeRecord.objects.filter(state="REFUSED")
    assert len(names()) > 6
    for table in QUEUE:
        assert named_in(rows_of(table)) == set() != set(rows_of(table))
    exchanged = "verb LIKE 'inspections.exchange.%%' OR verb = 'inspections.sealed.viewed'"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(a::text, ' ') FROM audit_auditentry a WHERE {exchanged}")
        said = cursor.fetchone()[0]
    assert "inspections.exchange.imported" in said and named_in(said) == set()
    numbers = set(Inspection.objects.values_list("no", flat=True))
    assert not any(no in said for no in numbers)
    for rows in (Duty, Message):
        mine = rows.objects.filter(url__startswith="/desk/exchange/")
        assert mine.exists() and named_in(" ".join(mine.values_list("title", flat=True))) == set()


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


def addresses(both):
    package = ExchangePackage.objects.filter(sender="BXS").first()
    record, difference = ExchangeRecord.objects.filter(state="REFUSED").get(), PlatformDifference.objects.first()
    task, unit = PlatformTask.objects.first(), f"?unit={both.unit.code}"
    for name, *args in (
        ("exchange",),
        ("exchange-make",),
        ("exchange-sheet",),
        ("exchange-import",),
        ("exchange-package", package.number),
        ("exchange-answer", package.number),
        ("exchange-record", record.pk),
        ("platform-task", task.number),
        ("platform-difference", difference.pk),
    ):
        yield reverse(f"inspections:{name}", args=args) + unit
    yield f"/desk/search/?q={task.number}"
    yield f"/desk/search/?q={package.number}"


def outside(both):
    """One of each role of this unit that does not see what is sealed; those of another unit; who is in no team."""
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


def test_outside_the_circle_no_address_and_no_row_names_anybody(both):
    paths, known = list(addresses(both)), names()
    # The circle itself reads them there, so these are the addresses that would tell.
    inside = signed_in(both.planner)
    telling = [path for path in paths if any(word in said(inside.get(path)) for word in known)]
    assert len(telling) >= 2 and any("sheet" in path for path in telling)
    everybody = list(outside(both))
    assert len(everybody) > 8
    for who, user in everybody:
        for rows in (ExchangePackage, ExchangeRecord, PlatformTask, PlatformDifference):
            assert not rows.objects.visible_to(user).filter(unit=both.unit).exists(), (who, rows)
        with pytest.raises(Refused, match="只有本单位的计划员"):
            actions.make(unit=both.unit, by=user)
        walked = paths if who == "planner elsewhere" else telling if who in WALK else ()
        browser = signed_in(user)
        for path in walked:
            answer = said(browser.get(path))
            assert not any(word in answer for word in known), (who, path)
