"""更正 and 撤下 as acts: who may ask, who decides, what follows for each kind of publication (八(二)-c, D-23)."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.test import Client

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty
from disclosure import digests
from disclosure.city.standing import standing
from disclosure.models import Act, Change, Ground, Publication, PublicationState
from disclosure.publications import publish
from disclosure.revisions import actions, duties, places, rules
from inspections.checks import known, registry_audit
from inspections.fairness import visits
from inspections.models import Inspection
from inspections.oversight import analysis
from plans.models import QuarterlyPlan
from registry.models import Book, Facility, OperatingStatus
from tests.browsing import html_of, refused, signed_in
from tests.disclosure.city.test_summary import Q3, make_lead, make_summary
from tests.disclosure.factories import (
    ask_revision,
    make_published_list,
    make_published_plan,
    make_published_result,
    make_revision,
)
from tests.factories import (
    make_approver,
    make_disclosure_officer,
    make_facility,
    make_inspector,
    make_planner,
    make_unit,
    make_user,
)
from tests.plans.draw.factories import make_published_plan as make_plan_to_draw_from
from tests.plans.draw.factories import make_sealed_draw

pytestmark = [pytest.mark.django_db, pytest.mark.clause("八(二)-c")]
FINDING = {"finding": "标签缺项 3 处"}


def made(**fields) -> Publication:
    return make_published_result(problem="标签缺项 2 处", **fields)


# --- who ------------------------------------------------------------------------------------------------------------


def test_the_officer_asks_the_leader_decides_and_nobody_does_both():
    result, unit = made(), make_unit()
    with refused("由公示单位的公示员提出"):
        ask_revision(result, by=make_planner(unit), words=FINDING)
    both = make_user((Role.DISCLOSURE_OFFICER, unit), (Role.APPROVER, unit))
    revision = ask_revision(result, by=both, words=FINDING)
    with refused("提出的人不能决定自己的申请"):
        actions.approve(revision=revision, by=both)
    with refused("由公示单位的分管负责人批准"):
        actions.approve(revision=revision, by=make_approver(make_unit("210503")))
    with refused("已有一份申请等决定"):
        ask_revision(result, words=FINDING)
    with refused("写明退回的意见"):
        actions.reject(revision=revision, by=make_approver(unit), opinion="")
    actions.reject(revision=revision, by=make_approver(unit), opinion="笔录写的就是 2 处，不改")
    assert Publication.everything.count() == 1
    assert Duty.objects.get(rule="REVISE").closed_at is not None


def test_whoever_recorded_the_result_neither_asks_nor_decides():
    unit = make_unit()
    team = [make_inspector(unit, with_user=True) for _ in range(2)]
    for role in (Role.DISCLOSURE_OFFICER, Role.APPROVER):
        team[0].user.grants.create(unit=unit, role=role, valid_from=date(2025, 1, 1), document="任命")
    result = made(team=team)
    with refused("记录这条结果的人不能提出，也不能决定"):
        ask_revision(result, by=team[0].user, words=FINDING)
    with refused("记录这条结果的人不能提出，也不能决定"):
        actions.approve(revision=ask_revision(result, words=FINDING), by=team[0].user)


REVOKED = {"ground": Ground.REVOKED, "document_no": "本环复〔2026〕3号", "known_on": date(2026, 7, 7)}


def test_a_withdrawal_that_the_law_wants_stays_the_officers_until_the_leader_has_decided(at):
    """D-23: nobody alone talks it away, by whatever request; the leader's 不批准 ends it."""
    at("2026-07-06 10:00")
    result, rule = made(), Duty.objects.filter(rule="D-23")
    at("2026-07-08 10:00")
    first = ask_revision(result, Act.WITHDRAW, **REVOKED)
    due, leader = rule.get().due, make_approver(first.unit)
    at("2026-07-09 10:00")
    actions.send_back(revision=first, by=leader, opinion="理由写得不清楚")
    assert (rule.get().role, rule.get().due, rule.get().closed_at) == (Role.DISCLOSURE_OFFICER, due, None)
    milder = ask_revision(result, Act.WITHDRAW)
    assert (rule.get().role, rule.get().due) == (Role.APPROVER, due)
    actions.take_back(revision=milder, by=milder.asked_by)
    assert (rule.get().role, rule.get().closed_at) == (Role.DISCLOSURE_OFFICER, None)
    word = ask_revision(result, words=FINDING)
    actions.reject(revision=word, by=leader, opinion="先办撤下")
    actions.take_back(revision=(milder := ask_revision(result, Act.WITHDRAW)), by=milder.asked_by)
    assert rule.get().closed_at is None  # a decision about a correction is none about the withdrawal
    actions.reject(revision=ask_revision(result, Act.WITHDRAW, **REVOKED), by=leader, opinion="没有撤销过")
    assert rule.get().closed_by == "没有批准撤下"


