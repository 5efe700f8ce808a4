"""全市进度 of a quarter that is over: nothing of it is late by today, no figure of it moves any more (五-2b, ui-2.md 22)."""

import pytest

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.oversight import sheets
from inspections.oversight.pages import City
from tests.browsing import enter, text_of
from tests.factories import make_supervisor, make_unit
from tests.inspections.reports.factories import make_finished_quarter, make_public, make_small_draw

pytestmark = pytest.mark.django_db
Q3 = Quarter(2026, 3)


def city_of(user, quarter=Q3, only="") -> City:
    return City(user, quarter, clock.now(), workdays.calendar(), only)


@pytest.mark.clause("五-2b", "七(一)2-b")
def test_what_was_done_in_time_is_not_called_late_and_the_line_ends_with_the_quarter(at, client):
    unit, late, supervisor = make_unit(), make_unit("210503"), make_supervisor()
    checks = make_small_draw(late)
    make_finished_quarter(unit)
    at("2026-09-20 09:00")
    assert city_of(supervisor).close == "9 月 25 日，还剩 5 天" and city_of(supervisor).cycle.at == "到今天"
    at("2026-09-28 09:00")
    assert city_of(supervisor, only=unit.code).close == "9 月 25 日，都已办完"
    assert city_of(supervisor).close == "9 月 25 日，逾期 3 天"
    at("2026-10-20 09:00")
    before = city_of(supervisor).cycle
    for check in checks:
        make_public(check)

    city, now = city_of(supervisor), city_of(supervisor, Quarter(2026, 4))
    assert city.close == "9 月 25 日，本季已结束"
    assert (before.whole.seen, city.cycle.whole.seen, now.cycle.whole.seen) == (1, 1, 2)
    assert [page.cycle.units[late.pk].seen for page in (city, now)] == [0, 1]
    assert city.cycle.units[unit.pk] == now.cycle.units[unit.pk]
    own = now.cycle.points[-2]
    assert own.quarter == city.cycle.points[-1].quarter == Q3
    assert (own.seen, own.shown, own.x) == (1, city.cycle.whole.shown, city.cycle.points[-1].x)
    assert city.cycle.words.startswith("一般对象三年覆盖：到 2026 年第三季度末（按现在的名录） ")
    assert city.cycle.whole.goal == 58.3 == now.cycle.whole.goal  # seven of twelve quarters
    assert sheets._cycle(city)[2][-1][:3] == ["2026 年第三季度", own.total, 1]

    enter(client, supervisor)
    for url in ("/desk/city/?", f"/desk/city/units/{unit.code}/?", "/desk/?"):
        page = text_of(client.get(f"{url}quarter=2026Q3"))
        assert "到 2026 年第三季度末（按现在的名录）；均匀进度应达" in page and "到今天" not in page, url
        assert "9 月 25 日，逾期" not in page and "已结束" in page, url
