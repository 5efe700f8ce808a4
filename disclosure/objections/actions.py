"""更正与申诉 taken in without a login, handled by one who was not there, decided by another, the decision public (四(3)-f)."""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from benxi_shuangsuiji import clock, policy, sealing
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files as stored
from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.notices.telling import mail_out
from benxi_shuangsuiji.refusal import Refused, refuse_if, why_no_opinion
from disclosure.models import Publication, PublicationKind
from disclosure.publications import publish
from disclosure.revisions import actions as revising
from inspections.checks import visit_codes
from registry.codes import ALPHABET, check_character

from . import duties, rules, snapshots
from .models import (
    Applicant,
    ApplicantKey,
    Objection,
    ObjectionFile,
    ObjectionPaper,
    ObjectionState,
    Outcome,
    Ruling,
    RulingState,
    subject_of,
)

_LOCK = 0x0B7EC7  # of the receipt numbers


def code_of(applicant: Applicant) -> str:
    """What the receipt says that nobody else knows: computed, so that nothing here gives it away."""
    key = salted_hmac("disclosure.objections", applicant.form.hex, algorithm="sha256").digest()
    eleven = "".join(ALPHABET[byte % len(ALPHABET)] for byte in key[: visit_codes.LENGTH - 1])
    return eleven + check_character(eleven)


