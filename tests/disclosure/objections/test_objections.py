"""更正与申诉 from the public form to the public decision (四(3)-f, 八(二)-c; ui-2.md 19)."""

import csv
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.models import RoleGrant, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty, OutgoingMail
from disclosure.models import Applicant, Objection, ObjectionPaper, Publication, Revision
from disclosure.objections import actions, pages, rules
from disclosure.objections.models import ObjectionState, Outcome
from disclosure.publications import publish
from disclosure.register import log, pub1
from disclosure.revisions import actions as revising
from inspections.models import Inspection
from tests.browsing import post, queries, refused, signed_in, text_of
from tests.disclosure.factories import make_published_list, make_published_result, make_revision
from tests.factories import make_approver, make_disclosure_officer, make_planner, make_unit
from tests.inspections.evidence.pictures import HEIC, PDF
from tests.inspections.factories import make_reviewed

from .factories import SAID, TYPED, correct, decide, form_of, make_objection, officer_of, propose, send

pytestmark = pytest.mark.django_db
WRONG = "标签缺项 2 处"
MOMENT = "2026-07-06 10:00"


@pytest.fixture
def result(at) -> Publication:
    at(MOMENT)
    return make_published_result(problem=WRONG)


def grant(user, role, unit) -> None:
    RoleGrant.objects.create(user=user, unit=unit, role=role, valid_from=date(2025, 1, 1), document="任命〔2025〕1号")


def page_of(objection) -> str:
    return text_of(Client().get(f"/corrections/{objection.receipt}/"))


# --- handed in --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("四(3)-f")
def test_anybody_objects_without_login_and_cookie_and_reads_the_clock_in_public(result):
    client = Client()
    assert f"/corrections/new/?record={result.no}" in client.get(f"/results/{result.no}/").content.decode()
    answer = send(result, client, files=[SimpleUploadedFile("台账.pdf", PDF)])
    objection = Objection.objects.get()
    assert (objection.receipt, objection.unit.code) == ("YY2026-0001", result.unit_code)
    own = client.get(answer["Location"])
    days = policy.on(clock.today()).recommended.objection_answered_within_workdays
    due = workdays.calendar().add_workdays(clock.today(), days)
    assert f"已受理，受理编号 {objection.receipt}。" in text_of(own) and f"{due.month} 月 {due.day} 日" in text_of(own)
    assert not client.cookies and "no-store" in own["Cache-Control"]
    page = page_of(objection)
    assert "异议处理中" in page and f"还剩 {days} 个工作日" in page and f"{days} 个工作日，已过 0 个" in page
    duty = Duty.objects.open().get(rule="D-25")
    assert (duty.role, duty.due, duty.workdays) == ("DISCLOSURE_OFFICER", due, days)
    assert "异议处理中" in text_of(client.get(f"/results/{result.no}/"))
    assert "1 件，1 件在办" in text_of(client.get("/corrections/"))


def test_the_to_do_says_what_the_objection_is_about_and_never_who_asks(result):
    """desk.md A3: a receipt alone tells the officer nothing; his title is kept without it, so that mails do not say it."""
    objection = make_objection(result, name="齐修远")
    officer, leader = officer_of(objection), make_approver(objection.unit)
    for page in ("/desk/", "/desk/todo/"):
        told = text_of(signed_in(officer).get(page))
        assert f"核查申诉：{result.title}" in told and objection.receipt in told and "齐修远" not in told, page
        assert result.title not in text_of(signed_in(make_disclosure_officer(make_unit("210502"))).get(page)), page
    propose(objection, by=officer)
    assert f"决定申诉：{result.title}" in text_of(signed_in(leader).get("/desk/todo/"))
    assert Duty.objects.get(rule="D-25").title == f"决定申诉 {objection.receipt}"


