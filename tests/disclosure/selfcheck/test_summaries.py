"""合规体检公开摘要: counted by one, let through by another, public with every rule and without any name (四(3)-f, 八(一)-b)."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.policy import first_use
from disclosure.lists import papers
from disclosure.models import Act, Publication
from disclosure.register import daily
from disclosure.selfcheck import actions, duties, tables
from inspections.models import Outcome, SelfCheckSummary
from inspections.selfcheck import standing, summing
from inspections.selfcheck.findings import State
from registry.models import Facility, Inspector
from tests.browsing import enter, html_of, refused, text_of
from tests.disclosure.factories import ask_revision, make_revision
from tests.disclosure.selfcheck.factories import Q3, make_public_summary, one_less, put_forward
from tests.factories import (
    make_city_team,
    make_lead_office,
    make_observer,
    make_planner,
    make_supervisor,
    make_unit,
)
from tests.inspections.factories import answer_all, finish, make_dispatched, make_published, ready, start

pytestmark = pytest.mark.django_db
BOOK = "/desk/city/self-check/?quarter=2026Q3"
DESK, PUBLIC = "/desk/city/self-check/2026q3/summary/", "/statistics/self-check/2026q3/"


@pytest.fixture(autouse=True)
def _begin(at):
    at("2026-07-06 10:00")
    make_city_team()


def duty() -> Duty:
    return Duty.objects.get(rule="CHECKUP", period="2026Q3")


@pytest.mark.clause("四(3)-f", "八(一)-b")
def test_the_lead_office_counts_the_supervisor_lets_it_through_and_everybody_reads_it(at, client):
    unit, lead, supervisor = make_unit(), make_lead_office(), make_supervisor()
    no = make_published(unit).no
    at("2026-09-30 09:00")
    duties.open_daily()
    assert not Duty.objects.filter(rule="CHECKUP", period="2026Q3").exists()
    with refused("2026 年 10 月 1 日起拟"):
        actions.ask(quarter=Q3, by=lead)
    at("2026-10-01 08:00")
    duties.open_daily()
    assert (duty().role, duty().due, duty().title) == (
        "LEAD_OFFICE",
        date(2026, 10, 15),
        "拟 2026 年第三季度合规体检公开摘要",
    )
    for nobody in (supervisor, make_planner(unit), make_observer()):
        with refused("由市执法队牵头部门拟，监督员批准"):
            actions.ask(quarter=Q3, by=nobody)
    assert client.get(PUBLIC).status_code == 404

    asked = put_forward()
    assert duty().role == "SUPERVISOR" and "批准" in duty().title
    with refused("已经拟了一份，等监督员批准"):
        actions.ask(quarter=Q3, by=lead)
    for nobody in (lead, make_observer()):
        with refused("监督员批准"):
            actions.approve(summary=asked, by=nobody)
    made = actions.approve(summary=asked, by=supervisor)
    assert (made.kind, made.no, made.version, made.published_by) == ("SELF_CHECK", "2026Q3", 1, supervisor)
    assert duty().closed_at == made.published_at
    with refused("已经公开"):
        actions.ask(quarter=Q3, by=lead)

    # It says what the page of 合规体检 says, rule by rule, and names nobody.
    matrix = standing.of(make_city_team().__class__.objects.working(Q3), Q3)
    sums = tables.sums(made.snapshot)
    assert sums == {name: matrix.sums[state] for name, state in summing.COUNTS.items()}
    assert sums["broken"] > 0 and sums["kept"] > 0
    page = text_of(client.get(PUBLIC))
    for group in tables.groups(made.snapshot):
        assert f"{group.title} {len(group.rules)} 条".replace(" ", "") in page.replace(" ", "").replace("　", "")
    assert f"{matrix.total} 处里守住 {sums['kept']} 处" in page and "每季度首月10日前完成抽取工作" in page
    names = [
        no,
        unit.short_name,
        *Facility.objects.values_list("name", flat=True),
        *Inspector.objects.values_list("name", flat=True),
    ]
    assert [name for name in names if name in made.text or name in page] == []
    rows = list(csv.DictReader(io.StringIO(client.get("/statistics/self-check.csv").content.decode("utf-8-sig"))))
    assert len(rows) == len(made.snapshot["rules"]) and sum(int(row["没守住（处）"]) for row in rows) == sums["broken"]
    told = client.get("/statistics/self-check.json").json()["quarters"]
    assert [(one["quarter"], one["totals"]) for one in told] == [("2026Q3", sums)]
    assert client.get("/statistics/self-check/2026Q3/v1.json").content.decode() == made.text
    assert PUBLIC in html_of(client.get("/statistics/self-check/")) and "合规体检摘要" in html_of(
        client.get("/statistics/")
    )
    assert PUBLIC in html_of(client.get("/notices/")) and daily.compute()[1] == ""
    assert made.title in str(papers.paper_of(made, site="")) and (
        not pdf.available() or client.get("/papers/selfcheck/2026Q3/1.pdf").content[:4] == b"%PDF"
    )


def test_each_reader_finds_his_part_on_the_page_and_what_he_reads_becomes_public(at, client):
    unit, lead, supervisor = make_unit(), make_lead_office(), make_supervisor()
    make_published(unit)
    at("2026-10-12 09:00")
    enter(client, lead)
    page = html_of(client.get(DESK))
    assert "现在数出来的" in page and "按这些数字拟摘要" in page and "2026 年 10 月 15 日前公开" in page
    enter(client, supervisor)
    page = html_of(client.get(DESK))
    assert "现在数出来的" in page and "按这些数字拟摘要" not in page and "由市执法队牵头部门拟" in page
    asked = put_forward()
    page = html_of(client.get(DESK))
    assert "批准并公开" in page and "会公开的" in page and summing.said(asked.facts) in page
    assert "等监督员批准" in html_of(client.get("/desk/city/self-check/?quarter=2026Q3"))
    actions.approve(summary=asked, by=supervisor)
    said = f"10 月 12 日公开：{summing.said(asked.facts)}"
    reader_of_a_unit = make_planner(unit)
    for reader in (supervisor, make_observer(), reader_of_a_unit):
        enter(client, reader)
        page = html_of(client.get("/desk/city/self-check/?quarter=2026Q4"))
        assert said in page and PUBLIC in page and "1 月 15 日前公开" in page
        # The running quarter has no figures that could become public, so nothing leads to them before it is over.
        running = DESK.replace("q3", "q4")
        assert running not in page and ("季度结束以后看" in page) == (reader is not reader_of_a_unit)
    assert client.get(DESK).status_code == 403  # a planner's page of 合规体检 does not lead there
    assert DESK not in page
    enter(client, lead)
    assert "已公开的" in html_of(client.get(DESK)) and "更正或撤下" in html_of(
        client.get("/desk/publish/selfcheck/2026Q3/")
    )


def test_figures_that_moved_since_are_counted_anew_and_never_let_through(at, monkeypatch):
    unit, supervisor = make_unit(), make_supervisor()
    make_published(unit)
    asked = put_forward()
    Duty.objects.create(
        rule="D-14", unit=unit, period="P-1", role="REGISTRAR", title="t", due=date(2026, 8, 3), target=date(2026, 8, 3)
    )
    with refused("拟稿以后有数字变了。退回"):
        actions.approve(summary=asked, by=supervisor)
    with refused("退回的意见"):
        actions.give_back(summary=asked, by=supervisor, opinion=" ")
    actions.give_back(summary=asked, by=supervisor, opinion="数字变了，重新拟")
    assert (duty().role, duty().closed_at) == ("LEAD_OFFICE", None)
    again = actions.ask(quarter=Q3, by=make_lead_office())
    assert not summing.same(asked.facts, again.facts)
    assert actions.approve(summary=again, by=supervisor).snapshot["rules"] == again.facts["rules"]
    for change in ("facts = '{}'", "number = 2"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE inspections_selfchecksummary SET {change}")


@pytest.mark.clause("八(二)-c")
def test_it_is_corrected_by_two_withdrawn_by_two_and_then_put_forward_again(at, client):
    make_published(make_unit())
    supervisor = make_supervisor()
    first = make_public_summary()
    words = one_less(first)
    with refused("三个数合计"):
        ask_revision(first, words=dict(list(words.items())[:1]))
    second = make_revision(first, words=words)
    assert tables.sums(second.snapshot)["broken"] == tables.sums(first.snapshot)["broken"] + 1
    assert (
        "更正" in text_of(client.get(PUBLIC))
        and client.get("/statistics/self-check.json").json()["quarters"][0]["version"] == 2
    )
    # 合规体检 and the page of the summary say what is public, not what was let through.
    was, now = summing.said(first.snapshot), summing.said(second.snapshot)
    enter(client, supervisor)
    for page, words in ((BOOK, f"10 月 12 日更正：{now}"), (DESK, f"公开以后更正：{now}")):
        said = html_of(client.get(page))
        assert words in said and "公开：" + was not in said and PUBLIC in said
    assert duty().closed_at
    make_revision(second, Act.WITHDRAW, gone=first.title)
    said, desk = html_of(client.get(BOOK)), html_of(client.get(DESK))
    assert "10 月 12 日已撤下，由牵头部门重新拟，监督员批准" in said and now not in said + desk
    assert PUBLIC not in said and "公开以后已撤下" in desk
    assert (duty().role, duty().closed_at, duty().title[:3]) == ("LEAD_OFFICE", None, "重新拟")
    assert client.get(PUBLIC).status_code == 410
    assert client.get("/statistics/self-check.json").json()["quarters"] == []
    assert "没有公开过合规体检摘要" in text_of(client.get("/statistics/self-check/"))
    asked = put_forward()
    assert (duty().role, duty().closed_at) == ("SUPERVISOR", None)
    assert "10 月 12 日已撤下，牵头部门已重新拟，等监督员批准" in html_of(client.get(BOOK))
    anew = actions.approve(summary=asked, by=supervisor)
    assert duty().closed_at and f"10 月 12 日公开：{summing.said(anew.snapshot)}" in html_of(client.get(BOOK))
    assert (anew.version, client.get(PUBLIC).status_code) == (4, 200)
    assert daily.compute()[1] == ""


@pytest.mark.clause("四(3)-f", "八(一)-b")
def test_one_made_public_early_is_put_forward_anew_when_the_quarter_stands_as_it_stays(at, client):
    """What was not due yet on the day it was counted must not stay 还没到期 for ever (decision 0085)."""
    make_published(unit := make_unit())
    due = date(2026, 10, 14)
    report = {"rule": "D-7", "unit": unit, "period": "2026Q3"}  # moved by a correction of the calendar, say
    Duty.objects.update_or_create(**report, defaults={"role": "PLANNER", "title": "t", "due": due, "target": due})
    lead, supervisor = make_lead_office(), make_supervisor()
    first = make_public_summary()  # on the twelfth
    at("2026-10-15 16:00")
    duties.open_daily(force=True)
    assert duty().closed_at and tables.sums(first.snapshot)["open"]
    with refused("已经公开"):
        actions.ask(quarter=Q3, by=lead)

    at("2026-10-16 08:00")
    duties.open_daily(force=True)
    assert (duty().role, duty().due, duty().closed_at) == ("LEAD_OFFICE", date(2026, 11, 15), None)
    enter(client, lead)
    page = html_of(client.get(DESK))
    assert "现在数出来的" in page and "按这些数字拟摘要" in page and ">已公开的<" not in page
    asked = actions.ask(quarter=Q3, by=lead)
    assert duty().role == "SUPERVISOR" and "已重新拟，等监督员批准" in html_of(client.get(BOOK))
    assert tables.sums(asked.facts)["open"] < tables.sums(first.snapshot)["open"]
    second = actions.approve(summary=asked, by=supervisor)
    assert (second.version, second.get_change_display(), second.snapshot["as_of"][:16]) == (
        2,
        "调整",
        "2026-10-15T23:59",
    )
    assert duty().closed_at == second.published_at and summing.said(second.snapshot) in text_of(client.get(PUBLIC))
    page = html_of(client.get(DESK))
    assert "公开以后重新公开" in page and "已撤下" not in page and ">已公开的<" in page
    duties.open_daily(force=True)  # as it stays, it is counted no more
    assert duty().closed_at
    with refused("已经公开"):
        actions.ask(quarter=Q3, by=lead)


@pytest.mark.clause("七(五)-o")
def test_a_check_that_is_not_public_moves_no_figure_of_it(at):
    unit = make_unit()
    first, *_ = make_dispatched(unit, key=2, general=2, special=1)
    before = summing.facts_of(Q3)
    ready(first)
    finish(answer_all(start(first)), outcome=Outcome.NO_ISSUE)
    assert summing.same(before, summing.facts_of(Q3))
    assert not summing.same(before, before | {"rules": before["rules"][1:]})


@pytest.mark.clause("二-a")
def test_a_quarter_before_first_use_has_none_and_a_closed_one_is_counted_as_it_stood(at, monkeypatch):
    make_published(make_unit())
    at("2026-12-01 09:00")  # late, and the figures are those of the day on which the quarter was closed
    late = put_forward(on=clock.now())
    assert late.facts["as_of"].startswith("2026-10-15T23:59") and SelfCheckSummary.objects.count() == 1
    assert {State(state) for state in summing.COUNTS.values()} == {State.KEPT, State.BROKEN, State.OPEN}
    monkeypatch.setattr(first_use, "_loader", lambda: date(2026, 10, 1))
    with refused("启用以前的季度不体检，没有摘要可以公开"):
        actions.ask(quarter=Q3, by=make_lead_office())
    duties.open_daily(force=True)
    assert not Publication.objects.filter(kind="SELF_CHECK").exists()


def test_what_has_its_day_after_the_quarter_counts_in_every_sum(at, client, monkeypatch):
    make_published(make_unit())
    matrix = standing.of(make_city_team().__class__.objects.working(Q3), Q3)
    assert matrix.sums[State.OPEN]
    monkeypatch.setattr(standing, "of", lambda *args, **given: replace(matrix, is_closed=True))
    enter(client, make_supervisor())
    page = html_of(client.get(BOOK))
    assert f"已结束：{summing.words_of(*(matrix.sums[state] for state in summing.COUNTS.values()))}" in page
    assert f"还没到期 {matrix.sums[State.OPEN]} 处" in page and f"已结束：{matrix.total} 处里" in page
