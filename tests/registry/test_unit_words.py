"""A unit is known by all the words that offices use for it, and by no word of another (五)."""

import pytest

from benxi_shuangsuiji.accounts.benxi import BRANCHES
from benxi_shuangsuiji.accounts.models import Unit
from registry.unit_words import unit_key, unit_meant, unit_words

UNITS = {code: Unit(code=code, name=f"本溪市生态环境局{short}", short_name=short) for code, _, short, _ in BRANCHES} | {
    "210500": Unit(code="210500", name="本溪市生态环境保护综合行政执法队", short_name="市执法队")
}
WORDS = {
    "210504": (
        "明山分局 明山生态环境分局 本溪市生态环境局明山分局 明山区分局 市生态环境局明山分局 明山区生态环境分局 明山区 明山"
        " 210504 本溪市明山区生态环境局 明山执法科 明山环保分局"
    ),
    "210521": "本溪县分局 本溪市生态环境局本溪县分局 本溪县生态环境分局 本溪满族自治县分局 本溪县 本溪满族自治县 210521",
    "210522": "桓仁县分局 桓仁分局 桓仁满族自治县生态环境分局 本溪市生态环境局桓仁分局 桓仁县",
    "2105GX": "高新区分局 高新分局 高新技术产业开发区分局 本溪高新技术产业开发区生态环境分局 本溪市生态环境局高新区分局 高新区",
    "210500": "市执法队 本溪市生态环境保护综合行政执法队 生态环境保护综合行政执法队 执法队 市本级 市直 210500",
}


@pytest.mark.parametrize(("code", "word"), [(code, word) for code, words in WORDS.items() for word in words.split()])
def test_a_word_means_one_unit(code, word):
    assert unit_key(word) in unit_words(UNITS[code])
    assert unit_meant(word, UNITS.values()) is UNITS[code]
    assert [u for u in UNITS.values() if unit_key(word) in unit_words(u)] == [UNITS[code]]


@pytest.mark.parametrize("word", ["", "市局", "本溪市生态环境局", "沈阳分局", "本溪", "分局"])
def test_other_words_mean_no_unit(word):
    assert unit_meant(word, UNITS.values()) is None
