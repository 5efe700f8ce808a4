"""L-2: what is public can be corrected and withdrawn, by two people, as the page for enterprises promises (八(二)-c)."""

import csv
import io
import re
import zipfile
from datetime import date
from html import unescape
from urllib.parse import unquote, urlsplit

import pytest
from django.test import Client

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import Act, Ground, Publication
from disclosure.publishing import actions
from disclosure.site import figures
from inspections.models import Inspection
from inspections.review import actions as review_actions
from plans.draw import actions as draw_actions
from tests.browsing import html_of, post, signed_in, text_of
from tests.disclosure.factories import make_published_list, make_published_plan, make_published_result, make_revision
from tests.disclosure.site.test_public_site import STANDING
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_facility,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import answer_all, finish, make_dispatched, ready, start

pytestmark = [pytest.mark.django_db, pytest.mark.clause("八(二)-c")]

WRONG, RIGHT = "2 号锅炉脱硫设施停运", "3 号锅炉脱硫设施停运"


def open_data() -> list[dict]:
    text = b"".join(Client().get("/results/export.csv").streaming_content).decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.promise("P06")
@pytest.mark.clause("0-c")
def test_l02_a_wrong_finding_is_corrected_by_two_people_and_the_old_words_stay_public(at):
    """The way of PNG 27: the officer asks, the leader sees old and new and decides; nothing of the old is lost."""
    at("2026-07-06 10:00")
    unit = make_unit()
    result = make_published_result(unit, problem=WRONG)
    page, desk = f"/results/{result.no}/", f"/desk/publish/result/{result.no}/revise/"
    officer, leader = signed_in(make_disclosure_officer(unit)), signed_in(make_approver(unit))
    place = next(f"items.{n}.words" for n, item in enumerate(result.snapshot["items"]) if item["words"])

    form = officer.get(desk).context["form"]
    words = {name: field.initial or "" for name, field in form.fields.items() if name.startswith("place.")}
    words |= {"place.finding": RIGHT, f"place.{place}": RIGHT}
    asked = post(officer, desk, words, reason="锅炉编号写错", evidence="检查笔录第 2 页")
    assert asked.status_code == 302
    at("2026-07-07 10:00")
    assert WRONG in html_of(Client().get(page))  # nobody has decided yet
    seen = html_of(leader.get(desk))
    assert f"<del>2</del>{WRONG[1:]}" in seen and f"<ins>3</ins>{RIGHT[1:]}" in seen
    assert "已经被下载、转发的旧文字收不回来" in seen
    pending = leader.get(desk).context["decision"].pending
    assert post(leader, desk, decision="approve", request=pending.pk).status_code == 302

    shown = text_of(Client().get(page))
    assert RIGHT in shown and WRONG not in shown
    assert "2026 年 7 月 7 日更正" in shown and "理由：锅炉编号写错" in shown and "明山分局分管负责人" in shown
    old = text_of(Client().get(f"{page}1/"))
    assert WRONG in old and "这是更正以前的一版。" in old and "锅炉编号写错" in old
    (row,) = open_data()
    assert (row["发现的问题"], row["版次"], row["更正日期"]) == (RIGHT, "2", "2026-07-07")
    assert RIGHT in html_of(Client().get("/notices/revisions/")) or "锅炉编号写错" in html_of(
        Client().get("/notices/revisions/")
    )
    assert "另发更正，原文保留" in html_of(Client().get("/contact/"))


