"""Names spelled as pypinyin spells them, whatever stands in them."""

from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from registry.facilities.pinyin import initials, syllables

# Characters that read otherwise in some words, and what else stands in the names of firms.
_TEXT = st.text(
    st.sampled_from("重长行乐石车厂省朝阳单解区曾薄谷盖大夫都会本溪化工有限公司嗯鸟衣呒一二三ABab12（）-·、 "),
    max_size=20,
)


@given(_TEXT | st.text(max_size=20))
def test_syllables_and_initials_are_those_of_the_dictionary(text):
    spelled = syllables(text)
    assert spelled == lazy_pinyin(text, errors="ignore")
    assert initials(spelled) == "".join(lazy_pinyin(text, style=Style.FIRST_LETTER, errors="ignore"))
