"""Enter a look of an off-site check (七(三)-b, domain.md 7.5)."""

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from inspections.approvals.rules import standing as standing_approval
from inspections.evidence import actions as evidence
from inspections.models import EvidenceKind, Inspection, LookFile, LookPoint, OffsiteLook, OffsiteMeans

from . import rules
from .rules import Seen


def look(*, inspection: Inspection, seen: Seen, by: User) -> OffsiteLook:
    """Keep one look with its files, all or nothing; it never changes again."""
    refuse_if(rules.why_not_files(seen.files))  # their bytes, before anything is locked
    with transaction.atomic():
        return _keep(inspection, seen, by)


def _keep(inspection: Inspection, seen: Seen, by: User) -> OffsiteLook:
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    now = clock.now()
    refuse_if(rules.why_not_look(inspection, by) or rules.why_not_seen(inspection, seen, now))
    made = OffsiteLook.objects.create(
        inspection=inspection,
        number=inspection.looks.count() + 1,
        method=seen.method,
        source=seen.source.strip(),
        period_from=seen.period_from,
        period_to=seen.period_to,
        result=seen.result,
        clue=seen.clue.strip(),
        asks_enterprise=seen.asks_enterprise,
        approval=standing_approval(inspection) if seen.asks_enterprise else None,
        instead_of=seen.instead_of,
        instead_why=seen.instead_why.strip(),
        by=by,
        at=now,
    )
    label = OffsiteMeans(seen.method).label
    kept = [
        evidence.keep_photo(
            inspection=inspection,
            name=name,
            content=content,
            by=by,
            kind=EvidenceKind.SCAN,
            words=f"非现场查看{made.number}：{label}",
        )
        for name, content in seen.files
    ]
    LookFile.objects.bulk_create(LookFile(look=made, evidence=e) for e in {e.pk: e for e in kept}.values())
    LookPoint.objects.bulk_create(
        LookPoint(look=made, point_id=point, words=words.strip())
        for point, words in seen.points.items()
        if words.strip()
    )
    trail.record(
        "inspections.look.kept", by=by, about=inspection, number=made.number, method=made.method, clue=made.result
    )
    return made
