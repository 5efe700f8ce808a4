"""What people do with the library of legal bases: enter, change, say what a change does to the lists (六(一)1-b, 附-c)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from plans.models import (
    AppliesTo,
    BankPoint,
    BasisArticle,
    LegalBasis,
)

from . import citations, rules


class Library:
    """The bases that have not ended, found by their title; read once for a whole list."""

    def __init__(self):
        bases = LegalBasis.objects.filter(valid_to__isnull=True).prefetch_related("articles")
        self._bases = {basis.title: basis for basis in bases}

    def find(self, text: str) -> tuple[list[tuple[LegalBasis, BasisArticle | None]], list[str]]:
        """What a printed text cites, and what of it the library does not know."""
        found, missing = [], []
        for title, labels in citations.read(text):
            basis = self._bases.get(title)
            if basis is None:
                missing.append(f"《{title}》")
                continue
            articles = {article.label: article for article in basis.articles.all()}
            missing += [f"《{title}》{label}" for label in labels if label not in articles]
            found += [(basis, articles[label]) for label in labels if label in articles]
            if not labels:
                found.append((basis, None))
        return found, missing

    def first_of(self, text: str) -> tuple[LegalBasis | None, BasisArticle | None]:
        found, _ = self.find(text)
        return found[0] if found else (None, None)


@transaction.atomic
def enter_basis(*, by: User, data: Mapping[str, Any], articles: Iterable[str] = ()) -> LegalBasis:
    """Enter one document with the articles that may be cited."""
    articles = list(dict.fromkeys(articles))
    refuse_if(rules.why_not_enter(by, data, articles, clock.today()))
    basis = LegalBasis.objects.create(**data, entered_by=by, entered_at=clock.now())
    _add_articles(basis, articles)
    trail.record("plans.basis.entered", by=by, about=basis, title=basis.title)
    return basis


@transaction.atomic
def save_basis(*, basis: LegalBasis, by: User, data: Mapping[str, Any], articles: Iterable[str] = ()) -> LegalBasis:
    """Complete what is known of a document, and add articles. Its end is written by `record_change` only."""
    basis = LegalBasis.objects.locked(basis.pk)
    articles = list(dict.fromkeys(articles))
    refuse_if(rules.why_not_enter(by, data, articles, clock.today()))
    for name, value in data.items():
        setattr(basis, name, value)
    basis.save()
    _add_articles(basis, articles)
    trail.record("plans.basis.saved", by=by, about=basis, title=basis.title)
    return basis


def _add_articles(basis: LegalBasis, labels: list[str]) -> None:
    there = set(basis.articles.values_list("label", flat=True))
    BasisArticle.objects.bulk_create(
        BasisArticle(basis=basis, label=label, position=citations.position_of(label))
        for label in labels
        if label not in there
    )


# --- question bank ----------------------------------------------------------------------------------------------
@transaction.atomic
def save_bank_point(*, by: User, data: Mapping[str, Any], point: BankPoint | None = None) -> BankPoint:
    """Write one point of the question bank. Lists keep the words that they took over; the next list takes the new ones."""
    refuse_if(rules.why_not_keep(by) or rules.why_not_bank_point(data, point))
    point = point or BankPoint()
    for name, value in data.items():
        setattr(point, name, value)
    point.written_by, point.written_at = by, clock.now()
    point.save()
    trail.record("plans.bank.saved", by=by, about=point, text=point.text)
    return point


@transaction.atomic
def retire_bank_point(*, point: BankPoint, by: User) -> BankPoint:
    """Take a point out of use; items that hold it keep it."""
    point = BankPoint.objects.locked(point.pk)
    refuse_if(rules.why_not_keep(by) or ("这条要点已经停用。" if point.retired_at else ""))
    point.retired_at = clock.now()
    point.save(update_fields=["retired_at"])
    trail.record("plans.bank.retired", by=by, about=point, text=point.text)
    return point


def as_check_point(point: BankPoint) -> dict[str, Any]:
    """What an item takes over from a point of the bank."""
    return {
        "text": point.text,
        "standard": point.standard,
        "basis": point.basis_text,
        "method": point.method,
        "applies_to": point.applies_to or AppliesTo.ALL,
        "bank": point,
    }
