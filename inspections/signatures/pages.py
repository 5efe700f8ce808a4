"""A signature as pages show it: the path drawn once more, or the paper it stands on."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from inspections.models import Signature, Signer

from .rules import standing

EDGE = 8  # around what was drawn


@dataclass(frozen=True)
class Shown:
    """One standing signature. `lines` is empty for one on paper; `box` is what its lines fill."""

    name: str
    words: str
    lines: str
    box: str
    on_paper: bool
    refused: str


def of_standing(signature: Signature) -> Shown:
    lines, box = drawing_of(signature.path)
    return Shown(
        signature.name,
        f"{localtime(signature.at):%-H:%M}",
        lines,
        box,
        signature.drawing_id is not None and signature.path is None,
        signature.get_refused_because_display() if signature.refused_because else "",
    )


def drawing_of(path: Any) -> tuple[str, str]:
    """The strokes as an SVG path, and the box around them."""
    points = [point for stroke in path or [] for point in stroke]
    if not points:
        return "", ""
    lines = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in stroke) for stroke in path)
    left, top = (min(p[i] for p in points) - EDGE for i in (0, 1))
    right, bottom = (max(p[i] for p in points) + EDGE for i in (0, 1))
    return lines, f"{left:g} {top:g} {right - left:g} {bottom - top:g}"


def desk_context(inspection) -> dict:
    """Whose signatures stand below the record, and what was added to it afterwards, for the desk page of a check."""
    rows = [
        {
            "signed": of_standing(s),
            "who": " ".join(filter(None, [s.get_signer_display(), s.name, s.position])),
            "when": f"{localtime(s.at):%Y-%m-%d %H:%M}",
            "witness": "　".join(filter(None, [s.witness, s.witness_position])),
            "file": reverse("inspections:signature-file", args=[inspection.no, s.pk]) if s.drawing_id else "",
        }
        for s in standing(inspection)
    ]
    return {"signatures": rows, "addenda": inspection.addenda.select_related("by") if rows else ()}


@dataclass(frozen=True)
class Pad:
    """Where one inspector signs, or has signed."""

    inspector: Any
    signed: Shown | None
    by: str  # on whose phone

    @classmethod
    def of(cls, inspector, given: list[Signature]) -> "Pad":
        his = next((s for s in given if s.signer == Signer.INSPECTOR and s.inspector_id == inspector.pk), None)
        if his is None:
            return cls(inspector, None, "")
        own = his.by_id == inspector.user_id
        where = (
            f"{inspector.name}在自己的手机上签的。" if own else f"{inspector.name}在{his.by.full_name}的手机上签的。"
        )
        return cls(inspector, of_standing(his), "" if his.path is None else where)
