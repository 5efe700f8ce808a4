"""The levels of the ratings as they are in force (六(二)-k, -n, -o; domain.md 4.6)."""

import re
from collections.abc import Mapping
from datetime import date

from registry.codes import normal_word
from registry.models import Rating, VocabularyTerm

UNRATED = frozenset(
    [
        "不评定等级",
        "不评定",
        "不予评定",
        "不评价",
        "未评",
        "未评定",
        "未评级",
        "未评价",
        "未定级",
        "未参评",
        "不参评",
        "暂未评定",
        "暂不评定",
    ]
)
_SORT = re.compile("(企业|单位|等级|级|类|牌|标|风险)$")
_OF_WHAT = re.compile("^(环保|环境信用|信用风险|风险)?")
_BRACKETS = re.compile(r"[()\[\]【】〔〕]+")


def words(kind: str, on: date) -> dict[str, str]:
    """Every word of a rating that is in use → the code that the registry keeps; first come the codes themselves."""
    rows = list(VocabularyTerm.objects.valid_on(on).filter(kind=kind).values_list("code", "label", "also"))
    known = {code: code for code, _, _ in rows}
    return known | {word: code for code, label, also in rows for word in (label, *also) if word not in known}


def meant(text: str, words: Mapping[str, str]) -> str | None:
    """The code that a word means: 绿, 绿牌, 环保诚信企业（绿牌企业）, A级, Ｂ 类; None for a word that is no level."""
    known = {normal_word(word): code for word, code in words.items()}
    whole = normal_word(text)
    if (code := _code_of_part(_BRACKETS.sub("", whole), known)) is not None:
        return code
    codes = {_code_of_part(part, known) for part in _BRACKETS.split(whole) if part}
    return codes.pop() if len(codes) == 1 else None


def _code_of_part(part: str, known: Mapping[str, str]) -> str | None:
    while part:
        if (word := part if part in known else _OF_WHAT.sub("", part)) in known:
            return known[word]
        if (shorter := _SORT.sub("", part)) == part:
            return None
        part = shorter
    return None


def code_of(kind: str, text: str, on: date) -> str | None:
    """The code that a word means today; None for a word that is no level."""
    return meant(text, words(kind, on))


def as_codes(values: Mapping, on: date) -> dict:
    """The values of a facility with levels as the registry keeps them; what is no level stays as it is, to be refused."""
    said = {kind: values[kind] for kind in (Rating.CREDIT, Rating.RISK) if values.get(kind)}
    return {**values, **{kind: code for kind, text in said.items() if (code := code_of(kind, text, on))}}


def why_not_levels(values: Mapping, held, on: date) -> str:
    """Why these levels cannot be set: nothing but the vocabulary is stored; what a facility has already may stay."""
    for kind in (Rating.CREDIT, Rating.RISK):
        text = values.get(kind)
        if text and text != getattr(held, kind, "") and text not in words(kind, on).values():
            return f"{kind.label}没有“{text}”这一级。可以填：{'、'.join(labels(kind, on))}。"
    return ""


def labels(kind: str, on: date) -> list[str]:
    return list(VocabularyTerm.objects.valid_on(on).filter(kind=kind).values_list("label", flat=True))


def serious_credit() -> frozenset[str]:
    """Every word that means 严重失信, those of levels no longer given as well: an old rating stays what it was."""
    words: set[str] = set()
    for code, label, also in VocabularyTerm.objects.filter(kind=Rating.CREDIT, is_serious=True).values_list(
        "code", "label", "also"
    ):
        words |= {code, label, *also}
    return frozenset(words)


def why_not_rate(kind: str, text: str, *, year: int, month: int | None, source: str, today: date) -> str:
    if kind not in Rating.values:
        return "没有这种评价。"
    kind = Rating(kind)
    if code_of(kind, text, today) is None:
        return f"{kind.label}没有“{text}”这一级。可以填：{'、'.join(labels(kind, today))}。"
    if kind.monthly and month is None:
        return "信用风险分类按月登记，填写月份。"
    if not kind.monthly and month is not None:
        return f"{kind.label}按年登记，不填月份。"
    if year < 2000 or (year, month or 1) > (today.year, today.month if kind.monthly else 12):
        return "评价的年度或月份还没有到，或者早于 2000 年。"
    return "" if len(source.strip()) >= 4 else "写明来源，如“2026 年环境信用评价结果通报”。"


def label_of() -> dict[str, str]:
    """“kind:code” → name, of every level there ever was."""
    rows = VocabularyTerm.objects.values_list("kind", "code", "label")
    return {f"{kind}:{code}": label for kind, code, label in rows}
