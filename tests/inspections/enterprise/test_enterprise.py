"""企业办理 (/e/): what the address of a notice opens, what is handed in by it, and who answers (N-9, N-10, 七(五)-k)."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty, Message
from disclosure.models import Objection
from inspections.enterprise import actions, rules
from inspections.models import EnterpriseLink, Inspection, PaperKind, Statement
from tests.browsing import post, refused, signed_in, text_of
from tests.disclosure.factories import make_published_result
from tests.factories import make_approver, make_planner, make_unit
from tests.inspections.evidence.pictures import HEIC, PDF, photo
from tests.inspections.factories import (
    answer_all,
    finish,
    link_of,
    make_finished,
    make_inspection,
    make_started,
    start,
    team_of,
)

pytestmark = pytest.mark.django_db
SAID = "7 月 3 日更换过活性炭，记录在台账第 18 页。"


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def address(check, rest="") -> str:
    return f"/e/{link_of(check).token}/{rest}"


def said_of(check, **changes) -> Statement:
    return actions.state(**{"inspection": check, "words": SAID, "by_name": "齐某", **changes})


@pytest.mark.clause("七(五)-o")
def test_before_anybody_arrives_the_address_names_no_place_and_gives_no_paper(client):
    check = make_inspection()
    said = words_of(client.get(address(check)))
    assert "检查还没有开始" in said and check.facility.name not in said and "台账" not in said
    for kind in ("notice", "record", "result", "report"):
        assert client.get(address(check, f"papers/{kind}.pdf")).status_code == 404
    assert "检查还没有开始" in words_of(client.get(address(check, "statement/")))
    start(check)
    assert check.facility.name in words_of(client.get(address(check)))


@pytest.mark.clause("七(五)-k", "七(五)-j")
def test_each_paper_is_there_once_it_was_served_signed_or_told_and_each_look_is_in_the_trail(client):
    check = answer_all(make_started())
    assert rules.why_not_this_paper(check, PaperKind.NOTICE) == ""
    assert rules.why_not_this_paper(check, PaperKind.RECORD) == "检查提交以后能下载。"
    check = finish(check, told=False)
    assert rules.why_not_this_paper(check, PaperKind.RECORD) == ""
    assert rules.why_not_this_paper(check, PaperKind.RESULT) == "检查结果告知以后能下载。"
    told = make_finished(problem="2 只吨桶没有标签")
    said = words_of(client.get(address(told)))
    for member in team_of(told):
        assert member.name in said
    answer = client.get(address(told, "papers/record.pdf"))
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF") and not answer.cookies
    verbs = list(AuditEntry.objects.filter(verb__startswith="inspections.enterprise.").values_list("verb", "actor"))
    assert sorted(verbs) == [("inspections.enterprise.looked", None), ("inspections.enterprise.took", None)]


@pytest.mark.clause("七(五)-k")
def test_a_statement_is_kept_with_its_files_under_a_number_and_the_leader_considers_it(client):
    check = make_finished()
    leader, member = (person.user for person in team_of(check))
    files = [SimpleUploadedFile("台账.jpg", photo()), SimpleUploadedFile("合同.pdf", PDF)]
    typed = {"words": SAID, "by_name": "齐某", "phone": "", "files": files}
    answer = client.post(address(check, "statement/"), typed)
    statement = Statement.objects.get()
    assert answer["Location"].endswith(f"/statement/{statement.pk}/") and not answer.cookies
    receipt = words_of(client.get(answer["Location"]))
    assert statement.no in receipt and "台账.jpg" in receipt and SAID in receipt
    assert "企业的陈述申辩还没有复核" in text_of(signed_in(make_approver(check.unit)).get(check.get_absolute_url()))
    duty = Duty.objects.open().get(rule="STATE")
    days = policy.on(clock.today()).recommended.statement_considered_within_workdays
    assert (duty.person, duty.workdays, duty.due) == (leader, days, statement.answer_by)
    messages = Message.objects.filter(title__contains=statement.no)
    assert {m.user for m in messages} == {leader, member}
    assert not any(check.facility.name in m.title + m.body for m in messages)
    for reader in (leader, member, make_approver(check.unit)):
        page = signed_in(reader).get(duty.url)
        assert SAID in text_of(page)
        assert ('name="answer"' in page.content.decode()) == (reader == leader)
    taken = signed_in(leader).get(reverse("inspections:statement-file", args=[check.no, statement.pk, 1]))
    assert taken.content == photo() and AuditEntry.objects.filter(verb="inspections.statement.file").exists()
    with refused("由检查小组组长复核"):
        actions.answer(statement=statement, answer="采纳，已核对台账。", by=member)
    post(signed_in(leader), duty.url, {"answer": "采纳，已核对台账第 18 页。"})
    assert "采纳，已核对台账第 18 页。" in words_of(client.get(answer["Location"]))
    assert not Duty.objects.open().filter(rule="STATE").exists()


def test_a_strangers_statement_is_not_found_and_another_checks_receipt_neither(client):
    mine, other = make_finished(), make_finished(make_unit("210505"))
    statement = said_of(mine)
    for reader in (team_of(other)[0].user, make_planner(other.unit)):
        page = signed_in(reader).get(reverse("inspections:statement", args=[mine.no, statement.pk]))
        assert page.status_code == 404
    assert client.get(address(other, f"statement/{statement.pk}/")).status_code == 404
    assert client.get(address(mine, f"statement/{statement.pk}/")).status_code == 200


def test_what_is_wrong_is_said_and_what_was_typed_stays(client):
    check = make_finished()
    wrong = {"words": SAID, "by_name": ""}
    answer = client.post(address(check, "statement/"), wrong)
    assert "写明经办人的姓名" in words_of(answer) and SAID in answer.content.decode()
    heic = {"by_name": "齐某", "files": [SimpleUploadedFile("图.jpg", HEIC)]}
    said = words_of(client.post(address(check, "statement/"), wrong | heic))
    assert "HEIC" in said and not Statement.objects.exists()
    with refused("最多交 5 个文件"):
        said_of(check, files=[(f"{n}.pdf", PDF) for n in range(6)])


@pytest.mark.clause("七(五)-k")
def test_whoever_mends_what_he_wrote_is_not_shut_out_and_reports_of_impostors_stay_open(client):
    check = make_finished()
    way = address(check, "statement/")
    typed = {"words": SAID, "by_name": "齐某"}
    for _ in range(7):
        assert "不是电话号码" in words_of(client.post(way, typed | {"phone": "123"}))
    files = [SimpleUploadedFile("台账.jpg", b"MZ not a picture")]
    assert "文件“台账.jpg”不是" in words_of(client.post(way, typed | {"files": files}))
    for n in range(5):
        assert client.post(way, typed | {"words": f"{SAID}{n}"}).status_code == 302
    assert client.post(way, typed).status_code == 429 and check.statements.count() == 5
    assert "已收到" in words_of(client.post(f"/v/{check.visit_code}/report/", {"words": "来的人不是通知书上的"}))


def test_the_same_statement_sent_twice_is_one_and_a_check_takes_only_so_many(monkeypatch):
    check = make_finished()
    assert said_of(check, files=[("合同.pdf", PDF)]) == said_of(check, files=[("合同.pdf", PDF)])
    assert said_of(check) != said_of(check, words=SAID + "另附合同。")
    monkeypatch.setattr(rules, "MOST_STATEMENTS", 3)
    with refused("已经交了 3 份"):
        said_of(check, words=SAID + "再说一次。")


@pytest.mark.clause("四(3)-f")
def test_from_publication_on_the_address_leads_to_the_objection_and_says_who_asks(client):
    check = Inspection.objects.get(no=make_published_result().no)
    page = client.get(address(check)).content.decode()
    way = address(check, "correction/")
    assert way in page and way not in client.get(address(make_finished())).content.decode()
    assert client.get(address(make_finished(), "correction/")).status_code == 404
    form = client.get(way)
    assert "不用再证明身份" in words_of(form) and 'name="relation"' not in form.content.decode()
    token = form.content.decode().partition('name="form" value="')[2].partition('"')[0]
    typed = {
        "form": token,
        "name": "示例企业",
        "phone": "024-40000001",
        "demand": "APPEAL",
        "part": "FINDING",
        "words": SAID,
    }
    assert client.post(way, typed).status_code == 302
    assert (Objection.objects.get().relation, Objection.objects.get().publication.no) == ("ENTERPRISE", check.no)


def test_an_address_ends_some_months_after_the_last_step_and_a_renewed_one_opens_again(at):
    check = make_finished()
    link = link_of(check)
    months = policy.on(clock.today()).recommended.enterprise_link_months
    assert rules.ends_on(link) == clock.today().replace(year=clock.today().year + months // 12)
    at(f"{rules.ends_on(link)} 23:00")
    assert Client().get(f"/e/{link.token}/").status_code == 200
    at(f"{rules.ends_on(link) + timedelta(days=1)} 01:00")
    over = Client().get(f"/e/{link.token}/statement/")
    assert over.status_code == 410 and "网址不再收件" in words_of(over) and check.facility.name not in words_of(over)
    browser = signed_in(make_planner(check.unit))
    page = browser.get(check.get_absolute_url()).content.decode()
    renew = reverse("inspections:link-renew", args=[check.no])
    assert renew in page
    assert post(browser, renew).status_code == 302
    assert Client().get(address(check)).status_code == 200
    assert "这个网址已换新" in words_of(Client().get(f"/e/{link.token}/"))
    assert EnterpriseLink.objects.count() == 2


def test_the_team_renews_the_address_where_it_shows_the_code():
    check = make_started()
    renew = reverse("inspections:link-renew", args=[check.no])
    page = signed_in(team_of(check)[0].user).get(reverse("inspections:field-code", args=[check.no]))
    assert renew in page.content.decode()
    assert renew not in signed_in(make_approver(check.unit)).get(check.get_absolute_url()).content.decode()


def test_the_database_keeps_no_answer_without_words():
    statement = said_of(make_finished())
    with pytest.raises(IntegrityError, match="a_statement_is_answered_by_somebody"), transaction.atomic():
        Statement.objects.filter(pk=statement.pk).update(answered_at=clock.now())
