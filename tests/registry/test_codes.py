"""统一社会信用代码 and 许可证编号 (GB 32100-2015, HJ 608-2017; domain.md 4.1, 4.2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from registry import codes

BODIES = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17)
PUBLISHED = ["91130200699229617X", "91110000600037341L", "91210504DEM000030E", "91210502DEM000014U"]


def problem(code):
    return codes.why_not_uscc(code)[0]


@pytest.mark.promise("P18")
@given(BODIES)
def test_the_check_character_is_that_of_an_independent_implementation(first17):
    assert codes.check_character(first17) == uscc.calc_check_digit(first17)


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_the_organisation_check_character_is_one_digit_or_x(first8):
    assert codes.organisation_check_character(first8) in set("0123456789X")


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_are_right(code):
    assert codes.why_not_uscc(code) == ("", "")
    assert codes.organisation_warning(code) == "" or code.startswith("9111")


@pytest.mark.promise("P18")
def test_every_single_wrong_character_and_every_swap_of_neighbours_is_found():
    right = "91210504DEM000030E"
    wrong = [right[:i] + c + right[i + 1 :] for i in range(18) for c in codes.ALPHABET if c != right[i]] + [
        right[:i] + right[i + 1] + right[i] + right[i + 2 :] for i in range(17) if right[i] != right[i + 1]
    ]
    assert len(wrong) > 540
    assert [code for code in wrong if not problem(code)] == []


def test_the_wrong_check_character_is_told_with_the_right_one():
    assert codes.why_not_uscc("91210504DEM000030X") == (
        "校验位应为 E，现为 X",
        "至少有一位写错，对照营业执照逐位核对",
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("91210504DEM00003", "应为 18 位，现为 16 位"),
        ("91210504DEM000030EE", "应为 18 位，现为 19 位"),
        ("210504000012345", "这是 15 位的旧注册号"),
        ("9.12105E+17", "信用代码被 Excel 存成了数字，后几位已丢失"),
        ("9.12105001234568E+17", "信用代码被 Excel 存成了数字，后几位已丢失"),
        ("9I210504DEM000030E", "含不允许的字母 I（信用代码不用 I、O、S、V、Z）"),
        ("91210504DEMOO0030E", "含不允许的字母 O（信用代码不用 I、O、S、V、Z）"),
        ("91210504DEM00003-E", "含不允许的字符 -"),
    ],
)
def test_each_fault_has_its_own_sentence(code, said):
    assert problem(code) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("91130200699229617X001P", ""),
        ("91130200699229617X001", "应为 22 位，现为 21 位"),
        ("91130200699229617X0O1P", "不是许可证或登记编号的格式"),
        ("9.1130200699E+21", "编号被 Excel 存成了数字，后几位已丢失"),
    ],
)
def test_permit_numbers_follow_hj_608(number, said):
    assert codes.why_not_permit(number)[0] == said


def test_a_permit_of_another_firm_is_only_a_warning():
    assert codes.permit_warning("91130200699229617X001P", "91130200699229617X") == ""
    assert "前 18 位" in codes.permit_warning("91130200699229617X001P", "91210504DEM000030E")
