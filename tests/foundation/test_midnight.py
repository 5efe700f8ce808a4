"""One clock, around midnight, at eight in the morning (midnight in Greenwich), at the ends of years (P17)."""

import os
import time
from datetime import date

import pytest
from django.db import connection

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter
from tests.plans.factories import make_branch, make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P17")]
MOMENTS = {
    "2026-12-31 23:59:59": date(2026, 12, 31),
    "2027-01-01 00:00:00": date(2027, 1, 1),
    "2027-01-01 07:59:59": date(2027, 1, 1),
    "2027-01-01 08:00:00": date(2027, 1, 1),
    "2028-02-29 00:00:00": date(2028, 2, 29),
    "2028-02-29 23:59:59": date(2028, 2, 29),
}


@pytest.fixture(params=["UTC", "America/New_York", "Pacific/Kiritimati"])
def zone(request):
    """The machine stands in another zone than the office."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


@pytest.mark.parametrize(("moment", "day"), MOMENTS.items())
def test_the_day_is_that_of_shanghai_whatever_zone_the_machine_is_in(zone, at, moment, day):
    at(moment)
    assert clock.today() == clock.now().date() == day
    with clock.on_one_day():
        assert clock.today() == day
    assert f"{clock.now():%Y-%m-%d %H:%M:%S%z}" == f"{moment}+0800"
    assert Quarter.of(clock.today()) == Quarter(day.year, (day.month + 2) // 3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT (sj_now() AT TIME ZONE 'Asia/Shanghai')::date")
        assert cursor.fetchone()[0] == day


def test_the_last_second_of_a_day_is_in_time_and_the_next_is_not(zone, at):
    """七(二)-a: the plan of the third quarter is due on 5 July, in the office's night, not in the machine's."""
    moment = at("2026-07-05 23:59:59")
    plan = make_plan(upto="APPROVED", late_reason="")
    assert plan.approved_at == moment and AuditEntry.objects.get(verb="plans.plan.approved").at == moment
    other = make_branch(code="210505")
    at("2026-07-06 00:00:00")
    with pytest.raises(Refused, match="逾期"):
        make_plan(other, upto="SUBMITTED", late_reason="")
