"""公开目录类别 and 公示期限: where a publication stands in the catalogue, and for how long (八(二)-c)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.policy.versions import Shelf
from benxi_shuangsuiji.workdays.days import full_date
from disclosure.models import Publication, PublicationKind


@dataclass(frozen=True)
class Term:
    category: str
    ends_on: date | None  # None: as long as there is the site

    @property
    def words(self) -> str:
        return f"至 {full_date(self.ends_on)}" if self.ends_on else "长期"


def term_of(publication: Publication) -> Term:
    """By the numbers in force on the day on which it first became public."""
    issued = localtime(publication.issued_at).date()
    shelf = _shelf(publication.kind, issued)
    return Term(shelf.category, _years_later(issued, shelf.years) if shelf.years else None)


def over(unit_code: str, today: date) -> list[Publication]:
    """What of this unit has been public for its whole term, the oldest first."""
    found = []
    for kind in PublicationKind.values:
        if years := _shelf(kind, today).years:
            last = _years_later(today, -years)
            of_kind = Publication.objects.current().filter(Q(kind=kind, unit_code=unit_code, issued_at__date__lte=last))
            found += [p for p in of_kind.order_by("issued_at", "no") if term_of(p).ends_on <= today]
    return found


def _shelf(kind: str, day: date) -> Shelf:
    return next(shelf for shelf in policy.on(day).recommended.catalogue if shelf.kind == kind)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
