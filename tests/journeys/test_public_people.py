"""The public register as people come to it, without a login: who knows a street, who objects, who compares, who mirrors (四(3))."""

import csv
import hashlib
import io
import re
from collections import Counter

import pytest
from django.core.management import call_command
from django.test import override_settings

from disclosure.models import Objection
from inspections.models import Inspection
from tests.browsing import html_of, signed_in
from tests.disclosure.factories import make_published_result
from tests.factories import make_approver, make_disclosure_officer, make_facility, make_unit
from tests.inspections.factories import link_of
from tests.journeys import forms
from tests.journeys.people import OverHttp
from tests.plans.draw.factories import make_held_draw, make_published_plan
from tests.recomputed.test_small_world import play_quarter

pytestmark = pytest.mark.django_db


@pytest.mark.clause("四(3)-a", "四(3)-f")
def test_a_citizen_who_knows_only_the_street_reads_the_five_answers_and_their_evidence():
    unit = make_unit("210504")
    one = make_facility(unit, name="枫岭印染有限公司", address="明山区枫桥路 49 号", industry_name="棉印染精加工")
    make_held_draw(plan=make_published_plan(unit, key=2, general=9, special=0), released=True)
    citizen = OverHttp().open("/").press("查询", q="枫桥路")
    citizen.sees("枫岭印染有限公司").follow("枫岭印染有限公司")
    assert citizen.path == f"/enterprises/{one.code}/"
    citizen.sees("在，明山分局的一般监管对象", "名单已公开的抽取参加 1 次", "从未检查", "没有检查，没有结论")
    citizen.sees("企业可以在自己的检查结果旁写说明").follow("为什么").sees("枫岭印染有限公司", "签号")
    OverHttp().open("/enterprises/").press("查询", q="枫桥路 印染").sees("枫岭印染有限公司")
    OverHttp().open("/enterprises/?q=枫岭印染").sees("枫岭印染有限公司")  # half a name leads there too


@pytest.mark.clause("四(3)-f", "八(二)-c")
def test_an_enterprise_objects_by_its_link_and_later_sees_the_correction_with_its_old_text(at):
    at("2026-07-06 10:00")
    result = make_published_result(problem="标签缺项 2 处")
    check = Inspection.objects.get(no=result.no)
    unit = check.unit
    officer, leader = signed_in(make_disclosure_officer(unit)), signed_in(make_approver(unit))
    mine = OverHttp().open(f"/e/{link_of(check).token}/").follow("更正")
    mine.press("提交更正或申诉").sees("写一个电话或邮箱，才能答复", "选择要求", "写明应当怎样写，依据是什么")
    mine.press("提交更正或申诉", phone="024-00001700", demand="CORRECT", part="FINDING", words="只有 1 处，照片附后。")
    receipt = Objection.objects.get().receipt
    mine.sees(f"已受理，受理编号 {receipt}。", "撤回码")
    everybody = OverHttp().open(f"/results/{result.no}/").sees("异议处理中")
    everybody.follow("看办理情况").sees("还剩 15 个工作日", "被检查的企业").does_not_see("024-00001700", "照片附后")

    desk = f"/desk/corrections/{receipt}/?outcome=CORRECT"
    people = [OverHttp(), OverHttp()]
    for person, client in zip(people, (officer, leader), strict=True):
        person.client.cookies = client.cookies
    people[0].open(desk).press(
        "提出决定", reason="核对照片，缺项的是 1 处", evidence="检查笔录第 2 页", **{"place.finding": "标签缺项 1 处"}
    )
    people[1].open(desk).press("批准：更正", opinion="同意")
    seen = OverHttp().open(f"/corrections/{receipt}/").sees("决定：更正一处", "核对照片，缺项的是 1 处")
    html = html_of(seen.answer)
    assert re.findall(r"<(del|ins)>(.*?)</", html) == [("del", "2"), ("ins", "1")]
    seen.follow("第 1 版原文")
    assert "标签缺项 2 处" in html_of(seen.answer)
    OverHttp().open(f"/results/{result.no}/").sees("标签缺项 1 处", "第 1 版").does_not_see("异议处理中")


@pytest.mark.clause("四(3)-e", "四(3)-f")
def test_a_journalist_counts_the_shares_of_the_counties_again_from_the_files(at):
    ours, theirs = make_unit("210504"), make_unit("210503")
    play_quarter(at, "2026-07-06 10:00", unit=ours, key=0, general=6, special=0, inspectors=4)
    play_quarter(at, "2026-10-09 10:00", unit=theirs, key=0, general=6, special=0, inspectors=4)
    paper = OverHttp().open("/data/").follow("统计").sees("各单位", "发现问题占比", "每个数怎样算")
    told = {row["key"]: row["figures"] for row in paper.client.get("/statistics/rates.json?period=2026").json()["rows"]}
    rows = read(paper.client.get("/results/export.csv"))
    looked = Counter(r["公示编号"][:6] for r in rows if r["检查结果"] not in ("停产未检查", "无法联系"))
    assert set(looked) == {ours.code, theirs.code}
    assert {code: told[code]["found"]["denominator"] for code in looked} == looked
    assert told["all"]["found"]["denominator"] == looked.total()
    everybody, never = (
        read(paper.client.get("/data/facilities.csv")),
        read(paper.client.get("/data/facilities.csv?never=1")),
    )
    assert [row for row in everybody if row["从未检查"] == "是"] == never
    assert told["all"]["never"]["numerator"] == len(never) < len(everybody)
    wrong = paper.client.get("/data/facilities.csv?nevr=1")
    assert wrong.status_code == 400 and "不认识的条件 nevr=1" in wrong.json()["error"]


def read(answer) -> list[dict[str, str]]:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.clause("四(3)-a", "四(3)-e")
def test_an_editor_of_a_portal_mirrors_the_public_side_and_finds_the_result_there_without_a_server(at, tmp_path):
    at("2026-07-06 10:00")
    result = make_published_result(problem="标签缺项 2 处")
    key = {"REGISTER_KEY": "11" * 32, "REGISTER_ORIGIN": "", "REGISTER_HEAD": str(tmp_path / "head")}
    with override_settings(**key):
        call_command("mirror", tmp_path / "copy", stdout=io.StringIO())
    root = tmp_path / "copy"
    here, path = root / "index.html", []
    for words in ("检查结果", result.facility_name):
        link = forms.read(here.read_text()).link_with(words)
        assert not re.match(r"/|[a-z]+:", link), link  # it works from a folder
        here = (here.parent / link.partition("#")[0]).resolve()
        path.append(here)
    assert "标签缺项 2 处" in here.read_text() and here.is_relative_to(root.resolve())
    sums = dict(reversed(line.split("  ", 1)) for line in (root / "sha256sums.txt").read_text().splitlines())
    for page in path:
        assert sums[str(page.relative_to(root.resolve()))] == hashlib.sha256(page.read_bytes()).hexdigest()
