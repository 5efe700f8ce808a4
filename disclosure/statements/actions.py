"""企业说明 handed in by the enterprise's address, made public by two people as it came, withdrawn when it wants (四(3)-f)."""

from django.db import transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if, why_no_opinion
from disclosure.followups import snapshots
from disclosure.models import Change, Publication, PublicationKind
from disclosure.publications import publish
from inspections.models import Inspection

from . import duties, rules
from .models import OwnWords, WordsRequest


@transaction.atomic
def submit(*, inspection: Inspection, words: str) -> OwnWords:
    """Of the enterprise's own public result, one at a time."""
    inspection = Inspection.objects.locked(inspection.pk)
    refuse_if(rules.why_not_submit(inspection, words))
    result = rules.result_of(inspection)
    n = OwnWords.objects.filter(publication__no=inspection.no).count() + 1
    made = OwnWords.objects.create(
        no=f"{inspection.no}-S{n:02d}",
        publication=result,
        unit=Unit.objects.get(code=result.unit_code),
        words=words.strip(),
        at=clock.now(),
    )
    duties.received(made)
    trail.record("disclosure.statement.received", by=None, about=result, unit=made.unit, no=made.no)
    return made


@transaction.atomic
def take_back(*, words: OwnWords) -> OwnWords:
    """By the enterprise, at any time; what is public already is withdrawn by the officer within days."""
    words = _locked(words)
    refuse_if(rules.why_not_take_back(words))
    words.taken_back_at = clock.now()
    words.save(update_fields=["taken_back_at"])
    if rules.published(words):
        duties.to_withdraw(words)
    else:
        duties.over(words, "企业撤回", words.taken_back_at)
    trail.record("disclosure.statement.taken_back", by=None, about=words.publication, unit=words.unit, no=words.no)
    return words


@transaction.atomic
def give_back(*, words: OwnWords, because: str, by: User) -> OwnWords:
    """With what is wrong: the words themselves are the enterprise's to change."""
    words = _locked(words)
    refuse_if(rules.why_not_give_back(words, by, because))
    words.returned, words.returned_at = because.strip(), clock.now()
    words.save(update_fields=["returned", "returned_at"])
    duties.over(words, "退回企业修改", words.returned_at)
    trail.record("disclosure.statement.given_back", by=by, about=words.publication, unit=words.unit, no=words.no)
    return words


@transaction.atomic
def propose(*, words: OwnWords, by: User) -> WordsRequest:
    words = _locked(words)
    refuse_if(rules.why_not_propose(words, by))
    asked = WordsRequest.objects.create(words=words, asked_by=by, asked_at=clock.now())
    duties.asked(words, by)
    trail.record("disclosure.statement.proposed", by=by, about=words.publication, unit=words.unit, no=words.no)
    return asked


@transaction.atomic
def approve(*, request: WordsRequest, by: User, opinion: str = "") -> Publication:
    """Public as it came, beside the result whose facts it repeats."""
    request = _locked_request(request)
    refuse_if(rules.why_not_approve(request, by))
    words, now = request.words, clock.now()
    request.decide("APPROVED", by=by, at=now, opinion=opinion)
    result = Publication.objects.current().get(kind=PublicationKind.RESULT, no=words.publication.no)
    said = {name: result.snapshot[name] for name in ("facility", "district", "unit", "year", "quarter")}
    made = publish(
        PublicationKind.STATEMENT,
        words.no,
        by=by,
        unit=words.unit,
        title=f"{result.facility_name}的企业说明",
        snapshot=said | {"check": result.no, "words": words.words, "on": localtime(words.at).date().isoformat()},
        **snapshots.columns_of(result),
    )
    duties.over(words, "企业说明已公开", now)
    trail.record("disclosure.statement.published", by=by, about=made, unit=words.unit, digest=made.digest)
    return made


@transaction.atomic
def reject(*, request: WordsRequest, by: User, opinion: str) -> WordsRequest:
    request = _locked_request(request)
    refuse_if(rules.why_not_approve(request, by) or why_no_opinion(opinion))
    request.decide("RETURNED", by=by, at=clock.now(), opinion=opinion)
    duties.back(request.words, by)
    trail.record("disclosure.statement.returned", by=by, about=request.words.publication, no=request.words.no)
    return request


@transaction.atomic
def withdraw(*, words: OwnWords, by: User) -> Publication:
    """The enterprise's own will: a tombstone takes the place of its words."""
    words = _locked(words)
    refuse_if(rules.why_not_withdraw(words, by))
    shown, now = rules.published(words), clock.now()
    stone = {
        "title": f"{shown.get_kind_display()} {shown.no}",
        "unit": {"code": shown.unit_code, "name": shown.unit_name},
        "year": shown.year,
        "quarter": shown.number,
        "ground": "OWN",
        "ground_label": "企业撤回",
        "reason": "企业撤回自己的说明",
        "document_no": "",
        "decided_by": f"{shown.unit_name}公示员",
        "withdrawn_on": now.date().isoformat(),
    }
    place = {"title": stone["title"], "year": shown.year, "number": shown.number}
    made = publish(shown.kind, shown.no, by=by, unit=words.unit, snapshot=stone, change=Change.WITHDRAWAL, **place)
    duties.over(words, "企业说明已撤下", now)
    trail.record("disclosure.statement.withdrawn", by=by, about=made, unit=words.unit, digest=made.digest)
    return made


def _locked(words: OwnWords) -> OwnWords:
    words = OwnWords.objects.locked(words.pk, "unit")
    words.publication = Publication.everything.get(pk=words.publication_id)
    return words


def _locked_request(request: WordsRequest) -> WordsRequest:
    words = _locked(request.words)
    request = WordsRequest.objects.locked(request.pk)
    request.words = words
    return request
