"""The demo's trial of the exchange: what it leaves for the planner to look at, through the acts of the pages (issue 17)."""

from types import SimpleNamespace

import pytest

from benxi_shuangsuiji.demo import exchange
from benxi_shuangsuiji.notices.models import Duty
from inspections.exchange import leading
from inspections.models import (
    ExchangePackage,
    ExchangeRecord,
    Inspection,
    PlatformCode,
    PlatformDifference,
    PlatformTask,
)
from registry.models import Category
from tests.factories import make_city_team, make_facility, make_inspector, make_unit, make_user
from tests.inspections.factories import answer_all, finish, ready, start
from tests.plans.draw.factories import make_item_list, move_clock


class Cast:
    def __init__(self):
        self.people = {}

    def of(self, role, unit):
        code = unit if isinstance(unit, str) else unit.code
        home = make_city_team() if code == "210500" else make_unit(code)
        if (role, code) not in self.people:
            self.people[role, code] = make_user((role, home))
        return self.people[role, code]


@pytest.mark.django_db
def test_the_demo_leaves_what_the_platform_answered_to_the_planner_and_ends_its_trial(at, monkeypatch):
    monkeypatch.setattr(exchange, "ITEMS", ("A01",))  # those of the list of these tests
    at("2026-08-14 09:00")
    unit, events = make_unit(exchange.BRANCH), []
    make_item_list(2026)
    for category in (Category.GENERAL, Category.GENERAL, Category.KEY):
        make_facility(unit, category=category)
    for _ in range(3):
        make_inspector(unit, with_user=True)
    player = SimpleNamespace(
        at=lambda when, words, act, by=None: events.append((when, len(events), words, act)),
        cast=Cast(),
        units={exchange.BRANCH: unit},
        calendar=None,
    )
    exchange.Exchange(player).lay_out()
    for when, _, words, act in sorted(events):
        move_clock(when)
        if words.endswith("：检查"):
            check = Inspection.objects.filter(unit=unit).order_by("no").first()
            ready(check)
            finish(answer_all(start(check)))
        elif when.date() < exchange.ENDS:
            act()
    assert set(ExchangePackage.objects.values_list("sender", "state")) == {("BXS", "ACCEPTED"), ("MEP", "TAKEN")}
    assert ExchangePackage.objects.count() == 4 and PlatformCode.objects.exists()
    back = ExchangeRecord.objects.get(state="REFUSED")
    assert (back.kind, back.inspection, "电子签名" in back.reason) == ("results", check, True)
    assert PlatformDifference.objects.get(state="OPEN").field == "现场处理"
    assert PlatformTask.objects.filter(state="LINKED").count() == 2
    assert PlatformTask.objects.get(state="WAITING").number.startswith(exchange.THERE)
    assert Duty.objects.get(rule="D-10", period=check.no).closed_at is None
    move_clock(exchange.moment(exchange.ENDS, 17))
    events[-1][3]()
    assert not leading.now().in_use and Duty.objects.get(rule="D-10", period=check.no).closed_at