def test_l02_a_revoked_decision_is_withdrawn_within_three_working_days(at):
    """D-23: the clock runs from the day of the decision; the tombstone says why, when, by what document and who."""
    at("2026-07-06 10:00")
    unit = make_unit()
    result = make_published_result(unit, problem=WRONG)
    officer, leader = signed_in(make_disclosure_officer(unit)), signed_in(make_approver(unit))
    desk = f"/desk/publish/result/{result.no}/revise/"
    at("2026-07-09 10:00")

    asked = post(
        officer,
        f"{desk}?act=WITHDRAW",
        ground=Ground.REVOKED,
        known_on="2026-07-08",
        document_no="本环复〔2026〕2号",
        reason="复议撤销了原来的认定",
        evidence="复议决定书",
    )
    assert asked.status_code == 302
    duty = Duty.objects.get(rule="D-23")
    assert (duty.due, duty.role, duty.counted_from) == (date(2026, 7, 13), Role.APPROVER, date(2026, 7, 8))
    pending = leader.get(desk).context["decision"].pending
    assert "收不回来" in html_of(leader.get(desk))
    assert post(leader, desk, decision="approve", request=pending.pk).status_code == 302

    gone = Client().get(f"/results/{result.no}/")
    assert gone.status_code == 410
    for words in (
        "决定被撤销或者变更",
        "复议撤销了原来的认定",
        "本环复〔2026〕2号",
        "明山分局分管负责人",
        "2026 年 7 月 9 日",
    ):
        assert words in html_of(gone)
    assert WRONG not in html_of(gone) and result.facility_name not in html_of(gone)
    duty.refresh_from_db()
    assert duty.closed_at is not None


# --- a withdrawn word is found nowhere -------------------------------------------------------------------------------

SECRET = ("墨羽青釉厂", "暗管接入雨水井", "凌晨三点偷排", "样品瓶编号七七", "等鉴定人回函")
LINK = re.compile(r'(?:href|src|action)="([^"#]+)')


def words_in(response) -> str:
    """Everything readable of an answer: the text, and the members of what is packed."""
    content = response.getvalue()
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "\n".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


def walk(client: Client, seeds: list[str], most: int = 90) -> dict[str, str]:
    """Every page and file that can be reached from the seeds by links, with its words."""
    found, waiting = {}, list(dict.fromkeys(seeds))
    while waiting and len(found) < most:
        address = waiting.pop(0)
        if address in found or "logout" in address or address.startswith(("/static/", "/size/")):
            continue
        response = client.get(address)
        found[address] = words_in(response)
        if response.status_code in (301, 302):
            waiting.append(response["Location"])
        if response.get("Content-Type", "").startswith("text/html"):
            for link in LINK.findall(found[address]):
                parts = urlsplit(unescape(link))
                if not parts.netloc and parts.scheme == "":
                    path = parts.path or address.partition("?")[0]
                    waiting.append(f"{path}?{parts.query}" if parts.query else path)
    return found


def where(found: dict[str, str], words=SECRET) -> list[tuple[str, str]]:
    return [
        (address, word)
        for address, text in found.items()
        for word in words
        if word in text or word in unescape(text) or word in unquote(address)
    ]


def own_addresses(result: Publication) -> list[str]:
    return [
        f"/results/{result.no}/",
        f"/results/{result.no}/1/",
        f"/results/{result.no}/snapshot.json",
        f"/results/{result.no}/1/snapshot.json",
    ]


def make_secret_result(unit) -> Publication:
    firm = make_facility(unit, name=f"本溪{SECRET[0]}")
    inspection_fields = {"facility": firm, "problem": f"{SECRET[1]}，{SECRET[2]}"}
    return make_published_result(unit, **inspection_fields)


def asking(result: Publication) -> list[str]:
    """Searches by the words themselves, and what leads to the firm."""
    return [
        *own_addresses(result),
        f"/enterprises/{result.facility_code}/",
        f"/enterprises/?q={SECRET[0]}",
        f"/results/?q={SECRET[0]}",
        f"/results/?q={result.facility_code}",
        f"/results/export.csv?q={SECRET[0]}",
        f"/results/export.xlsx?q={SECRET[0]}",
    ]


@pytest.fixture
def withdrawn(at):
    """A result with five words that nobody may read any more, among things that stay public."""
    at("2026-07-06 10:00")
    unit = make_unit()
    make_city_team()
    result = make_secret_result(unit)
    make_published_result(unit)
    make_published_list()
    make_published_plan(make_unit("210502"))
    seeds = [*STANDING, *asking(result)]
    assert {word for _, word in where(walk(Client(), seeds))} >= set(SECRET[:3])  # it was everywhere
    at("2026-07-08 10:00")
    make_revision(result, Act.WITHDRAW, ground=Ground.SECRET, reason="企业申请，属于商业秘密")
    return result


