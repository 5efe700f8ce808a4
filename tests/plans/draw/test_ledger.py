"""The frozen ledger: who takes no part and what moved the pool in the 30 days before a freeze."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benxi_shuangsuiji import clock
from plans.draw import views
from registry.facilities import actions as facilities_actions
from registry.history import ledger
from registry.imports import actions as imports_actions
from registry.models import BatchKind, Category
from registry.proposals import actions as proposals_actions
from tests.browsing import text_of
from tests.factories import make_approver, make_facility, make_observer, make_planner, make_registrar, make_unit
from tests.plans.draw.factories import make_prepared_draw, make_sealed_draw
from tests.registry.factories import approved, approved_ground, approved_status
from tests.registry.workbooks import credit_code, facility_row, workbook

pytestmark = pytest.mark.django_db


def lines(unit, moment):
    return [(line.name, line.kind, line.moves) for line in ledger.changes_before(unit, moment)]


@pytest.mark.clause("六(二)-d")
def test_what_was_entered_in_the_30_days_before_is_listed_with_day_and_old_to_new(at):
    unit, other = make_unit(), make_unit("210503")
    by = make_registrar(unit)
    closed, gone, quiet, person = (
        make_facility(unit, name="甲厂"),
        make_facility(unit, name="乙厂"),
        make_facility(unit, name="丙厂", uscc=credit_code()),
        make_facility(unit, name="张三丰", is_natural_person=True),
    )
    at("2026-06-06 09:59")  # a minute too early
    approved_ground(gone, "KF6", by=by)
    at("2026-06-20 09:00")
    approved_status(closed, "CLOSED", on=date(2026, 3, 1), by=by)
    approved_ground(person, "SF2B", by=by)
    facilities_actions.change_facility(facility=quiet, values={"address": "甲路"}, version=1, reason="企业搬家", by=by)
    approved(proposals_actions.propose_transfer(facility=gone, unit=other, reason="属地调整", evidence="通知", by=by))
    facilities_actions.add_facility(unit=unit, values={"name": "丁厂", "uscc": credit_code()}, reason="新建投产", by=by)
    moment = at("2026-07-06 10:00")
    expected = [
        ("丁厂", "新增", ("新进名录",)),
        ("乙厂", "移交监管单位", (f"监管单位 {unit.short_name} → {other.short_name}",)),
        ("张**", "增加类别依据", ("类别 一般 → 特殊",)),
        ("甲厂", "关闭", ("生产状态 在产 → 关闭",)),
    ]
    assert lines(unit, moment) == expected
    assert lines(other, moment) == [expected[1]]
    line = ledger.changes_before(unit, moment)[3]
    assert (line.effective_on, line.entered_at.date()) == (date(2026, 3, 1), date(2026, 6, 20))
    assert "提出" in line.people and "批准" in line.people
    # What happens afterwards does not change the ledger of that moment.
    at("2026-07-20 10:00")
    approved(proposals_actions.propose_transfer(facility=closed, unit=other, reason="属地调整", evidence="通知", by=by))
    assert lines(unit, moment) == expected


def test_a_withdrawn_import_is_not_in_the_ledger():
    unit = make_unit()
    by = make_registrar(unit)
    batch = imports_actions.check_workbook(
        file_name="名录.xlsx", content=workbook([facility_row(name="乙厂")]), kind=BatchKind.FACILITY, unit=unit, by=by
    )
    batch = imports_actions.confirm_import(batch=batch, by=by)
    assert [name for name, *_ in lines(unit, clock.now())] == ["乙厂"]
    imports_actions.withdraw_import(batch=batch, by=by)
    assert lines(unit, clock.now()) == []


@pytest.mark.parametrize("rows", [1, 30])
def test_the_ledger_takes_three_queries(rows):
    unit = make_unit()
    by = make_registrar(unit)
    for _ in range(rows):
        approved_status(make_facility(unit), "SUSPENDED", on=date(2026, 7, 1), by=by)
    moment = clock.now()
    with CaptureQueriesContext(connection) as seen:
        assert len(ledger.changes_before(unit, moment)) == rows
    assert len(seen) == 3


@pytest.mark.clause("六(二)-d")
def test_a_closed_one_leaves_the_pool_and_stands_in_the_ledger_before_and_after_the_freeze(at, client):
    unit = make_unit()
    draw = make_prepared_draw(unit)
    closed = make_facility(unit, name="关了的厂", entered_on=date(2025, 1, 1))
    approved_status(closed, "CLOSED", on=clock.today(), by=make_registrar(unit))
    page = reverse("plans:draw-ledger", args=[draw.draw_id])
    client.force_login(make_planner(unit))
    words = text_of(client.get(page))
    assert f"关了的厂 {closed.code} 一般 注销关闭 有变更" in words
    assert "生产状态 在产 → 关闭" in words
    assert "影响抽取的名录变更" in text_of(client.get(reverse("plans:draw-prepare", args=[draw.draw_id])))
    client.force_login(make_observer())
    assert client.get(page).status_code == 302  # before the freeze it is for those who check the lists


@pytest.mark.parametrize("sealed", [False, True])
def test_who_takes_no_part_is_read_a_page_at_a_time_the_same_before_and_after_the_freeze(
    at, client, monkeypatch, sealed
):
    monkeypatch.setattr(views, "LEDGER_LINES", 2)
    unit = make_unit()
    for n, category in enumerate([Category.GENERAL] * 3 + [Category.KEY]):
        make_facility(unit, category=category, code=f"OUT-{n}", name=f"停着的厂{n}", status="SUSPENDED")
    draw = make_sealed_draw(unit) if sealed else make_prepared_draw(unit)
    client.force_login(make_planner(unit))
    page = reverse("plans:draw-ledger", args=[draw.draw_id])
    first, second = text_of(client.get(page)), text_of(client.get(f"{page}?out=2"))
    assert "不参加抽取 4 家" in first and "停着的厂3 OUT-3 重点 停产" in first and "停着的厂0 OUT-0 一般 停产" in first
    assert "停着的厂1" not in first and "停着的厂1" in second and "停着的厂2" in second and "停着的厂3" not in second


def test_after_the_freeze_the_ledger_is_that_of_the_freeze(at, client):
    unit = make_unit()
    draw = make_sealed_draw(unit)
    late = make_facility(unit, name="后来关的", entered_on=date(2025, 1, 1))
    at("2026-07-20 10:00")
    approved_status(late, "CLOSED", on=date(2026, 7, 20), by=make_registrar(unit), approver=make_approver(unit))
    client.force_login(make_observer())
    answer = client.get(reverse("plans:draw-ledger", args=[draw.draw_id]))
    assert answer.status_code == 200
    assert "后来关的" not in text_of(answer)
