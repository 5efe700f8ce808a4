"""Who is still listed although his role has ended (六(三)-i, D-14)."""

from datetime import date, timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import RoleGrant
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty
from registry import tasks
from registry.inspectors import actions, turnover
from tests.factories import make_inspector, make_registrar, make_unit, make_user

pytestmark = pytest.mark.django_db


def person_with_role(unit, **fields):
    person = make_inspector(unit, **fields)
    person.user = make_user((Role.INSPECTOR, unit))
    person.save()
    return person


def end_role(person, at):
    RoleGrant.objects.filter(user=person.user).update(ended_at=at, end_reason="调到机关科室")


@pytest.mark.clause("六(三)-i")
def test_the_end_of_a_role_is_a_change_to_register_within_three_working_days(at):
    unit = make_unit()
    by = make_registrar(unit)
    gone, _stays = person_with_role(unit, name="换岗人"), person_with_role(unit)
    at("2026-07-10 09:00")  # a Friday
    end_role(gone, clock.now())
    at("2026-07-13 08:00")
    assert (tasks.people_daily(force=True), tasks.people_daily(force=True)) == (True, True)

    duty = Duty.objects.get(rule="D-14")
    assert (duty.unit, duty.role, duty.due, duty.url) == (
        unit,
        Role.REGISTRAR,
        date(2026, 7, 15),
        gone.get_absolute_url(),
    )
    assert duty.title == "更新检查人员名录：换岗人的检查人员授权已终止"
    assert (agenda.button_of(duty), agenda.rule_words("D-14")) == ("登记变动", "规则 D-14，六(三)，建议")

    actions.leave(inspector=gone, on=clock.today(), reason="调到机关科室", version=gone.version, by=by)
    turnover.remind(clock.now())
    duty.refresh_from_db()
    assert duty.closed_by == "名录已更新"


@pytest.mark.clause("六(三)-i")
def test_a_role_that_is_given_again_or_runs_out_by_its_date():
    unit = make_unit()
    person = person_with_role(unit)
    today = clock.today()
    RoleGrant.objects.filter(user=person.user).update(valid_to=today)
    assert turnover.not_followed(today) == []  # it still counts today
    assert turnover.not_followed(today + timedelta(days=1)) == [(person, today)]
    RoleGrant.objects.create(
        user=person.user, unit=unit, role=Role.INSPECTOR, valid_from=today, document="本环任〔2026〕4号"
    )
    assert turnover.not_followed(today + timedelta(days=1)) == []


def test_nobody_is_asked_about_people_without_an_account_or_a_role():
    unit = make_unit()
    make_inspector(unit), make_inspector(unit, with_user=True)
    assert turnover.not_followed(clock.today()) == []
