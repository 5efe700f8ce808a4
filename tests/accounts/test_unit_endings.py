"""A closed unit: what it owed was done before, and what it left behind is finished by somebody (五, 八(二)-c, decision 0075)."""

from datetime import date

import pytest
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts import actions as account_actions
from benxi_shuangsuiji.accounts import unit_actions as actions
from benxi_shuangsuiji.accounts.models import ChangeKind, Unit
from benxi_shuangsuiji.accounts.roles import FINISHING, Permission, Role
from benxi_shuangsuiji.accounts.unit_rules import what_holds
from benxi_shuangsuiji.notices import duties
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays import calendar
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.bulletins.content import subjects_of
from inspections.closing.figures import lines_of
from inspections.models import BulletinKind, Rectification, YearClosing
from tests.accounts.test_units import BRANCH, DOCUMENT, approved, mingshan
from tests.browsing import html_of, signed_in, text_of
from tests.disclosure.factories import make_published_plan
from tests.factories import make_lead_office, make_user
from tests.inspections.rectification.factories import make_rectification
from tests.journeys.people import OverHttp
from tests.plans.factories import make_branch

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
CLOSED = "明山分局已于 2026-10-01 撤销，不再办理。只授权分管负责人、公示员、档案员，由接管的人办留下的事。"


def open_of(unit) -> set[str]:
    return set(Duty.objects.open().filter(unit=unit).values_list("rule", flat=True))


@pytest.fixture
def closed(two, at) -> Unit:
    at("2026-09-01 09:00")
    approved(two, ChangeKind.CLOSE, {"into": "210503"}, OCTOBER, mingshan())
    at("2026-10-01 00:05")
    assert actions.carry_out_due() == 1
    return mingshan()


def test_a_unit_does_not_end_before_what_it_owes_is_done_and_owes_no_quarter_to_come(two, at):
    at("2026-09-01 09:00")
    unit = mingshan()
    change = approved(two, ChangeKind.CLOSE, {"into": ""}, OCTOBER, unit)
    duties.open_due(clock.today(), calendar())  # the third quarter, and in its last month the fourth
    for rule in ("D-21", "D-22"):  # an order to correct and a case
        due = calendar().fixed(date(2026, 11, 5))
        duties.open(rule=rule, unit=unit, role="APPROVER", period=f"C-{rule}", title=f"办 {rule}", due=due)
    at("2026-10-01 00:05")
    assert actions.carry_out_due() == 0 and not mingshan().closed_on
    waits = actions.why_it_waits(change)
    assert "待办还没有办完：" in waits and "第四季度" not in waits
    ended = [("D-2", "2026Q3"), ("D-3", "2026Q3"), ("D-4", "2026Q3"), ("D-5", "2026Q3"), ("D-6", "2026Q3")]
    for rule, period in [*ended, ("D-7", "2026Q3"), ("D-21", "C-D-21")]:
        duties.close(rule=rule, unit=unit, period=period, event="办完", at=clock.now())
    assert actions.why_it_waits(change) == "明山分局还不能撤销：待办还没有办完，各人的待办里有，先办完。"
    assert {"D-2", "D-17"} <= open_of(unit)
    duties.close(rule="D-22", unit=unit, period="C-D-22", event="办完", at=clock.now())
    assert actions.carry_out_due() == 1 and mingshan().closed_on == OCTOBER
    assert open_of(unit) == set()  # the fourth quarter and the year that is not over are owed by nobody
    assert set(Duty.objects.filter(unit=unit, period="2026Q4").values_list("closed_by", flat=True)) == {"单位已撤销"}


@pytest.mark.parametrize("state", ["OPEN", "HALTED", "VOID"])
def test_an_order_to_correct_holds_its_unit_until_it_is_over_also_while_it_stands_still(two, at, state):
    at("2026-07-08 09:00")
    found = make_rectification()
    unit = found.inspection.unit
    facts = {"halted_on": date(2026, 7, 9)} if state == "HALTED" else {}
    Rectification.objects.filter(pk=found.pk).update(state=state, **facts)
    Duty.objects.open().update(closed_at=clock.now(), closed_by="办完")  # as a standstill leaves it
    words = "还有 1 次整改没有办结，先办完；停产中止的，复产以后办完"
    before = what_holds(unit, OCTOBER)
    at("2026-10-01 00:05")
    assert (words in before, words in what_holds(unit, OCTOBER)) == (False, state != "VOID")


