"""A page that is read is of one day, whatever the clock does meanwhile; an act asks for the day when it needs it."""

from datetime import date

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.web.middleware import OneDay

pytestmark = pytest.mark.django_db


@pytest.mark.promise("P17")
@pytest.mark.parametrize(("method", "days"), [("GET", 1), ("HEAD", 1), ("POST", 2)])
def test_a_page_is_of_one_day_and_an_act_asks_anew(at, method, days):
    seen = []

    def across_midnight(request):
        for moment in ("2026-07-06 23:59", "2026-07-07 00:00"):
            at(moment)
            seen.append(clock.today())
        return HttpResponse()

    OneDay(across_midnight)(RequestFactory().generic(method, "/"))

    assert len(set(seen)) == days
    at("2026-07-08 10:00")
    assert clock.today() == date(2026, 7, 8)