def test_a_day_that_is_named_later_and_lies_earlier_makes_the_withdrawal_due_earlier(at):
    at("2026-07-09 10:00")
    result, rule = made(), Duty.objects.filter(rule="D-23")
    first = ask_revision(result, Act.WITHDRAW)
    before = rule.get().due
    actions.send_back(revision=first, by=make_approver(first.unit), opinion="决定已被撤销，写明文号")
    ask_revision(result, Act.WITHDRAW, **REVOKED | {"known_on": date(2026, 7, 3)})
    assert rule.get().due < before


def test_a_request_completed_as_another_act_leaves_nothing_open_behind_it(at):
    at("2026-07-06 10:00")
    result = made()
    first = ask_revision(result, Act.WITHDRAW)
    leader = make_approver(first.unit)
    actions.send_back(revision=first, by=leader, opinion="不涉及隐私，改为更正")
    second = ask_revision(result, words=FINDING)
    assert Duty.objects.get(rule="D-23").closed_by == "改为更正"
    actions.send_back(revision=second, by=leader, opinion="还是撤下")
    third = ask_revision(result, Act.WITHDRAW)
    assert Duty.objects.get(rule="REVISE").closed_by == "改为撤下"
    actions.approve(revision=third, by=leader)
    assert not Duty.objects.open().filter(rule__in=["D-23", "REVISE"]).exists()


def test_what_is_sent_back_is_completed_within_its_own_days_with_the_file_it_had(at):
    at("2026-07-06 10:00")
    result, rule = made(), Duty.objects.filter(rule="REVISE")
    first = ask_revision(result, words=FINDING, file=("笔录.pdf", b"%PDF-1.7 proof"))
    leader = make_approver(first.unit)
    at("2026-07-08 09:00")
    with refused("写明退回的意见"):
        actions.send_back(revision=first, by=leader, opinion="")
    actions.send_back(revision=first, by=leader, opinion="补上检查当天的记录")
    calendar = workdays.calendar()
    assert (rule.get().role, rule.get().due) == (
        Role.DISCLOSURE_OFFICER,
        calendar.within_workdays(date(2026, 7, 8), 2).date,
    )
    with refused("不再变动"):
        actions.approve(revision=first, by=leader)
    second = ask_revision(result, words=FINDING, evidence="检查笔录第 2 页和当天的照片")
    assert second.file == first.file
    assert (rule.get().role, rule.get().closed_at) == (Role.APPROVER, None)
    corrected = actions.approve(revision=second, by=leader).became
    assert corrected.snapshot["finding"] == FINDING["finding"] and rule.get().closed_by == "已更正"
    ask_revision(corrected, words={"finding": "标签缺项 4 处"})
    assert Duty.objects.open().filter(rule="REVISE").count() == 1


def test_what_is_sent_back_and_not_completed_ends_by_itself(at):
    at("2026-07-06 10:00")
    first, rule = ask_revision(made(), words=FINDING), Duty.objects.filter(rule="REVISE")
    actions.send_back(revision=first, by=make_approver(first.unit), opinion="补上检查当天的记录")
    at("2026-07-08 23:00")
    duties.keep_terms()
    assert rule.get().closed_at is None
    at("2026-07-09 01:00")
    duties.keep_terms()
    assert rule.get().closed_by == duties.UNANSWERED


