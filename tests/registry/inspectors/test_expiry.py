"""Reminders before a certificate ends: 60, 30 and 7 days, to the person and the registrar, each once (六(三)-i)."""

from datetime import date, timedelta

import pytest

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.notices import reminders
from benxi_shuangsuiji.notices.models import Duty, Message, Reminder
from registry import tasks
from registry.inspectors import certificate_actions as actions
from registry.inspectors import expiry
from tests.factories import make_inspector, make_registrar, make_unit

pytestmark = pytest.mark.django_db


def keys():
    return {r.key.rsplit(":", 2)[1] for r in Reminder.objects.filter(duty__rule="CERT")}


def test_the_steps_are_sixty_thirty_and_seven_days():
    until = date(2026, 9, 4)
    steps = {n: expiry.step(until, until - timedelta(days=n)) for n in (61, 60, 31, 30, 8, 7, 0, -1)}
    assert steps == {61: None, 60: 60, 31: 60, 30: 30, 8: 30, 7: 7, 0: 7, -1: None}


@pytest.mark.clause("六(三)-i")
def test_person_and_registrar_are_told_once_at_each_step(at):
    unit = make_unit()
    registrar = make_registrar(unit)
    until = clock.today() + timedelta(days=61)
    person = make_inspector(unit, with_user=True, name="到期人", certificate_to=until)
    make_inspector(unit, certificate_to=until + timedelta(days=300))
    make_inspector(unit, certificate_to=until, left_on=clock.today())
    assert expiry.remind(clock.now()) == 0
    for days, step in ((1, "60"), (31, "30"), (54, "7")):
        at(clock.now().replace(hour=8) + timedelta(days=days - (clock.today() - (until - timedelta(days=61))).days))
        assert expiry.remind(clock.now()) == 2, step
        assert expiry.remind(clock.now()) == 0
        assert step in keys()
        reminders.plan_reminders(clock.today(), workdays.calendar())  # plans none of its own for this rule
        reminders.send_reminders(clock.now())
    sent = Message.objects.values_list("user", "title")
    assert sorted(sent) == sorted(
        [(u, f"{unit}：到期人的执法证 {until} 到期") for u in (registrar.pk, person.user_id)] * 3
    )
    assert Duty.objects.filter(rule="CERT").count() == 1


def test_a_renewed_card_closes_its_duty(at):
    unit = make_unit()
    by = make_registrar(unit)
    person = make_inspector(unit, certificate_to=clock.today() + timedelta(days=20))
    expiry.remind(clock.now())
    assert Duty.objects.open().filter(rule="CERT").count() == 1
    actions.enter_certificate(
        inspector=person,
        number=person.certificate_no,
        kind="NATIONAL",
        valid_from=person.certificate_to + timedelta(days=1),
        valid_to=person.certificate_to + timedelta(days=1500),
        reason="换发新证",
        by=by,
    )
    expiry.remind(clock.now())
    assert not Duty.objects.open().filter(rule="CERT").exists()


def test_the_round_of_the_morning_runs_once_a_day(at):
    unit = make_unit()
    make_registrar(unit)
    make_inspector(unit, certificate_to=clock.today() + timedelta(days=20))
    at(clock.now().replace(hour=8))
    assert tasks.people_daily() is True
    assert tasks.people_daily() is False
    assert Reminder.objects.filter(duty__rule="CERT").count() == 1
