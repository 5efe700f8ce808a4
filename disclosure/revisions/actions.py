"""更正 and 撤下: asked by the officer, decided by the leader; a new version, never a changed one (八(二)-c, D-23)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.dateparse import parse_date

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import refuse_if, why_no_opinion
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import FOLLOWUPS, Change, Publication, PublicationKind
from disclosure.publications import publish
from disclosure.selfcheck import duties as selfcheck_duties
from inspections.models import Inspection
from inspections.privacy import actions as privacy_actions
from inspections.review import actions as review_actions
from registry.inspectors.rules import scan_type
from registry.positive_list import ending as exits

from . import duties, rules, tombstones
from .models import Act, Ground, Revision, RevisionState
from .places import changed, columns_of, corrected, differences, of_the_finding


@transaction.atomic
def ask(
    *,
    publication: Publication,
    by: User,
    act: str,
    reason: str,
    evidence: str,
    ground: str = "",
    document_no: str = "",
    known_on: date | None = None,
    words: Mapping[str, str] | None = None,
    names_because: str = "",
    gone: str = "",
    file: tuple[str, bytes] | None = None,
    receipt: str = "",
) -> Revision:
    """Say what is wrong and what it should read; nothing public changes until the leader has agreed.

    `words`: everything as it should read, by the key of its place; what is as before is left out. `file`: what proves
    it; of a request that was sent back the file stays, unless another takes its place. `gone`: the private or secret words
    themselves, a line each: looked for wherever something stays public, and not kept. `receipt`: of the objection that it
    answers (`disclosure.objections`), with which it is decided.
    """
    unit = Unit.objects.select_for_update().get(code=publication.unit_code)  # two who ask at one moment wait here
    now = clock.now()
    asked = {
        "act": act,
        "ground": ground if act != Act.CORRECT else "",
        "reason": reason.strip(),
        "evidence": evidence.strip(),
        "document_no": document_no.strip(),
        "known_on": known_on if act != Act.CORRECT else None,
        "changes": changed(publication, words or {}) if act != Act.WITHDRAW else {},
        "names_because": names_because.strip(),
    }
    refuse_if(rules.why_not_ask(publication, by, unit, file=file, gone=gone, today=now.date(), **asked))

    before = sent_back(publication)
    stored = before.file if before and before.act == act else None
    if file:
        stored = files.store(name=file[0], content=file[1], content_type=scan_type(file[1]), by=by)
    revision = Revision.objects.create(
        publication=publication, unit=unit, asked_by=by, asked_at=now, file=stored, receipt=receipt, **asked
    )
    duties.asked(revision, by)
    trail.record("disclosure.revision.asked", by=by, about=publication, unit=unit, act=act, ground=asked["ground"])
    return revision


@transaction.atomic
def approve(*, revision: Revision, by: User, opinion: str = "", receipt: str = "") -> Revision:
    """Publish the corrected text, or the tombstone; with both, the tombstone first (PUB1 §1)."""
    revision = _locked(revision)
    now = clock.now()
    refuse_if(rules.why_not_approve(revision, by, now.date(), receipt=receipt))

    publication, became = revision.publication, None
    if revision.is_withdrawal:
        if publication.kind == PublicationKind.RESULT:
            check = Inspection.objects.get(no=publication.no)
            review_actions.mark_withdrawn(inspection=check, by=by, at=now)
        became = _publish(revision, tombstones.snapshot_of(revision, today=now.date()), Change.WITHDRAWAL, by)
        if revision.act == Act.WITHDRAW and publication.kind == PublicationKind.RESULT:
            _withdraw_steps(revision, by, now.date())
            if revision.ground == Ground.REVOKED:
                subjects.house().result_revoked(check, by)
        if revision.act == Act.WITHDRAW and publication.kind == PublicationKind.SELF_CHECK:
            selfcheck_duties.withdrawn(Quarter(publication.year, publication.number), by)
    if revision.act != Act.WITHDRAW:
        became = _correct(revision, by, now.date())
    if publication.kind == PublicationKind.RESULT:
        # Once it reads as it will: between the tombstone and the clean words nothing is public, and no ground is gone by that.
        exits.end_groundless(now, facility__inspections__no=publication.no)
    revision.decide(RevisionState.APPROVED, by=by, at=now, opinion=opinion, became=became)
    duties.decided(revision, f"已{revision.get_act_display()}", now)
    trail.record(
        "disclosure.revision.approved",
        by=by,
        about=publication,
        unit=revision.unit,
        act=revision.act,
        ground=revision.ground,
        was=publication.digest,
        digest=became.digest,
        version=became.version,
    )
    return revision


@transaction.atomic
def reject(*, revision: Revision, by: User, opinion: str, receipt: str = "") -> Revision:
    """What is public stays as it is."""
    revision = _locked(revision)
    refuse_if(rules.why_not_open_decision(revision, by, receipt) or why_no_opinion(opinion))
    revision.decide(RevisionState.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.decided(revision, f"没有批准{revision.get_act_display()}", revision.decided_at)
    trail.record(
        "disclosure.revision.rejected", by=by, about=revision.publication, unit=revision.unit, act=revision.act
    )
    return revision


@transaction.atomic
def send_back(*, revision: Revision, by: User, opinion: str) -> Revision:
    """What is missing is completed by the officer, who asks once more; what he wrote is kept (ui-2.md 27)."""
    revision = _locked(revision)
    refuse_if(rules.why_not_open_decision(revision, by) or why_no_opinion(opinion))
    revision.decide(RevisionState.MORE, by=by, at=clock.now(), opinion=opinion)
    duties.sent_back(revision, by)
    trail.record(
        "disclosure.revision.sent_back", by=by, about=revision.publication, unit=revision.unit, act=revision.act
    )
    return revision


@transaction.atomic
def take_back(*, revision: Revision, by: User) -> Revision:
    """The officer thinks better of it before anybody decided."""
    revision = _locked(revision)
    refuse_if(rules.why_not_take_back(revision, by))
    revision.decide(RevisionState.WITHDRAWN, by=None, at=clock.now())
    duties.taken_back(revision, by)
    trail.record(
        "disclosure.revision.taken_back", by=by, about=revision.publication, unit=revision.unit, act=revision.act
    )
    return revision


def drop(*, revision: Revision, at: datetime) -> Revision:
    """Whoever objected thinks better of it: what would have answered him is asked by nobody any more."""
    revision = _locked(revision)
    revision.decide(RevisionState.WITHDRAWN, by=None, at=at)
    duties.decided(revision, "申请人撤回", at)
    return revision


def sent_back(publication: Publication) -> Revision | None:
    """The last request about this version, where it waits to be completed."""
    last = Revision.objects.filter(publication=publication).select_related("file", "decided_by", "unit").first()
    if last is None or last.state != RevisionState.MORE:
        return None
    duty = duties.duty_of(last)
    return last if duty is None or duty.closed_at is None else None


@transaction.atomic
def show_withdrawn(*, publication: Publication, by: User, reason: str) -> Publication:
    """Let somebody with the right read sealed words, for a reason that the trail keeps."""
    unit = Unit.objects.get(code=publication.unit_code)
    refuse_if(rules.why_not_read(publication, by, unit, reason))
    trail.record(
        "disclosure.withdrawn.viewed",
        by=by,
        about=publication,
        unit=unit,
        version=publication.version,
        reason=reason.strip()[:200],
    )
    return publication


def _locked(revision: Revision) -> Revision:
    revision = Revision.objects.locked(revision.pk, "unit")
    revision.publication = Publication.everything.get(pk=revision.publication_id)
    return revision


def _publish(revision: Revision, snapshot: dict, change: str, by: User, **columns) -> Publication:
    p = revision.publication
    columns = columns or {"title": snapshot["title"], "year": p.year, "number": p.number}
    return publish(p.kind, p.no, by=by, unit=revision.unit, snapshot=snapshot, change=change, **columns)


def _withdraw_steps(revision: Revision, by: User, today: date) -> None:
    """What followed a result that is no longer public does not stay public by itself (八(二)-e)."""
    of_check = {"kind__in": [*FOLLOWUPS, PublicationKind.STATEMENT], "no__startswith": f"{revision.publication.no}-"}
    for step in Publication.objects.current().filter(**of_check).order_by("pk"):
        stone = tombstones.snapshot_of(revision, today=today, of=step)
        place = {"title": stone["title"], "year": step.year, "number": step.number}
        publish(step.kind, step.no, by=by, unit=revision.unit, snapshot=stone, change=Change.WITHDRAWAL, **place)


def _correct(revision: Revision, by: User, today: date) -> Publication:
    publication = revision.publication
    snapshot = corrected(publication, revision.changes)
    places = [] if revision.is_withdrawal else [label for label, _, _ in differences(publication, revision.changes)]
    snapshot["correction"] = tombstones.correction_of(revision, today=today, places=places)
    columns = columns_of(publication, snapshot)
    if publication.kind == PublicationKind.RESULT:
        if names := rules.names_in(publication, revision.changes):
            snapshot["names_confirmed"] = True
            check = Inspection.objects.get(no=publication.no)
            privacy_actions.mark_kept(
                inspection=check, names=names, reason=revision.names_because, said_by=revision.asked_by, by=by
            )
        review_actions.mark_corrected(
            inspection=Inspection.objects.get(no=publication.no),
            outcome=snapshot["outcome"],
            rectify_by=parse_date(snapshot["rectify_by"]) if snapshot["rectify_by"] else None,
            by=by,
            differences=differences(publication, of_the_finding(revision.changes)),
        )
    return _publish(revision, snapshot, Change.CORRECTION, by, **columns)
