"""全市汇总 after its publication: shown as published, and published again when a unit has changed its plan (七(六))."""

from datetime import date, timedelta

import pytest
from django.test import Client

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.forms import keys as form_keys
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure import digests
from disclosure.city import summaries
from disclosure.models import Publication
from disclosure.publishing import actions
from plans.filings import actions as filings_actions
from plans.models import QuarterlyPlan
from plans.quarterly import actions as quarterly_actions
from tests.browsing import signed_in
from tests.disclosure.factories import make_published_plan, make_published_result
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_planner,
    make_registrar,
    make_unit,
    make_user,
)
from tests.plans.factories import make_branch, make_plan

pytestmark = pytest.mark.django_db

Q3 = Quarter(2026, 3)
DESK = "/desk/publish/summary/2026Q3/"


@pytest.fixture(autouse=True)
def _begin(at):
    at("2026-07-02 09:00")


def make_lead():
    return make_user((Role.LEAD_OFFICE, make_city_team()))


def press(client, path):
    return client.post(path, {form_keys.FIELD: form_keys.new_key()})


def make_summary(lead) -> QuarterlyPlan:
    """Every drawing unit's plan is public and signed for, and the summary is out; returns the branch's plan."""
    branch = make_published_plan(make_branch())
    city = make_plan(make_city_team(), upto="APPROVED")
    actions.publish_plan(plan=city, by=make_disclosure_officer(city.unit))
    for plan in QuarterlyPlan.objects.all():
        filings_actions.receive_plan(plan=plan, by=lead)
    actions.publish_plan_summary(quarter=Q3, by=lead)
    return QuarterlyPlan.objects.get(unit__code=branch.unit_code)


def change(plan, *, lead=None) -> QuarterlyPlan:
    """The branch changes the day of its draw and publishes its plan again; `lead` signs for it."""
    by = make_planner(plan.unit)
    plan = quarterly_actions.revise_plan(plan=plan, by=by, reason="名录核对未完成，抽取推迟一天")
    plan = quarterly_actions.save_plan(plan=plan, by=by, data={"draw_at": plan.draw_at + timedelta(hours=1)})
    plan = quarterly_actions.submit_plan(plan=plan, by=by, late_reason="名录核对延误")
    plan = quarterly_actions.approve_plan(plan=plan, by=make_approver(plan.unit))
    actions.publish_plan(plan=plan, by=make_disclosure_officer(plan.unit))
    plan = QuarterlyPlan.objects.get(pk=plan.pk)
    return filings_actions.receive_plan(plan=plan, by=lead) if lead else plan


@pytest.mark.clause("七(六)-a")
def test_a_published_summary_is_shown_as_published_with_no_dead_button():
    lead = make_lead()
    make_summary(lead)
    client = signed_in(lead)

    page = client.get(DESK).content.decode()

    assert "将要公开的内容" not in page
    assert "aria-disabled" not in page
    assert "已经公开" in page and lead.full_name in page
    assert 'href="/plans/2026q3/"' in page
    assert press(client, DESK).status_code == 302
    assert Publication.objects.filter(kind="SUMMARY").count() == 1
    assert client.get("/desk/").context["desk"].nav[-2].links[-1].count is None


@pytest.mark.clause("七(六)-a")
def test_a_changed_plan_makes_the_summary_wait_for_its_next_version():
    lead = make_lead()
    plan = make_summary(lead)
    first = Publication.objects.get(kind="SUMMARY")
    client = signed_in(lead)
    with pytest.raises(Refused, match="各单位的计划没有变化"):
        actions.publish_plan_summary(quarter=Q3, by=lead)

    change(plan)

    assert "有变化，应重新公开：明山分局" in " ".join(
        client.get("/desk/publish/?quarter=2026Q3").content.decode().split()
    )
    with pytest.raises(Refused, match="还没有收齐：明山分局的计划没有公开，或者公开后没有签收"):
        actions.publish_plan_summary(quarter=Q3, by=lead)
    filings_actions.receive_plan(plan=QuarterlyPlan.objects.get(pk=plan.pk), by=lead)
    page = client.get(DESK).content.decode()
    assert "将要公开的内容（第 2 版）" in page and "抽取时间" in page
    assert press(client, DESK).status_code == 302

    second = Publication.objects.get(kind="SUMMARY", version=2)
    assert [c["code"] for c in second.snapshot["changes"]] == ["210504"]
    assert second.snapshot["changes"][0]["words"][0].startswith("抽取时间 ")
    assert second.title.endswith("（第 2 版）")
    assert digests.digest_of(Publication.objects.get(pk=first.pk).snapshot) == first.digest  # the old one stays
    assert AuditEntry.objects.filter(verb="disclosure.summary.published").latest("pk").details["version"] == 2
    with pytest.raises(Refused, match="没有变化"):
        actions.publish_plan_summary(quarter=Q3, by=lead)


