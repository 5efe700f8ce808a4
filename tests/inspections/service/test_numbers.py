"""文号 of the notices: one after another in each unit and year, once each (issue 12, 七(五)-j)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji.refusal import Refused
from inspections.models import NoticeNumber
from inspections.service import notice, numbers
from tests.factories import make_city_team, make_lead_office, make_planner, make_unit
from tests.inspections.factories import make_inspection, make_started

pytestmark = [pytest.mark.django_db, pytest.mark.clause("七(五)-j")]


def test_each_notice_gets_the_next_number_of_its_unit_and_year_and_keeps_it(at):
    at("2026-07-06 10:00")
    unit, other = make_unit(), make_unit("210503")
    first, second = make_inspection(unit), make_inspection(unit)
    word = numbers.word_of(unit, date(2026, 7, 6))
    assert notice.notice_facts(first).number == f"{word}〔2026〕第 1 号"
    assert f"{word}〔2026〕第 1 号" in notice.notice_html(first, site="")
    assert numbers.number_of(second) == f"{word}〔2026〕第 2 号"
    assert numbers.number_of(make_inspection(other)) == f"{numbers.word_of(other, date(2026, 7, 6))}〔2026〕第 1 号"
    at("2027-01-04 10:00")
    assert numbers.number_of(make_inspection(unit)) == f"{word}〔2027〕第 1 号"
    assert numbers.number_of(first) == f"{word}〔2026〕第 1 号"


def test_a_notice_that_nobody_printed_has_its_number_once_it_is_served(at):
    at("2026-07-06 10:00")
    assert make_started().notice_number.number == 1


def test_the_database_gives_no_number_twice_and_takes_none_back(at):
    at("2026-07-06 10:00")
    inspection = make_inspection()
    numbers.number_of(inspection)
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
    before = numbers.number_of(inspection)

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
    assert numbers.word_of(team, date(2026, 7, 6)) == "本环检通字"

    set_word("明环检通字")
    assert numbers.number_of(make_inspection(unit)) == "明环检通字〔2026〕第 2 号"
    assert numbers.number_of(inspection) == before
    client.force_login(office)
    page = client.get("/desk/papers/words/").content.decode()
    assert "<td>明环检通字</td>" in page and "本环发〔2026〕9 号" in page
