"""检查码: twelve characters that people read aloud and type (N-9): eleven by chance and the check character of a credit code.

The alphabet of GB 32100 has no I, O, S, V and Z; who writes the first three or Z for the figures they look like is understood.
"""

import secrets
import unicodedata

from registry.codes import ALPHABET, check_character

LENGTH = 12
_READ_AS = str.maketrans("OISZ", "0152")


def by_chance() -> str:
    eleven = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return eleven + check_character(eleven)


def read(typed: str) -> str:
    """What was meant: any case and width, blanks and hyphens anywhere."""
    plain = unicodedata.normalize("NFKC", typed).upper().translate(_READ_AS)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Pd" and c != "·")


def why_not(code: str) -> str:
    """Why what was read cannot be a code at all; "" when it can, and is looked up."""
    if not code:
        return "填写检查通知书右上角的检查码"
    if len(code) != LENGTH:
        return f"检查码是 {LENGTH} 位，现在是 {len(code)} 位"
    if wrong := "、".join(sorted({c for c in code if c not in ALPHABET})):
        return f"检查码里没有 {wrong}，对照通知书再看"
    return "" if code[-1] == check_character(code[:-1]) else "检查码对不上校验位，对照通知书三组逐位再看"


def groups(code: str) -> list[str]:
    return [code[i : i + 4] for i in range(0, len(code), 4)]


def grouped(code: str) -> str:
    """As it is printed: three groups of four."""
    return " ".join(groups(code))
