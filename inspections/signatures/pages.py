"""A signature as pages show it: the path drawn once more, or the paper it stands on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.filled import Sign
from benxi_shuangsuiji.workdays.days import full_date, short_date
from inspections.models import Inspection, Signature, Signer

from .covered import changed_on
from .rules import outdated, standing

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


def signs_of(inspection: Inspection, signers: Iterable[tuple[str, str]]) -> tuple[Sign, ...]:
    """What was signed on the spot, drawn again for a paper; whoever has not signed yet signs on the printed one.

    `signers`: who, and how the paper calls him. A signature below something else than what the paper says now tells so.
    """
    given = standing(inspection)
    late = {s.pk for s in outdated(inspection, given)}
    changed = short_date(changed_on(inspection)) if late else ""
    found: list[Sign] = []
    for who, label in signers:
        his = [_sign(label, s, changed if s.pk in late else "") for s in given if s.signer == who]
        found += his or [Sign(label)]
    return tuple(found)


def _sign(label: str, signature: Signature, changed: str) -> Sign:
    path, box = drawing_of(signature.path)
    remarks = []
    if signature.refused_because:
        label = f"{label}拒签"
        witness = f"见证人 {signature.witness}" if signature.witness else "没有见证人"
        remarks.append(f"{signature.get_refused_because_display()}，{witness}")
    elif not path:
        remarks.append("签名见所附扫描件")
    if changed:
        remarks.append(late_words(signature, changed))
    when = full_date(localtime(signature.at).date())
    return Sign(label, signature.name, when, path, box, "。".join(remarks))


def late_words(signature: Signature, changed: str) -> str:
    if signature.refused_because:
        return f"拒签以后记录有改动（{changed}）"
    return f"签名以后记录有改动（{changed}），没有重新签名"


def desk_context(inspection) -> dict:
    """Whose signatures stand below the record, and what was added to it afterwards, for the desk page of a check."""
    given = standing(inspection)
    late = {s.pk for s in outdated(inspection, given)}
    changed = short_date(changed_on(inspection)) if late else ""
    rows = [
        {
            "signed": of_standing(s),
            "who": " ".join(filter(None, [s.get_signer_display(), s.name, s.position])),
            "when": f"{localtime(s.at):%Y-%m-%d %H:%M}",
            "witness": "　".join(filter(None, [s.witness, s.witness_position])),
            "file": reverse("inspections:signature-file", args=[inspection.no, s.pk]) if s.drawing_id else "",
            "late": late_words(s, changed) if s.pk in late else "",
        }
        for s in given
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
