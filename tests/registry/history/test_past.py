"""Any past day can be shown, whatever was done to the registry since (六(二)-f)."""

import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benxi_shuangsuiji.refusal import Refused
from registry.facilities import actions as facilities_actions
from registry.facilities import categories, past
from registry.facilities import chain as history
from registry.imports import actions as imports_actions
from registry.models import BatchKind, Category, Facility, Ground
from registry.positive_list import actions as positive_list_actions
from registry.proposals import actions as proposals_actions
from tests import database
from tests.browsing import text_of
from tests.factories import make_facility, make_lead_office, make_registrar, make_unit
from tests.registry.factories import (
    all_approved,
    approved,
    approved_ground,
    approved_import,
    approved_status,
    entered_in_positive_list,
)
from tests.registry.workbooks import credit_code, facility_row, workbook

pytestmark = pytest.mark.django_db
SPRING = date(2026, 3, 31)


def import_rows(rows, unit, by):
    batch = imports_actions.check_workbook(
        file_name="名录.xlsx", content=workbook(rows), kind=BatchKind.FACILITY, unit=unit, by=by
    )
    return imports_actions.confirm_import(batch=batch, by=by)


def snapshot(facility) -> dict:
    """Everything of a facility that a day should give back."""
    names = ("name", "address", "status", "permit_category", "credit_level", "category", "has_key_ground")
    grounds = getattr(facility, "held", None)
    if grounds is None:
        grounds = facility.grounds.filter(valid_to=None)
    entry = facility.positive_entries.filter(valid_to=None).first()
    listed = facility.positive_then.batch if hasattr(facility, "positive_then") and facility.positive_then else ""
    if not hasattr(facility, "positive_then"):
        listed = entry.batch if entry else ""
    return {n: getattr(facility, n) for n in names} | {
        "former": list(facility.former_names),
        "grounds": sorted(g.kind for g in grounds),
        "listed": listed,
        "unit": facility.unit.code,
    }


def a_spring_and_what_came_after(at):
    """Three facilities at the end of March; by June one has another name, one is closed, one is 特殊, one is new."""
    unit = make_unit()
    by = make_registrar(unit)
    at("2026-03-02 09:00")
    one, two, three = (
        facilities_actions.add_facility(unit=unit, values={"name": n, "uscc": credit_code()}, reason="新建投产", by=by)
        for n in ("甲厂", "乙厂", "丙厂")
    )
    at("2026-04-20 09:00")
    facilities_actions.change_facility(
        facility=one, values={"name": "甲新厂", "permit_category": "KEY"}, version=1, reason="企业更名", by=by
    )
    all_approved()
    approved_status(two, "CLOSED", on=date(2026, 4, 15), by=by)
    approved_ground(three, "SF2B", by=by)
    facilities_actions.add_facility(unit=unit, values={"name": "丁厂", "uscc": credit_code()}, reason="新建投产", by=by)
    at("2026-06-18 10:00")
    return unit, by, (one, two, three)


@pytest.mark.clause("六(二)-f")
@pytest.mark.clause("四(2)-a")
def test_the_roster_of_31_march_is_shown_in_june_as_it_was(at, client):
    unit, by, (one, *_) = a_spring_and_what_came_after(at)
    then = {f.name: f for f in past.roster_on(unit, SPRING)}
    assert set(then) == {"甲厂", "乙厂", "丙厂"}
    assert {f.category for f in then.values()} == {Category.GENERAL}
    assert then["乙厂"].status == "OPERATING"
    assert then["甲厂"].former_names == []
    now = {f.name: (f.category, f.status) for f in past.roster_on(unit, date(2026, 6, 18))}
    assert now == {
        "甲新厂": ("key", "OPERATING"),
        "乙厂": ("general", "CLOSED"),
        "丙厂": ("special", "OPERATING"),
        "丁厂": ("general", "OPERATING"),
    }
    client.force_login(by)
    page = client.get(reverse("registry:facility-list") + "?on=2026-03-31").content.decode()
    assert "2026 年 3 月 31 日的名录" in page
    assert "不是现在的" in page
    assert "甲厂" in page and "甲新厂" not in page and "丁厂" not in page
    detail = client.get(one.get_absolute_url() + "?on=2026-03-31").content.decode()
    assert "甲厂" in detail and "现在：重点管理" in detail
    assert "名录里还没有" in client.get(one.get_absolute_url() + "?on=2026-02-01").content.decode()