def test_those_who_finish_are_appointed_in_a_closed_unit_and_nobody_else_is(two, closed, at):
    at("2026-11-02 09:00")
    taking_over = Unit.objects.get(code="210503")
    for role in set(Role) - {Role.SECTION_HEAD}:
        account = make_user((Role.REGISTRAR, taking_over)) if role in FINISHING else make_user()
        how = {"unit": closed, "role": role, "document": DOCUMENT, "valid_from": clock.today(), "valid_to": None}
        if role in FINISHING:
            account_actions.grant_role(account=account, by=two[1], **how)
        else:
            with pytest.raises(Refused):
                account_actions.grant_role(account=account, by=two[1], **how)
    form = {"unit": f"{closed.pk}", "role": "PLANNER", "document": DOCUMENT, "valid_from": "2026-11-02"}
    account = make_user()
    page = OverHttp(two[1]).open(f"/desk/accounts/{account.pk}/grants/new/").press("授权", **form)
    page.sees(CLOSED)
    may = {Permission.PUBLISH, Permission.APPROVE_REVISION, Permission.KEEP_ARCHIVE}
    held = {p for p in may for user in type(account).objects.all() if user.may(p, closed)}
    assert held == may


def test_years_after_its_end_owe_no_volume_and_no_evaluation(two, closed, at):
    from inspections.closing.duties import decided

    def evaluated(year):
        return closed in [s.unit for s in subjects_of(year) if s.kind == BulletinKind.YEAR]

    assert evaluated(2026) and not evaluated(2027)
    for year in (2026, 2027):
        at(f"{year + 1}-02-01 09:00")
        decided(YearClosing(year=year, state="APPROVED"), "批准", clock.now())
    bound = Duty.objects.filter(rule="YEARBOOK", unit=closed)
    assert list(bound.values_list("period", "role")) == [("2026", "ARCHIVIST")]


def test_nobody_is_late_in_a_quarter_in_which_it_does_not_work(two, at, client):
    """Home, 抽取, 计划 of everybody and the plans of the desk blame neither who is to come nor who is gone (七(二), 七(四))."""
    at("2026-07-06 09:00")
    branch = make_branch(code="210502")
    make_published_plan(branch)
    at("2026-09-01 09:00")
    approved(two, ChangeKind.CLOSE, {"into": ""}, OCTOBER, mingshan())
    assert approved(two, ChangeKind.ADD, BRANCH, clock.today()).unit.begins_on == OCTOBER
    at("2026-09-28 09:00")
    make_published_plan(branch, quarter=Quarter(2026, 4))
    home = text_of(client.get("/"))
    assert "明山分局" in home and "开发区分局" not in home
    at("2026-10-20 09:00")
    actions.carry_out_due()
    assert not mingshan().works_in(Quarter(2026, 4))
    asked = {"2026Q3": (True, False), "2026Q4": (False, True)}
    for quarter, said in asked.items():
        for page in (f"/draws/?quarter={quarter}", f"/plans/{quarter.lower()}/"):
            text = text_of(client.get(page))
            assert ("明山分局" in text, "开发区分局" in text) == said, page
    home = text_of(client.get("/"))
    assert "明山分局" not in home and "开发区分局" in home
    office = signed_in(make_lead_office())
    for quarter, said in asked.items():
        for name in ("disclosure:rollup-draws", "disclosure:rollup-results"):
            text = (
                html_of(office.get(f"{reverse(name)}?quarter={quarter}"))
                .partition("<tbody>")[2]
                .partition("</tbody>")[0]
            )
            assert ("明山分局" in text, "开发区分局" in text) == said, name
    rows = html_of(office.get("/desk/plans/?quarter=2026Q4")).partition("<tbody>")[2]
    of = {name: rows.partition(name)[2].partition("</tr>")[0] for name in ("明山分局", "开发区分局")}
    assert of["明山分局"].count("未编制") == 3 and of["明山分局"].count("—") == 1
    assert of["开发区分局"].count("未编制") == 1 and of["开发区分局"].count("—") == 3
    years = {line.unit for line in lines_of(2027)} | {line.unit for line in lines_of(2026)}
    assert "210504" in years and "210504" not in {line.unit for line in lines_of(2027)}
