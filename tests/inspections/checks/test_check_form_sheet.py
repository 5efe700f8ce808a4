"""行政执法检查登记表 before it becomes a PDF: which facts and boxes stand on it (七(五)-e). Needs no Pango."""

import re

import pytest

from inspections.checks import papers as documents
from tests.inspections.factories import make_finished, team_of

pytestmark = pytest.mark.django_db


def marked(html):
    """Which boxes are filled, item by item: a filled one is 1."""
    rows = re.findall(r'<td class="name">.*?</td>\s*<td>(.*?)</td>', html, re.S)
    return [[int("box on" in box) for box in re.findall(r'class="(box[^"]*)"', row)] for row in rows]


@pytest.mark.clause("七(五)-e")
def test_the_boxes_say_what_was_answered():
    inspection = make_finished(problem="未贴标签")
    html = documents.check_form_html(documents.check_form_facts(inspection))
    assert marked(html) == [[1, 0, 0], [0, 1, 0]]
    assert re.findall(r'class="(box[^"]*)"></span>\s*(非现场|现场)', html) == [("box", "非现场"), ("box on", "现场")]
    assert not set(html) & set("□■☐☑☒")


@pytest.mark.clause("七(五)-e")
def test_the_sheet_is_generated_from_the_visit_record():
    inspection = make_finished(problem="吨桶未贴标签")
    leader, member = team_of(inspection)
    html = re.sub(r"\s+", "", documents.check_form_html(documents.check_form_facts(inspection)))
    for fact in (
        inspection.no,
        inspection.facility.name,
        leader.name,
        leader.certificate_no,
        member.name,
        "吨桶未贴标签",
    ):
        assert fact in html, fact
