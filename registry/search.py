"""What the search box finds: names, former names, codes, and the names in pinyin and by initials."""

from pypinyin import Style, lazy_pinyin


def facility_text(facility) -> str:
    """The text behind a facility in lists and searches; personal data are left out."""
    names = [facility.name, *facility.former_names]
    if facility.operator_name and facility.operator_name != facility.name:
        names.append(facility.operator_name)
    return _text(names, [facility.code, facility.uscc, facility.permit_no])


def inspector_text(inspector) -> str:
    return _text([inspector.name], [inspector.code, inspector.certificate_no])


def _text(names: list[str], codes: list[str]) -> str:
    parts = []
    for name in dict.fromkeys(names):
        syllables = lazy_pinyin(name, errors="ignore")
        initials = lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")
        parts += [name, "".join(syllables), "".join(initials)]
    parts += dict.fromkeys(c for c in codes if c)
    return " ".join(parts).lower()
