"""企业说明: written by the address of the notice, let through by two, public as it came, withdrawn (四(3)-f; ui-2.md 18a)."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from benxi_shuangsuiji.notices.models import Duty
from disclosure.models import OwnWords, Publication
from disclosure.publications import publish
from disclosure.register import pub1
from disclosure.statements import actions, rules
from inspections.codes import tries
from inspections.codes.models import Try
from inspections.models import Inspection
from tests.browsing import post, queries, refused, signed_in, text_of
from tests.disclosure.factories import make_published_result, make_revision
from tests.factories import make_approver, make_disclosure_officer, make_unit
from tests.inspections.factories import link_of, make_finished

pytestmark = pytest.mark.django_db
SAID = "堆场当天正在卸料，篷布临时揭开，卸完已盖好。"
OWN = "以上是企业自己的说明。公开前只查有没有个人信息和商业秘密，检查单位没有改动，也没有核实。"


@pytest.fixture
def check() -> Inspection:
    return Inspection.objects.get(no=make_published_result(problem="物料没有覆盖").no)


def words_of(check, said=SAID) -> OwnWords:
    return actions.submit(inspection=check, words=said)


def make_public(words) -> Publication:
    request = actions.propose(words=words, by=make_disclosure_officer(words.unit))
    return actions.approve(request=request, by=make_approver(words.unit))


@pytest.mark.clause("四(3)-f")
def test_an_enterprise_says_something_to_its_own_result_and_it_stands_beside_it_unchanged(check):
    client, way = Client(), f"/e/{link_of(check).token}/words/"
    assert way in client.get(f"/e/{link_of(check).token}/").content.decode()
    assert client.post(way, {"words": SAID}).status_code == 302
    words = OwnWords.objects.get()
    duty = Duty.objects.open().get(rule="WORDS")
    assert SAID not in text_of(client.get(f"/results/{check.no}/")) and SAID in text_of(client.get(way))
    officer, leader = signed_in(make_disclosure_officer(check.unit)), signed_in(make_approver(check.unit))
    assert SAID in text_of(officer.get(duty.url))
    assert "再勾选" in text_of(post(officer, duty.url, {}))
    assert post(officer, duty.url, {"looked": "on"}).status_code == 302
    assert Duty.objects.open().get(rule="WORDS").role == "APPROVER"
    request = words.requests.get()
    post(leader, duty.url, {"decision": "approve", "request": request.pk, "opinion": ""})
    page = text_of(client.get(f"/results/{check.no}/"))
    assert SAID in page and OWN in page
    statement = Publication.objects.get(kind="STATEMENT")
    assert statement.snapshot["words"] == SAID and statement.facility_code == check.facility.code
    text = client.get(f"/results/statements/{statement.no}/v1.json").content.decode()
    assert pub1.digest(text) == statement.digest
    assert client.get(f"/results/statements/{statement.no}/")["Location"] == f"/results/{check.no}/#statement"
    assert not Duty.objects.open().filter(rule="WORDS").exists()


@pytest.mark.clause("四(3)-f")
def test_what_holds_personal_data_is_given_back_with_what_is_wrong_and_never_changed(check):
    client, way = Client(), f"/e/{link_of(check).token}/words/"
    client.post(way, {"words": f"{SAID}联系 13912345678"})
    words, officer = OwnWords.objects.get(), make_disclosure_officer(check.unit)
    with refused("电话号码"):
        actions.propose(words=words, by=officer)
    post(signed_in(officer), f"/desk/statements/{words.no}/return/", {"because": "末尾是电话号码，删去再交"})
    again = text_of(client.get(way))
    assert "末尾是电话号码，删去再交" in again and "13912345678" in again  # to be mended, not to be written anew
    for _ in range(tries.MOST[Try.Kind.STATEMENT]):
        tries.note(Try.Kind.STATEMENT, "127.0.0.1")
    shut = client.post(way, {"words": SAID})
    assert "过十分钟再交" in text_of(shut) and SAID in text_of(shut) and OwnWords.objects.count() == 1
    Try.objects.all().delete()
    client.post(way, {"words": SAID})
    assert [w.no[-3:] for w in OwnWords.objects.all()] == ["S01", "S02"]
    assert not Publication.objects.filter(kind="STATEMENT").exists()


def test_only_of_a_public_result_one_at_a_time_and_no_longer_than_it_may_be(check):
    with refused("检查结果没有公开"):
        words_of(make_finished())
    with refused("最多 500 个字，现在是 501 个字"):
        words_of(check, "字" * 501)
    words_of(check)
    with refused("已经交过一份"):
        words_of(check)
    assert "没有公开" in text_of(Client().get(f"/e/{link_of(make_finished()).token}/words/"))


def test_two_people_of_the_unit_let_it_through_and_no_other_unit_finds_it(check):
    words = words_of(check)
    officer = make_disclosure_officer(check.unit)
    with refused("公示员可以公开"):
        actions.propose(words=words, by=make_approver(check.unit))
    assert (
        signed_in(make_disclosure_officer(make_unit("210521"))).get(f"/desk/statements/{words.no}/").status_code == 404
    )
    request = actions.propose(words=words, by=officer)
    with refused("由公示单位的分管负责人批准公开"):
        actions.approve(request=request, by=officer)
    actions.reject(request=request, by=make_approver(check.unit), opinion="核对是否有配方")
    assert Duty.objects.open().get(rule="WORDS").role == "DISCLOSURE_OFFICER"
    make_public(words)


@pytest.mark.clause("四(3)-f", "八(二)-c")
def test_the_enterprise_takes_it_back_and_a_tombstone_takes_its_place(check):
    client, way = Client(), f"/e/{link_of(check).token}/words/"
    words = words_of(check)
    statement = make_public(words)
    client.post(way, {"act": "take_back"})
    duty = Duty.objects.open().get(rule="WORDS")
    assert (duty.role, duty.workdays) == ("DISCLOSURE_OFFICER", 3)
    officer = signed_in(make_disclosure_officer(check.unit))
    assert "撤下企业说明" in text_of(officer.get(duty.url))
    post(officer, f"/desk/statements/{words.no}/withdraw/")
    assert SAID not in text_of(client.get(f"/results/{check.no}/"))
    gone = client.get(f"/results/statements/{statement.no}/")
    assert gone.status_code == 410 and "企业撤回自己的说明" in text_of(gone) and SAID not in text_of(gone)
    assert not Duty.objects.open().filter(rule="WORDS").exists() and rules.published(words) is None


def test_the_moderators_have_a_list_with_what_waits_first_and_no_other_unit_sees_it(check):
    unit, told = check.unit, []
    officer, leader = signed_in(make_disclosure_officer(unit)), signed_in(make_approver(unit))

    def rows(client=officer) -> list[str]:
        page = client.get("/desk/statements/").content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
        return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in page.split("</tr>")[:-1]]

    assert "没有收到" in text_of(officer.get("/desk/statements/"))
    words = words_of(check)
    told.append(rows()[0])
    request = actions.propose(words=words, by=make_disclosure_officer(unit))
    told.append(rows(leader)[0])
    actions.approve(request=request, by=make_approver(unit))
    told.append(rows()[0])
    later = words_of(Inspection.objects.get(no=make_published_result(unit, problem="标签缺项").no))
    assert [row.count("等公示员核查") for row in rows()] == [1, 0]
    actions.give_back(words=later, because="写了电话", by=make_disclosure_officer(unit))
    told.append(rows()[0])
    actions.take_back(words=words)
    told.append(rows()[0])
    actions.withdraw(words=words, by=make_disclosure_officer(unit))
    told.append(rows()[1])
    steps = ("等公示员核查", "等分管负责人批准", "已公开", "退回企业修改", "企业撤回，等公示员撤下", "企业撤回")
    for row, step in zip(told, steps, strict=True):
        assert step in row and ("还剩" in row) is (step.startswith("等") or "等公示员" in step), row
    assert words.no in told[0] and SAID in told[0]
    assert rows(signed_in(make_disclosure_officer(make_unit("210521")))) == []
    cost = queries(officer, "/desk/statements/")
    words_of(Inspection.objects.get(no=make_published_result(unit, problem="标签缺项").no))
    assert queries(officer, "/desk/statements/") == cost


def test_with_the_result_its_statement_is_withdrawn_too(check):
    statement = make_public(words_of(check))
    make_revision(Publication.objects.current().get(kind="RESULT", no=check.no), "WITHDRAW")
    assert not Publication.objects.filter(no=statement.no).exists()


@pytest.mark.clause("四(3)-f")
def test_the_database_lets_no_other_words_become_public(check):
    words, leader = words_of(check), make_approver(check.unit)
    snapshot = {"words": words.words, "title": "x"}

    def publish_as(**changes):
        said = snapshot | changes
        with pytest.raises(IntegrityError, match="由一人提出、另一人批准，原样公开"), transaction.atomic():
            publish("STATEMENT", words.no, by=leader, unit=words.unit, snapshot=said, title="x", year=2026)

    publish_as()
    request = actions.propose(words=words, by=make_disclosure_officer(check.unit))
    request.decide("APPROVED", by=leader, at=words.at)
    publish_as(words="改过的说明")
