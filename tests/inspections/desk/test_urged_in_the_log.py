"""督办 written in the log itself, its row at home and on 全市进度; who has not answered one is reminded (五-1a, 八(一)-a, ui-2.md 22)."""

from datetime import date

import pytest

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.coordination import actions
from inspections.oversight.pages import City
from tests.browsing import enter, post_and_follow, signed_in, text_of
from tests.factories import make_observer, make_planner, make_supervisor
from tests.inspections.desk.test_city_home import city, rows_of

pytestmark = [pytest.mark.django_db]
__all__ = ["city"]


def written(unit, title, *, quarter=3, kind="REMIND", day="2026-08-14"):
    """One from the log, beside no row and no alert."""
    given = {"quarter": Quarter(2026, quarter), "kind": kind, "to_role": Role.PLANNER, "due": date.fromisoformat(day)}
    (one,) = actions.send_instructions(
        units=[unit], title=title, text=f"{title}，{kind}。写明原因。", by=make_supervisor(), **given
    )
    return one


@pytest.mark.clause("五-1a", "八(一)-a")
def test_what_was_written_in_the_log_itself_is_of_the_same_matter_at_home_and_on_the_page(city, at):
    at("2026-08-10 09:00")
    written(city["late"], "抽取逾期")
    for other in ({"quarter": 2}, {"kind": "GUIDE"}):
        written(city["late"], "抽取逾期", **other)
    at("2026-08-12 09:00")
    written(city["late"], "抽取备案逾期")  # another matter
    at("2026-08-19 10:32")
    supervisor = make_supervisor()
    row = rows_of(signed_in(supervisor).get("/desk/"))["210505", "D-4", ""]
    assert row.urged == ("8 月 10 日督办", "没有回复")
    alerts = City(supervisor, Quarter(2026, 3), clock.now(), workdays.calendar()).alerts
    said = {a.key: a.asked for a in alerts if a.unit == city["late"]}
    assert said["step-3"] == "本季督办过 1 次，最近 8 月 10 日" and said["step-1"] == ""


@pytest.mark.clause("五-1a", "八(一)-a")
def test_who_has_not_answered_a_reminder_is_reminded_of_it_and_not_sent_one_about_one(city, at):
    at("2026-08-10 09:00")
    written(city["late"], "抽取逾期")
    at("2026-08-19 10:32")
    supervisor = make_supervisor()
    boss = signed_in(supervisor)
    row = rows_of(boss.get("/desk/"))["210505", "COORD", ""]
    assert (row.button, row.urge, row.urged) == ("催南芬回复", "", ("没有催过", ""))
    assert boss.get(f"/desk/?ask={row.key}").context["asked"] is None
    page = text_of(post_and_follow(boss, "/desk/urge/", row=row.key))
    assert "已催 1 人" in page and "8 月 19 日催过 1 次" in page and "今天已催" in page
    found = City(supervisor, Quarter(2026, 3), clock.now(), workdays.calendar())
    alert = next(a for a in found.alerts if a.key == "answer")
    assert alert.title == "1 件督办逾期没有回复" and not alert.ask_url and found.matter("answer") is None


@pytest.mark.clause("五-1a", "五-2b")
def test_an_overdue_reminder_stands_before_what_was_told_all_units_later(city, at, client):
    at("2026-08-10 09:00")
    late = written(city["late"], "抽取逾期")
    at("2026-08-17 14:00")
    for unit in (city["late"], city["clear"], city["team"]):
        make_planner(unit)
        for n in range(2):
            written(unit, f"四季度跨区支援第 {n} 批", kind="COORDINATE", day="2026-09-11")
    at("2026-08-19 10:32")
    notes = City(make_supervisor(), Quarter(2026, 3), clock.now(), workdays.calendar()).notes
    assert (notes[0], len(notes)) == ((late, "逾期 5 天，应于 2026 年 8 月 14 日前回复"), 5)
    assert not any(words for _, words in notes[1:])
    page = text_of(enter(client, make_observer()).get("/desk/city/?quarter=2026Q3"))
    assert "2026-08-14 前回复 逾期 5 天" in " ".join(page.split())


@pytest.mark.clause("五-1a", "八(一)-a")
@pytest.mark.parametrize("matter", ["zzz", "answer", "receipt-报告", "step-7"])
def test_what_no_alert_says_is_not_said_of_the_unit(city, client, matter):
    """A stale or mistyped address of 督办: a form with the unit alone, not an accusation."""
    ask = "/desk/coordination/new/?of=210505&quarter=2026Q3"
    enter(client, make_supervisor())
    assert "抽取逾期 40 天" in client.get(ask).context["form"].initial["text"]
    started = client.get(f"{ask}&matter={matter}").context["form"].initial
    assert started["units"] == ["210505"] and not {"title", "text"} & started.keys()
