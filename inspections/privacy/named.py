"""Names of people in what will be public, by how sentences name them (八(二)-c, domain.md 7.8).

Nobody can list the names of all; but a report names people in few ways: behind what they are (现场负责人王建国已确认),
before what they are called (王建国厂长), and before what they did (由王建国陪同). A name begins with a surname, has two or
three characters, compound surnames one more, and ends where a word begins that no given name holds. It may be wrong, so
it is asked, never changed; whoever has to keep a name says why.

The words and patterns are data, `patterns.json`, which the phone reads too (static/js/names.js):
* `surnames`: of nine people in ten, those that begin no everyday word of a report; `surnames_in_words` do, and a name
  with one of these is believed only behind what somebody `is`;
* `words`: everyday words that begin like a name;
* `after`: what stands behind a name and in none, so that a name of two characters is told from one of three.
"""

import json
import re
from pathlib import Path

DATA = json.loads((Path(__file__).parent / "patterns.json").read_text(encoding="utf-8"))

_COMPOUND = "|".join(DATA["compound_surnames"])
_WORD = re.compile("|".join(DATA["words"]))
_HAN = re.compile(DATA["han"])


def _filled(pattern: str) -> str:
    """The pattern with the parts that it names."""
    for name in ("is", "link", "called", "did", "leading", "han", "surnames"):
        pattern = pattern.replace("{" + name + "}", DATA[name])
    return pattern.replace("{compound}", _COMPOUND)


# (pattern, only surnames that begin no word, whether the name has to fill its place)
_PATTERNS = [
    (re.compile(_filled(one["pattern"])), one.get("clear", False), one.get("whole", False)) for one in DATA["named"]
]


def names_in(text: str) -> list[str]:
    """What looks like the name of a person, each once, as it stands in the text without blanks."""
    found: list[str] = []
    for pattern, clear_only, whole in _PATTERNS:
        for match in pattern.finditer(text):
            name = _name_at(text, match.start("name"), clear_only)
            if name and (not whole or match["name"] == name) and name not in found:
                found.append(name)
    return [name for name in found if not any(name != other and name in other for other in found)]


def behind(text: str, name: str) -> tuple[str, str]:
    """(what is said of the person up to and with the name, what stands in its place); PNG 30c."""
    said = re.search(f"({DATA['is']}){DATA['link']}{re.escape(name)}", text)
    return (said[0], said[1]) if said else (name, DATA["instead"])


def without(text: str, name: str) -> str:
    """现场负责人王建国已确认 → 现场负责人已确认."""
    while name in text:
        whole, instead = behind(text, name)
        text = text.replace(whole, instead)
    return text


def _name_at(text: str, start: int, clear_only: bool) -> str:
    rest = text[start : start + 4]
    if compound := re.match(_COMPOUND, rest):
        first = compound[0]
    elif rest[:1] and (rest[0] in DATA["surnames"] or (rest[0] in DATA["surnames_in_words"] and not clear_only)):
        first = rest[0]
    else:
        return ""
    if _WORD.match(rest):
        return ""
    given = ""
    for sign in text[start + len(first) : start + len(first) + 2]:
        if not _HAN.match(sign) or sign in DATA["after"]:
            break
        given += sign
    return first + given if given else ""
