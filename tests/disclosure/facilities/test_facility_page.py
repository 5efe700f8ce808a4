"""企业页: every facility of the public rosters answers five questions, from what is public alone (ui-2.md 18)."""

import csv
import io
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disclosure.models import Objection, Publication, RosterRow
from disclosure.publishing import actions as publishing
from disclosure.rosters.search import spread
from inspections.models import Outcome
from inspections.review import actions as review_actions
from registry.models import Facility, Ground, OperatingStatus
from tests.browsing import html_of, untimed
from tests.disclosure.factories import make_published_result, make_published_step, make_revision
from tests.disclosure.objections.factories import TYPED, decide, make_objection, propose
from tests.factories import make_approver, make_disclosure_officer, make_facility, make_ground, make_unit
from tests.inspections.factories import checked, finish, make_started
from tests.plans.draw.factories import make_held_draw, make_published_plan, make_sealed_draw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def answers(client, code) -> dict[str, tuple[str, str]]:
    """Question → bold line and small line."""
    said = client.get(f"/enterprises/{code}.json").json()["answers"]
    page = client.get(f"/enterprises/{code}/")
    assert page.status_code == 200
    html = re.sub(r"[ \n]+", " ", untimed(page.content.decode()))
    for a in said:
        assert all(part in html for part in a["answer"].split("，")), a
        assert a["note"] in html, a
    return {a["question"]: (a["answer"], a["note"]) for a in said}


@pytest.fixture
def unit(at):
    at("2026-07-06 10:00")
    return make_unit("210504")


@pytest.mark.clause("四(3)-a")
def test_one_that_nobody_has_visited_says_since_when_and_how_likely_that_is(client, unit):
    draw = make_held_draw(unit, key=4, general=8, special=0, released=True)
    drawn = {pick.facility.code for pick in draw.picks.all()}
    code = RosterRow.objects.filter(category="general").exclude(code__in=drawn).first().code

    said = answers(client, code)

    assert said["是否在名录"] == ("在，明山分局的一般监管对象", "自 2026 年 7 月 6 日公开的名录起，1 份名录都在")
    assert said["历次抽取"][0] == "名单已公开的抽取参加 1 次，没有抽中"
    assert said["最近一次检查"] == ("从未检查", "列入公开名录 81 天　2025 年以前的检查没有录入，不在内")
    assert said["问题和改正"] == ("没有检查，没有结论", "不表示没有问题，也不表示有问题")
    assert said["企业说明"][0] == "没有"
    page = client.get(f"/enterprises/{code}/").content.decode()
    for words in (
        "为什么没有抽中",
        "最迟抽中",
        "2027 年第四季度",
        "怎样得来",
        "8 家一般监管对象，6 家没有抽中",
        "核验这份名录" if "tlog-proof" in page else "等待签署",
    ):
        assert words in page, words
    assert draw.draw_id in page and "提出更正或申诉" in page


@pytest.mark.clause("七(五)-o")
def test_before_the_release_every_facility_reads_the_same_sentence(client, unit):
    draw = make_held_draw(unit, key=3, general=4, special=1)
    pages = {}
    for row in RosterRow.objects.all():
        html = client.get(f"/enterprises/{row.code}/").content.decode()
        assert "名单未公开" in html and "此前各企业都显示这一句" in html and "第 1 签" not in html
        assert answers(client, row.code)["历次抽取"] == ("还没有名单已公开的抽取", "第三季度名单 9 月 25 日 18:00 公开")
        cleaned = re.sub(r"第 \d+ 行|[0-9A-Za-z]{64}", "", html).replace(row.code, "").replace(row.name, "")
        pages.setdefault(row.category, set()).add(cleaned)
    assert {category: len(found) for category, found in pages.items()} == {"key": 1, "general": 1, "special": 1}
    assert draw.picks.exists()


