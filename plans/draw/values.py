"""Public values: what two people typed for each source of a sealed draw, and what holds of it (SSJ1 5.3, 9.1, 14.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap

from django.db.models import Q
from django.utils import timezone

from plans.models import Draw, DrawDocument, RequestState, SourceKind, ValueEntry

from . import ssj1

ENOUGH_PEOPLE = 2  # SSJ1 14.1: two officers type each value


def event_of(kind: str) -> str:
    return "掷骰" if kind == SourceKind.DICE else "开出"


@dataclass(frozen=True)
class SourceState:
    """One announced source of a sealed draw and what was typed for it; `latest` has one entry per person.

    `corrected` are the two entries of the last approved correction (SSJ1 9.1), `wrong` the values that corrections put right.
    """

    position: int
    kind: str
    label: str
    due: datetime
    latest: tuple[ValueEntry, ...]
    corrected: tuple[ValueEntry, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def event(self) -> str:
        """What happens when the source is due."""
        return event_of(self.kind)

    @property
    def agreed(self) -> str | None:
        """The value that holds: corrected, or the only one that two different people's latest entries share.

        The database asks the same (D5).
        """
        return self.corrected[0].value if self.corrected else shared_value(self.latest)

    @property
    def difference(self) -> str:
        """In which place two people's values differ, or an empty string."""
        if self.agreed is not None or len(self.latest) < ENOUGH_PEOPLE:
            return ""
        return difference_of(self.kind, self.latest[-2].value, self.latest[-1].value)

    @property
    def agreeing(self) -> tuple[ValueEntry, ...]:
        """The entries that make the agreement; what somebody else typed is not among them."""
        if self.corrected:
            return self.corrected
        return tuple(entry for entry in self.latest if entry.value == self.agreed)

    @property
    def differing(self) -> tuple[ValueEntry, ...]:
        """Entries left standing that differ from what was agreed."""
        if self.corrected:
            return ()
        return tuple(entry for entry in self.latest if self.agreed is not None and entry.value != self.agreed)

    def entry_of(self, user) -> ValueEntry | None:
        return next((entry for entry in self.latest if entry.entered_by_id == user.pk), None)


def shared_value(entries: Iterable[ValueEntry]) -> str | None:
    """The one value that at least two people typed; None while there is none, or more than one."""
    values = [entry.value for entry in entries]
    shared = {value for value in values if values.count(value) >= ENOUGH_PEOPLE}
    return shared.pop() if len(shared) == 1 else None


def difference_of(kind: str, first: str, second: str) -> str:
    """Say where two typed values part, so that both people look at the same place of the notice."""
    word, notice = {
        SourceKind.DICE: ("点数", "掷骰记录"),
        SourceKind.BEACON: ("四位一组的数", "信标公告"),
    }.get(kind, ("号码", "开奖公告"))
    a, b = parts_of(kind, first), parts_of(kind, second)
    for number, (x, y) in enumerate(zip(a, b, strict=False), 1):
        if x != y:
            return f"两人录入的第 {number} 个{word}不同（{x} / {y}）。两人对照{notice}，各自重新录入。"
    return f"两人录入的{word}个数不同（{len(a)} / {len(b)}）。两人对照{notice}，各自重新录入。"


def parts_of(kind: str, value: str) -> list[str]:
    """The single numbers of a value, in order; a beacon in fours, so that two people find the place."""
    if kind == SourceKind.BEACON:
        return wrap(value, 4)
    return value.replace("+", ",").split(",") if kind == SourceKind.LOTTERY else list(value)


def source_states(draw: Draw) -> list[SourceState]:
    """The sources of the sealed manifest, in its order; two queries."""
    text = DrawDocument.objects.filter(draw=draw, kind="MANIFEST").values_list("text", flat=True).first()
    if text is None:
        return []
    latest: dict[int, dict[int, ValueEntry]] = {}
    corrections: dict[int, dict[int, list[ValueEntry]]] = {}
    counted = Q(correction__isnull=True) | Q(correction__state=RequestState.APPROVED)
    for entry in draw.value_entries.filter(counted).select_related("entered_by").order_by("correction_id", "pk"):
        if entry.correction_id:
            corrections.setdefault(entry.position, {}).setdefault(entry.correction_id, []).append(entry)
            continue
        people = latest.setdefault(entry.position, {})
        people.pop(entry.entered_by_id, None)  # so that the order is that of the latest entries
        people[entry.entered_by_id] = entry
    states = []
    for position, source in enumerate(ssj1.parse_manifest(text).sources, 1):
        typed = tuple(latest.get(position, {}).values())
        put_right = list(corrections.get(position, {}).values())
        held = [shared_value(typed), *(entries[0].value for entries in put_right)]
        states.append(
            SourceState(
                position,
                source.kind,
                source.label,
                timezone.localtime(datetime.fromisoformat(source.due)),
                typed,
                tuple(put_right[-1]) if put_right else (),
                tuple(value for value in held[:-1] if value is not None),
            )
        )
    return states
