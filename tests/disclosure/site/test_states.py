"""Each state of a public page that ui.md 7.1 names: where it is seen, and the sentence that says it."""

import re

import pytest
from django.test import Client

from disclosure.draws import documents
from disclosure.models import Act
from plans.draw import actions as draw_actions
from tests import markup
from tests.browsing import signed_in, text_of
from tests.disclosure.factories import make_published_list, make_published_plan, make_published_result, make_revision
from tests.disclosure.site.states import missing, words_of
from tests.disclosure.site.test_public_site import everything
from tests.factories import make_approver, make_planner, make_unit
from tests.plans.draw.factories import agree_on_values, make_prepared_draw, make_sealed_draw, move_clock
from tests.plans.factories import make_branch

# State → (address, sentence, status). What an address needs is filled in from what was made for its table.
EMPTY = {
    "首页：季度计划公开以前": ("/", "7 月 5 日前公开，还剩 3 天"),
    "首页：还没有结果": ("/", "名单封存后公布"),
    "首页：超过期限的单位": ("/?late", "逾期"),
    "检查结果：一条也没有": ("/results/", "还没有公开的检查结果"),
    "企业查询：没有查到": ("/enterprises/?q=没有这家", "没有查到"),
    "检查结果：不认识的条件": ("/results/?quarter=2026Q9", "不认识的条件：quarter=2026Q9，没有使用"),
    "抽取公示：还没有": ("/verify/chain/", "公示链"),
    "开放数据：还没有抽取": ("/data/", "还没有抽取。"),
}
RESULTS = {
    "检查结果：按条件没有": ("/results/?q=没有这家", "没有符合条件的结果", 200),
    "检查结果：更正过": ("/results/", "已更正", 200),
    "检查结果页：更正过，旧的一版": ("/results/{corrected}/1/", "更正", 200),
    "检查结果页：已撤下": ("/results/{withdrawn}/", "撤下", 410),
    "事项清单：已公开": ("/items/2026/", "随机抽查事项清单", 200),
    "抽查计划：已公开": ("/plans/2026q3/{unit}/", "抽查工作计划", 200),
    "导出：不认识的条件": ("/results/export.csv?seit=1", "不认识的条件 seit=1", 400),
    "没有的页面": ("/results/nobody/", "找不到这个页面", 404),
}


@pytest.mark.clause("四(3)-a")
def test_the_states_before_anything_is_public(at):
    at("2026-07-02 09:00")
    make_unit()
    wrong = {}
    for state, (address, sentence) in EMPTY.items():
        if address == "/?late":
            at("2026-07-12 09:00")
            make_published_plan(make_branch())
        if sentence not in (words := words_of(address)):
            wrong[state] = words[:1500]
        at("2026-07-02 09:00")
    assert wrong == {}


@pytest.mark.clause("四(3)-a", "八(二)-c")
def test_the_states_of_results_lists_and_plans(at):
    at("2026-07-06 10:00")
    make_published_list()
    plan = make_published_plan(make_branch(code="210502"))
    corrected, withdrawn = make_published_result(problem="标签缺项 2 处"), make_published_result()
    make_revision(corrected, words={"finding": "标签缺项 3 处"})
    make_revision(withdrawn, Act.WITHDRAW)
    names = {"corrected": corrected.no, "withdrawn": withdrawn.no, "unit": plan.unit_code}
    assert missing(RESULTS, **names) == {}


@pytest.mark.clause("四(3)-a")
def test_a_draws_page_says_in_which_state_it_is(at):
    at("2026-07-06 10:00")
    draw = make_sealed_draw(make_unit("210503"))
    page = f"/draws/{draw.draw_id}/"
    seen = {"封存": words_of(page)}
    agree_on_values(draw)
    draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))
    seen["已抽取"] = words_of(page)
    draw.refresh_from_db()
    move_clock(draw.release_at)
    draw_actions.release_draw(draw=draw)
    seen["已公开"] = words_of(page)
    sentences = {"封存": "已封存，等待抽取", "已抽取": "已抽取，名单保密", "已公开": "名单已公开"}
    assert {state: words for state, words in seen.items() if sentences[state] not in words} == {}
    assert words_of("/draws/210503-2026Q3-07/", 404)


@pytest.mark.clause("四(3)-a", "七(二)-d")
def test_a_category_that_is_drawn_whole_says_so_from_the_seal_on(at):
    """Otherwise an enterprise would read it out of the numbers, although nobody is said to be known yet (SSJ1 14.1)."""
    at("2026-07-06 10:00")
    draw = make_prepared_draw(make_unit("210503"), special=1)
    leader = make_approver(draw.unit)
    before = text_of(signed_in(leader).get(f"/desk/draws/{draw.draw_id}/prepare/"))
    assert "特殊监管对象参加抽取的 1 家全部抽取：名单一公布，人人知道会查到谁" in before
    draw_actions.seal_draw(draw=draw, by=leader)
    frozen = words_of(f"/draws/{draw.draw_id}/")
    draw.refresh_from_db()
    agree_on_values(draw)
    draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))
    shown = words_of(f"/draws/{draw.draw_id}/")
    whole = [s for s in documents.draw_of(draw.draw_id).manifest.strata if s.A and s.K == s.A]
    assert [s.A for s in whole] == [1] and frozen.count("本类只有这些企业，全部抽取，封存时已注明") == 1
    assert shown.count("本类只有这些企业，全部抽取，封存时已注明") == len(whole)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/results/", "/draws/", "/data/results.json", "/feed/", "/enterprises/nobody/"])
def test_a_wrong_method_is_405_with_a_sentence_and_no_old_form(path):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(path)
    assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD"
    assert "只能打开，不能提交" in answer.content.decode()
    for method in ("put", "delete", "patch"):  # no page at all takes these: said before any page is asked
        answer = getattr(client, method)(path)
        assert answer.status_code == 405 and "PUT" not in answer["Allow"], (method, path)
        assert "不接受这样的请求，只接受：GET, HEAD" in answer.content.decode()
    assert client.get(path)["Permissions-Policy"] == "geolocation=(), camera=(), microphone=()"


SHOWN = re.compile(r"<head.*?</head>|<(script|style|option|textarea|code|pre|svg|time|button)\b.*?</\1>|<[^>]+>", re.S)
A_DATE = re.compile(r"[12]\d{3}-\d\d-\d\d(?![\d-])|\d{1,2} 月 \d{1,2} 日")
MACHINE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?\+\d\d:\d\d)?|\d\d-\d\d")


@pytest.mark.clause("四(3)-a")
def test_every_date_on_a_public_page_can_be_read_by_a_machine_and_its_html_is_in_order(at):
    wrong = {}
    for path in everything(at):
        answer = Client().get(path)
        if not answer["Content-Type"].startswith("text/html"):
            continue
        page = answer.content.decode()
        said = re.findall(r"<time\b([^>]*)>", page)
        assert all(MACHINE.fullmatch(tag.removeprefix(' datetime="').removesuffix('"')) for tag in said), (path, said)
        if found := re.findall(rf".{{0,20}}(?:{A_DATE.pattern}).{{0,9}}", SHOWN.sub("", page)):
            wrong[path] = found
        wrong |= {f"{path}（HTML）": told} if (told := markup.faults(page)) else {}
    assert wrong == {}