@pytest.mark.clause("八(二)-e")
def test_what_was_found_and_how_it_is_put_right_are_as_large_as_each_other(client, unit, at):
    result = make_published_result(unit, problem="标签缺项 2 处")
    code = result.facility_code

    assert answers(client, code)["问题和改正"] == ("发现 1 个问题，改正中", "还剩 14 天，7 月 20 日到期")
    html = client.get(f"/enterprises/{code}/").content.decode()
    assert html.count("<h3 ") >= 2 and "责令限期改正" in html and 'class="fix"' in html
    at("2026-07-23 10:00")
    assert answers(client, code)["问题和改正"][0] == "发现 1 个问题，逾期 3 天未改正"
    assert 'class="late"' in client.get(f"/enterprises/{code}/").content.decode()
    facts = {"原期限": "2026 年 7 月 20 日", "延长到": "2026 年 8 月 5 日", "批准日期": "2026 年 7 月 23 日"}
    make_published_step(result, step="EXTENDED", words="改正期限延长到 2026 年 8 月 5 日", facts=facts)
    assert answers(client, code)["问题和改正"] == ("发现 1 个问题，改正中", "已延期，还剩 13 天，8 月 5 日到期")
    at("2026-07-29 10:00")
    again = {"step": "CHECKED_AGAIN", "words": "复查 1 处问题，1 处已改好", "facts": {"复查": "2026 年 7 月 29 日"}}
    make_published_step(result, **again)
    assert answers(client, code)["问题和改正"][0] == "发现 1 个问题，复查已改好，待办结"
    make_published_step(
        result, step="MENDED", words="复查 1 处问题都已改好，整改办结", facts={"办结": "2026 年 7 月 29 日"}
    )
    assert answers(client, code)["问题和改正"] == ("发现 1 个问题，已改正", "期限 8 月 5 日，7 月 29 日复查已改正")
    html = client.get(f"/enterprises/{code}/").content.decode()
    assert "比期限早 7 天改正" in html and html.count('class="done"') == 5
    for no in Publication.objects.filter(kind="RECTIFICATION").values_list("no", flat=True):
        assert f'id="{no}"' in html  # each step is a publication of its own


@pytest.mark.clause("八(二)-e")
def test_a_second_order_begins_anew_and_a_later_check_ends_nothing_that_is_open(client, unit, at):
    result = make_published_result(unit, problem="标签缺项 2 处")
    code = result.facility_code
    at("2026-07-20 10:00")
    make_published_step(result, step="CHECKED_AGAIN", words="复查 1 处问题，1 处没有改好", facts={})
    again = {"words": "再次责令 2026 年 8 月 3 日前改正", "facts": {"期限": "2026 年 8 月 3 日"}}
    make_published_step(result, step="ORDERED_AGAIN", **again)
    assert answers(client, code)["问题和改正"] == ("发现 1 个问题，改正中", "还剩 14 天，8 月 3 日到期")
    at("2026-08-05 10:00")
    late = ("发现 1 个问题，逾期 2 天未改正", "8 月 3 日到期")
    assert answers(client, code)["问题和改正"] == late  # not taken for looked at because of the first 复查
    other = make_published_result(unit, facility=Facility.objects.get(code=code), source="COMPLAINT")
    said = answers(client, code)
    assert said["最近一次检查"] == ("2026 年 8 月 5 日，今天", "投诉举报，不是随机抽取")
    assert said["问题和改正"] == (late[0], f"2026 年 7 月 6 日检查，{late[1]}")
    make_published_step(result, step="CHECKED_AGAIN", words="复查 1 处问题，1 处已改好", facts={})
    make_published_step(result, step="MENDED", words="复查 1 处问题都已改好，整改办结", facts={})
    assert answers(client, code)["问题和改正"][0] == "未发现问题"  # of the later check: everything else is over
    assert other.facility_code == code


@pytest.mark.clause("八(二)-e")
def test_a_look_at_what_was_to_be_repaired_does_not_take_the_place_of_what_was_found(client, unit, at):
    result = make_published_result(unit, problem="标签缺项 2 处")
    code = result.facility_code
    at("2026-07-16 10:00")
    make_published_step(result, step="CHECKED_AGAIN", words="复查 1 处问题，1 处已改好", facts={})
    make_published_step(result, step="MENDED", words="复查 1 处问题都已改好，整改办结", facts={})
    make_published_result(unit, facility=Facility.objects.get(code=code), source="REVIEW")
    said = answers(client, code)
    assert said["最近一次检查"] == ("2026 年 7 月 16 日，今天", "执法复核，不是随机抽取")
    assert said["问题和改正"][0] == "发现 1 个问题，已改正"
    html = client.get(f"/enterprises/{code}/").content.decode()
    assert "标签缺项 2 处" in html and "比期限早 4 天改正" in html


