"""What the registry asks of draws and checks: answered by one object, and without it nothing is known."""

import inspect
from datetime import date

import pytest

from registry import freezes, known, questions
from registry.inspectors import roster
from registry.models import Facility
from tests.factories import make_facility, make_planner, make_unit

QUESTIONS = [name for name, found in inspect.getmembers(questions.Answers, inspect.isfunction) if name[0] != "_"]


def test_every_question_is_answered_by_somebody_who_knows():
    assert len(QUESTIONS) == 19
    for name in QUESTIONS:
        told, empty = getattr(type(questions.ask), name), getattr(questions.Nobody, name)
        assert told is not empty, name
        assert list(inspect.signature(told).parameters) == list(inspect.signature(empty).parameters)


@pytest.mark.django_db
def test_without_answers_nothing_is_known_and_nothing_in_the_way(monkeypatch):
    monkeypatch.setattr(questions, "ask", questions.Nobody())
    unit = make_unit()
    facility = make_facility(unit)
    row = Facility.objects.annotate(
        drawn=known.there(known.drawn(2026)), times=known.times_in(2026), checked_at=known.last_check()
    ).get()
    assert (row.drawn, row.times, row.checked_at) == (False, 0, None)
    assert not Facility.objects.filter(known.there(known.drawn(2026))).exists()
    assert (known.visits_of(facility), known.onsite_of(facility), freezes.of([unit])) == ([], [], [])
    assert (known.marks_of(facility), known.times_left(facility, 2026)) == ([], [])
    assert not roster.loads(make_planner(unit), unit, None)
    assert list(questions.ask.audit_lines(unit, "FACILITY", date(2026, 7, 6))) == []
    july = date(2026, 7, 6)
    assert questions.ask.near_other_units(make_planner(unit), unit, july, july) == []
    assert questions.ask.adverse_results([facility.pk], date(2025, 7, 6)) == []
    assert questions.ask.why_not_withdraw(None, []) == questions.ask.why_not_transfer(facility) == ""
    assert questions.ask.year_volume(unit, 2026) == []
    assert questions.ask.why_not_seal(unit, None, date(2026, 7, 6)) == ""
