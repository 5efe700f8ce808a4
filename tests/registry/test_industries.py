"""国民经济行业分类: the table is whole, and what people write of an industry is read (六(二)-k; GB/T 4754-2017)."""

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry import industries

CODES = sorted(code for code in industries.table() if len(code) > 1)


def test_the_table_has_the_levels_of_the_standard():
    assert Counter(map(len, industries.table())) == {1: 20, 3: 97, 4: 473, 5: 1381}
    for code in CODES:
        assert code[:-1] in industries.table() or len(code) == 3, code
    assert len({code[1:] for code in CODES}) == len(CODES), "digits alone name an industry"


@pytest.mark.parametrize(
    ("code", "name"),
    [  # from the public notes on the standard, not from the table
        ("C", "制造业"),
        ("B08", "黑色金属矿采选业"),
        ("B0810", "铁矿采选"),
        ("C311", "炼铁"),
        ("C3110", "炼铁"),
        ("C3120", "炼钢"),
        ("C2521", "炼焦"),
        ("C2511", "原油加工及石油制品制造"),
        ("C3011", "水泥制造"),
        ("D4620", "污水处理及其再生利用"),
        ("N7724", "危险废物治理"),
        ("A0313", "猪的饲养"),
    ],
)
def test_known_industries_have_their_names(code, name):
    assert industries.name_of(code) == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C2511", "C2511"),
        ("c2511", "C2511"),
        ("2511", "C2511"),
        ("C25", "C25"),
        ("251", "C251"),
        ("C 3110", "C3110"),
        ("Ｃ３１１０", "C3110"),
        ("炼铁", "C3110"),
        ("原油加工及石油制品制造", "C2511"),
        ("C2511原油加工及石油制品制造", "C2511"),
        ("C2511 原油加工及石油制品制造", "C2511"),
        ("原油加工及石油制品制造（C2511）", "C2511"),
        ("2511-原油加工及石油制品制造", "C2511"),
        ("农副食品加工业", "C13"),
        ("农副食品加工", "C13"),
        ("其他采矿业", "B1200"),
    ],
)
def test_an_industry_is_read_by_code_name_or_both(text, code):
    assert industries.read(text)[0] == code


@pytest.mark.parametrize(
    ("text", "problem", "remedy"),
    [
        ("C9999", "GB/T 4754—2017 里没有 C9999", "C2521"),
        ("C2512", "GB/T 4754—2017 里没有 C2512", "C2511 原油加工及石油制品制造"),
        ("D2511", "门类字母不对：2511 属于 C 制造业", "写“C2511”"),
        ("C2511、C2521", "一格里有两个行业代码", "写主要的一个，如“C2511”"),
        ("很大的厂", "不是国民经济行业代码", "“C2521”或“炼焦”"),
        ("制造业", "不是国民经济行业代码", "“C2521”或“炼焦”"),
    ],
)
def test_what_is_no_industry_is_refused_with_what_to_write(text, problem, remedy):
    code, _, said = industries.read(text)
    assert (code, said[0]) == ("", problem)
    assert remedy in said[1]


def test_a_number_that_may_have_lost_its_zero_is_asked():
    assert industries.read("311", number=True)[2] == (
        "是数字 311，前面的 0 可能丢了",
        "是炼铁的写“C311”，是牛的饲养的写“A0311”",
    )
    assert industries.read("810", number=True)[2][0].startswith("是数字 810，前面的 0")
    assert industries.read("2511", number=True)[0] == "C2511"
    code, note, _ = industries.read("311")
    assert (code, note) == ("C311", "已读作 C311 炼铁")


def test_a_name_that_does_not_fit_its_code_is_told():
    code, note, _ = industries.read("C2511炼焦")
    assert code == "C2511" and "与写的名称不同" in note


@given(st.sampled_from(CODES))
@example("M7517")
def test_every_industry_is_read_back_by_its_code_and_with_its_name(code):
    name = industries.name_of(code)
    assert industries.read(code) == (code, "", ("", ""))
    for text in (f"{code}{name}", f"{name}（{code}）", f"{code} {name}"):
        assert industries.read(text) == (code, "", ("", ""))
    by_name = industries.read(name)[0]
    assert industries.name_of(by_name) == name and by_name.startswith(code.rstrip("0"))
