"""文号 of the notices: one after another in each unit and year, once each (issue 12, 七(五)-j)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji.refusal import Refused
from inspections.approvals import actions as approvals
from inspections.models import CheckApproval, EnterpriseLink, NoticeNumber, NumberWord, PaperKind
from inspections.paperwork import papers
from inspections.service import numbers
from tests.factories import make_approver, make_city_team, make_lead_office, make_planner, make_unit
from tests.inspections.factories import issued, make_inspection, make_started

pytestmark = [pytest.mark.django_db, pytest.mark.clause("七(五)-j")]


def number_of(inspection) -> str:
    return issued(inspection).notice_number.text


def test_each_notice_gets_the_next_number_of_its_unit_and_year_and_keeps_it(at):
    at("2026-07-06 10:00")
    unit, other = make_unit(), make_unit("210503")
    first, second = make_inspection(unit), make_inspection(unit)
    word = NumberWord.objects.word_of(unit, date(2026, 7, 6))
    assert number_of(first) == f"{word}〔2026〕第 1 号"
    assert papers.paper_of(issued(first), PaperKind.NOTICE).left == f"{word}〔2026〕第 1 号"
    assert number_of(second) == f"{word}〔2026〕第 2 号"
    elsewhere = NumberWord.objects.word_of(other, date(2026, 7, 6))
    assert number_of(make_inspection(other)) == f"{elsewhere}〔2026〕第 1 号"
    at("2027-01-04 10:00")
    assert number_of(make_inspection(unit)) == f"{word}〔2027〕第 1 号"
    assert number_of(first) == f"{word}〔2026〕第 1 号"


def test_the_approval_of_a_list_numbers_its_notices_and_a_look_at_one_writes_nothing(client, at, papers_as_text):
    at("2026-07-06 10:00")
    unit = make_unit()
    checks = [make_inspection(unit, approved=False) for _ in range(3)]
    planner = make_planner(unit)
    client.force_login(planner)
    address = f"/desk/tasks/{checks[0].no}/papers/notice.pdf"
    assert "检查批准以后编号，再印通知书" in client.get(address, follow=True).content.decode()
    asked = approvals.ask_for_list(inspections=checks, by=planner)
    assert not NoticeNumber.objects.exists() and not EnterpriseLink.objects.exists()
    approvals.decide(asked=asked, approve=True, by=make_approver(unit))
    given = list(NoticeNumber.objects.values_list("inspection", "number"))
    assert given == [(check.pk, n) for n, check in enumerate(checks, 1)]
    links = list(EnterpriseLink.objects.values_list("token", flat=True))
    page = client.get(address).content.decode()
    assert "第 1 号" in page and any(token in page for token in links) and len(set(links)) == 3
    assert given == list(NoticeNumber.objects.values_list("inspection", "number"))
    assert links == list(EnterpriseLink.objects.values_list("token", flat=True))


def test_where_the_bureau_has_the_last_word_the_number_comes_with_it(at):
    at("2026-07-06 10:00")
    unit, bureau = make_unit(), make_city_team()
    check = make_inspection(unit, approved=False)
    (asked,) = approvals.ask_for_list(inspections=[check], by=make_planner(unit))
    CheckApproval.objects.filter(pk=asked.pk).update(then_in=bureau)
    approvals.decide(asked=[asked], approve=True, by=make_approver(unit))
    assert not NoticeNumber.objects.exists()
    approvals.decide(asked=CheckApproval.objects.pending(), approve=True, by=make_approver(bureau))
    assert NoticeNumber.objects.get().unit == unit


def test_a_notice_that_nobody_printed_has_its_number_once_it_is_served(at):
    at("2026-07-06 10:00")
    assert make_started().notice_number.number == 1


def test_the_database_gives_no_number_twice_and_takes_none_back(at):
    at("2026-07-06 10:00")
    inspection = make_inspection()
    number_of(inspection)
    given = NoticeNumber.objects.get()
    other = make_inspection(inspection.unit)
    for fields in ({"number": 1, "text": "另一个"}, {"number": 0, "text": "零"}, {"number": 2, "text": given.text}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NoticeNumber.objects.create(
                inspection=other, unit=given.unit, year=given.year, given_at=given.given_at, **fields
            )


def test_the_word_is_the_offices_to_set_by_a_document_and_no_two_units_share_one(client, at):
    at("2026-07-06 10:00")
    unit, team, office = make_unit(), make_city_team(), make_lead_office()
    inspection = make_inspection(unit)
    before = number_of(inspection)

    def set_word(word, by=office, **changes):
        fields = {"unit": unit, "document": "本环发〔2026〕9 号", "valid_from": date(2026, 7, 6)} | changes
        return numbers.set_word(word=word, by=by, **fields)

    for word, changes, sentence in (
        ("本环检通字", {}, "的通知书已用这个字"),
        ("明环检通字", {"by": make_planner(unit)}, "由牵头部门登记"),
        ("明环检通字", {"document": " "}, "依据文件"),
        ("明环检通字", {"valid_from": date(2026, 7, 5)}, "最早是今天"),
    ):
        with pytest.raises(Refused, match=sentence):
            set_word(word, **changes)
    assert NumberWord.objects.word_of(team, date(2026, 7, 6)) == "本环检通字"

    set_word("明环检通字")
    assert number_of(make_inspection(unit)) == "明环检通字〔2026〕第 2 号"
    assert number_of(inspection) == before
    client.force_login(office)
    page = client.get("/desk/papers/words/").content.decode()
    assert "<td>明环检通字</td>" in page and "本环发〔2026〕9 号" in page
