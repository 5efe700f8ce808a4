"""The facts of the list of inspectors, each by itself (六(三), ui.md 7.2)."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from registry.inspectors.forms import InspectorFilter
from registry.inspectors.pages import InspectorList, Line, sort_of, tags_of
from registry.models import Inspector, InspectorAbsence, Scope

TODAY, LAST = date(2026, 7, 6), date(2026, 9, 20)


def somebody(until=date(2028, 1, 1), away=(), **fields) -> Inspector:
    card = {"certificate_no": "LN0000001", "certificate_from": date(2024, 1, 1), "certificate_to": until}
    inspector = Inspector(name="程砚秋", **card, **fields)
    inspector.away, inspector.n_conflicts, inspector.declared = list(away), 0, False
    return inspector


def listed(query="", people=()) -> InspectorList:
    request = RequestFactory().get(f"/desk/inspectors/?{query}")
    return InspectorList(request, None, TODAY, LAST, InspectorFilter(QueryDict(query)), list(people))


def test_a_line_says_how_card_and_duty_stand():
    absent = InspectorAbsence(note="产假", ends_on=date(2026, 7, 31))
    line = Line(somebody(until=date(2026, 8, 1), away=[absent]), 2, TODAY, LAST)
    assert "早于检查截止日 2026-09-20" in line.certificate["text"] and line.certificate["bad"]
    assert line.duty == {"text": "产假至 07-31", "tone": "wait"}
    assert Line(somebody(), 0, TODAY, LAST).duty["text"] == "在岗"


def test_a_line_names_its_scopes():
    scope = Scope.values[0]
    assert Line(somebody(scopes=[scope]), 0, TODAY, LAST).scopes == [Scope(scope).label]


@pytest.mark.parametrize(("query", "sort"), [("", "code"), ("sort=-name", "-name"), ("sort=salary", "code")])
def test_the_order_is_one_of_those_offered(query, sort):
    assert listed(query).sort == sort == sort_of(SimpleNamespace(GET=QueryDict(query)))


def test_what_narrows_the_list_is_told():
    assert not listed("view=away").asked and listed("view=away").tags == {}
    assert listed("q=程").asked
    by_tag = listed("gender=F&unit=210504")
    assert by_tag.asked and by_tag.tags == {"gender": "F"} == tags_of(by_tag.request)
    assert by_tag.kept_names == ["unit", "gender"] and by_tag.reset_url == "?unit=210504"


def test_views_count_and_choose():
    here, away = somebody(), somebody(away=[InspectorAbsence()])
    away.declared = True
    found = listed("view=away", [here, away])
    assert found.view == "away" and found.shown == [away] and found.declared == 1
    assert (found.counts["all"], found.counts["drawable"], found.counts["undeclared"]) == (2, 1, 1)
    current = [chip for chip in found.chips if chip.current]
    assert [(chip.label, chip.count) for chip in current] == [("离岗", 1)]
    assert listed("view=nothing").view == "all" and set(found.views) == set(found.counts)


def test_a_tag_is_added_and_taken_away_by_its_chip():
    people = [somebody(gender="F"), somebody(gender="M")]
    genders = next(tag for tag in listed("gender=F", people).tag_chips if tag["title"] == "性别")
    female, male = sorted(genders["chips"], key=lambda chip: chip.label)
    assert (female.label, female.count, female.remove, female.url) == ("女", 1, True, "?")
    assert (male.current, male.url) == (False, "?gender=M")
