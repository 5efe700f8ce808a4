"""Names as people type them: syllables without tones, the same that pypinyin gives, in a tenth of its time.

The words of a name recur in thousands of others (本溪, 化工, 有限公司): each is looked up once. pypinyin reads its
dictionaries when it is loaded: with the first name that is written, since most processes only read.
"""

from functools import lru_cache


def syllables(text: str) -> list[str]:
    """本溪 → ["ben", "xi"]; what is no Chinese character is left out."""
    from pypinyin.seg.mmseg import seg

    found: list[str] = []
    for word in seg.cut(text):
        found += _word(word)
    return found


def initials(spelled: list[str]) -> str:
    return "".join(s[0] for s in spelled)


@lru_cache(maxsize=60_000)
def _word(word: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word, errors="ignore"))