@pytest.mark.clause("四(3)-f")
def test_nothing_about_who_asks_is_public_and_nobody_who_was_on_the_check_reads_it(result):
    objection = make_objection(result, name="齐修远", phone="024-40000009", email="qi@example.cn")
    private = ["齐修远", "40000009", "qi@example.cn", SAID]
    ruling = propose(objection)
    decided = decide(ruling)
    everywhere = [
        f"/corrections/{objection.receipt}/",
        "/corrections/",
        f"/results/{result.no}/",
        "/notices/",
        "/feed/",
    ]
    everywhere += [f"/enterprises/{result.facility_code}/", f"/corrections/{objection.receipt}/v1.json"]
    for path in everywhere:
        said = Client().get(path).getvalue().decode()
        assert [word for word in private if word in said] == [], path
    assert not any(word in str(e.details) for e in AuditEntry.objects.all() for word in private)
    desk = f"/desk/corrections/{objection.receipt}/"
    assert all(word in text_of(signed_in(officer_of(objection)).get(desk)) for word in private)
    assert AuditEntry.objects.filter(verb="disclosure.objection.read").exists()
    assert decided.snapshot["relation"] == "OTHER" and not set(private) & set(map(str, decided.snapshot.values()))


@pytest.mark.clause("四(3)-f")
def test_who_only_says_that_he_is_the_enterprise_is_not_shown_as_the_enterprise(result):
    forged = send(result, relation="ENTERPRISE")
    assert forged.status_code == 200 and Objection.objects.count() == 0  # only the address of a notice says so
    objection = make_objection(result, relation="CLAIMED", name=result.facility_name)
    assert "申请人：自称是被检查的企业" in page_of(objection)
    ruling = propose(objection, reason=f"核对{result.facility_name}的台账，记录与现场一致")  # its name is public anyway
    assert decide(ruling).snapshot["relation_label"] == "自称是被检查的企业"


def test_what_is_not_public_is_answered_as_what_never_was(result):
    hidden = make_reviewed(problem=WRONG)
    answers = [Client().get(f"/corrections/new/?record={no}") for no in (hidden.no, "210504-2026Q3-9999")]
    assert {a.status_code for a in answers} == {404}
    assert len({a.content.decode().replace(hidden.no, "").replace("210504-2026Q3-9999", "") for a in answers}) == 1
    assert "这条公示不存在，核对编号" in text_of(answers[0])
    assert Client().post("/corrections/new/", TYPED | {"record": hidden.no}).status_code == 404
    assert "选择对哪条公示提出" in text_of(Client().post("/corrections/new/", TYPED))
    assert Objection.objects.count() == 0


def test_every_mistake_is_named_and_everything_typed_stays(result):
    heic = SimpleUploadedFile("照片 3.heic", HEIC)
    answer = send(result, phone="", words="", files=[heic], name="齐修远")
    page = answer.content.decode()
    said = ["写一个电话或邮箱，才能答复", "写明应当怎样写，依据是什么", "“照片 3.heic”不是 PDF、JPG 或 PNG"]
    assert answer.status_code == 200 and [words for words in said if words not in page] == []
    assert 'value="齐修远"' in page and "有 3 处需要改" in page
    assert rules.why_not_file("台账.pdf", 31 * 2**20, b"") == "“台账.pdf”有 31 MB，每份不超过 20 MB"
    many = [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(rules.MOST_FILES + 1)]
    assert "最多 10 份，现在是 11 份" in text_of(send(result, files=many))
    assert Objection.objects.count() == 0


def test_a_form_is_one_request_however_often_it_is_sent_and_grows_old(result, at, monkeypatch):
    client = Client()
    typed = form_of(result, client) | TYPED
    first, again = client.post("/corrections/new/", typed), client.post("/corrections/new/", typed)
    assert first["Location"] == again["Location"] and Objection.objects.count() == 1
    assert "YY2026-0001 正在办理，可以补充材料" in text_of(send(result, client))
    monkeypatch.setattr("disclosure.objections.forms.OPEN_FOR", timedelta(seconds=-1))
    old = client.post("/corrections/new/", typed | {"phone": "024-40000002"})
    assert "页面放得太久，再提交一次，填写的内容还在" in text_of(old) and "024-40000002" in old.content.decode()
    monkeypatch.undo()
    fresh = old.content.decode().partition('name="form" value="')[2].partition('"')[0]
    assert fresh != typed["form"]
    assert client.post("/corrections/new/", typed | {"phone": "024-40000002", "form": fresh}).status_code == 302


def test_one_network_is_asked_to_wait_and_told_until_when(result, at):
    for n in range(5):
        send(result, phone=f"024-4000100{n}")
    more = send(result, phone="024-40002000")
    assert more.status_code == 429 and "这个网络一小时内已提交 5 件，11:00 以后再提交，或者书面提出" in text_of(more)
    assert "024-40002000" in more.content.decode()
    at("2026-07-06 11:01")
    assert send(result, phone="024-40002000").status_code == 302


