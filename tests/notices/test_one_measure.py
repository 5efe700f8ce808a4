"""One deadline in one unit of measure everywhere: what the home says of a to-do its own page says in the same words (issue 16)."""

import re
from datetime import date, timedelta

import pytest
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.agenda import left_of
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.objections import pages as objection_pages
from disclosure.publishing import rules as publishing
from inspections.archive import duties as archive
from inspections.archive import pages as archive_pages
from inspections.archive.standing import files_of
from inspections.checks import badges
from inspections.checks.views import _publication_clock
from inspections.models import Inspection
from plans.pages import due_badge
from tests.disclosure.factories import make_published_result
from tests.disclosure.objections.factories import make_objection
from tests.factories import make_unit
from tests.inspections.factories import make_finished
from tests.trees import ROOT

pytestmark = pytest.mark.django_db
# A day counted by hand: 还剩 {left} 个工作日, 逾期 {(today - due).days} 天.
BY_HAND = re.compile(r"还剩 \{(?!\{)|逾期 \{\(today - ")
THE_PLACES = ["benxi_shuangsuiji/notices/agenda.py", "benxi_shuangsuiji/workdays/days.py"]
APPS = ("benxi_shuangsuiji", "registry", "plans", "inspections", "disclosure")


def days_from(begin: date, end: date):
    """Before the last five working days, in them, on rest days, on the day, after it."""
    return [begin + timedelta(days=n) for n in range((end - begin).days + 10)]


def said(duty: Duty, day: date) -> tuple[str, str]:
    words, tone = left_of(duty, day, workdays.calendar())
    return words + ("（暂定）" if duty.provisional else ""), tone


def test_nobody_counts_what_is_left_by_hand():
    sources = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    found = [str(path.relative_to(ROOT)) for path in sources if BY_HAND.search(path.read_text(encoding="utf-8"))]
    assert sorted(found) == THE_PLACES


def test_the_home_and_the_page_of_a_file_count_alike(at):
    at("2026-07-06 10:00")
    check = Inspection.objects.get(no=make_published_result().no)
    archive.keep_daily(force=True)
    duty, file = Duty.objects.get(rule=archive.BINDING.id, period=check.no), files_of([check])[0]
    for day in days_from(duty.counted_from, duty.due):
        shown = archive_pages.badge(file, day)
        assert (shown["text"], shown["state"]) == said(duty, day), day


def test_the_home_and_every_page_of_a_result_that_waits_count_alike(at):
    at("2026-07-06 10:00")
    check, calendar = make_finished(make_unit()), workdays.calendar()
    duty = Duty.objects.get(rule="D-8", period=check.no)
    for day in days_from(localtime(check.ended_at).date(), duty.due):
        strip, badge = publishing.strip_of(check, calendar, day), badges.due_badge(check, day, calendar)
        assert (badge.text, badge.state) == said(duty, day), day
        assert (strip.words + strip.mark, strip.tone) == said(duty, day), day
        assert _publication_clock(check, day)["left_text"] + strip.mark == said(duty, day)[0], day


def test_the_home_and_the_public_page_of_an_objection_count_alike(at):
    at("2026-07-06 10:00")
    objection, calendar = make_objection(make_published_result()), workdays.calendar()
    duty = Duty.objects.get(rule="D-25", period=objection.receipt)
    for day in days_from(objection.received_on, duty.due):
        assert objection_pages.Shown(objection, day, calendar, None).badge == said(duty, day), day


def test_a_badge_of_plans_counts_working_days_where_the_term_does(at):
    """A decision has two working days: 还剩 4 天 over a weekend stood beside 还剩 2 个工作日 of the home."""
    at("2026-07-03 10:00")
    unit, step = make_unit(), Step("T-ONE", button="批准")
    calendar = workdays.calendar()
    for n, due in enumerate((decision_due(date(2026, 7, 3), calendar), Quarter(2026, 3).plan_due(calendar))):
        step.open(unit, str(n), role=Role.APPROVER, title="批准", due=due)
        duty = Duty.objects.get(rule=step.id, period=str(n))
        for day in days_from(date(2026, 7, 3), due.date):
            badge = due_badge(due, day)
            assert (badge.text, badge.state) == said(duty, day), day
