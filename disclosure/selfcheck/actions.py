"""公开合规体检摘要: the lead office counts and puts it forward, the supervisor lets it through, and so it is public (四(3)-f, 八(一)-b)."""

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.forms.decision import State
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.refusal import refuse_if, why_no_opinion
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import Publication, PublicationKind
from disclosure.publications import publish
from inspections.models import SelfCheckSummary
from inspections.selfcheck import summing

from . import duties, rules


@transaction.atomic
def ask(*, quarter: Quarter, by: User) -> SelfCheckSummary:
    """Count, and keep what was counted for the second person to read."""
    city = Unit.objects.locked(Unit.objects.city_team().pk)  # whoever comes second waits here, and then finds it there
    now = clock.now()
    refuse_if(rules.why_not_ask(quarter, by, now.date()))
    summary = SelfCheckSummary.objects.create(
        year=quarter.year, number=quarter.number, facts=summing.facts_of(quarter), asked_by=by, asked_at=now
    )
    duties.asked(summary, by)
    trail.record("disclosure.selfcheck.asked", by=by, about=summary, unit=city, period=summary.no)
    return summary


@transaction.atomic
def approve(*, summary: SelfCheckSummary, by: User, opinion: str = "") -> Publication:
    """Exactly what was put forward becomes public, if it would still be counted so."""
    city = Unit.objects.locked(Unit.objects.city_team().pk)
    summary = SelfCheckSummary.objects.locked(summary.pk)
    now = clock.now()
    refuse_if(rules.why_not_approve(summary, by, now.date()))
    summary.decide(State.APPROVED, by=by, at=now, opinion=opinion)
    publication = publish(
        PublicationKind.SELF_CHECK,
        summary.no,
        by=by,
        title=summary.facts["title"],
        unit=city,
        year=summary.year,
        number=summary.number,
        snapshot=summary.facts,
    )
    duties.published(summary.quarter, publication.published_at)
    trail.record(
        "disclosure.selfcheck.published",
        by=by,
        about=publication,
        unit=city,
        digest=publication.digest,
        version=publication.version,
    )
    return publication


@transaction.atomic
def give_back(*, summary: SelfCheckSummary, by: User, opinion: str) -> SelfCheckSummary:
    """What was returned stays; another one is counted anew."""
    summary = SelfCheckSummary.objects.locked(summary.pk)
    refuse_if(rules.why_not_open_decision(summary, by) or why_no_opinion(opinion))
    summary.decide(State.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.given_back(summary, by)
    title = f"{summary.quarter.label}合规体检摘要退回"
    tell_people([summary.asked_by_id], title, f"意见：{summary.opinion}", duties.url_of(summary.quarter))
    trail.record("disclosure.selfcheck.returned", by=by, about=summary, opinion=summary.opinion)
    return summary
