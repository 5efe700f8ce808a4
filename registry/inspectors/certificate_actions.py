"""What people do with an 执法证: enter it, withhold it, give it back, cancel it (六(三)-g, -i)."""

from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.models import StoredFile
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from registry.models import CertificateStatus, Inspector, InspectorCertificate, InspectorChangeKind

from . import actions, certificates, rules


@transaction.atomic
def enter_certificate(
    *,
    inspector: Inspector,
    number: str,
    kind: str,
    valid_from: date,
    valid_to: date,
    reason: str,
    by: User,
    issuer: str = "",
    scan: tuple[str, bytes] | None = None,
) -> InspectorCertificate:
    """Enter a card, its renewal or a correction; the statement entered last about a number counts."""
    inspector = actions.locked(inspector)
    refuse_if(
        rules.why_not_edit_inspector(inspector, by)
        or rules.why_not_certificate(number=number, start=valid_from, end=valid_to)
        or rules.why_not_number(inspector, number)
        or rules.why_not_scan(scan)
        or why_not_reason(reason)
    )
    before = _latest(inspector, number)
    file = before.scan if before else None
    if scan:
        name, content = scan
        file = files.store(name=name, content=content, content_type=rules.scan_type(content), by=by)
    said = state(
        inspector,
        by=by,
        reason=reason,
        number=number,
        kind=kind,
        issuer=issuer,
        valid_from=valid_from,
        valid_to=valid_to,
        scan=file,
        status=before.status if before else CertificateStatus.VALID,
        status_on=before.status_on if before else None,
    )
    trail.record("registry.certificate.entered", by=by, about=inspector, until=valid_to)
    return said


@transaction.atomic
def set_certificate_status(
    *, certificate: InspectorCertificate, status: str, on: date, reason: str, by: User
) -> InspectorCertificate:
    """Withhold a card (暂扣), give it back (有效) or cancel it (注销); a withheld one cannot be drawn with."""
    inspector = actions.locked(certificate.inspector)
    now = _latest(inspector, certificate.number)
    refuse_if(
        rules.why_not_edit_inspector(inspector, by)
        or rules.why_not_certificate_status(now, status, on=on, today=clock.today())
        or why_not_reason(reason)
    )
    said = state(
        inspector,
        by=by,
        reason=reason,
        on=on,
        number=now.number,
        kind=now.kind,
        issuer=now.issuer,
        valid_from=now.valid_from,
        valid_to=now.valid_to,
        scan=now.scan,
        status=status,
        status_on=None if status == CertificateStatus.VALID else on,
    )
    trail.record("registry.certificate.status", by=by, about=inspector, status=status)
    return said


def show_scan(*, certificate: InspectorCertificate, by: User) -> StoredFile:
    """Hand out the scan of a card to the person, the registrar or the approving leader; noted in the trail."""
    refuse_if(rules.why_not_see_scan(certificate, by))
    trail.record("registry.certificate.scan_shown", by=by, about=certificate.inspector)
    return certificate.scan


def state(inspector: Inspector, *, by: User, reason: str, on: date | None = None, **facts) -> InspectorCertificate:
    """Write one statement, let the columns follow, and note both. The caller has locked, asked and records."""
    now = clock.now()
    said = InspectorCertificate.objects.create(
        inspector=inspector, entered_by=by, entered_at=now, reason=reason[:200], **facts
    )
    changed = certificates.put_columns(inspector, inspector.certificates.all(), now.date())
    actions.save(inspector)
    values = {n: [certificates.as_json(old), certificates.as_json(new)] for n, (old, new) in changed.items()}
    card = [said.number, said.kind, said.valid_from.isoformat(), said.valid_to.isoformat(), said.status]
    values["certificate"] = [None, card]
    actions.write_change(inspector, InspectorChangeKind.CERTIFICATE, by=by, reason=reason, values=values, on=on)
    return said


def _latest(inspector: Inspector, number: str) -> InspectorCertificate | None:
    return inspector.certificates.filter(number=number).order_by("-pk").first()