def test_a_second_correction_of_the_same_words_waits_for_the_leader_again(at):
    """The duty of the first one is closed; the second once stood on nobody's desk."""
    at("2026-07-06 10:00")
    result, rule = made(), Duty.objects.filter(rule="REVISE")
    first = ask_revision(result, words=FINDING)
    actions.reject(revision=first, by=make_approver(first.unit), opinion="笔录写的就是 2 处，不改")
    at("2026-07-20 10:00")
    ask_revision(result, words=FINDING)
    assert (rule.get().role, rule.get().closed_at) == (Role.APPROVER, None)
    assert rule.get().due > date(2026, 7, 20)


def test_only_who_asked_takes_back_and_only_before_a_decision():
    result = made()
    revision = ask_revision(result, words=FINDING)
    with refused("由提出的人撤回"):
        actions.take_back(revision=revision, by=make_disclosure_officer(revision.unit))
    revision = actions.take_back(revision=revision, by=revision.asked_by)
    assert (revision.state, revision.decided_by) == ("WITHDRAWN", None)
    assert Duty.objects.get(rule="REVISE").closed_by == "申请已撤回"
    with refused("不能再撤回"):
        actions.take_back(revision=revision, by=revision.asked_by)
    with refused("不再变动"):
        actions.approve(revision=revision, by=make_approver(revision.unit))


def private(problem: str = "李四的住址写入台账") -> Publication:
    return make_published_result(problem=problem)


def places_with(result: Publication, words: str) -> list[str]:
    return [p.key for p in places.places_of(result) if words in p.value]


def test_words_that_must_not_be_public_are_named_and_left_nowhere():
    """撤下并重新公开: what is to go is looked for in everything that stays or becomes public, and is not kept."""
    result = private()
    first, *rest = places_with(result, "李四")
    some, clean = {first: "李某的住址写入台账"}, dict.fromkeys([first, *rest], "住址写入台账")
    assert rest
    for gone, words, why in (
        ("", clean, "写明是哪些文字"),
        ("王五", clean, "公开的文字里没有“王五”"),
        ("李四", some, "里还有“李四”"),
        ("李四", clean | {first: "李 四的住址写入台账"}, "里还有“李四”"),
        ("李四\n住址", clean, "里还有“住址”"),
    ):
        with refused(why):
            ask_revision(result, Act.REISSUE, words=words, gone=gone)
    asked = ask_revision(result, Act.REISSUE, words=clean, gone="李四")
    assert "李四" not in str([getattr(asked, f.attname) for f in asked._meta.concrete_fields if f.attname != "changes"])


def test_words_that_stand_where_nothing_can_be_corrected_can_be_withdrawn_and_not_published_anew():
    """Public but no place of the form: it was refused as not public at all, and would have gone out again."""
    result = made()
    name = next(
        line for line in rules._all_words(result.snapshot) if line not in places_texts(result) and len(line) > 4
    )
    words = {"finding": "设施运行正常"}
    with refused("不能更正的地方还有"):
        ask_revision(result, Act.REISSUE, words=words, gone=name)
    assert ask_revision(result, Act.WITHDRAW, gone=name).waits


def places_texts(result: Publication) -> set[str]:
    return {"".join(p.value.split()) for p in places.places_of(result)}


def test_reason_and_number_repeat_none_of_what_is_withdrawn():
    result = private("员工李四家住峪明路十二号，写入台账")
    for said in ({"reason": "写到了李四的姓名"}, {"document_no": "李四家住峪明路"}, {"reason": "写到了 李 四"}):
        with refused("理由和文号会公开，里面还有“李四”"):
            ask_revision(result, Act.WITHDRAW, gone="李四", **said)
    with refused("不能照抄要撤下的文字：“员工李四"):
        ask_revision(result, Act.WITHDRAW, gone="李四", reason="员工李四家住峪明路十二号，写入台账")
    with refused("是电话号码"):
        ask_revision(result, Act.WITHDRAW, gone="李四", document_no="13900001111")


