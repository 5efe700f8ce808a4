from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.deadlines.due_days import list_change_due
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.refusal import refuse_if
from plans.bases import rules
from plans.bases.duties import ADJUSTMENT
from plans.models import BasisChange, BasisEffect, ChangeOfBasis, InspectionItem, ItemList, LegalBasis, ListStatus

from .rules import list_writer_role, why_not_write_list


@transaction.atomic
def record_change(
    *,
    basis: LegalBasis,
    by: User,
    kind: str,
    effective_on: date,
    document: str,
    summary: str,
    articles: Iterable[str] = (),
    categories: Iterable[int] = (),
    successor: LegalBasis | None = None,
) -> BasisChange:
    """Enter 立、改、废 of a basis, list the items it concerns, and open the month for adjusting each list (D-15).

    `articles`: those that changed, none for the whole; `categories`: what a new basis concerns, since nothing cites it yet.
    """
    basis = LegalBasis.objects.locked(basis.pk)
    articles, categories = list(dict.fromkeys(articles)), sorted(set(categories))
    refuse_if(
        rules.why_not_change(
            basis,
            by,
            kind=kind,
            effective_on=effective_on,
            document=document,
            summary=summary,
            articles=articles,
            successor=successor,
            today=clock.today(),
        )
    )
    now = clock.now()
    change = BasisChange.objects.create(
        basis=basis,
        kind=kind,
        effective_on=effective_on,
        document=document.strip(),
        summary=summary.strip(),
        articles=articles,
        categories=categories if kind == ChangeOfBasis.MADE else [],
        successor=successor,
        recorded_by=by,
        recorded_at=now,
    )
    last_day = effective_on - timedelta(days=1)
    if kind == ChangeOfBasis.REPEALED and articles:
        basis.articles.filter(label__in=articles).update(valid_to=last_day)
    elif kind in (ChangeOfBasis.REPEALED, ChangeOfBasis.REPLACED):
        basis.valid_to, basis.replaced_by = last_day, successor
        basis.save(update_fields=["valid_to", "replaced_by"])
    effects = BasisEffect.objects.bulk_create(
        BasisEffect(change=change, unit=item.list.unit, item_list=item.list, code=item.code, name=item.name)
        for item in _concerned(change, now.date())
    )
    _open_duties(change, effects, by)
    trail.record(
        "plans.basis.changed", by=by, about=basis, kind=kind, effective_on=str(effective_on), items=len(effects)
    )
    return change


def _concerned(change: BasisChange, today: date) -> list[InspectionItem]:
    """Items of each unit's newest published list, of this year or the next, that the change concerns."""
    published = ItemList.objects.filter(status=ListStatus.PUBLISHED, year__gte=today.year)
    newest = {found.unit_id: found for found in published.order_by("year", "version")}
    items = InspectionItem.objects.filter(list__in=newest.values()).select_related("list__unit")
    if change.kind == ChangeOfBasis.MADE:
        return list(items.filter(category__in=change.categories).order_by("list", "code"))
    cited = Q(cites__basis=change.basis)
    asked = Q(points__bank__basis=change.basis)
    if change.articles:
        cited &= Q(cites__article__label__in=change.articles) | Q(cites__article__isnull=True)
        asked &= Q(points__bank__article__label__in=change.articles) | Q(points__bank__article__isnull=True)
    return list(items.filter(cited | asked).distinct().order_by("list", "code"))


def _open_duties(change: BasisChange, effects: list[BasisEffect], by: User) -> None:
    due = list_change_due(change.effective_on, workdays.calendar())
    for unit in {effect.unit_id: effect.unit for effect in effects}.values():
        mine = sum(effect.unit_id == unit.pk for effect in effects)
        role = list_writer_role(unit)
        title = f"{change.basis}有变化，核对 {mine} 项抽查事项"[:120]
        ADJUSTMENT.open(
            unit,
            period_of(change),
            role=role,
            title=title,
            due=due,
            url=change.get_absolute_url(),
            consequence="依据失效的事项不能列入计划、抽取和检查。",
        )
        tell(role=role, unit=unit, key=f"basis:{change.pk}", title=title, url=change.get_absolute_url(), by=by)


def period_of(change: BasisChange) -> str:
    """What the duty of a change is kept under."""
    return f"B{change.pk}"


@transaction.atomic
def decide_unaffected(*, effect: BasisEffect, by: User, reason: str) -> BasisEffect:
    """Record that a change does not touch an item, with the reason (六(一)1-b)."""
    effect = BasisEffect.objects.locked(effect.pk, "change__basis", "unit")
    now = clock.now()
    refuse_if(why_not_write_list(effect.unit, by) or rules.why_not_unaffected(effect, reason, now.date()))
    effect.settled_at, effect.settled_by, effect.reason = now, by, reason.strip()
    effect.save()
    _close_if_done(effect.change, effect.unit, "plans.basis.unaffected", now)
    trail.record(
        "plans.basis.unaffected",
        by=by,
        about=effect.change.basis,
        unit=effect.unit,
        item=effect.code,
        reason=effect.reason,
    )
    return effect


def settle_by_list(item_list: ItemList, by: User, at: datetime) -> None:
    """A new version that was submitted after a change answers for every item of the unit that the change concerns."""
    effects = list(
        BasisEffect.objects.open()
        .filter(unit=item_list.unit, change__recorded_at__lte=item_list.submitted_at)
        .select_related("change", "unit")
    )
    BasisEffect.objects.filter(pk__in=[e.pk for e in effects]).update(
        settled_at=at, settled_by=by, settled_list=item_list
    )
    for change in {effect.change_id: effect.change for effect in effects}.values():
        _close_if_done(change, item_list.unit, "plans.list.approved", at)


def _close_if_done(change: BasisChange, unit, event: str, at: datetime) -> None:
    if not BasisEffect.objects.open().filter(change=change, unit=unit).exists():
        ADJUSTMENT.close(unit, period_of(change), event, at)