def test_the_export_of_a_past_day_holds_that_day_and_no_personal_data(at, client):
    _, by, _ = a_spring_and_what_came_after(at)
    client.force_login(by)
    answer = client.get(reverse("registry:facility-export") + "?on=2026-03-31")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content)).worksheets[0]
    words = [str(c.value) for row in sheet.iter_rows() for c in row if c.value]
    assert "甲厂" in words and "甲新厂" not in words and "丁厂" not in words
    assert not any("联系电话" in w for w in words)


def test_what_was_entered_late_counts_from_its_effective_day_and_is_said(at, client):
    unit, by, _ = a_spring_and_what_came_after(at)
    between = {f.name: f for f in past.roster_on(unit, date(2026, 4, 16))}
    assert between["乙厂"].status == "CLOSED"
    assert between["乙厂"].entered_later == 1
    client.force_login(by)
    page = client.get(reverse("registry:facility-list") + "?on=2026-04-16").content.decode()
    assert "其中 1 条变更在那一天已经生效，登记在那一天以后" in page


@pytest.mark.parametrize("day", ["2026-02-30", "x", "2026-07-07"])
def test_a_day_that_is_none_or_has_not_come_is_refused(client, day):
    client.force_login(make_registrar(make_unit()))
    answer = client.get(reverse("registry:facility-list") + f"?on={day}", follow=True)
    assert answer.status_code == 200
    assert "日期按 2026-03-31 的格式填写" in text_of(answer) or "只能查看今天和以前" in text_of(answer)


def test_a_withdrawn_batch_never_counted(at):
    unit = make_unit()
    by = make_registrar(unit)
    at("2026-03-02 09:00")
    kept = facilities_actions.add_facility(
        unit=unit, values={"name": "甲厂", "uscc": credit_code()}, reason="新建投产", by=by
    )
    at("2026-03-30 09:00")
    rows = [facility_row(name="乙厂"), {"名称": "甲厂", "统一社会信用代码": kept.uscc, "地址": "错误的地址"}]
    batch = import_rows(rows, unit, by)
    before = {f.name: f.address for f in past.roster_on(unit, date(2026, 3, 30))}
    assert before["甲厂"] == "错误的地址"
    at("2026-03-30 11:00")
    imports_actions.withdraw_import(batch=batch, by=by)
    assert {f.name: f.address for f in past.roster_on(unit, date(2026, 3, 30))} == {"甲厂": ""}
    assert history.check(Facility.objects.get(pk=kept.pk)).whole


def test_a_value_written_past_the_history_is_found_and_locks_the_record():
    unit = make_unit()
    by = make_registrar(unit)
    facility = facilities_actions.add_facility(
        unit=unit, values={"name": "甲厂", "uscc": credit_code(), "address": "甲路"}, reason="新建投产", by=by
    )
    assert history.check(facility).whole
    Facility.objects.filter(pk=facility.pk).update(address="乙路", category=Category.KEY)
    facility.refresh_from_db()
    assert history.check(facility).differing == ("地址", "类别")
    with pytest.raises(Refused, match="“地址、类别”与历史不一致"):
        facilities_actions.change_facility(
            facility=facility, values={"address": "丙路"}, version=1, reason="企业搬家", by=by
        )


@pytest.mark.parametrize("rows", [1, 30])
def test_a_past_roster_takes_the_same_few_queries(at, client, rows):
    unit = make_unit()
    by = make_registrar(unit)
    import_rows([facility_row(name=f"企业{n}") for n in range(rows)], unit, by)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert len(past.roster_on(unit, date(2026, 7, 6))) == rows
    assert len(seen) == 4


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["rename", "address", "permit", "credit", "status", "ground", "end", "enter", "leave", "import", "withdraw"]
        ),
        st.integers(0, 9),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[("rename", n) for n in (0, 1, 0, 1)])  # back to an earlier name, and away again
