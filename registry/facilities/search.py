"""What the search box finds: names, former names, codes, and the names in pinyin and by initials."""

import re
from collections.abc import Mapping

from registry.sheets import DIVISIONS

from .pinyin import initials, syllables

_CHINESE = re.compile(r"([\u3400-\u9fff])")


def facility_text(facility, divisions: Mapping[str, str] = DIVISIONS) -> str:
    """The text behind a facility in lists and searches; personal data are left out.

    Whoever spells beside the database hands the `divisions` over: to ask for them may be a query (`this_city`).
    """
    names = [facility.name, *facility.former_names]
    if facility.operator_name and facility.operator_name != facility.name:
        names.append(facility.operator_name)
    district = divisions.get(facility.division_code, "")
    return _text(names, [facility.code, facility.uscc, facility.permit_no, district])


def spread(word: str) -> str:
    """A word as the index holds it: what the function registry_spread of the database does."""
    return _CHINESE.sub(r"\1\1\1", word)


def inspector_text(inspector) -> str:
    return _text([inspector.name], [inspector.code, inspector.certificate_no])


def _text(names: list[str], codes: list[str]) -> str:
    parts = []
    for name in names:
        spelled = syllables(name)
        parts += [name, "".join(spelled), initials(spelled)]
    text = ""
    for part in [*parts, *codes]:
        if part not in text:  # else whoever looks for a word of it finds it there
            text += f" {part}"
    return text.lower().lstrip()
