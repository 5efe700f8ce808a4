"""What must not be published: personal data in the free text of a result (八(二)-c, domain.md 7.8).

Looked for when a point is written, at the review and at the publication, and in corrections: the same everywhere.
"""

import re
import unicodedata
from dataclasses import dataclass

from inspections.models import Answer, Inspection

from .named import DATA, behind, names_in

_NUMBERS = DATA["numbers"]
_IDENTITY = re.compile(_NUMBERS["identity"])
_TELEPHONES = [re.compile(pattern) for pattern in _NUMBERS["telephone"]]
_GAPS = re.compile(_NUMBERS["gaps"])
_INVISIBLE = re.compile(DATA["invisible"])
_LINES = re.compile(DATA["lines"])

A_NAME = "疑为个人姓名。改为“现场负责人”，或写明为什么要公开"


@dataclass(frozen=True)
class Finding:
    """Personal data found in one text. `firm` ones cannot stay; a `name` may, with a reason."""

    place: str
    shown: str
    words: str
    firm: bool
    name: str = ""
    kind: str = "name"

    @property
    def sentence(self) -> str:
        return f"{self.place}里有“{self.shown}”，{self.words}"


def masked(text: str) -> str:
    """齐*山; the middle of what must not be repeated on a page."""
    if len(text) <= 2:
        return text[:1] + "*"
    if len(text) <= 4:
        return text[0] + "*" * (len(text) - 2) + text[-1]
    return text[:3] + "*" * (len(text) - 5) + text[-2:]


def unsettled(inspection: Inspection, found: list[Finding]) -> list[Finding]:
    """Of what was found, what nobody has mended or given a reason for."""
    kept = {row.name for row in inspection.kept_names.all()} if found else set()
    return [f for f in found if f.firm or f.name not in kept]


def waiting_in(inspection: Inspection, text: str) -> list[Finding]:
    """What in one text would stand in the way of its publication."""
    return unsettled(inspection, findings(inspection, [("", text)])) if text else []


def why_not_clean(found: list[Finding], *, confirmed: bool = False) -> str:
    """Numbers never pass; a name passes when somebody has said why it must be public (八(二)-c)."""
    firm = [f for f in found if f.firm]
    left = firm or ([] if confirmed else found)
    return "".join(f"{f.sentence}。" for f in left)


def findings(inspection: Inspection, texts: list[tuple[str, str]] | None = None) -> list[Finding]:
    """Everything that looks like personal data in the texts that would become public, with the place of each.

    `texts`: those of a correction; without them the check's own.
    """
    texts = texts_of(inspection) if texts is None else texts
    if not texts:
        return []
    facility, people = inspection.facility, people_of(inspection)
    found: list[Finding] = []
    for place, text in texts:
        found += numbers(place, text)
        plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
        if facility.is_natural_person and (name := plain_of(facility.name)) and name in plain:
            found.append(Finding(place, masked(name), "是自然人的姓名。退回修改，改为“被检查人”", True, kind="own"))
            people -= {name}
        names = {name for name in people if name in plain}
        names |= {name for line in _LINES.split(text) for name in names_in(plain_of(line))}
        own = {f.shown for f in found if f.firm}
        found += [
            Finding(place, masked(name), A_NAME, False, name) for name in sorted(names) if masked(name) not in own
        ]
    return found


def people_of(inspection: Inspection) -> set[str]:
    """Whom the check itself knows by name: of the place, and of the team."""
    facility = inspection.facility
    people = {facility.legal_person, facility.contact_name, inspection.contact_person}
    people |= {facility.operator_name} if len(facility.operator_name) <= 4 else set()
    people |= {member.inspector.name for member in inspection.members.all()}
    return {name for person in people if len(name := plain_of(person)) >= 2}


def marks(inspection: Inspection, text: str) -> list[dict[str, str]]:
    """What is marked where a text was written (PNG 30c); `role` stands in the place of `whole` at one press.

    The phone computes the same without a network (static/js/names.js).
    """
    found = []
    for said in waiting_in(inspection, text):
        whole, role = behind(text, said.name) if said.name else ("", "")
        title, advice = DATA["said"][said.kind]
        found.append({"title": f"{title}：{said.name or said.shown}", "text": advice, "whole": whole, "role": role})
    return found


def given_to_the_phone(inspection: Inspection) -> dict:
    """The patterns, and whom the check knows: so that a name is marked in a valley without signal too."""
    place = inspection.facility
    return {
        "patterns": DATA,
        "people": sorted(people_of(inspection)),
        "own_name": plain_of(place.name) if place.is_natural_person else "",
        "kept": [row.name for row in inspection.kept_names.all()],
    }


def texts_of(inspection: Inspection, written=None) -> list[tuple[str, str]]:
    """The free texts of a result that become public, each with the name of its place.

    `written`: the result that was concluded and is not handed in yet.
    """
    said = written or inspection
    texts = [
        (f"“{answer.item_name}”的问题记录", answer.words)
        for answer in inspection.answers.all()
        if answer.answer == Answer.FOUND
    ]
    return [(place, text) for place, text in [*texts, ("描述", said.finding), ("现场处理", said.measures)] if text]


def plain_of(name: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", name))


def numbers(place: str, text: str) -> list[Finding]:
    """Identity and telephone numbers, of whomever."""
    plain = unicodedata.normalize("NFKC", text)
    # A number broken up by spaces or dashes is still that number; line by line, so that two lines never make one.
    plain = "\n".join(_GAPS.sub("", line) for line in _LINES.split(plain))
    found = []
    for match in _IDENTITY.finditer(plain):
        if is_identity_number(match[0]):
            found.append(
                Finding(place, masked(match[0]), "是身份证号码。退回修改，删去这个号码", True, kind="identity")
            )
            plain = plain.replace(match[0], " " * len(match[0]))
    for pattern in _TELEPHONES:
        for match in pattern.finditer(plain):
            found.append(Finding(place, masked(match[0]), "是电话号码。退回修改，删去这个号码", True, kind="telephone"))
    return found


def is_identity_number(number: str) -> bool:
    """GB 11643: the 18th character follows from the first 17."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _NUMBERS["weights"], strict=True))
    return _NUMBERS["check"][total % 11] == number[17].upper()