@pytest.mark.clause("八(二)-c")
def test_a_list_says_of_each_what_its_page_says(client, unit):
    """Never 从未检查 of one whose result was withdrawn, and a visit in vain does not hide the check before it."""
    gone, vain = make_facility(unit), make_facility(unit)
    make_sealed_draw(unit)
    withdrawn = make_published_result(unit, facility=gone)
    make_published_result(unit, facility=vain)
    published(unit, facility=vain, outcome=Outcome.NOT_OPERATING, finding="大门上锁，已停产")
    make_revision(withdrawn, "WITHDRAW")
    html = re.sub(r"\s+", " ", untimed(client.get("/enterprises/").content.decode()))
    rows = {code: html.partition(f"/enterprises/{code}/")[2].partition("</tr>")[0] for code in (gone.code, vain.code)}
    assert "检查结果已撤下" in rows[gone.code] and "从未检查" not in rows[gone.code]
    assert "未发现问题" in rows[vain.code] and "没有查成" not in rows[vain.code]
    for code, words in ((gone.code, "检查结果已撤下"), (vain.code, "2026 年 7 月 6 日，今天")):
        assert answers(client, code)["最近一次检查"][0] == words


def published(unit, **changes):
    """The result of a check that ended so."""
    check = finish(make_started(unit, facility=changes.pop("facility", None)), **changes)
    check = review_actions.review_result(inspection=check, by=make_approver(unit))
    return publishing.publish_result(inspection=check, by=make_disclosure_officer(unit))


@pytest.mark.clause("八(二)-a")
def test_who_was_visited_in_vain_was_not_checked(client, unit):
    code = published(unit, outcome=Outcome.NOT_OPERATING, finding="大门上锁，已停产").facility_code
    found = answers(client, code)
    assert found["最近一次检查"] == ("去了没有查成：停产", "2026 年 7 月 6 日")
    assert found["问题和改正"][0] == "没有检查，没有结论"


@pytest.mark.clause("八(二)-a")
def test_a_check_of_one_that_no_roster_names_has_its_page_all_the_same(client, unit):
    result = make_published_result(unit)
    found = answers(client, result.facility_code)
    assert found["是否在名录"][0] == "还没有列入公开的名录"
    assert found["最近一次检查"][0] == "2026 年 7 月 6 日，今天" and found["问题和改正"][0] == "未发现问题"
    assert f"/results/{result.no}/v1.json" in client.get(f"/enterprises/{result.facility_code}/").content.decode()


@pytest.mark.clause("八(二)-e")
@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (
            [("CHECKED_AGAIN", "复查 1 处问题，1 处没有改好"), ("TO_CASE", "1 处问题到期没有改好，转立案查处")],
            "转立案查处",
        ),
        ([("CASE_OPENED", "已立案调查。")], "立案查处"),
        ([("SENT", "已移送水务局处理。")], "已移送"),
        ([("CHECKED_AGAIN", "复查 1 处问题，1 处没有改好")], "复查没有改好"),
        ([("HALTED", "企业停产，整改期中止，复产之日接着计算")], "停产，改正期中止"),
    ],
)
def test_cases_referrals_and_what_was_not_put_right_stand_beside_the_finding(client, unit, steps, said):
    result = make_published_result(unit, problem="标签缺项 2 处")
    for step, words in steps:
        make_published_step(result, step=step, words=words)
    assert answers(client, result.facility_code)["问题和改正"][0] == f"发现 1 个问题，{said}"