@transaction.atomic
def submit(
    *,
    publication: Publication,
    relation: str,
    name: str,
    phone: str,
    email: str,
    demand: str,
    part: str,
    words: str,
    form: uuid.UUID,
    files: Iterable = (),
) -> Objection:
    """Take it in and give it a number; the same form sent twice is one. `files`: as they were uploaded, read one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if before := Applicant.objects.filter(form=form).select_related("objection").first():
        return before.objection
    refuse_if(rules.why_not_take_in(words=words, name=name, phone=phone, email=email))
    if twice := rules.same(publication, phone=phone, email=email):
        raise Refused(f"对这条公示的 {twice.receipt} 正在办理，可以补充材料")
    now = clock.now()
    objection = Objection.objects.create(
        receipt=_next_receipt(now.year),
        publication=publication,
        unit=Unit.objects.get(code=publication.unit_code),
        relation=relation,
        demand=demand,
        part=part,
        at=now,
        days=policy.on(now.date()).recommended.objection_answered_within_workdays,
    )
    _keep_applicant(objection, form, {"name": name.strip(), "phone": phone.strip(), "email": email.strip()})
    _keep(objection, words, files, now)
    duties.received(objection)
    trail.record("disclosure.objection.received", by=None, about=publication, unit=objection.unit, no=objection.receipt)
    return objection


@transaction.atomic
def complete(*, objection: Objection, words: str, files: Iterable = ()) -> Objection:
    """More of who asked; where it was asked for, the days run on."""
    objection = _locked(objection)
    now = clock.now()
    refuse_if(rules.why_not_complete(objection, now.date()))
    if rules.why_not_take_in(words=words, name="补", phone="", email="补"):
        raise Refused("写明补充什么")
    _keep(objection, words, files, now)
    if objection.waits_for_more(now.date()):
        objection.more_given_on = now.date()
        objection.save(update_fields=["more_given_on"])
        duties.moved(objection)
    duties.with_officer(objection, f"核查{objection.get_demand_display()} {objection.receipt}")
    trail.record("disclosure.objection.completed", by=None, about=objection.publication, no=objection.receipt)
    return objection


@transaction.atomic
def take_back(*, objection: Objection) -> Objection:
    """By whoever has the code of the receipt; what was proposed meanwhile is void."""
    objection = _locked(objection)
    refuse_if(rules.why_not_take_back(objection))
    now = clock.now()
    for ruling in objection.rulings.pending().select_related("revision"):
        _drop(ruling, now)
    _end(objection, ObjectionState.TAKEN_BACK, now)
    trail.record("disclosure.objection.taken_back", by=None, about=objection.publication, no=objection.receipt)
    return objection


@transaction.atomic
def ask_for_more(*, objection: Objection, what: str, until: date, by: User) -> Objection:
    """补正: told once, with its day; until then the clock stands still."""
    objection = _locked(objection)
    today = clock.today()
    refuse_if(rules.why_not_ask_for_more(objection, by, what=what, until=until, today=today))
    objection.more, objection.more_on, objection.more_until = what.strip(), today, until
    objection.save(update_fields=["more", "more_on", "more_until"])
    duties.moved(objection)
    _write_to(objection, "要补正材料", f"{until} 前补正，办法见受理时的网址。")
    trail.record("disclosure.objection.more", by=by, about=objection.publication, no=objection.receipt, until=until)
    return objection


@transaction.atomic
def explain(*, objection: Objection, reason: str, by: User) -> Objection:
    """Why it is late: public beside the days."""
    objection = _locked(objection)
    refuse_if(rules.why_not_explain(objection, by, reason, clock.today()))
    objection.late_reason = reason.strip()
    objection.save(update_fields=["late_reason"])
    trail.record("disclosure.objection.late", by=by, about=objection.publication, no=objection.receipt)
    return objection


@transaction.atomic
def propose(
    *,
    objection: Objection,
    outcome: str,
    reason: str,
    by: User,
    document_no: str = "",
    revision: Mapping[str, object] | None = None,
) -> Ruling:
    """What who handled it proposes. `revision`: what `disclosure.revisions` is asked for, decided along with it."""
    objection = _locked(objection)
    now = clock.now()
    refuse_if(
        rules.why_not_propose(objection, by, reason=reason, document_no=document_no, today=now.date())
        or ("" if outcome in Outcome.values else "选择决定。")
    )
    asked = None
    if outcome != Outcome.KEEP:
        newest = rules.record_of(objection.publication.no, objection.publication.kind)
        refuse_if("" if newest else "这条公示已经撤下，不能再改。提出“不更正”，写明情况。")
        words = {"reason": reason, "document_no": document_no, **(revision or {})}
        asked = revising.ask(publication=newest, by=by, act=outcome, receipt=objection.receipt, **words)
    ruling = Ruling.objects.create(
        objection=objection,
        outcome=outcome,
        reason=reason.strip(),
        document_no=document_no.strip(),
        revision=asked,
        asked_by=by,
        asked_at=now,
    )
    duties.with_leader(objection, by)
    trail.record("disclosure.objection.proposed", by=by, about=objection.publication, no=objection.receipt)
    return ruling


@transaction.atomic
def approve(*, ruling: Ruling, by: User, opinion: str = "") -> Ruling:
    """One approval for both: the new version first, then the decision, public in the same moment."""
    ruling = _locked_ruling(ruling)
    objection, now = ruling.objection, clock.now()
    refuse_if(rules.why_not_approve(ruling, by, now.date()))
    became = None
    if ruling.revision:
        became = revising.approve(revision=ruling.revision, by=by, opinion=opinion, receipt=objection.receipt).became
    ruling.decide(RulingState.APPROVED, by=by, at=now, opinion=opinion)
    if ruling.revision:
        ruling.revision.refresh_from_db()
    _end(objection, ObjectionState.DECIDED, now)
    snapshot = snapshots.of_ruling(ruling, became, now.date())
    made = publish(
        PublicationKind.DECISION,
        objection.receipt,
        by=by,
        unit=objection.unit,
        snapshot=snapshot,
        title=snapshot["title"],
        year=now.year,
        facility_code=objection.publication.facility_code,
    )
    _write_to(objection, f"决定：{ruling.get_outcome_display()}", "决定已经公开，见办理情况的网页。")
    trail.record(
        "disclosure.objection.decided",
        by=by,
        about=objection.publication,
        unit=objection.unit,
        no=objection.receipt,
        outcome=ruling.outcome,
        digest=made.digest,
    )
    return ruling


@transaction.atomic
def reject(*, ruling: Ruling, by: User, opinion: str) -> Ruling:
    """Back to who handles it; the clock runs on."""
    ruling = _locked_ruling(ruling)
    refuse_if(rules.why_not_rule(ruling, by) or why_no_opinion(opinion))
    if ruling.revision:
        revising.reject(revision=ruling.revision, by=by, opinion=opinion, receipt=ruling.objection.receipt)
    ruling.decide(RulingState.RETURNED, by=by, at=clock.now(), opinion=opinion)
    objection = ruling.objection
    duties.with_officer(objection, f"决定被退回，再核查 {objection.receipt}", by)
    trail.record("disclosure.objection.returned", by=by, about=objection.publication, no=objection.receipt)
    return ruling


def note_read(*, objection: Objection, by: User) -> None:
    """Who asked is personal data: each look at it stands in the trail (domain.md 7.8)."""
    trail.record("disclosure.objection.read", by=by, about=objection.publication, no=objection.receipt)


def note_file(*, objection: Objection, file, by: User) -> None:
    trail.record(
        "disclosure.objection.file", by=by, about=objection.publication, no=objection.receipt, file=file.sha256
    )


def _locked(objection: Objection) -> Objection:
    objection = Objection.objects.locked(objection.pk, "unit", "applicant")
    objection.publication = Publication.everything.get(pk=objection.publication_id)
    return objection


def _locked_ruling(ruling: Ruling) -> Ruling:
    """After its objection, which every act takes hold of first."""
    objection = _locked(ruling.objection)
    ruling = Ruling.objects.locked(ruling.pk)
    ruling.objection = objection
    if ruling.revision_id:
        ruling.revision.publication = Publication.everything.get(pk=ruling.revision.publication_id)
    return ruling


def _keep_applicant(objection: Objection, form: uuid.UUID, who: dict[str, str]) -> None:
    subject = subject_of(objection)
    key = sealing.new_key(subject)
    sealed = sealing.seal(json.dumps(who, ensure_ascii=False), key, subject)
    applicant = Applicant.objects.create(objection=objection, form=form, sealed=sealed)
    ApplicantKey.objects.create(applicant=applicant, key=key)


def _next_receipt(year: int) -> str:
    n = Objection.objects.filter(receipt__startswith=f"YY{year}-").count() + 1
    return f"YY{year}-{n:04d}"


def _keep(objection: Objection, words: str, files: Iterable, at: datetime) -> None:
    paper = ObjectionPaper.objects.create(objection=objection, words=words.strip(), at=at)
    for n, upload in enumerate(files):
        refuse_if(f"最多交 {rules.MOST_FILES} 份。" if n >= rules.MOST_FILES else "")
        content = upload.read() if upload.size <= rules.MOST_BYTES else b""
        refuse_if(rules.why_not_file(upload.name, upload.size, content))
        kind = pictures.kind_of(content)
        ObjectionFile.objects.create(
            paper=paper, file=stored.store(name=upload.name, content=content, content_type=kind)
        )


def _drop(ruling: Ruling, at: datetime) -> None:
    if ruling.revision:
        revising.drop(revision=ruling.revision, at=at)
    ruling.decide(RulingState.WITHDRAWN, by=None, at=at)


def _end(objection: Objection, state: str, at: datetime) -> None:
    objection.state, objection.ended_at = state, at
    objection.save(update_fields=["state", "ended_at"])
    duties.ended(objection, objection.get_state_display(), at)


def _write_to(objection: Objection, subject: str, body: str) -> None:
    who = objection.applicant
    if who.email:
        key, url = f"{subject_of(objection)}:{subject}", f"/corrections/{objection.receipt}/"
        mail_out(to=who.email, key=key, subject=f"{objection.receipt} {subject}", body=body, at=clock.now(), url=url)
