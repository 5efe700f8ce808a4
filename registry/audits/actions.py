"""Appointing who keeps a registry, and signing its monthly audit (六(二)-c, -e)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused, refuse_if, why_not_reason
from registry.models import Book, RegistryAudit, RegistryKeeper

from . import duties, rules
from . import standing as audits


@transaction.atomic
def appoint_keeper(
    *, unit: Unit, book: str, person: User, document: str, by: User, on: date | None = None
) -> RegistryKeeper:
    """指定专人: from a day, by document; who kept the registry before stops on that day (六(二)-c)."""
    Unit.objects.locked(unit.pk)
    now = clock.now()
    on = on or now.date()
    refuse_if(rules.why_not_keeper(unit, book, person, by, document=document, on=on, today=now.date()))
    before = RegistryKeeper.objects.filter(unit=unit, book=book, valid_to__isnull=True).first()
    if before:
        if before.person_id == person.pk:
            raise Refused(f"{person.full_name}已经是{Book(book).label}的专人。")
        if on < before.valid_from:
            raise Refused(f"生效日期早于上一名专人的起始日 {before.valid_from.isoformat()}。")
        before.valid_to = on
        before.save(update_fields=["valid_to"])
    keeper = RegistryKeeper.objects.create(
        unit=unit,
        book=book,
        person=person,
        valid_from=on,
        document=document.strip(),
        appointed_by=by,
        appointed_at=now,
    )
    duties.sync(unit, book, now)
    trail.record("registry.keeper.appointed", by=by, about=keeper, book=book, person=person.username)
    return keeper


@transaction.atomic
def sign_audit(
    *, unit: Unit, book: str, seen: str, ticked: set[str], remarks: Mapping[str, str], remark: str, by: User
) -> RegistryAudit:
    """整体审核签字: the checklist as it stands, every line ticked; afterwards nobody changes it (六(二)-e)."""
    Unit.objects.locked(unit.pk)
    now = clock.now()
    standing = audits.standing(unit, book, now.date())
    refuse_if(rules.why_not_sign(standing, by))
    since = standing.last.signed_at if standing.last else None
    lines = audits.checklist(unit, book, now.date(), since)
    if seen != audits.stamp(lines):
        raise Refused("名录在核对的时候又有变化。核对页面上现在的内容，再签字。")
    refuse_if(rules.why_not_lines(lines, ticked, remarks) or why_not_reason(remark, "审核结论"))
    audit = RegistryAudit.objects.create(
        unit=unit,
        book=book,
        month=now.date().replace(day=1),
        keeper=standing.keeper,
        since=since,
        entries=audits.entries_of(unit, book),
        lines=[audits.kept(line, remarks.get(line.key, "").strip()) for line in lines],
        remark=remark.strip()[:200],
        signed_by=by,
        signed_at=now,
    )
    duties.open_of(unit, book).update(closed_at=now, closed_by="名录审核已签字")
    duties.sync(unit, book, now, replace(standing, last=audit))
    trail.record("registry.audit.signed", by=by, about=audit, book=book, month=f"{now:%Y-%m}")
    return audit
