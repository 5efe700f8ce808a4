"""Why a check was raised goes to the platform, and to whoever goes there, in the words that were typed (五-4h, 七(四))."""

import pytest

from inspections.exchange import actions
from inspections.models import Source, TargetedCheck
from tests.browsing import signed_in, text_of
from tests.inspections.exchange.both import Both
from tests.inspections.exchange.factories import dispatched_now, told
from tests.inspections.targeted.factories import make_approved

pytestmark = [pytest.mark.django_db, pytest.mark.clause("五-4h")]
WORDS = "报道称夜间装卸石料，粉尘大"


def test_the_reason_is_what_was_typed_and_the_source_stands_in_its_own_place(tmp_path):
    both = Both(tmp_path)
    asked = make_approved(both.unit, Source.MEDIA, reason=WORDS)
    drawn_by_nobody = dispatched_now(both.unit)
    content = both.make()
    said = {row["task"]: (row["source"], row["reason"]) for row in told(content, "tasks")}
    assert said[asked.inspection.no] == ("MEDIA", WORDS)
    assert said[drawn_by_nobody.no][1] == drawn_by_nobody.get_source_display()  # nothing was typed for it
    assert both.platform.take(content).state == "TAKEN"
    kept = both.platform.state["units"][both.unit.code]["records"]["tasks"]
    assert kept[asked.inspection.no]["reason"] == WORDS


def test_of_two_that_one_visit_answers_each_reason_is_told(unit, planner):
    first, second = make_approved(unit, Source.MEDIA, reason=WORDS), make_approved(unit, reason="有人反映夜间有异味")
    TargetedCheck.objects.filter(pk=second.pk).update(inspection=first.inspection)
    _, content = actions.make(unit=unit, by=planner)
    said = {row["task"]: row["reason"] for row in told(content, "tasks")}
    assert said[first.inspection.no] == f"{WORDS}；有人反映夜间有异味"


def test_whoever_goes_there_reads_it_on_the_phone(unit):
    check = make_approved(unit, Source.MEDIA, reason=WORDS).inspection
    leader = check.members.get(is_leader=True).inspector.user
    assert WORDS in text_of(signed_in(leader).get(check.field_url))