def test_the_public_page_shows_every_version_and_what_changed():
    lead = make_lead()
    plan = make_summary(lead)
    public = Client()
    assert "计划有变化" not in public.get("/plans/2026q3/").content.decode()

    change(plan, lead=lead)
    page = public.get("/plans/2026q3/").content.decode()
    assert "汇总公开以后，计划有变化" in page and "明山分局：抽取时间" in page

    actions.publish_plan_summary(quarter=Q3, by=lead)
    page = public.get("/plans/2026q3/").content.decode()
    assert "计划有变化" not in page
    assert "第 2 版，现在的汇总" in page and "第 1 版" in page
    for publication in Publication.objects.filter(kind="SUMMARY"):
        assert publication.digest in page
        text = public.get(f"/plans/2026q3/summary/{publication.version}/snapshot.json")
        assert text.json()["units"] == publication.snapshot["units"]
    assert "明山分局：抽取时间" in page  # the comparison stays with its version
    assert public.get("/plans/2026q3/summary/3/snapshot.json").status_code == 404


def test_what_a_later_summary_says_otherwise_is_told_in_words():
    def unit(code, digest, planned, draw="7 月 10 日 9:30"):
        strata = [{"category": "key", "name": "重点监管对象", "on_books": 40, "planned": planned}]
        return {"code": code, "name": code, "digest": digest, "strata": strata, "total": planned, "draw_text": draw, "window_text": "w"}  # fmt: skip

    old = [unit("A", "1", 10), unit("B", "1", 5), unit("C", "1", 5), unit("D", "1", 5)]
    new = [unit("A", "2", 12, "7 月 9 日 9:30"), unit("B", "1", 5), unit("C", "2", 5), unit("E", "1", 3)]
    assert [(c["code"], c["words"]) for c in summaries.changes_between(old, new)] == [
        ("A", ["重点监管对象 10 家 → 12 家", "抽取时间 7 月 10 日 9:30 → 7 月 9 日 9:30"]),
        ("C", ["家数和时间没有变，其他内容见计划"]),
        ("E", ["加入，抽查 3 家"]),
        ("D", ["不再列入"]),
    ]


@pytest.mark.parametrize("published_by", ["its own officer", "another officer of the unit"])
def test_a_published_result_shows_its_publication_not_404(published_by):
    officer = make_disclosure_officer(make_unit())
    publication = make_published_result(by=officer)
    reader = officer if published_by == "its own officer" else make_disclosure_officer(make_unit())
    client, path = signed_in(reader), f"/desk/publish/result/{publication.no}/"

    answer = client.get(path)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "已经公开" in page and officer.full_name in page and "2026 年 7 月" in page
    assert f'href="/results/{publication.no}/"' in page
    assert path in client.get("/desk/publish/").content.decode()  # 最近公开 leads here
    assert press(client, path).status_code == 302
    assert Publication.objects.count() == 1
    assert signed_in(make_disclosure_officer(make_unit("210503"))).get(path).status_code == 404
    assert signed_in(make_registrar(make_unit())).get(path).status_code == 403


def test_a_published_plan_and_list_are_shown_as_published_and_a_plan_under_change_says_so():
    publication = make_published_plan(make_branch())
    officer = signed_in(make_disclosure_officer(make_unit()))
    path = f"/desk/publish/plan/{publication.no}/"
    page = officer.get(path).content.decode()
    assert "已经公开" in page and 'href="/plans/2026q3/210504/"' in page
    assert "计划正在更改" not in page

    plan = QuarterlyPlan.objects.get()
    quarterly_actions.revise_plan(plan=plan, by=make_planner(plan.unit), reason="名录核对未完成，抽取推迟一天")
    assert "计划正在更改" in officer.get(path).content.decode()


@pytest.mark.clause("七(六)-a")
def test_the_last_plan_that_arrives_begins_the_summarys_days_and_publishing_it_ends_them():
    lead, branch = make_lead(), make_published_plan(make_branch())
    city = make_plan(make_city_team(), upto="APPROVED")
    actions.publish_plan(plan=city, by=make_disclosure_officer(city.unit))
    of_the_branch = QuarterlyPlan.objects.get(unit__code=branch.unit_code)
    filings_actions.receive_plan(plan=of_the_branch, by=lead)
    assert not Duty.objects.filter(rule="D-3b").exists()

    filings_actions.receive_plan(plan=city, by=lead)

    duty = Duty.objects.get(rule="D-3b")
    assert (duty.unit, duty.role, duty.period) == (city.unit, Role.LEAD_OFFICE, "2026Q3")
    assert (duty.due, duty.counted_from, duty.closed_at) == (date(2026, 7, 7), date(2026, 7, 2), None)
    summary = actions.publish_plan_summary(quarter=Q3, by=lead)
    duty.refresh_from_db()
    assert (duty.closed_at, duty.closed_by) == (summary.published_at, "disclosure.summary.published")
