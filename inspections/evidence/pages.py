"""What pages show of a visit's evidence: photographs at a point, everything at the desk, the recorder's state."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents.pictures import MIB
from inspections.models import CheckAnswer, Custody, Evidence, EvidenceKind, Inspection, Mode

from . import actions, keeping, recordings


def photos_of(inspection: Inspection, points: Iterable[CheckAnswer]) -> dict[int, list[dict]]:
    """Key of a check point → its photographs, for `inspections/evidence/_photos.html`."""
    texts = {point.pk: point.text for point in points}
    found = Evidence.objects.standing().filter(point__in=texts, kind=EvidenceKind.PHOTO).select_related("file", "by")
    shown: dict[int, list[dict]] = {}
    for evidence in found:
        shown.setdefault(evidence.point_id, []).append(row(evidence, texts[evidence.point_id], inspection.no))
    return shown


def photos(inspection: Inspection):
    return inspection.evidence.standing().filter(kind=EvidenceKind.PHOTO)


def row(evidence: Evidence, what: str, no: str) -> dict:
    """One photograph or scan in words."""
    address = [no, evidence.pk]
    return {
        "evidence": evidence,
        "what": what or evidence.words or evidence.get_kind_display(),
        "alt": evidence.words or what or evidence.get_kind_display(),
        "place": place_words(evidence),
        "digits": " ".join(evidence.sha256[i : i + 4] for i in (0, 4, 8)),
        "shrunk": _shrunk(evidence),
        "late": _late(evidence),
        "url": reverse("inspections:evidence-file", args=address),
        "small": reverse("inspections:evidence-small", args=address) if evidence.small_id else "",
        "video": reverse("inspections:evidence-video", args=address) if evidence.kind == EvidenceKind.VIDEO else "",
        "strike": reverse("inspections:field-strike", args=address),
    }


def place_words(evidence: Evidence) -> str:
    if evidence.latitude is None:
        return "" if evidence.kind == EvidenceKind.SCAN else "没有定位"
    sure = f"，误差 {evidence.accuracy_m:,} 米" if evidence.accuracy_m is not None else ""
    if evidence.distance_m is None:
        return f"有定位{sure}，名录没有登记坐标"
    far = f"{evidence.distance_m:,} 米" if evidence.distance_m < 10_000 else f"{evidence.distance_m / 1000:.0f} 公里"
    return f"距登记地址 {far}{sure}"


def _shrunk(evidence: Evidence) -> str:
    if not evidence.original_size or evidence.original_size < MIB:
        return ""
    return f"原图 {_megabytes(evidence.original_size)} MB，手机上缩到 {_megabytes(evidence.file.size)} MB"


def _megabytes(size: int) -> str:
    return f"{max(size / MIB, 0.1):.1f}".removesuffix(".0")


def _late(evidence: Evidence) -> str:
    """Said where the receipt did not come at once."""
    taken, kept = localtime(evidence.taken_at), localtime(evidence.kept_at)
    return f"{kept:%-m 月 %-d 日 %H:%M} 收到" if (kept - taken).total_seconds() > 600 else ""


def of_visit(inspection: Inspection) -> dict:
    """Photographs, videos, scans, recordings, samples of one visit, and what of them was struck out, for team and desk."""
    texts = dict(inspection.answers.values_list("pk", "text"))
    found = inspection.evidence.select_related("file", "by", "struck__by")
    rows = [row(e, texts.get(e.point_id, ""), inspection.no) for e in found]
    standing = [r for r in rows if not hasattr(r["evidence"], "struck")]
    of_kind = {kind: [r for r in standing if r["evidence"].kind == kind] for kind in EvidenceKind}
    return {
        "photos": of_kind[EvidenceKind.PHOTO],
        "videos": of_kind[EvidenceKind.VIDEO],
        "scans": of_kind[EvidenceKind.SCAN],
        "struck": [r for r in rows if r not in standing],
        **samples_of(inspection),
        **recorder(inspection),
    }


def samples_of(inspection: Inspection) -> dict:
    found = list(inspection.samples.select_related("by", "struck__by"))
    standing = [s for s in found if not hasattr(s, "struck")]
    return {"samples": standing, "struck_samples": [s for s in found if s not in standing]}


def recorder(inspection: Inspection) -> dict:
    """The stretches recorded, what still runs, and what nobody has explained."""
    found = list(inspection.recordings.select_related("by"))
    shown = recordings.that_count(found)
    running = [r for r in shown if r.ends_at is None]
    end = inspection.ended_at or clock.now()
    gaps = recordings.unexplained(inspection, found, end) if inspection.started_at else []
    return {
        "recordings": shown,
        "running": running,
        "gaps": gaps,
        "gap_words": "、".join(map(str, gaps)),
        "unread": not gaps and recordings.is_unread(inspection),
        "explained": list(inspection.recording_gaps.select_related("by")),
        "from_device": any(r.told == "DEVICE" for r in shown),
        "recorders": actions.recorder_numbers({inspection.unit_id, inspection.executing_unit_id}),
        "has_recorder": inspection.mode == Mode.ONSITE,
    }


def desk_context(inspection: Inspection) -> dict:
    """The evidence list with hashes and custody, for the desk page of a check."""
    shown = of_visit(inspection)
    rows = [*shown["photos"], *shown["videos"], *shown["scans"], *shown["struck"]]
    log = Custody.objects.filter(evidence__in=[r["evidence"].pk for r in rows]).select_related("by")
    by_evidence: dict[int, list[Custody]] = {}
    for entry in log:
        by_evidence.setdefault(entry.evidence_id, []).append(entry)
    case = keeping.led_to_a_case(inspection)
    for r in rows:
        r["custody"] = by_evidence.get(r["evidence"].pk, [])
        r["kept_until"] = keeping.kept_until(inspection, r["evidence"].kind, case=case)
    return {"evidence": {**shown, "rows": rows}}
