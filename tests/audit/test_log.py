"""操作记录 can be asked who, which unit, when, of what kind, about what (reviews: desk A15)."""

import io

import openpyxl
import pytest
from django.apps import apps
from django.contrib.auth import get_user
from django.db import connection

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.accounts.roles import CITY_WIDE, PERMISSIONS, Permission, Role
from benxi_shuangsuiji.audit import asking, trail
from benxi_shuangsuiji.audit.forms import LogFilter
from benxi_shuangsuiji.audit.models import AuditEntry
from registry.facilities.search import facility_text
from tests.browsing import enter, html_of, queries, text_of
from tests.factories import (
    make_city_team,
    make_facility,
    make_observer,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
URL = "/desk/log/"


def lines(client, **asked):
    page = client.get(URL, asked)
    assert page.status_code == 200
    return [
        (entry.words, entry.actor.full_name if entry.actor else "系统", entry.thing.words)
        for entry in page.context["rows"]
    ]


@pytest.fixture
def july(at, client):
    """What two people did on three days, read by an observer."""
    unit, other = make_unit("210504"), make_unit("210503")
    planner, keeper = make_planner(unit, name="江一"), make_registrar(other, name="河二")
    facility = make_facility(unit, name="晴川印染厂", code="BX-77")
    facility.search_text = facility_text(facility)
    facility.save()
    at("2026-07-01 09:00")
    trail.record("registry.facility.changed", by=planner, about=facility)
    at("2026-07-02 09:00")
    trail.record("registry.facility.personal_shown", by=planner, about=facility)
    trail.record("plans.sealed.viewed", by=planner, unit=unit)
    at("2026-07-03 09:00")
    trail.record("audit.checked", by=keeper, unit=other)
    enter(client, make_observer())
    return client


CHANGED = ("变更检查对象", "江一", "检查对象　晴川印染厂（BX-77）")
SHOWN = ("查看个人信息", "江一", "检查对象　晴川印染厂（BX-77）")
SEALED = ("查看未公开的名单", "江一", "—")
CHECKED = ("校验操作记录", "河二", "—")


@pytest.mark.parametrize(
    "asked, told",
    [
        ({}, [CHECKED, SEALED, SHOWN, CHANGED]),
        ({"who": "江一"}, [SEALED, SHOWN, CHANGED]),
        ({"who": "没有这个人"}, []),
        ({"office": "210503"}, [CHECKED]),
        ({"since": "2026-07-02", "until": "2026-07-02"}, [SEALED, SHOWN]),
        ({"who": "江一", "since": "2026-07-01", "until": "2026-07-01"}, [CHANGED]),
        ({"kind": "检查对象"}, [SHOWN, CHANGED]),
        ({"kind": "look"}, [SEALED, SHOWN]),
        ({"about": "bx-7"}, [SHOWN, CHANGED]),
        ({"about": "晴川"}, [SHOWN, CHANGED]),
        ({"about": "别的厂"}, []),
        ({"verb": "plans.sealed.viewed"}, [SEALED]),
        ({"about": "%"}, []),
    ],
)
def test_each_question_is_answered_alone_and_together_in_names(july, asked, told):
    assert lines(july, **asked) == told


def test_a_look_says_on_which_page_and_a_changed_row_is_named(client, at):
    at("2026-07-02 09:00")
    unit = make_unit("210504")
    planner, facility = make_planner(unit, name="江一"), make_facility(unit, name="晴川印染厂", code="BX-77")
    trail.record("inspections.sealed.viewed", by=planner, page="desk-home", tasks=2)
    trail.record("inspections.sealed.viewed", by=planner, unit=unit, page="task-list", tasks=2)
    trail.record("inspections.fairness.exported", by=planner, unit=None, year=2026)
    enter(client, make_user((Role.OBSERVER, make_city_team()), (Role.REGISTRAR, unit)))
    told = [(entry.thing.words, entry.office) for entry in client.get(URL, {"who": "江一"}).context["rows"]]
    assert told == [("2026 年", "全市"), ("页面　检查任务", unit.short_name), ("页面　工作台", "全市")]
    with connection.cursor() as cursor:
        for table, key in (
            ("accounts_user", planner.pk),
            ("registry_facility", facility.pk),
            ("inspections_volumepaper", 212),
        ):
            cursor.execute(trail.ENTRY, ["row.update", None, None, table, str(key), "{}"])
    rows = [thing for _, _, thing in lines(client, kind="row")][:3]
    assert rows == ["卷内文件　212", "检查对象　晴川印染厂（BX-77）", f"账号　江一（{planner.username}）"]


def test_what_is_about_no_one_unit_is_found_under_the_unit_of_whoever_did_it(client):
    """A look at one's own checks, or at the desk, bears no unit: asked for the unit, most of a person's acts were missing."""
    unit, other = make_unit("210504"), make_unit("210503")
    planner = make_user((Role.PLANNER, unit), unit=unit, name="江一")
    for page in ("desk-home", "my-tasks"):
        trail.record("inspections.sealed.viewed", by=planner, page=page)
    trail.record("inspections.sealed.viewed", by=planner, page="indicators", units=[other.code])
    enter(client, make_observer())
    assert len(lines(client, office=unit.code)) == 2 and len(lines(client, office=other.code)) == 1


def test_one_opening_over_several_units_is_one_line_that_names_them_and_is_found_under_each(client):
    """Opening 工作指标 of the city once wrote a line for every unit."""
    city, *others = make_city_team(), make_unit("210504"), make_unit("210503")
    supervisor, observer = make_supervisor(), make_observer()
    pages = ("", "k1/", "trend/")
    for page in pages:
        assert enter(client, supervisor).get(f"/desk/indicators/{page}?scope=city").status_code == 200
    enter(client, observer)
    rows = client.get(URL, {"kind": "look"}).context["rows"]
    assert len(rows) == len(pages)
    for row in rows:
        assert row.words == "查看未公开的检查" and row.thing.words == "页面　工作指标"
        assert set(row.office.split("、")) == {unit.short_name for unit in (city, *others)}
    for unit in others:
        assert len(lines(client, office=unit.code)) == len(pages)
    assert not lines(client, office=make_unit("210502").code)
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{URL}export.xlsx", {"kind": "look"}).content)).active
    assert any("、" in str(cell.value) for cell in sheet["E"])


def test_what_only_few_may_see_stands_on_top_with_who_looked_one_click_further(july):
    page = july.get(URL)
    chips = {chip.label: (chip.count, chip.url) for chip in page.context["looks"]}
    assert {label: n for label, (n, _) in chips.items()} == {"查看未公开的名单": 1, "查看个人信息": 1}
    assert lines(july, verb="registry.facility.personal_shown") == [SHOWN]
    assert "verb=registry.facility.personal_shown" in chips["查看个人信息"][1]
    assert set(subjects.house().looks) <= set(subjects.house().verbs)


def test_dates_the_wrong_way_round_and_kinds_that_are_none_are_a_sentence(july):
    assert "对调两个日期" in text_of(july.get(URL, {"since": "2026-07-03", "until": "2026-07-01"}))
    assert (
        july.get(URL, {"kind": "x", "office": "9", "since": "昨天", "before": "x", "about": "\x00"}).status_code == 200
    )


def test_a_thing_is_named_only_to_whoever_may_see_it(july, client):
    enter(client, make_user((Role.ADMIN_AUDIT, make_city_team())))
    assert lines(client, who="江一")[-1] == ("变更检查对象", "江一", "检查对象　BX-77")
    assert lines(client, about="晴川") == []
    assert len(lines(client, about="BX-77")) == 2


def test_whoever_may_not_read_the_log_gets_neither_page_nor_workbook(july, client):
    enter(client, make_planner(make_unit("210504")))
    assert {client.get(url).status_code for url in (URL, f"{URL}?who=江一", f"{URL}export.xlsx")} == {403}


def test_the_lines_go_out_as_a_workbook_without_formulas_and_that_is_in_the_log(july, at):
    at("2026-07-04 09:00")
    trail.record("audit.alarm", by=None, words="=1+1")
    answer = july.get(f"{URL}export.xlsx", {"since": "2026-07-02"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content)).active
    cells = [list(row) for row in sheet.iter_rows(min_row=3)]
    assert [row[1].value for row in cells] == ["操作记录告警：=1+1", "校验操作记录", "查看未公开的名单", "查看个人信息"]
    assert cells[3][5].value == "检查对象　晴川印染厂（BX-77）" and {c.data_type for row in cells for c in row} <= {
        "s",
        "n",
    }
    noted = AuditEntry.objects.get(verb="audit.exported")
    asked = {"rows": 4, "since": "2026-07-02", "until": "", "kind": ""}
    assert noted.details == {**asked, "address": "127.0.0.1", "device": "未知设备"}  # 七(五)-n


def test_more_than_a_workbook_takes_is_asked_to_be_narrowed(july, monkeypatch):
    monkeypatch.setattr("benxi_shuangsuiji.audit.views.MOST_EXPORTED", 2)
    answer = july.get(f"{URL}export.xlsx", {"who": "江一"}, follow=True)
    assert "超过 2 条，没有导出" in text_of(answer)
    assert not AuditEntry.objects.filter(verb="audit.exported").exists()


def test_changes_of_rows_are_asked_for_with_a_period(july):
    page = july.get(URL, {"kind": "row"})
    assert "没有写日期的只列" in text_of(page)
    assert {entry.verb.partition(".")[0] for entry in page.context["rows"]} <= {"row"}


def test_a_page_is_found_by_its_last_line_and_costs_the_same_however_long_the_log_is(july, monkeypatch):
    monkeypatch.setattr(asking, "PER_PAGE", 2)
    first = july.get(URL)
    second = july.get(URL + first.context["older_url"])
    told = [e.words for e in first.context["rows"]] + [e.words for e in second.context["rows"]]
    assert (
        told == ["校验操作记录", "查看未公开的名单", "查看个人信息", "变更检查对象"] and not second.context["older_url"]
    )
    few = queries(july, URL)
    monkeypatch.setattr(asking, "PER_PAGE", 50)
    for _ in range(30):
        trail.record("audit.checked", by=None)
    assert queries(july, URL) <= few + 1


def test_each_question_has_an_index_that_leaves_changes_of_rows_out(july):
    user = get_user(july.get(URL).wsgi_request)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for asked in (
        {},
        {"who": "江一"},
        {"kind": "look"},
        {"office": "210504"},
        {"about": "BX-7"},
        {"since": "2026-07-02"},
    ):
        found = asking.entries_for(user, LogFilter(asked, user=user).asked())
        assert "audit_acts" in found[:50].explain(), asked
        assert "SubPlan" not in found[:50].explain(), asked  # who works for a unit is read before, not for every line


def test_a_name_with_a_digit_is_a_name(july):
    heat = make_facility(make_unit("210504"), name="3号热源厂", code="BX-78")
    heat.search_text = facility_text(heat)
    heat.save()
    trail.record("registry.facility.changed", by=None, about=heat)
    assert [thing for *_, thing in lines(july, about="3号热源厂")] == ["检查对象　3号热源厂（BX-78）"]


@pytest.mark.parametrize(
    "asked, said",
    [
        ({"since": "2026-02-31"}, "开始日期“2026-02-31”不是有效日期。按 2026-12-01 的格式改写，或者清空。"),
        ({"until": "昨天"}, "结束日期“昨天”不是有效日期。"),
        ({"since": "2026-07-03", "until": "2026-07-01"}, "对调两个日期"),
        ({"kind": "zzz"}, "没有“zzz”这个类别。从列表里选一个，或者选“全部”。"),
        ({"office": "210599"}, "没有“210599”这个单位。"),
        ({"kind": "100%"}, "没有“100%”这个类别。"),
        ({"office": "%(value)s"}, "没有“%(value)s”这个单位。"),
        ({"since": "100%"}, "开始日期“100%”不是有效日期。"),
        ({"verb": "%s"}, "没有“%s”这个动作。"),
        ({"verb": "no.such"}, "没有“no.such”这个动作。按【重置】从头查。"),
    ],
)
def test_a_question_that_cannot_be_read_is_a_sentence_keeps_what_was_typed_and_finds_nothing(july, asked, said):
    page = july.get(URL, asked)
    assert said in text_of(page) and "什么也没有列" in text_of(page) and page.context["rows"] == []
    for name, typed in asked.items():
        assert name == "verb" or f'value="{typed}"' in html_of(page)
    july.get(f"{URL}export.xlsx", asked)
    assert not AuditEntry.objects.filter(verb="audit.exported").exists()


def test_the_workbook_says_to_the_second_and_what_it_was_asked_for(july):
    asked = {"who": "江一", "office": "210504", "since": "2026-07-02", "kind": "look", "about": "BX-7"}
    sheet = openpyxl.load_workbook(io.BytesIO(july.get(f"{URL}export.xlsx", asked).content)).active
    unit = make_unit("210504").short_name
    words = f"操作人 江一，单位 {unit}，从 2026-07-02，类别 查看未公开名单、个人信息和原文，对象 BX-7"
    assert sheet["A1"].value.startswith(f"操作记录　{words}　")
    assert sheet["A3"].value == "2026-07-02 09:00:00"
    everything = openpyxl.load_workbook(io.BytesIO(july.get(f"{URL}export.xlsx").content)).active
    assert everything["A1"].value.startswith("操作记录　全部　")


@pytest.mark.parametrize(
    "asked",
    [{"until": "9999-12-31"}, {"kind": "row", "until": "0001-01-05"}, {"since": "0001-01-01"}],
)
def test_years_that_nobody_means_are_a_sentence_and_no_workbook(july, asked):
    assert "年份超出 2000—2999 年" in text_of(july.get(URL, asked))
    assert "查询条件有误" in text_of(july.get(f"{URL}export.xlsx", asked, follow=True))


def test_the_period_of_changes_of_rows_holds_for_the_one_act_of_a_link_too(july, monkeypatch):
    user = get_user(july.get(URL).wsgi_request)
    assert LogFilter({}, user=user).asked("row.insert")["since"]
    assert not LogFilter({}, user=user).asked("audit.checked")["since"]
    assert "没有写日期的只列" in text_of(july.get(URL, {"verb": "row.insert"}))


def test_the_log_is_read_only_by_roles_of_the_whole_city():
    """A look over several units bears no unit and names them all: nobody may read the log for one unit alone (decisions.md 3)."""
    assert {role for role in Role if Permission.SEE_LOG in PERMISSIONS[role]} <= CITY_WIDE


def test_whatever_a_thing_is_called_after_can_be_read_with_it():
    for model in apps.get_models():
        str(model._default_manager.select_related(*asking._read_with(model)).query)


@pytest.mark.clause("八(一)-b")
def test_the_log_on_paper_says_what_it_was_asked(july):
    page = html_of(july.get(URL, {"who": "江一", "since": "2026-07-02"}))
    assert '<p class="printonly">查询条件：操作人 江一，从 2026-07-02</p>' in page
    assert '<p class="printonly">查询条件：全部</p>' in html_of(july.get(URL))