@pytest.mark.clause("四(3)-f")
def test_on_a_rest_day_the_days_begin_with_the_next_working_day(result, at):
    at("2026-07-11 10:00")  # a Saturday
    address = send(result)["Location"]
    assert "今天是休息日，从 7 月 13 日起算。" in text_of(Client().get(address))
    at("2026-07-13 10:00")
    assert "今天是休息日" not in text_of(Client().get(address))
    at("2026-07-11 10:00")
    objection = Objection.objects.get()
    calendar = workdays.calendar()
    assert objection.due(calendar).date == date(2026, 7, 31)
    assert objection.used(calendar, date(2026, 7, 13)) == 1


# --- with the code of the receipt ---------------------------------------------------------------------------------


def test_the_code_of_the_receipt_takes_it_back_and_nobody_elses(result):
    client = Client()
    own = send(result, client)["Location"]
    objection = Objection.objects.get()
    entry = f"/corrections/{objection.receipt}/own/"
    assert "撤回码对不上" in text_of(client.post(entry, {"code": "ABCD EFGH JKLM"}))
    assert client.get(entry + "ABCDEFGHJKLM/").status_code == 404
    code = own.rstrip("/").rpartition("/")[2]
    assert client.post(entry, {"code": f"{code[:4].lower()} {code[4:8]}-{code[8:]}"})["Location"] == own
    ruling = correct(objection, finding="设施运行正常")
    client.post(own, {"act": "take_back"})
    objection.refresh_from_db()
    assert objection.state == ObjectionState.TAKEN_BACK and "申请人撤回" in page_of(objection)
    ruling.refresh_from_db()
    assert (ruling.state, Revision.objects.get().state) == ("WITHDRAWN", "WITHDRAWN")
    assert not Duty.objects.open().filter(rule="D-25").exists()
    with refused("不再变动"):
        propose(objection)
    assert "异议处理中" not in text_of(client.get(f"/results/{result.no}/"))


@pytest.mark.clause("四(3)-f")
def test_the_clock_stands_still_while_more_is_asked_for_once(result, at):
    client = Client()
    own = send(result, client, email="qi@example.cn")["Location"]
    objection, calendar = Objection.objects.get(), workdays.calendar()
    officer, due = officer_of(objection), objection.due(calendar).date
    browser = signed_in(officer)
    post(browser, f"/desk/corrections/{objection.receipt}/more/", {"what": "补交 5 月的台账", "until": "2026-07-14"})
    objection.refresh_from_db()
    moved = calendar.add_workdays(due, 6)
    assert (objection.due(calendar).date, Duty.objects.open().get(rule="D-25").due) == (moved, moved)
    assert "补正材料，时限暂停到 7 月 14 日" in page_of(objection) and "补交 5 月的台账" not in page_of(objection)
    assert "补交 5 月的台账" in text_of(client.get(own))
    assert OutgoingMail.objects.filter(to="qi@example.cn").count() == 1
    with refused("补正只通知一次"):
        actions.ask_for_more(objection=objection, what="再补一份台账", until=date(2026, 7, 20), by=officer)
    with refused("等申请人补正"):
        propose(objection)
    at("2026-07-08 10:00")
    client.post(own, {"words": "5 月台账附后。", "files": [SimpleUploadedFile("5月.pdf", PDF)]})
    objection.refresh_from_db()
    assert ObjectionPaper.objects.count() == 2
    assert objection.due(calendar).date == calendar.add_workdays(due, 2) == Duty.objects.open().get(rule="D-25").due
    assert objection.used(calendar, date(2026, 7, 9)) == 1  # the days of 补正 are not among them


# --- handled and decided ------------------------------------------------------------------------------------------


