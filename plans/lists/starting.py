from datetime import datetime

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from plans.bases import citations, rules
from plans.bases.actions import Library
from plans.bases.starting_bases import BASES
from plans.models import BankPoint, BasisArticle, LegalBasis

from .starting_list import ITEMS


@transaction.atomic
def load_starting_bases(*, by: User) -> int:
    """Enter what 《实施方案》 and the starting list rest on, and the list's check points; what is there stays (0-b)."""
    refuse_if(rules.why_not_keep(by))
    now = clock.now()
    there = set(LegalBasis.objects.values_list("title", flat=True))
    new = LegalBasis.objects.bulk_create(
        LegalBasis(
            title=b.title,
            document_no=b.document_no,
            kind=b.kind,
            issuer=b.issuer,
            valid_from=b.valid_from,
            is_ground=b.is_ground,
            entered_by=by,
            entered_at=now,
        )
        for b in BASES
        if b.title not in there
    )
    if not new:
        return 0
    cited: dict[str, set[str]] = {}
    for item in ITEMS:
        for text in (item.legal_basis, *(point.basis for point in item.points)):
            for title, articles in citations.read(text):
                cited.setdefault(title, set()).update(articles)
    BasisArticle.objects.bulk_create(
        BasisArticle(basis=basis, label=label, position=citations.position_of(label))
        for basis in new
        for label in sorted(cited.get(basis.title, ()))
    )
    if not BankPoint.objects.exists():
        _load_bank(by, now)
    trail.record("plans.basis.loaded", by=by, about=new[0], bases=len(new))
    return len(new)


def _load_bank(by: User, now: datetime) -> None:
    known = Library()
    points = []
    for item in ITEMS:
        for point in item.points:
            cited = known.first_of(point.basis)
            points.append(
                BankPoint(
                    category=item.category,
                    text=point.text,
                    standard=point.standard,
                    method=point.method or item.method,
                    applies_to=point.applies_to or item.applies_to,
                    basis=cited[0],
                    article=cited[1],
                    written_by=by,
                    written_at=now,
                )
            )
    BankPoint.objects.bulk_create(points, ignore_conflicts=True)
