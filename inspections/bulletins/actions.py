"""通报 and 评估: made with its figures, written, sent up to be signed, signed or given back (五-2c, 五-2d)."""

from django.db import transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import tell, tell_people
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from inspections.models import Bulletin, BulletinKind, BulletinState

from . import content, duties, rules
from .content import Subject


def standing(subject: Subject) -> Bulletin | None:
    found = Bulletin.objects.standing().filter(kind=subject.kind, unit=subject.unit, year=subject.year)
    return found.filter(number=subject.number).select_related("unit", "asked_by", "decided_by").first()


@transaction.atomic
def make(*, subject: Subject, by: User) -> Bulletin:
    """Count, and lock what was counted; the words come afterwards, after a return those of the paper that was returned."""
    office = Unit.objects.locked(Unit.objects.city_team().pk)
    now = clock.now()
    refuse_if(rules.why_not_make(subject, standing(subject), by, now.date(), workdays.calendar()))
    said = {"kind": subject.kind, "unit": subject.unit, "year": subject.year, "number": subject.number}
    before = Bulletin.objects.filter(**said).order_by("-pk").first()
    bulletin = Bulletin.objects.create(
        **said,
        office=office,
        figures=content.figures_of(subject, now.date()),
        text=before.text if before else content.first_words(subject),
        made_by=by,
        made_at=now,
    )
    trail.record("inspections.bulletin.made", by=by, about=bulletin)
    return bulletin


@transaction.atomic
def write(*, bulletin: Bulletin, text: dict[str, str], by: User, seen: str | None = None) -> Bulletin:
    """Keep the words; they may be unfinished."""
    bulletin = Bulletin.objects.locked(bulletin.pk, "unit")
    refuse_if(rules.why_not_write(bulletin, by, seen))
    _keep(bulletin, text)
    bulletin.save(update_fields=["text"])
    return bulletin


@transaction.atomic
def ask(*, bulletin: Bulletin, text: dict[str, str], by: User, seen: str | None = None) -> Bulletin:
    """报签: from now on neither words nor figures change."""
    bulletin = Bulletin.objects.locked(bulletin.pk, "unit", "office")
    refuse_if(rules.why_not_ask(bulletin, text, by, seen))
    _keep(bulletin, text)
    bulletin.state, bulletin.asked_by, bulletin.asked_at = BulletinState.ASKED, by, clock.now()
    bulletin.save()
    duties.asked(bulletin)
    tell(
        role=Role.APPROVER,
        unit=bulletin.office,
        key=f"bulletin:{bulletin.pk}",
        title=f"签发{bulletin.get_kind_display()} {bulletin.no}",
        url=bulletin.get_absolute_url(),
        by=by,
    )
    trail.record("inspections.bulletin.asked", by=by, about=bulletin)
    return bulletin


@transaction.atomic
def issue(*, bulletin: Bulletin, by: User, document_no: str, opinion: str = "") -> Bulletin:
    """签发: the units read it from now on, and each that it is about is told."""
    bulletin = Bulletin.objects.locked(bulletin.pk, "unit", "office")
    refuse_if(rules.why_not_issue(bulletin, by, document_no))
    number = document_no.strip()[:60]
    bulletin.decide(BulletinState.ISSUED, by=by, at=clock.now(), opinion=opinion, document_no=number)
    duties.decided(bulletin, f"已签发 {number}"[:60], bulletin.decided_at)
    units = [bulletin.unit] if bulletin.kind == BulletinKind.YEAR else Unit.objects.drawing()
    for unit in units:
        tell(
            role=Role.PLANNER,
            unit=unit,
            key=f"bulletin-out:{bulletin.pk}:{unit.code}",
            title=f"{bulletin.get_kind_display()} {number} 已签发",
            url=bulletin.get_absolute_url(),
            by=by,
        )
    trail.record("inspections.bulletin.issued", by=by, about=bulletin, document=number)
    return bulletin


@transaction.atomic
def give_back(*, bulletin: Bulletin, by: User, opinion: str) -> Bulletin:
    """What was returned stays; another one is made with the figures of its day."""
    bulletin = Bulletin.objects.locked(bulletin.pk, "unit", "office")
    refuse_if(rules.why_not_open_decision(bulletin, by) or why_not_reason(opinion, "意见"))
    bulletin.decide(BulletinState.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.decided(bulletin, "已退回", bulletin.decided_at)
    tell_people(
        [bulletin.asked_by_id],
        f"{bulletin.get_kind_display()} {bulletin.no} 退回",
        f"意见：{bulletin.opinion}",
        bulletin.get_absolute_url(),
    )
    trail.record("inspections.bulletin.returned", by=by, about=bulletin, opinion=bulletin.opinion)
    return bulletin


def _keep(bulletin: Bulletin, text: dict[str, str]) -> None:
    bulletin.text = {c.key: text.get(c.key, "").strip()[: rules.MOST_WORDS] for c in content.CHAPTERS[bulletin.kind]}
