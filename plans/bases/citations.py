"""Citations as people write them: 《全称》（文号）第二十四条、第四十二条；《…》 (domain.md 2.1)."""

import re
from collections.abc import Iterable
from itertools import groupby

# 〔〕 and （） belong to document numbers; an article may carry 款 and 项.
_ONE = re.compile(
    r"《(?P<title>(?:[^《》]|《[^《》]*》)+)》\s*(?:[（(](?P<number>[^（）()]*)[）)])?(?P<articles>[^《；;]*)"
)
_ARTICLE = re.compile(
    r"第(?:[0-9]|[零一二三四五六七八九十百千〇两])+条(?:之[一二三四五六七八九十])?(?:第[一二三四五六七八九十]+款)?(?:第?[（(]?[一二三四五六七八九十]+[）)]?项)?"
)
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}


def read(text: str) -> list[tuple[str, list[str]]]:
    """(title, articles) of each citation in a text, in its order; a title alone cites the whole."""
    return [(m["title"], _ARTICLE.findall(m["articles"])) for m in _ONE.finditer(text)]


def gathered(texts: Iterable[str]) -> tuple[str, ...]:
    """Each law once with all its articles in their order, from citations that repeat it; other words stay as they are."""
    found: dict[str, list[str]] = {}
    numbers: dict[str, str] = {}
    for text in texts:
        ones = list(_ONE.finditer(text))
        if not ones and text.strip():
            found.setdefault(text.strip(), [])
        for one in ones:
            head = f"《{one['title']}》"
            numbers.setdefault(head, "")
            numbers[head] = numbers[head] or (f"（{one['number']}）" if one["number"] else "")
            found.setdefault(head, []).extend(_ARTICLE.findall(one["articles"]))
    return tuple(
        head + numbers.get(head, "") + "、".join(sorted(dict.fromkeys(articles), key=position_of))
        for head, articles in found.items()
    )


def write(cites: Iterable) -> str:
    """The printed text of rows that have `basis` and `article`, in their order."""
    parts = []
    for basis, rows in groupby(cites, key=lambda cite: cite.basis):
        parts.append(basis.cited + "、".join(row.article.label for row in rows if row.article))
    return "；".join(parts)


def split_articles(text: str) -> list[str]:
    """“第二十四条、第四十二条” → two labels; what stands between them is not looked at twice."""
    return [part.strip() for part in re.split(r"[、，,；;\s]+", text) if part.strip()]


def position_of(label: str) -> int:
    """Where an article stands: 第二十四条之一 → 24."""
    found = re.match(r"第((?:[0-9]|[零一二三四五六七八九十百千〇两])+)条", label)
    if not found:
        return 0
    if found[1].isdecimal():
        return int(found[1])
    total, digit = 0, 0
    for c in found[1]:
        if c in _TENS:
            total += (digit or 1) * _TENS[c]
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit
