"""Personal data in free text: found, named with its place, and not published (八(二)-c)."""

import random
from pathlib import Path

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.refusal import Refused
from disclosure.publishing import actions
from inspections.privacy import actions as privacy_actions
from inspections.privacy import findings as privacy
from inspections.privacy.named import behind, names_in, without
from tests.browsing import post
from tests.factories import make_disclosure_officer, make_facility, make_registrar, make_unit
from tests.inspections.factories import make_reviewed, make_started, team_of
from tests.javascript import asked

PHONE = Path(__file__).resolve().parents[3] / "static/js/names.js"
pytestmark = [pytest.mark.django_db, pytest.mark.clause("八(二)-c")]


def reviewed(problem, **fields):
    unit = make_unit()
    facility = make_facility(unit, **{"legal_person": "齐大山", "contact_name": "邢安", **fields})
    return make_reviewed(unit, facility=facility, problem=problem)


@pytest.mark.promise("P24")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("联系电话 13804140000", "138******00"),
        ("联系电话 138 0414 0000", "138******00"),
        ("联系电话１３８０４１４００００。", "138******00"),
        ("座机 024-42345678", "024******78"),
        ("身份证 11010519491231002X", "110*************2X"),
    ],
)
def test_a_number_is_found_and_cannot_be_confirmed_away(text, shown):
    inspection = reviewed(text)
    found = privacy.findings(inspection)
    assert {f.shown for f in found} == {shown}
    assert all(f.firm for f in found)
    with pytest.raises(Refused, match="退回修改"):
        actions.publish_result(inspection=inspection, by=make_disclosure_officer(inspection.unit))


@pytest.mark.parametrize(
    "text",
    [
        "危废 2026 年 7 月产生 13.5 吨",
        "台账编号 2026070600012345",
        "排口 DA001 浓度 138 mg/m3",
        "统一代码 91210504MA0UTQ2T1K",
    ],
)
def test_an_ordinary_figure_is_not_taken_for_personal_data(text):
    assert privacy.findings(reviewed(text)) == []


def test_a_name_is_shown_masked_with_its_place_and_passes_only_with_a_reason():
    inspection = reviewed("由齐 大 山现场说明情况")
    officer = make_disclosure_officer(inspection.unit)

    with pytest.raises(Refused) as refusal:
        actions.publish_result(inspection=inspection, by=officer)
    assert "描述里有“齐*山”，疑为个人姓名。改为“现场负责人”，或写明为什么要公开。" in str(refusal.value)
    assert "齐大山" not in str(refusal.value)
    for name, reason, sentence in (("齐大山", "好", "至少 4 个字"), ("齐二山", "经营者就是被检查人", "没有这个姓名")):
        with pytest.raises(Refused, match=sentence):
            privacy_actions.keep_name(inspection=inspection, name=name, reason=reason, by=officer)

    privacy_actions.keep_name(inspection=inspection, name="齐大山", reason="经营者就是被检查人", by=officer)
    publication = actions.publish_result(inspection=inspection, by=officer)
    assert publication.snapshot["names_confirmed"] is True


def test_a_name_that_no_register_holds_is_found_by_how_it_is_said():
    """What once went public through a green check list: 现场负责人王建国已确认."""
    inspection = reviewed("事故应急池没有加盖，现场负责人王建国已确认")
    with pytest.raises(Refused, match="“王\\*国”，疑为个人姓名"):
        actions.publish_result(inspection=inspection, by=make_disclosure_officer(inspection.unit))


def test_only_those_who_answer_for_the_words_say_why_a_name_stays():
    inspection = reviewed("现场负责人王建国已确认")
    with pytest.raises(Refused, match="由检查小组、审核人和公示员核对"):
        privacy_actions.keep_name(
            inspection=inspection, name="王建国", reason="经营者就是被检查人", by=make_registrar(inspection.unit)
        )


def test_the_reason_for_a_late_publication_is_read_for_private_words_too():
    inspection = reviewed("已拍照")
    inspection.publish_by = inspection.ended_at.date()
    inspection.save()
    with pytest.raises(Refused, match="逾期原因里有“王\\*国”"):
        actions.publish_result(
            inspection=inspection,
            by=make_disclosure_officer(inspection.unit),
            late_reason="等企业联系人王建国回复",
        )


NAMED = {
    "现场负责人王建国已确认": ["王建国"],
    "厂长李明陪同检查": ["李明"],
    "由张志强陪同检查": ["张志强"],
    "负责人：欧阳青山。": ["欧阳青山"],
    "王建国厂长到场": ["王建国"],
    "经理高山拒绝签字": ["高山"],
    "企业联系人为赵铁，电话未留": ["赵铁"],
    "环保员孙小梅说明，台账在办公室": ["孙小梅"],
    "刘洋在场": ["刘洋"],
    "操作工陈二说停了三天": ["陈二"],
    "询问周立波，称不知情": ["周立波"],
    "员工（马强）值班": ["马强"],
    "与郭德、张三确认": ["张三"],
}
NOBODY = (
    "现场负责人确认",
    "负责人高度重视",
    "现场负责人安排专人整改",
    "企业负责人应当在 7 日内报告",
    "安全员表示已整改",
    "负责人于 5 月 3 日到场",
    "厂长时间安排",
    "现场负责人王某已确认",
    "项目经理方可入场",
    "车间主任生产记录不全",
    "由企业负责",
    "由周边居民反映",
    "石灰石堆场未覆盖",
    "施工人员未持证",
    "张贴说明",
    "林业局提供的资料",
    "操作人员未佩戴口罩",
    "人员常年在岗",
    "曾经确认过",
    "陆续到场",
    "董事长说明",
    "人员和设备齐全",
    "组长江水取样",
)


