import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.documents import scans as scanned
from benxi_shuangsuiji.refusal import Refused, refuse_if
from inspections.evidence import actions as evidence_actions
from inspections.evidence import rules as evidence_rules
from inspections.models import Evidence, EvidenceKind, Inspection, PaperKind, PaperLayout, PaperScan

from . import rules, scans
from .layouts import Layout, written
from .scans import Found


@transaction.atomic
def keep_layout(*, kind: str, layout: Layout, document: str, valid_from: date, by: User) -> PaperLayout:
    """Enter how a paper looks from a day on."""
    refuse_if(rules.why_not_keep(kind, layout, document, valid_from, by, clock.today()))
    row = PaperLayout.objects.create(
        kind=kind,
        layout=written(layout),
        document=document.strip(),
        valid_from=valid_from,
        made_by=by,
        made_at=clock.now(),
    )
    trail.record("inspections.paper.layout", by=by, about=row, paper=PaperKind(kind).label, document=row.document)
    return row


Digest = Callable[[Inspection, str], str]  # `papers.digest_today`, which this floor does not know


def keep_scan(
    *, inspection: Inspection, name: str, content: bytes, by: User, digest_today: Digest, paper: str = ""
) -> PaperScan:
    """Keep a paper that was printed, signed and scanned, as evidence of the check (四(3)-b).

    Which paper it is the code on it says; `paper` is the officer's word where none can be read. The file stays as it came.
    """
    refuse_if(
        evidence_rules.why_not_keep(inspection, by, taken_at=clock.now(), kind=EvidenceKind.SCAN)
        or evidence_rules.why_not_file(EvidenceKind.SCAN, content)
    )
    reading = scans.read(content)
    refuse_if(rules.why_not_this_scan(inspection, paper, reading))
    return _keep(inspection, name, content, by, paper, reading.only, digest_today)


def keep_evidence(*, inspection: Inspection, by: User, digest_today: Digest, **given) -> Evidence:
    """What the phone sends for a visit: of scans, a paper of a check goes where its code says, as through `keep_scan`.

    Anything else is evidence as it came: not every scan is a paper of ours.
    """
    if given.get("kind") == EvidenceKind.SCAN:
        name, content = given["name"], given["content"]
        refuse_if(evidence_rules.why_not_file(EvidenceKind.SCAN, content))
        reading = scans.read(content)
        if reading.papers:
            refuse_if(rules.why_not_this_scan(inspection, "", reading))
            return _keep(inspection, name, content, by, "", reading.only, digest_today).evidence
    return evidence_actions.keep_photo(inspection=inspection, by=by, **given)


def _keep(
    inspection: Inspection,
    name: str,
    content: bytes,
    by: User,
    paper: str,
    found: Found | None,
    digest_today: Digest,
    heap: str = "",
) -> PaperScan:
    paper = found.paper if found else paper
    label = PaperKind(paper).label
    today = digest_today(inspection, paper) if found and found.digest else ""
    evidence = evidence_actions.keep_photo(
        inspection=inspection, name=name, content=content, by=by, kind=EvidenceKind.SCAN, words=label
    )
    with transaction.atomic():
        Inspection.objects.locked(inspection.pk)
        if known := PaperScan.objects.filter(evidence=evidence).first():
            return known
        kept = PaperScan.objects.create(
            inspection=inspection,
            paper=paper,
            evidence=evidence,
            pages=list(found.pages) if found else [],
            of_pages=found.of_pages if found else 0,
            changed=bool(today) and today != found.digest,
            heap=heap,
            by=by,
            at=clock.now(),
        )
        trail.record("inspections.paper.scanned", by=by, about=inspection, paper=label)
    return kept


@dataclass(frozen=True)
class Sorted:
    """What became of one file of a heap, or of one paper in it."""

    name: str
    words: str
    scan: PaperScan | None = None


def sort_heap(*, files: Sequence[tuple[str, bytes]], by: User, digest_today: Digest) -> list[Sorted]:
    """Lay a heap of scans into their checks by the codes on them; what cannot be read is said, file by file."""
    refuse_if(rules.why_not_sort(by))
    return [one for name, content in files for one in _sorted(name, content, by, digest_today)]


def _sorted(name: str, content: bytes, by: User, digest_today: Digest) -> list[Sorted]:
    try:
        refuse_if(evidence_rules.why_not_file(EvidenceKind.SCAN, content))
        reading = scans.read(content)
        if not reading.papers:
            return [Sorted(name, "没有读出二维码，没有收。到检查的页面上传，选明是哪一份文书。")]
        # A file with one paper stays as it came; of a heap each paper becomes a file of its own.
        parts = [content] if reading.only else scanned.taken_out(content, [f.in_order for f in reading.papers])
    except Refused as refusal:
        return [Sorted(name, str(refusal))]
    heap = "" if reading.only else hashlib.sha256(content).hexdigest()
    found = [
        _laid_in(name, part, paper, heap, by, digest_today) for part, paper in zip(parts, reading.papers, strict=True)
    ]
    if reading.unread and not reading.only:
        found.append(Sorted(name, f"第 {'、'.join(map(str, reading.unread))} 页没有读出二维码，没有收。单独上传。"))
    return found


def _laid_in(name: str, content: bytes, paper: Found, heap: str, by: User, digest_today: Digest) -> Sorted:
    # The archivist is outside the circle: of what is not public yet he learns nothing (decisions.md 3).
    archive = Inspection.objects.settled().filter(unit__in=by.units_with(Permission.KEEP_ARCHIVE))
    mine = (Inspection.objects.filter(unit__in=by.units_with(Permission.DISPATCH)) | archive).select_related(
        "unit", "draw"
    )
    which = {"visit_code": paper.visit_code} if paper.visit_code else {"no": paper.no}
    label = PaperKind(paper.paper).label
    inspection = mine.filter(**which).first()
    if inspection is None:
        return Sorted(name, f"{label}：本单位没有这次检查，没有收。")
    if heap and (known := PaperScan.objects.filter(inspection=inspection, paper=paper.paper, heap=heap).first()):
        return Sorted(name, f"{label}：已经收过。", known)
    file = f"{label}_{inspection.no}{pictures.ENDINGS[pictures.kind_of(content)]}" if heap else name
    try:
        kept = _keep(inspection, file, content, by, paper.paper, paper, digest_today, heap)
    except Refused as refusal:
        return Sorted(name, f"{label}：{refusal}")
    return Sorted(name, f"{label}：已归档", kept)
