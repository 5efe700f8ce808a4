"""How a sealed list differs from the one before it, from the two published lists alone (六(二)-d; decisions.md 3).

Nothing that depends on a draw is compared: who was drawn this quarter or has reached the cap counts as taking part.
"""

from dataclasses import dataclass

from django.db.models import Q

from disclosure import words
from plans.draw import ssj1

from . import documents

# Reasons that the registry gives; the others follow from earlier draws.
OF_THE_REGISTRY = {"out:CLOSED", "out:MOVED", "out:HALT", "out:POSITIVE"}


@dataclass(frozen=True)
class Difference:
    id: str
    name: str
    text: str  # old → new


def before(found: documents.PublicDraw) -> documents.PublicDraw | None:
    """The latest draw of the same unit whose lists were sealed before this one's, with its lists."""
    of_unit = documents.draws(Q(unit_id=found.documents[0].unit_id))
    earlier = [draw for draw in of_unit if draw.frozen_at < found.frozen_at]
    if not earlier:
        return None
    last = max(earlier, key=lambda draw: draw.frozen_at)
    return documents.draw_of(last.draw_id, what=Q(kind__in=["MANIFEST", "FRAME"]))


def differences(now: list[ssj1.Frame], then: list[ssj1.Frame]) -> list[Difference]:
    """Who came, who went, and whose category or state is another one, in the order of the codes."""
    new, old = _places(now), _places(then)
    found = []
    for code in sorted(new.keys() | old.keys()):
        if code not in old:
            found.append(Difference(code, new[code][0], f"新进名单：{_words(new[code])}"))
        elif code not in new:
            found.append(Difference(code, old[code][0], f"不在名单：原为{_words(old[code])}"))
        elif new[code][1:] != old[code][1:]:
            found.append(Difference(code, new[code][0], f"{_words(old[code])} → {_words(new[code])}"))
    return found


def _places(frames: list[ssj1.Frame]) -> dict[str, tuple[str, str, str]]:
    return {
        row.id: (row.name, frame.category, row.state if row.state in OF_THE_REGISTRY else "in")
        for frame in frames
        for row in frame.rows
    }


def _words(place: tuple[str, str, str]) -> str:
    _, category, state = place
    label = words.CATEGORIES[category]
    return label if state == "in" else f"{label}、{words.OUT_STATES[state]}"