@pytest.mark.clause("八(二)-c")
def test_a_corrected_and_a_withdrawn_result_say_so_and_no_withdrawn_word(client, unit):
    make_sealed_draw(unit)
    facility = Facility.objects.first()
    result = make_published_result(unit, facility=facility, problem="标签缺项 2 处")
    make_revision(result, words={"finding": "标签缺项 3 处"})
    assert "更正过 1 次" in client.get(f"/enterprises/{facility.code}/").content.decode()

    newest = Publication.objects.results().get()
    make_revision(newest, "WITHDRAW", gone="标签缺项 3 处")
    found = answers(client, facility.code)
    assert found["最近一次检查"][0] == "检查结果已撤下" and found["问题和改正"][0] == "这条结果已撤下"
    for path in ("/", ".json"):
        text = client.get(f"/enterprises/{facility.code}{path}").content.decode()
        assert "标签缺项" not in text
    assert facility.code not in csv_of(client, "?never=1")


@pytest.mark.clause("六(二)-a")
def test_who_left_and_who_changed_says_since_when(client, unit, at):
    plan = make_published_plan(unit, key=1, general=6, special=0)
    gone, changed, *_ = Facility.objects.filter(category="general").order_by("code")
    draw = make_held_draw(plan=plan, released=True)
    checked(draw)
    at("2026-10-06 10:00")
    Facility.objects.filter(pk=gone.pk).update(status=OperatingStatus.CANCELLED)
    make_ground(changed, Ground.KF1)
    make_sealed_draw(plan=make_published_plan(unit, key=0, general=0, special=0, inspectors=0))

    assert answers(client, gone.code)["是否在名录"] == ("不在，2026 年 10 月 6 日的名录起不再列入", "注销关闭")
    assert answers(client, changed.code)["是否在名录"] == ("在，明山分局的重点监管对象", "2026 年第三季度为一般")
    stays = RosterRow.objects.filter(is_last=True, category="general", number=4).first()
    assert answers(client, stays.code)["是否在名录"][1].endswith("2 份名录都在")
    rows = csv_of(client, "")
    assert (rows[gone.code]["在最近一份名录"], rows[changed.code]["在最近一份名录"]) == ("否", "是")


def csv_of(client, query) -> dict[str, dict[str, str]]:
    answer = client.get(f"/data/facilities.csv{query}")
    assert answer.status_code == 200 and answer.streaming
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return {row["名录编号"]: row for row in csv.DictReader(io.StringIO(text))}


# --- finding one ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("四(3)-a")
def test_one_is_found_by_street_industry_former_name_and_any_code(client, unit):
    one = make_facility(unit, code="91210504MA0UTQ2T1K001V", name="枫岭印染有限公司", uscc="91210504MA0UTQ2T1K", former_names=["枫岭染织厂"],
        address="明山区枫桥路 49 号", industry_name="棉印染精加工")  # fmt: skip
    make_sealed_draw(unit)
    page = f"/enterprises/{one.code}/"
    for q in ("枫桥", "枫桥路 印染", "棉印染", "枫岭", "91210504MA0"):
        html = client.get("/enterprises/", {"q": q}).content.decode()
        assert page in html and "示例企业" not in html, q
    for q in ("枫岭印染有限公司", "枫岭染织厂", one.code.lower(), one.uscc, one.uscc.lower()):
        assert client.get("/enterprises/", {"q": q})["Location"] == page, q
        assert client.get(f"/enterprises/{q}/")["Location"] == page or q == "枫岭印染有限公司"
        assert client.get(f"/enterprises/{q}.json")["Location"] == f"/enterprises/{one.code}.json"
    make_published_result(unit, facility=make_facility(unit, name="枫岭印染二厂", uscc=one.uscc))
    assert client.get(f"/enterprises/{one.uscc}/")["Location"] == f"/enterprises/?q={one.uscc}"
    both = client.get(f"/enterprises/?q={one.uscc}").content.decode()
    assert "枫岭印染有限公司" in both and "枫岭印染二厂" in both
    assert client.get("/enterprises/NOBODY/").status_code == client.get("/enterprises/NOBODY.json").status_code == 404


