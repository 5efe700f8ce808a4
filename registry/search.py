"""What the search box finds: names, former names, codes, and the names in pinyin and by initials."""

from .pinyin import initials, syllables


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
        spelled = syllables(name)
        parts += [name, "".join(spelled), initials(spelled)]
    parts += dict.fromkeys(c for c in codes if c)
    return " ".join(parts).lower()
