"""Checks carried through to their public result, and reports in each of their states, through the actions."""

from datetime import date

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.publishing import actions as disclosing
from inspections.models import Inspection, Outcome, WorkReport
from inspections.reports import actions as report_actions
from inspections.reports.periods import Period
from inspections.review import actions as review_actions
from inspections.visits import actions as visits_actions
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_lead_office,
    make_planner,
    make_user,
)
from tests.inspections.factories import answer_all, finish, make_dispatched, ready, start, team_of

Q3 = Quarter(2026, 3)
PERIOD, YEAR = Period.of(Q3), Period(2026)
TEXT = {"problems": "台账填写不及时的较普遍。", "practice": "检查前发放自查表。"}
YEAR_TEXT = {"problems": "无", "next": "继续抓好结果运用。", "basis": "成立工作专班。"}


def carry_out(check, *, found=False) -> Inspection:
    """The visit of a dispatched check, to the end."""
    ready(check)
    check = answer_all(start(check))
    if not found:
        return finish(check)
    point = check.answers.last()
    visits_actions.answer_point(
        inspection=check, pk=point.pk, answer="FOUND", words="台账缺页", by=team_of(check)[0].user
    )
    return finish(check, outcome=Outcome.RECTIFY_ORDERED, finding="台账缺页", rectify_by=date(2026, 9, 18))


def make_public(check, *, found=False) -> Inspection:
    """…and its published result."""
    check = review_actions.review_result(inspection=carry_out(check, found=found), by=make_approver(check.unit))
    disclosing.publish_result(inspection=check, by=make_disclosure_officer(check.unit))
    return Inspection.objects.select_related("unit", "draw", "facility").get(pk=check.pk)


def make_small_draw(unit=None) -> list[Inspection]:
    """Two places drawn: one key, one general."""
    return make_dispatched(unit, key=2, general=1, special=0)


def make_finished_quarter(unit=None) -> list[Inspection]:
    """Everything that was drawn has a public result; the first found a problem."""
    return [make_public(check, found=n == 0) for n, check in enumerate(make_small_draw(unit))]


def make_sent(unit, period=PERIOD, **fields) -> WorkReport:
    text = TEXT if period.number else YEAR_TEXT
    return report_actions.send_report(
        **{"unit": unit, "period": period, "text": text, "by": make_planner(unit), **fields}
    )


def make_received(unit, period=PERIOD) -> WorkReport:
    by = make_lead_office() if period.number else make_bureau()
    return report_actions.receive_report(report=make_sent(unit, period), by=by)


def make_bureau():
    """Somebody of the bureau, whose right reaches every unit from the city team as well."""
    return make_user((Role.BUREAU_READER, make_city_team()))