@pytest.mark.clause("四(3)-e")
def test_every_format_of_a_facility_is_found_by_whatever_code_finds_its_page(client, unit):
    place = make_facility(unit, uscc="91210504MA0UTQ2T1K")
    make_sealed_draw(unit, key=0, general=0, special=0)
    for end in ("/", ".json", "/feed/"):
        for asked in (place.code.lower(), place.uscc):
            answer = client.get(f"/enterprises/{asked}{end}")
            assert asked == place.code or answer.headers.get("Location") == f"/enterprises/{place.code}{end}", (
                asked,
                end,
            )
        assert client.get(f"/enterprises/99999{end}").status_code == 404
    marked = client.get("/registers/210504-2026Q3/", {"q": f"\u200b{place.code}\u202c"}).content.decode()
    assert place.name in marked  # copied along with marks that nobody sees, as in the search of all


@pytest.mark.clause("四(3)-f")
def test_an_objection_from_the_page_of_one_that_was_never_checked_says_which_line_of_the_roster_is_meant(client, unit):
    place = make_facility(unit)
    make_sealed_draw(unit, key=0, general=0, special=0)
    page = client.get(f"/enterprises/{place.code}/").content.decode()
    form = client.get(unescape(re.search(r'href="(/corrections/new/[^"]*)"', page)[1]))
    said = f"{place.name}（{place.code}，名录第 1 行）："
    assert said in form.content.decode()
    sent = {field: form.context[field] for field in ("kind", "code")} | {
        "record": "210504-2026Q3",
        "form": form.context["token"],
    }
    empty = client.post("/corrections/new/", TYPED | sent | {"words": said})
    assert "写明应当怎样写，依据是什么" in empty.content.decode() and not Objection.objects.exists()
    client.post("/corrections/new/", TYPED | sent | {"words": f"{said}地址应为枫桥路 9 号"})
    assert Objection.objects.get().papers.get().words == f"{said}地址应为枫桥路 9 号"


@pytest.mark.clause("四(3)-a")
def test_who_knows_a_street_and_a_number_finds_that_place_first(client, unit):
    for code, name, address in (
        ("1501", "白鹭养殖场", "明山区枫桥路 7 号"),
        ("1502", "云杉食品厂", "明山区枫桥路 15 号"),
    ):
        make_facility(unit, code=code, name=name, address=address)
    make_sealed_draw(unit, key=0, general=0, special=0)
    html = client.get("/enterprises/", {"q": "枫桥路 15"}).content.decode()
    assert html.index("云杉食品厂") < html.index("白鹭养殖场")  # whose code holds a 15 too


@pytest.mark.clause("四(3)-a")
def test_a_misspelt_name_is_offered_what_is_near(client, unit):
    make_facility(unit, name="枫岭印染有限公司")
    make_sealed_draw(unit)
    html = client.get("/enterprises/", {"q": "枫林印染"}).content.decode()
    assert "名称相近的有" in html and "枫岭印染有限公司" in html and "示例企业" not in html
    assert "没有查到" in client.get("/enterprises/", {"q": "缙云光伏"}).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_spread(%s)", ["枫a岭"])
        assert cursor.fetchone()[0] == spread("枫A岭")


@pytest.mark.clause("四(3)-e")
@pytest.mark.parametrize(
    "asked",
    [
        "never=yes",
        "category=KEY",
        "district=明山",
        "industry=印染",
        "unit=999",
        "seit=1",
        "category=key&category=general",
        "q=a b c d e f",
    ],
)
def test_an_unknown_condition_is_said_on_the_page_and_refused_by_the_file(client, unit, asked):
    make_sealed_draw(unit)
    said = {"category=key&category=general": "category=key、general", "q=a b c d e f": "q=f"}.get(asked, asked)
    page = client.get(f"/enterprises/?{asked}").content.decode()  # which gets no name that it does not know
    assert (f"不认识的条件：{said}" in page) == (asked != "seit=1")
    answer = client.get(f"/data/facilities.csv?{asked}")
    assert answer.status_code == 400 and answer.json()["unknown"][0]["name"] == asked.partition("=")[0]
    if asked.partition("=")[0] in ("q", "category"):
        assert client.get(f"/results/export.csv?{asked}").status_code == 400
        assert client.get(f"/statistics/rates.csv?{asked}").status_code == 400


