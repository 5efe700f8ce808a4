import secrets
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import prefetch_related_objects

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents.numbers import Numbering
from benxi_shuangsuiji.refusal import refuse_if
from inspections.checks import from_outside
from inspections.models import CheckAnswer, Inspection, Source, VisitMember
from plans.bases import rules as basis_rules
from plans.draw import duties as draw_duties
from plans.lists import permits
from plans.models import Draw, InspectionItem, ItemCategory, Mode, Pick, PlanItem
from registry.facilities import public_tags
from registry.models import Category, Facility, Inspector

from . import rules


@transaction.atomic
def dispatch(*, draw: Draw, by: User) -> list[Inspection]:
    """Make one check of every pick whose team is complete, and hand it to the team (七(二)-h, 五-4i).

    A pick without a team, or with one that has lost a certificate or gained a conflict since the draw, stays behind with
    its reason (`rules.waiting`); when nothing can be dispatched the reason is the refusal. The numbers are given in a
    shuffled order, so that a published one tells nothing about the tickets.
    """
    draw = Draw.objects.locked(draw.pk, "plan__executing_unit", "unit")
    refuse_if(rules.why_not_dispatch(draw, by))
    now = clock.now()
    tasks = rules.waiting(draw, now.date())
    refuse_if(rules.why_not_any(tasks))

    sheet = check_sheet(draw, now.date())
    ready = [t for t in tasks if not t.obstacle]
    secrets.SystemRandom().shuffle(ready)
    numbers = Numbering(f"{draw.unit.code}-{draw.year}Q{draw.number}-", 4)
    first = numbers.following(Inspection.objects.filter(draw__isnull=False))
    made = Inspection.objects.bulk_create(
        Inspection(
            no=numbers.written(n),
            source=Source.DRAW,
            mode=mode_of(task.pick, sheet[task.pick.category]),
            unit=draw.unit,
            executing_unit=rules.section_of(_leader(task.members), draw.unit, draw.plan.executing_unit),
            facility=task.pick.facility,
            category=task.pick.category,
            draw=draw,
            pick=task.pick,
            year=draw.year,
            number=draw.number,
            dispatched_by=by,
            dispatched_at=now,
            finish_by=draw.plan.window_to,
            policy_version=policy.on(now.date()).version,
        )
        for n, task in enumerate(ready, first)
    )
    VisitMember.objects.bulk_create(
        VisitMember.of(inspection, m.inspector, m.is_leader)
        for inspection, task in zip(made, ready, strict=True)
        for m in task.members
    )
    prefetch_related_objects([inspection.facility for inspection in made], "permit_conditions")
    CheckAnswer.objects.bulk_create(
        CheckAnswer(inspection=inspection, **point)
        for inspection in made
        for point in points_for(sheet[inspection.category], inspection.facility, now.date())
    )
    if len(ready) == len(tasks):
        draw_duties.DISPATCH.close(draw.unit, draw_duties.dispatch_period(draw), "inspections.dispatched", now)
    trail.record("inspections.dispatched", by=by, about=draw, dispatched=len(made), left=len(tasks) - len(made))
    return made


def mode_of(pick: Pick, items: list[tuple[str, InspectionItem]]) -> Mode:
    """Off-site as the sealed line says, or because all that is asked there can be seen from outside (七(三)-b, N-5)."""
    asked = [item for tag, item in items if public_tags.holds(pick.facility, tag)]
    return Mode.OFFSITE if pick.mode == "offsite" or from_outside.would_do(asked) else Mode.ONSITE


def _leader(members: list) -> Inspector | None:
    return next((m.inspector for m in members if m.is_leader), None)


def check_sheet(draw: Draw, day: date) -> dict[str, list[tuple[str, InspectionItem]]]:
    """Category → the items that the plan checks there, each with the tag it is about, as the list in force has them.

    An item that is not on the public list any more, or rests on no basis in force, is left out (N-3).
    """
    sheet: dict[str, list[tuple[str, InspectionItem]]] = {category: [] for category in Category.values}
    rows = list(PlanItem.objects.filter(plan=draw.plan_id).select_related("item").order_by("item__code"))
    standing = basis_rules.standing_of(row.item for row in rows)
    unfit = basis_rules.why_unfit(standing, day)
    prefetch_related_objects([s.now for s in standing if s.now], "points")
    for row, found in zip(rows, standing, strict=True):
        for category in sheet:
            if getattr(row, category) and row.item_id not in unfit:
                sheet[category].append((row.only_tag, found.now))
    return sheet


def points_for(items: Iterable[tuple[str, InspectionItem]], facility: Facility, day: date) -> list[dict]:
    """The points of a check sheet for one facility (七(五)-l); an item without points is one point.

    An item about a tag is checked where the facility bears it (六(二)-q).

    Points with a condition are asked where the registry says that it is met; the first of 排污许可 shows what the registry
    has of the permit, and behind its points what the permit asks for is asked one by one (三-o3). Where no condition is
    met, everything is asked.
    """
    items = [item for tag, item in items if public_tags.holds(facility, tag)]
    asked = [
        (item, p)
        for item in items
        for p in item.points.all() or [None]
        if not p or permits.applies(p.applies_to, facility)
    ]
    if not asked:
        asked = [(item, p) for item in items for p in item.points.all()]
    found, shown = [], set()
    for item, p in asked:
        known = ""
        if item.category == ItemCategory.PERMIT and item.code not in shown:
            shown.add(item.code)
            known = permits.known_of(facility, day)
        found.append(
            {
                "item": item,
                "item_code": item.code,
                "item_name": item.name,
                "number": p.number if p else 1,
                "text": p.text if p else item.content,
                "basis": (p.basis if p else "") or item.legal_basis,
                "standard": p.standard if p else "",
                "method": p.method if p else "",
                "known": known,
            }
        )
    if permit := next((item for item, _ in reversed(asked) if item.category == ItemCategory.PERMIT), None):
        last = max(n for n, (item, _) in enumerate(asked, 1) if item.code == permit.code)
        found[last:last] = _conditions(facility, permit, found[last - 1]["number"])
    return found


def _conditions(facility: Facility, item: InspectionItem, after: int) -> list[dict]:
    """What the permit asks of its holder, as points of the item about permits; the limit is what it is held against."""
    standing = [c for c in facility.permit_conditions.all() if c.ended_on is None]
    return [
        {
            "item": item,
            "item_code": item.code,
            "item_name": item.name,
            "number": n,
            "text": f"{c.get_kind_display()}：{c.text}",
            "basis": f"排污许可证 {c.permit_no}",
            "standard": c.limit,
            "method": "",
            "known": "",
        }
        for n, c in enumerate(standing, after + 1)
    ]