@pytest.mark.parametrize(("text", "names"), [*NAMED.items(), *((text, []) for text in NOBODY)])
def test_a_sentence_names_somebody_or_nobody(text, names):
    assert names_in(text) == names


def test_signs_in_a_name_are_signs_and_no_pattern():
    """A name is looked for as it stands (ASVS 1.2.9)."""
    text = "现场负责人王建国已确认"
    assert behind(text, "王建国")[0] != "王建国"
    for name in ("王.国", "王.*", "(", "["):
        assert behind(text, name)[0] == name and without(text, name) == text


PIECES = (
    "现场负责人",
    "由",
    "，",
    "王建国",
    "厂长",
    "李 明",
    "陪同",
    "\n",
    "欧阳青山",
    "高度重视",
    "13804140000",
    "024-4234 5678",
    "说明",
    "马强",
)
NUMBERS = (
    "联系电话１３８０４１４００００。",
    "身份证 11010519491231002X",
    "身份证 110105194912310021，0242345678",
    "统一代码 91210504MA0UTQ2T1K",
)


def test_the_phone_marks_the_same_as_the_server(request):
    """Without a network, by the same patterns: every text here, and sentences put together by chance (PNG 30c)."""
    inspection = reviewed("已拍照", name="佟二河", is_natural_person=True)
    inspection.kept_names.create(name="马强", reason="经营者就是被检查人", by=inspection.reviewed_by, at=clock.now())
    chance = random.Random(30)
    texts = [*NAMED, *NOBODY, *NUMBERS, "由齐 大 山说明，佟二河未到场", ""]
    texts += ["".join(chance.choices(PIECES, k=7)) for _ in range(100)]
    said = asked(request, PHONE, "Names", "given.texts.map(Names.reader(given.reads))")
    found = said({"reads": privacy.given_to_the_phone(inspection), "texts": texts})
    shown = [[{key: one[key] for key in ("title", "text", "whole", "role")} for one in marks] for marks in found]
    assert dict(zip(texts, shown, strict=True)) == {text: privacy.marks(inspection, text) for text in texts}
    assert sum(map(bool, shown)) > 50


def test_a_name_behind_what_somebody_is_is_left_out_and_another_replaced():
    assert without("现场负责人王建国已确认", "王建国") == "现场负责人已确认"
    assert without("由张志强陪同检查", "张志强") == "由现场负责人陪同检查"


def test_an_inspectors_name_in_the_text_is_found_too():
    inspection = reviewed("已拍照")
    member = inspection.members.select_related("inspector").first().inspector
    inspection.finding = f"{member.name}拍照"
    assert [f.shown for f in privacy.findings(inspection)] == [privacy.masked(member.name)]


def test_a_natural_persons_own_name_never_passes():
    inspection = reviewed("佟二河未建台账", name="佟二河", is_natural_person=True)
    with pytest.raises(Refused, match="自然人的姓名"):
        actions.publish_result(inspection=inspection, by=make_disclosure_officer(inspection.unit))


def test_the_check_digit_tells_an_identity_number_from_another_long_number():
    assert privacy.is_identity_number("11010519491231002X") is privacy.is_identity_number("11010519491231002x") is True
    assert privacy.is_identity_number("110105194912310021") is False


def test_on_the_phone_a_name_is_taken_out_or_kept_with_a_reason(client):
    """疑为个人姓名 stands at the point where it was written (PNG 30c)."""
    inspection = make_started()
    client.force_login(team_of(inspection)[0].user)
    point = inspection.answers.order_by("item_code", "number").first()
    address = f"/field/{inspection.no}/check/1/"

    def send(words, **pressed):
        point.refresh_from_db()
        typed = {f"answer_{point.pk}": "FOUND", f"words_{point.pk}": words, **pressed}
        return post(client, address, **typed)

    send("现场负责人王建国已确认")
    assert "疑为个人姓名：王建国" in client.get(address).content.decode()
    kept = send("现场负责人王建国已确认", **{f"why_{point.pk}": "好"})
    assert "至少 4 个字" in kept.content.decode()
    send("现场负责人王建国已确认", **{f"why_{point.pk}": "经营者就是被检查人"})
    assert "疑为个人姓名" not in client.get(address).content.decode()
    assert inspection.kept_names.get().name == "王建国"

    send("厂长李明陪同检查", mend=str(point.pk))
    point.refresh_from_db()
    assert point.words == "厂长陪同检查"