@pytest.mark.parametrize(
    "reason", ["2026-07-06 发现写到了个人信息", "明山分局核实，写了现场负责人的姓名", "陪同检查的人员姓名不应公开"]
)
def test_a_plain_reason_is_taken(reason):
    assert ask_revision(private("现场负责人李四陪同检查"), Act.WITHDRAW, gone="李四", reason=reason).waits


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"checked_on": "2024-12-31"}, "早于 2026 年"),
        ({"checked_on": "0001-01-01"}, "早于 2026 年"),
        ({"facility.uscc": "abc"}, "统一社会信用代码"),
        ({"district": "火星区"}, "所在县区没有“火星区”"),
        ({"inspectors": "0"}, "不少于 2 人"),
        ({"inspectors": "-3"}, "不少于 2 人"),
    ],
)
def test_a_result_is_not_corrected_into_what_cannot_be(words, why):
    with refused(why):
        ask_revision(made(), words=words)


def test_a_result_is_corrected_into_another_district():
    assert make_revision(made(), words={"district": "平山区"}).district == "平山区"


def test_a_day_on_which_nothing_could_be_revoked_is_refused():
    with refused("日期早于 2026 年"):
        ask_revision(made(), Act.WITHDRAW, **REVOKED | {"known_on": date(1900, 1, 1)})


def test_what_proves_a_request_is_a_scan():
    with refused("只收 PDF、JPG 和 PNG"):
        ask_revision(made(), words=FINDING, file=("表.exe", b"MZ"))


# --- a corrected result ---------------------------------------------------------------------------------------------


def test_what_follows_from_corrected_words_follows_and_what_is_counted_is_the_correction():
    """Decision 0019: outcome and day of the check's row follow, the words of its record stay as they were signed."""
    result = made()
    item = next(n for n, i in enumerate(result.snapshot["items"]) if i["answer"] == "FOUND")
    words = {"outcome": "ON_SITE_FIXED", "rectify_by": "", f"items.{item}.words": "标签缺项 1 处"}

    corrected = make_revision(result, words=words | FINDING)

    assert (corrected.version, corrected.state, corrected.change) == (2, PublicationState.CORRECTED, Change.CORRECTION)
    s = corrected.snapshot
    assert (s["outcome_label"], s["items"][item]["handling"], corrected.outcome) == (
        "当场改正",
        "当场改正",
        "ON_SITE_FIXED",
    )
    assert s["correction"]["places"] == ["检查结果", "改正期限", "描述", "“固体废物及危险废物管理情况”的问题记录"]
    assert s["correction"]["decided_by"] == "明山分局分管负责人"
    assert s["salt"] != result.snapshot["salt"]
    check = Inspection.objects.get(no=result.no)
    assert (check.outcome, check.rectify_by) == ("ON_SITE_FIXED", None)
    assert check.finding == result.snapshot["finding"]
    assert corrected.issued_at == result.issued_at
    again = make_revision(corrected, words={"finding": "标签缺项 4 处"})
    assert (again.version, again.correction["places"]) == (3, ["描述"])


def test_a_corrected_name_is_found_and_the_wrong_one_is_not():
    result = made(facility=make_facility(make_unit(), name="本溪枫岭焦化有限公司"))
    corrected = make_revision(result, words={"facility.name": "本溪枫林焦化有限公司", "checked_on": "2026-07-03"})
    assert (corrected.facility_name, corrected.title) == ("本溪枫林焦化有限公司", "本溪枫林焦化有限公司检查结果")
    assert (corrected.checked_on, corrected.workday_number) == (date(2026, 7, 3), 1)
    client = Client()
    assert corrected.no in html_of(client.get("/results/?q=枫林"))
    assert corrected.no not in html_of(client.get("/results/?q=枫岭"))
    assert corrected.no in html_of(client.get(f"/results/?q={result.snapshot['facility']['uscc']}"))


