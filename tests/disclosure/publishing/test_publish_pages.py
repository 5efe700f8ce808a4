"""The publishing pages: what waits, one page for each, published or sent back (八(二), ui.md 7.2)."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.forms import keys as form_keys
from benxi_shuangsuiji.notices import duties
from disclosure.models import Publication
from inspections.models import InspectionStatus, Signature, Signer, Unsigned
from inspections.review import actions as review_actions
from tests.browsing import post, signed_in, text_of
from tests.disclosure.factories import press_publish, press_several
from tests.factories import (
    make_approver,
    make_disclosure_officer,
    make_facility,
    make_observer,
    make_planner,
    make_registrar,
    make_unit,
    make_user,
)
from tests.inspections.factories import answer_all, finish, make_dispatched, make_finished, make_reviewed, ready, start
from tests.plans.factories import make_list, make_plan

pytestmark = pytest.mark.django_db


@pytest.mark.clause("四(3)-a")
def test_what_waits_is_listed_the_most_urgent_first_with_its_working_day_badge(at):
    unit = make_unit()
    at("2026-07-06 10:00")
    older = make_reviewed(unit)
    at("2026-07-28 10:00")
    newer = make_reviewed(unit)
    plan = make_plan(upto="APPROVED")

    page = signed_in(make_disclosure_officer(unit)).get("/desk/publish/")

    assert [r.inspection.no for r in page.context["results"]] == [older.no, newer.no]
    assert [(r.strip.words, r.strip.tone) for r in page.context["results"]] == [
        ("还剩 4 个工作日", "soon"),
        ("还剩 20 个工作日", ""),
    ]
    assert [p.title for p in page.context["plans"]] == [f"{plan.quarter.label}抽查工作计划"]


def test_the_page_shows_exactly_what_becomes_public_and_the_twenty_cells(at):
    at("2026-07-06 10:00")
    inspection = make_reviewed(problem="标签缺项 2 处")
    at("2026-07-15 10:00")
    client = signed_in(make_disclosure_officer(inspection.unit))

    page = client.get(f"/desk/publish/result/{inspection.no}/")
    text = page.content.decode()
    assert page.context["page"].strip.cells == ["on"] * 7 + [""] * 13
    assert "今天 7 月 15 日，第 7 个工作日" in text
    assert "8 月 3 日，第 20 个工作日" in text
    assert "8 月 3 日（周一）前公开" in text
    shown = page.context["page"].snapshot

    assert press_publish(client, inspection.no).status_code == 302
    public = Publication.objects.get().snapshot
    assert {name: public[name] for name in shown} == shown
    assert public.keys() - shown.keys() == {"kind", "version", "salt"}  # the register's own (PUB1 §1)


@pytest.mark.clause("七(五)-k")
def test_who_publishes_reads_who_signed_or_why_the_person_in_charge_did_not():
    check = make_reviewed()
    officer, way = signed_in(make_disclosure_officer(check.unit)), f"/desk/publish/result/{check.no}/"
    assert "2 名检查人员已签名，现场负责人已签名" in officer.get(way).content.decode()
    Signature.objects.filter(signer=Signer.RESPONSIBLE).update(refused_because=Unsigned.UNWILLING, witness="聂某")
    assert "现场负责人没有签名：看过记录，不愿签" in officer.get(way).content.decode()


def test_a_result_goes_back_with_an_opinion_and_not_without():
    inspection = make_reviewed(problem="联系 13804140000")
    client = signed_in(make_disclosure_officer(inspection.unit))
    path = f"/desk/publish/result/{inspection.no}/"

    refused = post(client, path, opinion="")
    assert refused.status_code == 409
    assert "退回时写明哪里要改。" in refused.content.decode()
    assert post(client, path, opinion="删去电话号码").status_code == 302

    inspection.refresh_from_db()
    assert (inspection.status, inspection.opinion) == (InspectionStatus.RETURNED, "删去电话号码")


@pytest.mark.clause("八(二)-c")
def test_a_name_in_the_text_wants_a_reason_on_the_page_before_it_is_published():
    unit = make_unit()
    facility = make_facility(unit, contact_name="齐大山")
    inspection = make_reviewed(unit, facility=facility, problem="齐大山说明情况")
    client = signed_in(make_disclosure_officer(unit))
    path = f"/desk/publish/result/{inspection.no}/"

    page = client.get(path).content.decode()
    assert "描述里有“齐*山”，疑为个人姓名" in page
    assert press_publish(client, inspection.no).status_code == 409
    assert not Publication.objects.exists()
    keep = f"/desk/tasks/{inspection.no}/names/"
    assert (
        keep in page and post(client, keep, name="齐大山", reason="经营者就是被检查人", back=path)["Location"] == path
    )
    assert "确认公开：经营者就是被检查人" in client.get(path).content.decode()
    assert press_publish(client, inspection.no).status_code == 302


@pytest.mark.clause("八(二)-d")
def test_an_overdue_result_asks_for_the_reason(at):
    at("2026-07-06 10:00")
    inspection = make_reviewed()
    at("2026-08-05 10:00")
    client = signed_in(make_disclosure_officer(inspection.unit))
    path = f"/desk/publish/result/{inspection.no}/"

    assert "距 7 月 6 日查结已满 20 个工作日。现在公开，并写明逾期原因" in client.get(path).content.decode()
    asked = text_of(client.get(f"{path}confirm/"))
    assert "已满 20 个工作日，逾期 2 天。 写明原因，随结果公开并记入通报。" in asked
    assert press_publish(client, inspection.no).status_code == 409
    assert press_publish(client, inspection.no, late_reason="等待检测报告").status_code == 302
    assert Publication.objects.get().late_reason == "等待检测报告"


@pytest.mark.clause("六(一)2-h")
def test_the_results_of_a_quarter_are_published_together_and_that_closes_its_duty(at):
    """D-6: open until the 25th of the last month, and until the last of the chosen results is public."""
    unit = make_unit()
    at("2026-07-06 09:00")
    checks = make_dispatched(unit, key=0, general=20, special=0, inspectors=6)
    for check in checks:
        ready(check)
        at(clock.now() + timedelta(hours=1))
        finish(answer_all(start(check)))
        review_actions.review_result(inspection=check, by=make_approver(unit))
    last, *rest = [check.no for check in checks]
    assert rest
    client = signed_in(make_disclosure_officer(unit))

    press_several(client, rest)
    duty = duties.ensure("D-6", unit, "2026Q3")
    duty.refresh_from_db()
    assert (duty.due, duty.closed_at) == (date(2026, 9, 25), None)
    assert set(Publication.objects.filter(kind="RESULT").values_list("no", flat=True)) == set(rest)

    press_several(client, [last])
    duty.refresh_from_db()
    assert duty.closed_at == clock.now()


def test_pressing_twice_publishes_once():
    inspection = make_reviewed()
    client = signed_in(make_disclosure_officer(inspection.unit))
    path = f"/desk/publish/result/{inspection.no}/confirm/"
    data = {form_keys.FIELD: form_keys.new_key(), "shown": client.get(path).context["page"].shown}
    assert [client.post(path, data).status_code for _ in range(2)] == [302, 302]
    assert Publication.objects.count() == 1


@pytest.mark.clause("八(二)-b")
def test_another_units_things_are_not_found():
    inspection, plan = make_reviewed(), make_plan(upto="APPROVED")
    client = signed_in(make_disclosure_officer(make_unit("210503")))
    for path in (f"/desk/publish/result/{inspection.no}/", f"/desk/publish/result/{inspection.no}/confirm/", f"/desk/publish/plan/{plan.unit.code}-{plan.quarter}/", "/desk/publish/summary/2026Q3/", "/desk/publish/list/210500-2026/", "/desk/publish/plan/x/", "/desk/publish/summary/2026/"):  # fmt: skip
        assert client.get(path).status_code == 404, path
        assert post(client, path, act="publish").status_code == 404, path
    assert inspection.facility.name not in client.get("/desk/publish/").content.decode()


@pytest.mark.clause("八(二)-b")
@pytest.mark.parametrize("make", [make_planner, make_registrar, lambda unit: make_observer()])
def test_without_the_right_the_pages_are_forbidden(make):
    inspection = make_reviewed()
    client = signed_in(make(inspection.unit))
    assert client.get("/desk/publish/").status_code == 403
    for way in ("confirm/", f"result/{inspection.no}/", f"result/{inspection.no}/confirm/"):
        assert client.get(f"/desk/publish/{way}").status_code == 403


def test_a_result_that_is_not_reviewed_is_not_on_the_publishing_pages():
    inspection = make_finished()
    client = signed_in(make_disclosure_officer(inspection.unit))
    assert client.get("/desk/publish/").context["results"] == []
    assert client.get(f"/desk/publish/result/{inspection.no}/").status_code == 404


@pytest.mark.clause("八(二)-a")
def test_list_and_plan_are_published_from_their_pages():
    item_list = make_list(upto="APPROVED")
    city = signed_in(make_disclosure_officer(item_list.unit))
    first = item_list.items.first()
    assert first.name in city.get("/desk/publish/list/210500-2026/").content.decode()
    assert post(city, "/desk/publish/list/210500-2026/").status_code == 302
    plan = make_plan(upto="APPROVED")
    branch = signed_in(make_disclosure_officer(plan.unit))
    path = f"/desk/publish/plan/{plan.unit.code}-{plan.quarter}/"
    assert "至少 2 家" in branch.get(path).content.decode()
    assert post(branch, path).status_code == 302
    assert list(Publication.objects.order_by("pk").values_list("kind", flat=True)) == ["ITEM_LIST", "PLAN"]
    assert Client().get("/plans/2026q3/210504/").status_code == 200


def test_the_lead_office_sees_who_is_missing_and_cannot_publish_yet():
    plan = make_plan(upto="APPROVED")
    lead = signed_in(make_user((Role.LEAD_OFFICE, make_unit("210500", kind="CITY_TEAM"))))
    page = lead.get("/desk/publish/?quarter=2026Q3").content.decode()
    assert re.search(r"还没有收齐：[^<]*明山分局", page)
    answer = post(lead, "/desk/publish/summary/2026Q3/")
    assert (answer.status_code, Publication.objects.count()) == (409, 0)
    assert plan.unit.short_name in answer.content.decode()


def test_the_list_costs_the_same_with_one_row_and_with_many():
    unit = make_unit()
    client = signed_in(make_disclosure_officer(unit))
    counts = []
    for n in (1, 3):
        for _ in range(n):
            make_reviewed(unit)
        for page in ("/desk/publish/", "/desk/publish/confirm/"):
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