@example(steps=[*(("rename", n) for n in (0, 1, 0)), ("withdraw", 0)])  # an old name is not taken back with the batch
@pytest.mark.clause("六(二)-f")
@pytest.mark.clause("六(二)-am")
def test_any_sequence_of_changes_can_be_replayed_to_any_day(at, steps):
    """After each step the row is noted; afterwards every day gives back what was noted, today the row itself."""
    start = datetime(2026, 3, 2, 9, tzinfo=database.CHINA)
    at(start)
    with transaction.atomic():
        unit = make_unit()
        by = make_registrar(unit)
        facility = facilities_actions.add_facility(
            unit=unit, values={"name": "甲厂", "uscc": credit_code()}, reason="新建投产", by=by
        )
        noted = {start.date(): snapshot(facility)}
        batch = None
        for n, (what, choice) in enumerate(steps, start=1):
            moment = start + timedelta(days=n)
            at(moment)
            facility = Facility.objects.get(pk=facility.pk)
            batch = _step(what, choice, facility, by, batch, noted, moment.date()) or batch
            facility = Facility.objects.get(pk=facility.pk)
            noted[moment.date()] = snapshot(facility)
            kinds = facility.grounds.filter(valid_to=None).values_list("kind", flat=True)
            assert facility.category == categories.category_of(kinds)
        for day, was in noted.items():
            assert snapshot(past.facility_on(facility, day)) == was, day
        assert history.check(facility).whole
        transaction.set_rollback(True)


def _step(what, choice, facility, by, batch, noted, today):
    """Do one thing to the facility; a refusal is as good as nothing done."""
    version = facility.version
    statuses = ["OPERATING", "SUSPENDED", "SEASONAL", "CLOSED"]
    kinds = [g for g in Ground if g not in categories.DERIVED | categories.JUDGED]
    change = lambda **values: facilities_actions.change_facility(  # noqa: E731
        facility=facility, values=values, version=version, reason="据实变更", by=by
    )
    try:
        with transaction.atomic():
            match what:
                case "rename":
                    change(name=f"甲厂{choice}")
                case "address":
                    change(address=f"某路 {choice} 号")
                case "permit":
                    change(permit_category=["KEY", "NONE"][choice % 2])
                    all_approved()
                case "credit":
                    change(credit_level=["严重失信", "良好"][choice % 2])
                    all_approved()
                case "status":
                    approved_status(facility, statuses[choice % 4], on=today, by=by)
                case "ground":
                    approved_ground(facility, kinds[choice % len(kinds)], by=by)
                case "end":
                    open_ = [g for g in facility.grounds.filter(valid_to=None) if g.kind not in categories.DERIVED]
                    if open_:
                        approved(
                            proposals_actions.propose_ground_end(
                                ground=open_[choice % len(open_)], reason="不再符合", by=by
                            )
                        )
                case "enter":
                    entered_in_positive_list(facility, batch=f"第 {choice} 批", by=by)
                case "leave":
                    leaving = positive_list_actions.ask_to_leave(facility=facility, reason="超标三次", by=by)
                    approved(leaving, make_lead_office())
                case "import" | "withdraw":
                    row = {
                        "名称": f"乙厂{choice}",
                        "统一社会信用代码": facility.uscc,
                        "生产状态": ["在产", "停产"][choice % 2],
                        "状态依据": "核查",
                        "重点依据": "危化品" if choice % 3 else "",
                        "重点依据证据": "登记证" if choice % 3 else "",
                    }
                    before = snapshot(facility)
                    done = import_rows([row], facility.unit, by)
                    if what == "withdraw":
                        imports_actions.withdraw_import(batch=done, by=by)
                        assert snapshot(Facility.objects.get(pk=facility.pk)) == before
                    else:
                        approved_import(done)
    except Refused:
        pass
    return batch


def test_a_facility_that_moved_to_another_unit_is_in_the_roster_of_each_on_its_days(at):
    at("2026-05-04 09:00")
    unit, other = make_unit(), make_unit("210503")
    facility = make_facility(unit, name="甲厂")
    approved(
        proposals_actions.propose_transfer(
            facility=facility, unit=other, reason="属地调整", evidence="市局通知", by=make_registrar(unit)
        )
    )
    days = date(2026, 5, 3), date(2026, 5, 4)
    assert [[f.name for f in past.roster_on(u, d)] for u in (unit, other) for d in days] == [["甲厂"], [], [], ["甲厂"]]