def test_l02_a_withdrawn_word_is_found_nowhere_by_nobody(withdrawn):
    """Pages, searches, CSV, XLSX, JSON, papers, home, bulletin, enterprise pages, figures: followed link by link."""
    found = walk(Client(), [*STANDING, *asking(withdrawn)])
    assert len(found) > 40
    asked_for = {address for address in found if SECRET[0] in unquote(address)}  # repeats only what was asked
    assert where({a: t for a, t in found.items() if a not in asked_for}) == []
    assert where({a: found[a] for a in asked_for}, SECRET[1:]) == []
    client = Client()
    for address in own_addresses(withdrawn):
        answer = client.get(address)
        assert answer.status_code == 410, address
        assert answer["Cache-Control"].startswith("public, max-age=60, ")
    gone = client.get(f"/enterprises/{withdrawn.facility_code}/")
    # It may be kept, so that it takes the place of the page of before wherever that is kept.
    assert gone.status_code == 404 and gone["Cache-Control"].startswith("public, max-age=60, ")
    assert (
        client.get(f"/results/{withdrawn.no}/2/snapshot.json").status_code == 200
    )  # the tombstone is a text like others


@pytest.mark.parametrize("role", [Role.DISCLOSURE_OFFICER, Role.OBSERVER])
def test_l02_a_withdrawn_word_is_found_nowhere_by_staff_without_the_right(withdrawn, role):
    unit = make_unit()
    home = make_city_team() if role in (Role.OBSERVER,) else unit
    reader = signed_in(make_user((role, home)))
    desk = [
        "/desk/",
        "/desk/publish/",
        f"/desk/publish/result/{withdrawn.no}/",
        f"/desk/publish/result/{withdrawn.no}/revise/",
        f"/desk/publish/result/{withdrawn.no}/withdrawn/1/",
        f"/desk/tasks/{withdrawn.no}/",
    ]
    found = walk(reader, [*desk, *asking(withdrawn)], most=40)
    # Registry pages name the firm, which is no word of the result.
    assert where(found, SECRET[1:]) == []
    assert reader.get(f"/desk/publish/result/{withdrawn.no}/withdrawn/1/").status_code in (403, 404)


def test_l02_staff_with_the_right_read_it_for_a_reason_that_the_trail_keeps(withdrawn):
    address = f"/desk/publish/result/{withdrawn.no}/withdrawn/1/"
    reader = make_supervisor()
    client = signed_in(reader)
    assert where({"": html_of(client.get(address))}, SECRET[1:]) == []
    refused = post(client, address, reason="看")
    assert refused.status_code == 409 and where({"": html_of(refused)}, SECRET[1:]) == []
    assert not AuditEntry.objects.filter(verb="disclosure.withdrawn.viewed").exists()

    shown = post(client, address, reason="核查企业的投诉")

    assert SECRET[1] in html_of(shown)
    assert shown["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(verb="disclosure.withdrawn.viewed", actor=reader)
    assert entry.details["reason"] == "核查企业的投诉"
    assert where({"": str(list(AuditEntry.objects.values_list("details", flat=True)))}, SECRET[1:]) == []


def test_l02_a_draw_whose_result_is_withdrawn_does_not_say_that_it_was_never_public(at):
    """The released list says 已撤下 and no more; the figures still count it as published in time."""
    unit = make_unit()
    check = make_dispatched(unit)[0]
    ready(check)
    answer_all(start(check))
    finish(check)
    review_actions.review_result(inspection=Inspection.objects.get(pk=check.pk), by=make_approver(unit))
    result = actions.publish_result(inspection=Inspection.objects.get(pk=check.pk), by=make_disclosure_officer(unit))
    before = figures.tally_by_quarter()
    make_revision(result, Act.WITHDRAW, ground=Ground.SECRET, reason="企业申请，属于商业秘密")
    assert figures.tally_by_quarter() == before == {Quarter(2026, 3): figures.Tally(1, 1, 0)}
    at(check.draw.release_at.isoformat())
    draw_actions.release_due(clock.now())
    page = html_of(Client().get(f"/draws/{check.draw.draw_id}/?list={check.category}&all=1"))
    assert page.count("已撤下") == 1
