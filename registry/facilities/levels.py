"""The levels of the ratings as they are in force (六(二)-k, -n, -o; domain.md 4.6)."""

from datetime import date

from django.db.models import Q

from registry.models import Rating, VocabularyTerm


def code_of(kind: str, text: str, on: date) -> str | None:
    """The code that a word means, by code, name or other name; None for a word that is no level."""
    means = Q(code=text) | Q(label=text) | Q(also__contains=[text])
    return VocabularyTerm.objects.valid_on(on).filter(means, kind=kind).values_list("code", flat=True).first()


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