@pytest.mark.clause("四(3)-f", "八(二)-c")
def test_one_approval_corrects_the_publication_and_publishes_the_decision_with_old_and_new(result):
    objection = make_objection(result)
    ruling = correct(objection, finding="标签缺项 1 处，在 3 号贮存间")
    assert not Duty.objects.open().filter(rule="REVISE").exists()  # nobody is asked twice
    leader = make_approver(objection.unit)
    with refused("在“更正与申诉”里一并决定"):
        revising.approve(revision=ruling.revision, by=leader)
    duty = Duty.objects.open().get(rule="D-25")
    assert duty.role == "APPROVER"
    browser = signed_in(leader)
    desk = browser.get(duty.url)
    assert "批准：更正" in text_of(desk)
    post(browser, duty.url, {"decision": "approve", "request": ruling.pk, "opinion": "同意"})
    newest = Publication.objects.current().get(kind="RESULT", no=result.no)
    assert (newest.version, newest.snapshot["finding"]) == (2, "标签缺项 1 处，在 3 号贮存间")
    page = Client().get(f"/corrections/{objection.receipt}/").content.decode()
    assert "决定：更正一处" in page and "<del>" in page and "<ins>" in page and "第 0 个工作日办结" in page
    decision = Publication.objects.get(kind="DECISION")
    assert (decision.no, decision.snapshot["became"], decision.title) == (
        objection.receipt,
        2,
        f"对检查结果 {result.no} 的申诉的决定",
    )
    text = Client().get(f"/corrections/{objection.receipt}/v1.json").content
    assert pub1.digest(text.decode()) == decision.digest
    assert log.newest() is None or decision.entry.index >= 0
    assert not Duty.objects.open().filter(rule="D-25").exists()
    assert "异议处理中" not in text_of(Client().get(f"/results/{result.no}/"))
    paper = browser.get(f"/desk/corrections/{objection.receipt}/answer.pdf")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")


@pytest.mark.clause("四(3)-f")
def test_a_refusal_is_public_with_its_reason_and_changes_nothing(result):
    objection = make_objection(result, demand="CORRECT")
    decision = decide(propose(objection, reason="核对检查笔录，公示与记录一致", document_no="本环溪更〔2026〕2号"))
    assert Publication.objects.current().get(kind="RESULT", no=result.no) == result
    page = page_of(objection)
    assert "决定：不更正" in page and "核对检查笔录，公示与记录一致" in page and "本环溪更〔2026〕2号" in page
    assert decision.snapshot["places"] == [] and decision.snapshot["became"] is None
    assert "核查 1 人，没有参加原检查" in page and "分管负责人批准" in page


@pytest.mark.clause("四(3)-f", "八(二)-c")
def test_what_is_withdrawn_is_named_by_its_number_alone_and_no_old_word_stays(result):
    objection = make_objection(result, demand="WITHDRAW")
    assert result.facility_name not in page_of(objection) and "发现的问题" not in page_of(objection)
    revision = {"evidence": "检查笔录", "ground": "PRIVATE", "gone": WRONG}
    decide(propose(objection, Outcome.WITHDRAW, reason="公开了与检查无关的个人情况", revision=revision))
    page = page_of(objection)
    assert "决定：撤下" in page and WRONG not in page and result.facility_name not in page
    assert Client().get(f"/results/{result.no}/").status_code == 410


def test_a_later_withdrawal_seals_the_words_of_an_earlier_correction_here_too(result):
    objection = make_objection(result)
    decide(correct(objection, finding="标签缺项 1 处，在 3 号贮存间"))
    newest = Publication.objects.current().get(kind="RESULT", no=result.no)
    make_revision(newest, "WITHDRAW", gone="标签缺项 1 处，在 3 号贮存间")
    page = page_of(objection)
    assert "3 号贮存间" not in page and WRONG not in page and result.facility_name not in page


@pytest.mark.clause("四(3)-f")
def test_who_was_on_the_check_neither_handles_nor_decides_nor_reads_who_asks(result):
    objection = make_objection(result, name="齐修远")
    check = Inspection.objects.get(no=result.no)
    team = check.members.select_related("inspector__user").first().inspector.user
    grant(team, Role.DISCLOSURE_OFFICER, objection.unit)
    team = User.objects.get(pk=team.pk)
    with refused("参加这次检查"):
        propose(objection, by=team)
    desk = text_of(signed_in(team).get(f"/desk/corrections/{objection.receipt}/"))
    assert "齐修远" not in desk and "看不到申请人" in desk
    with refused("由公示单位的公示员核查"):
        propose(objection, by=make_planner(objection.unit))
    ruling = propose(objection)
    with refused("提出决定的人不能自己批准"):
        grant(ruling.asked_by, Role.APPROVER, objection.unit)
        actions.approve(ruling=ruling, by=User.objects.get(pk=ruling.asked_by_id))
    with refused("参加这次检查"):
        grant(team, Role.APPROVER, objection.unit)
        actions.approve(ruling=ruling, by=User.objects.get(pk=team.pk))