@pytest.mark.parametrize(
    "words, sentence",
    [
        ({}, "没有改动任何文字"),
        ({"finding": "标签缺项 2 处"}, "没有改动任何文字"),
        ({"finding": "联系 13804140000 核实"}, "是电话号码"),
        ({"finding": "齐某称标签缺项"}, "疑为个人姓名"),
        ({"outcome": "NO_ISSUE", "rectify_by": ""}, "结果不能是“未发现问题”"),
        ({"rectify_by": ""}, "责令限期改正要填写整改期限"),
        ({"checked_on": "2026-07-08"}, "检查日期晚于公开的那一天"),
        ({"rectify_by": "2026-07-01"}, "改正期限早于检查日期"),
        ({"items.0.words": "设施停运"}, "没有发现问题的，不写"),
        ({"facility.name": " "}, "检查对象和所在县区不能空着"),
    ],
)
def test_corrected_words_keep_the_rules_of_a_result(at, words, sentence):
    at("2026-07-06 10:00")
    result = made()
    Inspection.objects.filter(no=result.no).update(contact_person="齐某")
    with refused(sentence):
        ask_revision(result, words=words)


def test_a_name_in_a_correction_passes_with_a_reason_and_the_text_says_so():
    result = made()
    inspection = Inspection.objects.get(no=result.no)
    words = {"finding": "现场负责人王建国称标签缺项"}
    with refused("疑为个人姓名。改为“现场负责人”，或写明为什么要公开"):
        ask_revision(result, words=words)
    with refused("公开姓名的理由写得太短"):
        ask_revision(result, words=words, names_because="要")
    revision = ask_revision(result, words=words, names_because="经营者就是被检查人")
    assert not inspection.kept_names.exists()
    revision = actions.approve(revision=revision, by=make_approver(revision.unit))
    assert revision.became.snapshot["names_confirmed"] is True
    kept = inspection.kept_names.get()
    assert (kept.name, kept.reason, kept.by) == ("王建国", "经营者就是被检查人", revision.asked_by)
    entry = AuditEntry.objects.get(verb="inspections.name.kept")
    assert entry.actor == revision.decided_by and entry.details["reason"] == "经营者就是被检查人"


@contextmanager
def approved_once_more(plan):
    """A version of a plan without the way to it; the database asks for an approved one."""
    found = QuarterlyPlan.objects.filter(pk=plan.pk)
    found.update(status="APPROVED", published_at=None)
    yield
    found.update(status=plan.status, published_at=plan.published_at)


def test_a_request_that_a_new_version_has_overtaken_is_not_approved(at):
    at("2026-07-02 09:00")
    lead = make_lead()
    plan = make_summary(lead)
    publication = Publication.objects.get(kind="PLAN", unit_code=plan.unit.code)
    revision = ask_revision(publication, words={"late_reason": "印章送修"})
    with approved_once_more(plan):
        publish(
            "PLAN",
            publication.no,
            by=lead,
            unit=plan.unit,
            snapshot=publication.snapshot,
            title="t",
            year=2026,
            number=3,
        )
    with refused("公示已经有了新的一版"):
        actions.approve(revision=revision, by=make_approver(plan.unit))


# --- withdrawn ------------------------------------------------------------------------------------------------------


def test_private_words_are_withdrawn_and_clean_ones_published_in_one_act(at):
    """PUB1 §1: first the tombstone, then the clean text; every earlier version is sealed."""
    at("2026-07-06 10:00")
    result = made()
    make_revision(result, words={"finding": "标签缺项，旁边晾着住户衣物"})
    newest = Publication.objects.get(version=2)
    clean = make_revision(newest, Act.REISSUE, words={"finding": "标签缺项 2 处。"}, reason="原文写到住户生活情况")

    found = Publication.everything.order_by("version")
    assert [p.state for p in found] == ["ISSUED", "CORRECTED", "WITHDRAWN", "CORRECTED"]
    assert list(Publication.objects.all()) == [clean]
    assert "places" in clean.correction and clean.correction["places"] == []
    client = Client()
    page = client.get(f"/results/{result.no}/")
    assert page.status_code == 200 and "住户衣物" not in html_of(page)
    assert "看更正以前的一版" not in html_of(page)
    for version in (1, 2, 3):
        answer = client.get(f"/results/{result.no}/{version}/")
        assert answer.status_code == 410 and "同一编号已重新公开" in html_of(answer)
    assert [client.get(f"/results/{result.no}/{n}/snapshot.json").status_code for n in (1, 2, 3, 4)] == [
        410,
        410,
        200,
        200,
    ]
    stone = client.get(f"/results/{result.no}/3/snapshot.json").content.decode()
    assert digests.digest_of_text(stone) == Publication.everything.get(version=3).digest
    told = html_of(client.get("/notices/revisions/"))
    assert told.count("原文写到住户生活情况") == 2 and "住户衣物" not in told


