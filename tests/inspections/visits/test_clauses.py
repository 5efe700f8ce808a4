"""What rows of the scheme ask of a visit and no other test shows: who does not cooperate, how long it took."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from inspections.models import Inspection, Outcome, PaperKind
from inspections.paperwork import papers
from inspections.paperwork.check_papers import CheckFacts
from tests.browsing import html_of, refused, signed_in, text_of
from tests.documents.reading import words_of
from tests.inspections.factories import answer_all, finish, make_inspection, make_started, start, team_of

pytestmark = pytest.mark.django_db


@pytest.mark.clause("七(五)-k")
def test_the_notice_asks_to_cooperate_and_who_does_not_is_recorded_with_what_was_done():
    inspection = make_started()
    asked = words_of(papers.paper_of(inspection, PaperKind.NOTICE))
    assert "提供与检查事项有关的资料，予以配合，不得拒绝、阻挠" in asked
    with refused("不配合检查的，在现场处理里写明怎样处理"):
        finish(inspection, outcome=Outcome.REFUSED, finding="拒绝打开贮存间")
    finished = finish(inspection, outcome=Outcome.REFUSED, finding="拒绝打开贮存间", measures="本环立〔2026〕8 号立案")
    facts = CheckFacts(finished)
    assert facts.of("result") == "不配合检查" and "本环立〔2026〕8 号立案" in facts.of("decision")
    assert "拒绝打开贮存间" in str(papers.paper_of(finished, PaperKind.RECORD))


@pytest.mark.clause("七(五)-q")
def test_how_long_a_visit_takes_stands_beside_what_was_planned_before_it_is_handed_in():
    before = clock.now() - timedelta(hours=5)
    inspection = make_inspection(planned_minutes=150, dispatched_at=before, accepted_at=before)
    inspection = answer_all(start(inspection, at=clock.now() - timedelta(hours=3, minutes=1)))
    client = signed_in(team_of(inspection)[0].user)
    page = text_of(client.get(f"/field/{inspection.no}/submit/"))
    assert "共 3 小时 1 分；计划 2 小时 30 分" in page
    finished = finish(inspection)
    desk = html_of(signed_in(inspection.dispatched_by).get(f"/desk/tasks/{inspection.no}/"))
    for moment in (finished.started_at, Inspection.objects.get(pk=finished.pk).ended_at):
        assert f"{localtime(moment):%H:%M}" in desk