def test_another_unit_does_not_find_it_and_what_is_sent_back_is_handled_again(result):
    objection = make_objection(result)
    desk = f"/desk/corrections/{objection.receipt}/"
    assert signed_in(make_disclosure_officer(make_unit("210521"))).get(desk).status_code == 404
    ruling = correct(objection, finding="标签缺项 1 处，在 3 号贮存间")
    actions.reject(ruling=ruling, by=make_approver(objection.unit), opinion="补充核对照片")
    assert Revision.objects.get().state == "RETURNED"
    assert Duty.objects.open().get(rule="D-25").role == "DISCLOSURE_OFFICER"
    decide(propose(objection))
    assert Objection.objects.get().state == ObjectionState.DECIDED


def test_what_becomes_public_names_nobody(result):
    objection = make_objection(result, name="云杉照明工作室")
    with refused("申请人的姓名"):
        propose(objection, reason="云杉照明工作室反映的情况不属实")
    with refused("电话号码"):
        propose(objection, reason="已电话核对 13912345678，记录一致")


@pytest.mark.clause("四(3)-f", "八(二)-d")
def test_a_late_answer_says_so_in_public_with_the_units_reason(result, at):
    objection = make_objection(result)
    at("2026-07-29 10:00")
    assert "逾期 2 天" in page_of(objection)
    with refused("先写明逾期原因"):
        propose(objection)
    with refused("写得太短"):
        actions.explain(objection=objection, reason="忙", by=officer_of(objection))
    actions.explain(objection=objection, reason="等待检测机构复核报告", by=officer_of(objection))
    assert "等待检测机构复核报告" in page_of(objection)
    decision = decide(propose(objection))
    assert decision.snapshot["late_reason"] == "等待检测机构复核报告"


@pytest.mark.clause("四(3)-f", "四(3)-e")
def test_the_open_data_say_that_something_waits_and_the_text_stays_as_it_was(result):
    objection = make_objection(result)
    client = Client()
    (row,) = client.get("/data/results.json").json()["results"]
    assert (row["objection"], row["digest"]) == (objection.receipt, result.digest)
    heads, line = list(csv.reader(client.get("/results/export.csv").getvalue().decode("utf-8-sig").splitlines()))
    assert dict(zip(heads, line, strict=True))["异议处理中"] == objection.receipt
    decide(propose(objection))
    assert client.get("/data/results.json").json()["results"][0]["objection"] == ""


def test_lists_and_plans_are_asked_about_too_and_each_kind_says_whether_something_waits(result):
    published = make_published_list()
    objection = make_objection(published, demand="CORRECT", part="ITEMS")
    assert "异议处理中" in text_of(Client().get(f"/items/{published.year}/"))
    assert published.title in page_of(objection)


# --- the database -------------------------------------------------------------------------------------------------


@pytest.mark.clause("四(3)-f")
def test_no_decision_is_public_without_the_act_of_two(result):
    objection = make_objection(result)
    leader = make_approver(objection.unit)
    words = {"outcome": "KEEP", "reason": "没有人决定过", "title": "x"}
    with pytest.raises(IntegrityError, match="异议答复要先由一人提出"), transaction.atomic():
        publish("DECISION", objection.receipt, by=leader, unit=objection.unit, snapshot=words, title="x", year=2026)
    ruling = propose(objection)
    with pytest.raises(IntegrityError, match="ruling_is_decided_by_another"), transaction.atomic():
        type(ruling).objects.filter(pk=ruling.pk).update(
            state="APPROVED", decided_by=ruling.asked_by, decided_at=clock.now()
        )
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Applicant.objects.filter(objection=objection).update(sealed=b"")


def test_the_lists_cost_the_same_with_one_and_with_many(result):
    make_objection(result)
    officer = signed_in(make_disclosure_officer(Objection.objects.get().unit))
    costs = [(queries(Client(), "/corrections/"), queries(officer, "/desk/corrections/"))]
    for n in range(3):
        objection = make_objection(make_published_result(Objection.objects.first().unit), phone=f"024-4000300{n}")
        decide(propose(objection)) if n else None
    costs.append((queries(Client(), "/corrections/"), queries(officer, "/desk/corrections/")))
    assert costs[0] == costs[1]
    assert pages.within(clock.today()) == Objection.objects.first().days