@pytest.mark.parametrize(
    "fields, sentence",
    [
        ({"ground": ""}, "选择撤下的事由"),
        ({"ground": Ground.REVOKED}, "写明那份决定的文号和日期"),
        ({"ground": Ground.REVOKED, "document_no": "本环复〔2026〕1号", "known_on": date(2026, 7, 9)}, "晚于今天"),
        ({"ground": Ground.TERM}, "公示期限至 2029 年 7 月 6 日，还没有期满"),
        ({"reason": "写了标签缺项 2 处"}, "不能照抄要撤下的文字"),
        ({"reason": "电话 13804140000 公开了"}, "理由随更正、撤下一并公开"),
        ({"reason": "短"}, "理由写得太短"),
        ({"evidence": "无"}, "证明材料写得太短"),
    ],
)
def test_a_withdrawal_says_why_in_words_that_can_be_public(at, fields, sentence):
    at("2026-07-06 10:00")
    with refused(sentence):
        ask_revision(made(), Act.WITHDRAW, **fields)


def test_nothing_can_be_corrected_that_is_withdrawn():
    result = made()
    make_revision(result, Act.WITHDRAW)
    tombstone = Publication.everything.get(version=2)
    assert (tombstone.facility_name, tombstone.search_text, tombstone.outcome) == ("", "", "")
    with refused("这条公示已经撤下"):
        ask_revision(tombstone, Act.WITHDRAW)


def test_nobody_tells_from_two_digests_that_two_texts_are_the_same():
    """A salt of its own for each version, from the system's random source (PUB1 §1)."""
    first, second = made(), made()
    salts = [p.snapshot["salt"] for p in (first, second)]
    assert len(set(salts)) == 2 and all(len(salt) == 32 for salt in salts)


# --- lists, plans, summaries ----------------------------------------------------------------------------------------


def test_a_list_is_corrected_in_its_words_and_withdrawn_only_with_another_in_its_place(at):
    at("2026-01-06 10:00")
    item_list = make_published_list()
    with refused("清单还在执行，不能只撤下"):
        ask_revision(item_list, Act.WITHDRAW)
    was = item_list.snapshot["items"][0]["legal_basis"]
    make_revision(item_list, words={"items.0.legal_basis": "某法第三十条"})
    page = html_of(Client().get("/items/2026/"))
    assert "某法第三十条" in page and "更正" in page
    assert was in html_of(Client().get(f"/items/2026/{item_list.unit_code}/1/"))


def test_a_plan_that_still_has_to_be_drawn_is_not_taken_away(at):
    at("2026-07-02 10:00")
    plan = make_published_plan()
    with refused("计划还要用来封存和抽取，不能只撤下"):
        ask_revision(plan, Act.WITHDRAW)
    corrected = make_revision(plan, words={"bases": "《某法》第三十条"})
    assert corrected.snapshot["bases"] == ["《某法》第三十条"]
    assert not {p.key for p in places.places_of(plan)} & {"draw_at", "total", "sources", "strata"}


