"""Personal data in free text: found, named with its place, and not published (八(二)-c)."""

import pytest

from benxi_shuangsuiji.refusal import Refused
from disclosure.publishing import actions, privacy
from tests.factories import make_disclosure_officer, make_facility, make_unit
from tests.inspections.factories import make_reviewed

pytestmark = [pytest.mark.django_db, pytest.mark.clause("八(二)-c")]


def reviewed(problem, **fields):
    unit = make_unit()
    facility = make_facility(unit, **{"legal_person": "齐大山", "contact_name": "邢安", **fields})
    return make_reviewed(unit, facility=facility, problem=problem)


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
        actions.publish_result(inspection=inspection, by=make_disclosure_officer(inspection.unit), names_confirmed=True)


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


def test_a_name_is_shown_masked_with_its_place_and_passes_only_when_confirmed():
    inspection = reviewed("由齐 大 山现场说明情况")
    officer = make_disclosure_officer(inspection.unit)

    with pytest.raises(Refused) as refusal:
        actions.publish_result(inspection=inspection, by=officer)
    assert "描述里有“齐*山”，疑为个人姓名。改为“现场负责人”，或确认需要公开。" in str(refusal.value)
    assert "齐大山" not in str(refusal.value)

    publication = actions.publish_result(inspection=inspection, by=officer, names_confirmed=True)
    assert publication.snapshot["names_confirmed"] is True


def test_an_inspectors_name_in_the_text_is_found_too():
    inspection = reviewed("已拍照")
    member = inspection.members.select_related("inspector").first().inspector
    inspection.finding = f"{member.name}拍照"
    assert [f.shown for f in privacy.findings(inspection)] == [privacy.masked(member.name)]


def test_a_natural_persons_own_name_never_passes():
    inspection = reviewed("佟二河未建台账", name="佟二河", is_natural_person=True)
    with pytest.raises(Refused, match="自然人的姓名"):
        actions.publish_result(inspection=inspection, by=make_disclosure_officer(inspection.unit), names_confirmed=True)


def test_the_check_digit_tells_an_identity_number_from_another_long_number():
    assert privacy.is_identity_number("11010519491231002X") is privacy.is_identity_number("11010519491231002x") is True
    assert privacy.is_identity_number("110105194912310021") is False
