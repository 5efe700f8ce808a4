"""No number of 《实施方案》 stands fixed in a sentence: what is a rule is written from the version in force (附-b).

Read from the files, no database. A number with one of the units in which the plan gives its numbers is found in every
template and every string of the code; what is no rule of the plan is listed below with the reason.
"""

import re

import pytest

from benxi_shuangsuiji.policy.changes import CHANGEABLE, FIXED, METHOD_LIMITS, METHOD_NOTES
from benxi_shuangsuiji.policy.parameters import LAW, OWN, PARAMETERS, PLAN
from benxi_shuangsuiji.policy.versions import TRIAL_2025
from tests.test_words import MODULES, TEMPLATES, literals, name_of

SEVERAL = "[二两三四五六七八九十]{1,3}"
NUMBER = rf"(?:(?<![\d.])\d+(?:\.\d+)?|(?<![第百]){SEVERAL})"
UNIT = r"(?:[%％](?!\})|个工作日|个月|日前|日以[前后]|日[内公]|天|年[内全覆查能一]|人一组|名持|月底前)"
RULE = re.compile(
    rf"{NUMBER} ?{UNIT}|(?<!第)(?<!第 )\d+ ?次|一(?:个月内|年一遍|年内)|[每首末个]\S{{0,4}}月 ?\d+ 日|不(?:少于|超过|低于) ?(?:\d|{SEVERAL})"
)

LOGIN = "登录和密码，不是抽查的规则"
EXAMPLE = "举例，照国务院通知的写法"
BOUND = "百分数本身的上限，或者库里能保存的"
METHOD = "抽取方法 SSJ1 自己的数"
LEDGER = "封存前核对名录变更的区间（SSJ1 D9），不是《实施方案》的数"
TEXT = "别的法规或者文件的原文"
LENGTH = "字数和大小"
BAND = "图的刻度和统计上的范围，不是抽查的规则"
# file → (words, why they may stay)
MAY_STAY = {
    "benxi_shuangsuiji/accounts/forms.py": ("连续输错 5 次|7 天内打开", LOGIN),
    "benxi_shuangsuiji/accounts/second_factor.py": ("连续输错 5 次", LOGIN),
    "templates/accounts/locked.html": ("连续输错 5 次", LOGIN),
    "benxi_shuangsuiji/database/constraints.py": ("不超过 [13]\\d? ?位", LENGTH),
    "benxi_shuangsuiji/workdays/forms.py": ("共 3 天", EXAMPLE),
    "benxi_shuangsuiji/workdays/notice.py": ("共 3 天", EXAMPLE),
    "plans/local/rules.py": ("不大于 100%", BOUND),
    "plans/local/models.py": ("不大于 100%", BOUND),
    "plans/quarterly/models.py": ("不大于 100%", BOUND),
    "plans/lists/starting_list.py": ("不少于五年|20 日内", TEXT),
    "inspections/frequency/models.py": ("至少是 1 次", BOUND),
    "plans/draw/ssj1.py": (".*", METHOD),
    "benxi_shuangsuiji/policy/changes.py": (".*", METHOD),
    "benxi_shuangsuiji/policy/clauses.py": (".*", "《实施方案》的原文"),
    "templates/disclosure/draws/algorithm.html": (".*", METHOD),
    "templates/disclosure/site/accessibility.html": ("放大到 200%", "浏览器的放大"),
    "inspections/fairness/people.py": ("不到 0.1%", BAND),
    "templates/components/bands.html": ("95% 范围", BAND),
    "templates/components/bands_legend.html": ("100 次里至少有 95 次|左端为 0 次", BAND),
    "disclosure/statistics/bands.py": ("95% 范围", BAND),
    "templates/plans/draw/draw_ledger.html": ("[近前] 30 天", LEDGER),
    "templates/plans/draw/draw_prepare.html": ("封存前 30 天", LEDGER),
}


def fixed_numbers(name: str, text: str) -> list[str]:
    words = MAY_STAY.get(name, ("",))[0]
    return [m[0] for m in RULE.finditer(re.sub(words, "", text) if words else text)]


def shown(path) -> str:
    """The template without comments, styles, drawings and the names inside tags; what tags quote stays."""
    text = re.sub(
        r"\{#.*?#\}|<style.*?</style>|\{% block style %\}.*?\{% endblock %\}|<svg.*?</svg>|<rect[^>]*>",
        " ",
        path.read_text(),
        flags=re.S,
    )
    text = re.sub(r"\{%\s*(?:if|elif|for|url|slice)\b.*?%\}", " ", text)
    return re.sub(r"\{\{.*?\}\}", " ", text)


@pytest.mark.clause("附-b")
def test_no_template_holds_a_number_of_the_plan():
    found = {name_of(path): fixed_numbers(name_of(path), shown(path)) for path in TEMPLATES}
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


@pytest.mark.clause("附-b")
def test_no_sentence_of_the_code_holds_a_number_of_the_plan():
    found = []
    for path in MODULES:
        if "/demo/" in str(path):
            continue  # what the demo writes is its data
        for line, text in literals(path):
            if isinstance(text, str) and (numbers := fixed_numbers(name_of(path), text)):
                found.append((name_of(path), line, numbers))
    assert found == []


@pytest.mark.clause("附-b")
def test_the_search_finds_the_numbers_it_is_for():
    for sentence, found in {
        "重点对象不低于 25%": ["不低于 2"],
        "重点对象每季度 25％": ["25％"],
        "同一事项每年 2 次": ["2 次"],
        "检查结束之日起 20 个工作日内公开": ["20 个工作日"],
        "季度首月 10 日前完成抽取": ["首月 10 日"],
        "10 日以后抽取": ["10 日以后"],
        "季度最后一个月 25 日": ["个月 25 日"],
        "每年 1 月 5 日前公开": ["5 日前"],
        "一般对象三年全覆盖": ["三年全"],
        "每组不少于两人": ["不少于两"],
        "31 天没有审核": ["31 天"],
        "三十天内的其他检查": ["三十天"],
        "报告 12 月底前": ["12 月底前"],
    }.items():
        assert fixed_numbers("", sentence) == found, sentence
    for sentence in ("2026 年 7 月 10 日抽取", "第 9 个事项", "两次都看得到", "第 3 次核对", "3 家没有派发"):
        assert fixed_numbers("", sentence) == [], sentence


def test_what_may_stay_is_still_there():
    """A sentence that is gone leaves the list too."""
    files = {name_of(p): p for p in [*TEMPLATES, *MODULES]}
    for name, (words, _why) in MAY_STAY.items():
        assert re.search(words, files[name].read_text()), name


@pytest.mark.clause("附-b")
def test_every_number_shown_is_changed_by_data_or_says_why_it_stays():
    paths = [path for parameter in PARAMETERS for path in parameter.paths]
    assert sorted(paths) == sorted({*CHANGEABLE, *FIXED})
    assert not set(CHANGEABLE) & set(FIXED)
    assert set(METHOD_LIMITS) | set(METHOD_NOTES) <= set(CHANGEABLE)
    assert {p.binding for p in PARAMETERS} == {PLAN, LAW, OWN}
    assert all(p.shown(TRIAL_2025) for p in PARAMETERS)