def test_a_plan_whose_draw_is_sealed_can_be_withdrawn_and_its_papers_with_it(at):
    at("2026-07-06 10:00")
    unit = make_unit("210505")
    quarterly = make_plan_to_draw_from(unit)
    like = make_published_plan(make_unit("210502"))
    facts = {"snapshot": like.snapshot, "title": "抽查工作计划", "year": 2026, "number": 3}
    with approved_once_more(quarterly):
        plan = publish("PLAN", f"{unit.code}-2026Q3", by=make_disclosure_officer(unit), unit=unit, **facts)
    make_sealed_draw(plan=quarterly)
    make_revision(plan, Act.WITHDRAW, ground=Ground.SECRET, reason="写到涉密的厂区位置")
    client = Client()
    gone = (
        f"/plans/2026q3/{unit.code}/",
        f"/plans/2026q3/{unit.code}/1/",
        f"/plans/{plan.no}/1/snapshot.json",
        f"/papers/plan/{plan.no}/1.pdf",
        f"/papers/plan/{plan.no}/1.docx",
    )
    assert [client.get(address).status_code for address in gone] == [410] * len(gone)
    assert "已撤下" in html_of(client.get("/plans/2026q3/"))
    assert client.get(f"/draws/{plan.no}-01/").status_code == 200


def test_private_words_of_a_plan_that_the_citys_summary_repeats_are_withdrawn_there_first(at):
    at("2026-07-08 09:00")
    lead = make_lead()
    plan = make_summary(lead)
    publication = Publication.objects.get(kind="PLAN", unit_code=plan.unit.code)
    assert publication.late_reason
    revision = ask_revision(publication, Act.REISSUE, words={"late_reason": "核对名录多用一天"})
    with refused("由牵头部门先撤下汇总"):
        actions.approve(revision=revision, by=make_approver(plan.unit))

    make_revision(Publication.objects.get(kind="SUMMARY"), Act.WITHDRAW)
    actions.approve(revision=revision, by=make_approver(plan.unit))

    now = standing(Q3, clock.today())
    assert now.published is None and now.is_due
    page = html_of(Client().get("/plans/2026q3/"))
    assert 'id="summary-gone"' in page
    assert Client().get("/plans/2026q3/summary/1/snapshot.json").status_code == 410


def test_the_officers_page_of_a_withdrawn_thing_leads_to_what_became_of_it():
    result = made()
    make_revision(result, Act.WITHDRAW)
    officer = signed_in(make_disclosure_officer(make_unit()))
    answer = officer.get(f"/desk/publish/result/{result.no}/", follow=True)
    assert answer.redirect_chain == [(f"/desk/publish/result/{result.no}/revise/", 302)]
    assert "这条公示已经撤下" in html_of(answer)


# --- what is counted afterwards -------------------------------------------------------------------------------------------


@pytest.mark.clause("七(三)-d", "六(二)-e")
@pytest.mark.parametrize("act, told", [(Act.WITHDRAW, 0), (Act.REISSUE, 1)])
def test_a_withdrawn_result_no_longer_tells_what_was_found_and_clean_words_do(at, act, told):
    """It stays counted as a check; what it found stands in no share, no sign against the 正面清单, no list of the registry."""
    at("2026-07-06 10:00")
    result = made()
    check = Inspection.objects.get(no=result.no)
    Facility.objects.filter(pk=check.facility_id).update(status=OperatingStatus.SUSPENDED)
    make_published_result(problem="台账缺页")

    def found():
        rates = analysis.of([check.unit], 2026).total
        adverse = known.adverse_results([check.facility], date(2026, 7, 5))
        lines = registry_audit.lines(check.unit, Book.FACILITY, clock.today())
        odds = next(line for line in lines if line.key == "contradiction").found
        return rates.checks, rates.found, len(adverse), len(odds), visits.of([check.unit], 2026, clock.today()).n

    before = found()
    assert before == (2, 2, 1, 1, 2)
    newest = make_revision(result, words={"finding": "标签缺项，旁边晾着住户衣物"})
    make_revision(newest, act, words={"finding": "标签缺项 2 处。"} if act == Act.REISSUE else {})
    assert found() == (1 + told, 1 + told, told, told, 1 + told)
    assert known.checks().filter(pk=check.pk).exists()
