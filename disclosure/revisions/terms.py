"""公开目录类别 and 公示期限: where a publication stands in the catalogue, and for how long (八(二)-c, -h).

A result that led to a penalty is public as long as the penalty may be (信用修复管理办法), and never longer than its own term.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.policy.versions import Shelf
from benxi_shuangsuiji.workdays.days import full_date, months_after
from disclosure.models import FOLLOWUPS, Publication, PublicationKind
from disclosure.words import DEGREES


@dataclass(frozen=True)
class Term:
    category: str
    ends_on: date | None  # None: as long as there is the site

    @property
    def words(self) -> str:
        return f"至 {full_date(self.ends_on)}" if self.ends_on else "长期"


def term_of(publication: Publication, penalties: Mapping[str, date] | None = None) -> Term:
    """By the numbers in force on the day on which it first became public.

    `penalties`: `penalties_end` of many checks, for whoever asks of many publications.
    """
    term = _whole(publication.kind, localtime(publication.issued_at).date())
    if check := _check_of(publication):
        penalties = penalties_end(check) if penalties is None else penalties
        if check in penalties and (term.ends_on is None or penalties[check] < term.ends_on):
            return replace(term, ends_on=penalties[check])
    return term


def whole_terms(kind: str, first: date, last: date) -> dict[date, Term]:
    """The term of whatever first became public on each of these days, unless a penalty ends it."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {day: _whole(kind, day) for day in days}


def _whole(kind: str, issued: date) -> Term:
    shelf = _shelf(kind, issued)
    return Term(shelf.category, months_after(issued, 12 * shelf.years) if shelf.years else None)


def penalties_end(check: str = "") -> dict[str, date]:
    """Number of a check → until when its penalty is public at most; of all of them, or of one."""
    decided = Publication.objects.current().filter(kind=PublicationKind.CASE, snapshot__step="CASE_DECIDED")
    found = {}
    for p in decided.filter(no__startswith=f"{check}-") if check else decided:
        issued = localtime(p.issued_at).date()
        said = {fact["label"]: fact["value"] for fact in p.snapshot["facts"]}
        degree = DEGREES.get(said.get("失信程度", ""))
        for term in policy.on(issued).other_law.public_terms:
            if term.degree == degree:
                found[p.snapshot["check"]] = months_after(issued, term.most)
    return found


def over(unit_code: str, today: date) -> list[Publication]:
    """What of this unit has been public for its whole term, the oldest first."""
    found, penalties = [], penalties_end()
    ended = [check for check, day in penalties.items() if day <= today]
    for kind in PublicationKind.values:
        if years := _shelf(kind, today).years:
            early = Q(kind=kind, issued_at__date__lte=months_after(today, -12 * years))
            if kind == PublicationKind.RESULT:  # what followed goes with it
                early |= Q(kind=kind, no__in=ended)
            of_kind = Publication.objects.current().filter(early, unit_code=unit_code).order_by("issued_at", "no")
            found += [p for p in of_kind if term_of(p, penalties).ends_on <= today]
    return found


def _check_of(publication: Publication) -> str:
    """The check whose result it is, or what followed it."""
    if publication.kind == PublicationKind.RESULT:
        return publication.no
    return publication.snapshot["check"] if publication.kind in FOLLOWUPS and not publication.is_withdrawn else ""


def _shelf(kind: str, day: date) -> Shelf:
    return next(shelf for shelf in policy.on(day).recommended.catalogue if shelf.kind == kind)
