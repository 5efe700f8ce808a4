"""Which card counts: from the statements about a person's 执法证 to the columns that the draw and the visit read.

The statements are the truth; `Inspector.certificate_*` are computed from them in the same transaction, and once a day,
since a card may begin tomorrow (A-24).
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F

from registry import book
from registry.facilities import search
from registry.models import CertificateStatus, Inspector, InspectorCertificate, InspectorChange, InspectorChangeKind

COLUMNS = ("certificate_no", "certificate_kind", "certificate_from", "certificate_to", "certificate_status")


def in_force(statements: Iterable[InspectorCertificate]) -> list[InspectorCertificate]:
    """Leave out what a later statement made old: the same number, with a validity that overlaps. Latest first."""
    kept: list[InspectorCertificate] = []
    for said in sorted(statements, key=lambda s: s.pk, reverse=True):
        if not any(
            k.number == said.number and said.valid_from <= k.valid_to and k.valid_from <= said.valid_to for k in kept
        ):
            kept.append(said)
    return kept


def in_use(statements: Iterable[InspectorCertificate], day: date) -> InspectorCertificate | None:
    """The card that counts on that day: a valid one, else the next one, else the latest that is over or withheld."""
    kept = in_force(statements)
    good = [s for s in kept if s.status == CertificateStatus.VALID]
    if now := [s for s in good if s.valid_from <= day <= s.valid_to]:
        return now[0]
    if coming := [s for s in good if s.valid_from > day]:
        return min(coming, key=lambda s: s.valid_from)
    return kept[0] if kept else None


def columns_of(statements: Iterable[InspectorCertificate], day: date) -> dict:
    """The columns as the statements have them; a renewal of the same number without a gap prolongs the card."""
    statements = list(statements)
    card = in_use(statements, day)
    if card is None:
        return dict(zip(COLUMNS, ("", "", None, None, CertificateStatus.VALID), strict=True))
    until, moved = card.valid_to, card.status == CertificateStatus.VALID
    while moved:
        moved = False
        for said in in_force(statements):
            same = said.number == card.number and said.status == CertificateStatus.VALID
            if same and said.valid_from == until + timedelta(days=1):
                until, moved = said.valid_to, True
    return dict(zip(COLUMNS, (card.number, card.kind, card.valid_from, until, card.status), strict=True))


def columns_now(inspector: Inspector) -> dict:
    return {name: getattr(inspector, name) for name in COLUMNS}


def put_columns(inspector: Inspector, statements: Iterable[InspectorCertificate], day: date) -> dict[str, tuple]:
    """Set the columns; return old and new of those that changed. The caller saves."""
    before, after = columns_now(inspector), columns_of(statements, day)
    for name, value in after.items():
        setattr(inspector, name, value)
    return {n: (before[n], after[n]) for n in COLUMNS if before[n] != after[n]}


def statements_of(inspectors: Iterable[Inspector]) -> dict[int, list[InspectorCertificate]]:
    """All statements by person; one query."""
    found: dict[int, list[InspectorCertificate]] = {i.pk: [] for i in inspectors}
    for said in InspectorCertificate.objects.filter(inspector__in=list(found)):
        found[said.inspector_id].append(said)
    return found


def state_columns(inspectors: list[Inspector], *, by, at, batch=None, reason: str = "") -> None:
    """After a workbook has set the columns: state the cards they name, so that the statements say the same.

    A withheld card stays withheld when the workbook only repeats or corrects it.
    """
    known = statements_of(inspectors)
    said = []
    for i in inspectors:
        old = known[i.pk]
        wanted = (i.certificate_no, i.certificate_kind, i.certificate_from, i.certificate_to)
        if not i.certificate_no or tuple(columns_of(old, at.date()).values())[:4] == wanted:
            continue
        same = next((s for s in in_force(old) if s.number == i.certificate_no), None)
        said.append(
            InspectorCertificate(
                inspector=i,
                number=i.certificate_no,
                kind=i.certificate_kind,
                valid_from=i.certificate_from,
                valid_to=i.certificate_to,
                issuer=same.issuer if same else "",
                scan=same.scan if same else None,
                status=same.status if same else CertificateStatus.VALID,
                status_on=same.status_on if same else None,
                reason=reason[:200],
                batch=batch,
                entered_by=by,
                entered_at=at,
            )
        )
    InspectorCertificate.objects.bulk_create(said, batch_size=500)
    bring_up_to_date(inspectors, by=by, at=at, batch=batch, reason=reason)


def take_back(batch, inspectors: list[Inspector], *, by, at, reason: str) -> None:
    """The withdrawal of an import takes its statements away; the columns follow from the rest."""
    InspectorCertificate.objects.filter(batch=batch).delete()
    bring_up_to_date(inspectors, by=by, at=at, batch=batch, reason=reason)


def bring_up_to_date(inspectors: list[Inspector], *, at, reason: str, by=None, batch=None) -> list[Inspector]:
    """Recompute the columns of these people, write and note those that differ; return who changed.

    `by` None: nobody acts, a card entered earlier begins; noted is who entered the latest.
    """
    known = statements_of(inspectors)
    changed = []
    for i in inspectors:
        if values := put_columns(i, known[i.pk], at.date()):
            i.search_text = search.inspector_text(i)
            i.version += 1
            changed.append((i, values))
    Inspector.objects.bulk_update([i for i, _ in changed], [*COLUMNS, "search_text", "version"], batch_size=500)
    InspectorChange.objects.bulk_create(
        InspectorChange(
            inspector=i,
            inspector_code=i.code,
            kind=InspectorChangeKind.CERTIFICATE,
            effective_on=at.date(),
            reason=reason[:200],
            values={n: [as_json(old), as_json(new)] for n, (old, new) in values.items()},
            entered_by=by or known[i.pk][0].entered_by,
            batch=batch,
            at=at,
        )
        for i, values in changed
    )
    return [i for i, _ in changed]


def as_json(value):
    return value.isoformat() if isinstance(value, date) else value


def turn(at) -> int:
    """Let cards entered earlier begin on their day; return how many people's columns changed. Safe to run again."""
    day = at.date()
    begun = InspectorCertificate.objects.filter(
        status=CertificateStatus.VALID, valid_from__lte=day, valid_to__gte=day
    ).exclude(number=F("inspector__certificate_no"))
    with transaction.atomic():
        book.lock_for_edit()
        people = Inspector.objects.select_for_update().filter(pk__in=begun.values("inspector"))
        return len(bring_up_to_date(list(people.order_by("pk")), at=at, reason="证件按有效期自动更换"))