@pytest.mark.clause("四(3)-e")
def test_the_file_counts_draws_and_days_and_keeps_the_never_checked_apart(client, unit, at):
    draw = make_held_draw(unit, key=2, general=6, special=1, released=True)
    drawn = {pick.facility.code for pick in draw.picks.all()}
    checked_one = Facility.objects.get(code=min(drawn))
    make_published_result(unit, facility=checked_one, problem="标签缺项 2 处")
    at("2026-10-05 10:00")

    rows = csv_of(client, "")

    assert len(rows) == 9 and {code for code, row in rows.items() if row["抽中次数"] == "1"} == drawn
    assert {row["参加抽取次数"] for row in rows.values()} == {"1"}
    row = rows[checked_one.code]
    assert (row["从未检查"], row["检查结果"], row["距今天数"]) == ("否", "发现问题，责令限期改正", "10")
    never = csv_of(client, "?never=1")
    assert never.keys() == rows.keys() - {checked_one.code}
    html = client.get("/enterprises/?never=1").content.decode()
    assert all(code in html for code in never) and checked_one.code not in html


@pytest.mark.clause("四(3)-a")
def test_persons_are_masked_on_every_route_and_format(client, unit):
    """domain.md 7.8."""
    person = make_facility(unit, name="赵铁柱", is_natural_person=True, former_names=["赵大柱"], address="明山区枫桥路 7 号", contact_phone="13904140000")  # fmt: skip
    make_sealed_draw(unit)
    make_published_result(unit, facility=person)
    paths = [f"/enterprises/{person.code}{end}" for end in ("/", ".json", "/feed/")]
    paths += ["/enterprises/", "/enterprises/?q=枫桥", "/data/facilities.csv", "/data/facilities.csv?never=1", "/sitemap.xml", "/feed/"]  # fmt: skip
    for path in paths:
        text = client.get(path).getvalue().decode()
        assert not [word for word in ("赵铁柱", "赵大柱", "7 号", "13904140000") if word in text], path
    assert "赵**" in client.get(paths[0]).content.decode() and "明山区枫桥路" in client.get(paths[0]).content.decode()
    for q in ("赵铁柱", "赵大柱"):
        assert person.code not in client.get("/enterprises/", {"q": q}).content.decode()


def queries_of(client, path) -> int:
    client.get(path)  # lists that are read once
    with CaptureQueriesContext(connection) as queries:
        client.get(path).getvalue()
    return len(queries)


@pytest.mark.clause("四(3)-e")
def test_lists_and_pages_ask_as_often_of_thirty_as_of_one(client, unit, at):
    make_sealed_draw(unit, key=0, general=1, special=0)
    other = make_unit("210503")
    paths = ["/enterprises/", "/data/facilities.csv", "/registers/210504-2026Q3/", f"/enterprises/{RosterRow.objects.first().code}/"]  # fmt: skip
    few = [queries_of(client, path) for path in paths]
    make_sealed_draw(other, key=0, general=30, special=0)
    paths[2:] = ["/registers/210503-2026Q3/", f"/enterprises/{RosterRow.objects.filter(unit_code='210503').first().code}/"]  # fmt: skip
    many = [queries_of(client, path) for path in paths]
    assert few[0] == many[0] and few[2:] == many[2:]
    assert many[1] - few[1] <= 1  # one for the newest roster of each unit
    assert max(many) <= 13


@pytest.mark.clause("四(3)-f")
def test_what_is_objected_to_is_said_beside_the_finding_until_it_is_decided(client):
    result = make_published_result()
    page, data = f"/enterprises/{result.facility_code}/", f"/enterprises/{result.facility_code}.json"
    asked = make_objection(result)
    shown = html_of(client.get(page))
    assert "异议处理中" in shown and f"/corrections/{asked.receipt}/" in shown and result.snapshot["finding"] in shown
    assert [r["objection"] for r in client.get(data).json()["results"]] == [asked.receipt]
    decide(propose(asked))
    assert "异议处理中" not in html_of(client.get(page))
    assert [r["objection"] for r in client.get(data).json()["results"]] == [""]
