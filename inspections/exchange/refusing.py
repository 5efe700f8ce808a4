"""A package of the platform that was not taken is answered all the same: the next package of ours says why (docs/exchange/ 3.7, 6)."""

import re

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import numbers
from benxi_shuangsuiji.documents.packages import BadPackage, Contents
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import ExchangePackage, PackageRefusal

from . import acks, duties, packing, rules, taking

THEIRS = re.compile(r"MEP-([0-9A-Z]{6})-[0-9]{6}")


@transaction.atomic
def note(contents: Contents | None, refusal: BadPackage, by: User) -> None:
    """Nothing of it was written; that somebody tried, and why it was refused, is.

    In the log by its code, for the sentence may name things; for the platform with the sentence, where the number of the
    package could be read and is one that this person exchanges for.
    """
    number = contents.manifest.get("package") if contents else None
    told = THEIRS.fullmatch(number) if isinstance(number, str) else None
    named = Unit.objects.drawing().filter(code=told[1]).first() if told else None
    unit = _whose(contents, by)
    if named is not None and not rules.why_not_exchange(named, by):
        _keep(named, number, contents.digest, refusal, by)
    why = taking.REASONS[refusal.code]
    trail.record("inspections.exchange.refused", by=by, about=unit, unit=unit, reason_code=refusal.code, why=why)


def _whose(contents: Contents | None, by: User) -> Unit | None:
    """Of the unit that it names, where this person exchanges for that one; else of his own."""
    told = contents.manifest.get("unit") if contents else None
    unit = Unit.objects.drawing().filter(code=told).first() if isinstance(told, str) else None
    return unit if unit is not None and by.may(P.DISPATCH, unit) else by.unit and by.unit.drawing_unit


def _keep(unit: Unit, number: str, digest: str, refusal: BadPackage, by: User) -> None:
    """Once for the same words on the same package; what was taken under this number before is never spoken of (docs/exchange/ 4)."""
    numbers.lock_of(unit)
    if ExchangePackage.objects.filter(number=number).exists():
        return
    said = {"digest": digest, "reason_code": refusal.code, "reason": str(refusal)[:500]}
    last = PackageRefusal.objects.filter(unit=unit, number=number).order_by("-pk").first()
    if last is not None and all(getattr(last, name) == value for name, value in said.items()):
        return
    PackageRefusal.objects.create(unit=unit, number=number, by=by, at=clock.now(), **said)
    duties.look_again(unit, clock.now(), by)


@transaction.atomic
def drop(*, refusal: PackageRefusal, by: User) -> PackageRefusal:
    """不回复: the platform never sent this file, or gives back whatever speaks of it."""
    numbers.lock_of(refusal.unit)
    refusal = PackageRefusal.objects.locked(refusal.pk, "unit", "told_in")
    refuse_if(rules.why_not_exchange(refusal.unit, by) or rules.why_not_drop(refusal))
    refusal.dropped_by, refusal.dropped_at = by, clock.now()
    refusal.save(update_fields=["dropped_by", "dropped_at"])
    duties.look_again(refusal.unit, clock.now(), by)
    trail.record("inspections.exchange.unanswered", by=by, about=refusal)
    return refusal


def next_after(package: ExchangePackage) -> PackageRefusal | None:
    """The one that came too early and can be taken now that this one was (docs/exchange/ 4)."""
    number = packing.number(package.sender, package.unit, packing.nth(package.number) + 1)
    return acks.standing().filter(unit=package.unit, number=number, reason__startswith=taking.EARLY).first()
