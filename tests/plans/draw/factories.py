"""A small unit with a published plan, taken on to a sealed, a held or a released draw, always through the actions.

Sealing happens at the moment the clock stands at; typing values and releasing move it on. Use these with the fixture `at`
(or `own_database`), which sets the clock back.
"""

from datetime import date, datetime, timedelta

from django.db import connection

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Quarter
from plans.draw import actions as draw_actions
from plans.draw.values import source_states
from plans.models import (
    Draw,
    InspectionItem,
    ItemCategory,
    ItemList,
    ListStatus,
    PlanItem,
    PlanSource,
    PlanStatus,
    PlanStratum,
    QuarterlyPlan,
    SourceKind,
)
from registry.models import Category
from tests import database
from tests.factories import (
    make_approver,
    make_city_team,
    make_facility,
    make_inspector,
    make_lead_office,
    make_planner,
    make_unit,
)
from tests.registry.factories import make_audited

VALUES = {
    SourceKind.LOTTERY: "02,05,09,11,17,20,23,28,31,36,40,44,49,52,57,60,66,71,75,80",
    SourceKind.DIGITS: "4071358",
    SourceKind.DICE: "3516243512",
    SourceKind.BEACON: "9d1f" * 32,
}


def move_clock(moment: datetime) -> datetime:
    """Set the stopped clock of the database in use."""
    database.set_clock(connection.settings_dict["NAME"], moment)
    return moment


def make_item_list(year: int = 2026) -> ItemList:
    """The city's published list of the year, with one onsite item."""
    city, now = make_city_team(), clock.now()
    found, made = ItemList.objects.get_or_create(
        unit=city,
        year=year,
        version=1,
        defaults={"status": ListStatus.PUBLISHED, "created_by": make_lead_office(), "published_at": now},
    )
    if made:
        InspectionItem.objects.create(
            list=found,
            code="A01",
            category=ItemCategory.FACILITIES,
            name="污染防治设施运行情况",
            content="污染防治设施是否正常运行",
            objects_text="排污单位",
            modes="ONSITE",
            ratio_text="25%",
            frequency_text="每季度一次",
            body="市生态环境保护综合行政执法队",
            legal_basis="《中华人民共和国环境保护法》第二十四条",
            valid_from=date(year, 1, 1),
        )
    return found


def make_published_plan(
    unit: Unit | None = None,
    *,
    status: str = PlanStatus.PUBLISHED,
    key: int = 4,
    general: int = 4,
    special: int = 1,
    inspectors: int = 4,
    audited: bool = True,
    sources: tuple = ((SourceKind.LOTTERY, "七星彩第2026183期", timedelta(days=2)),),
    **fields,
) -> QuarterlyPlan:
    """The plan of the running quarter with facilities and inspectors to draw from; sources are due after `now`.

    Their game has no kept schedule, so that a story may draw at any hour.
    """
    unit, now = unit or make_unit(), clock.now()
    quarter = Quarter.of(now.date())
    for category, number in ((Category.KEY, key), (Category.GENERAL, general), (Category.SPECIAL, special)):
        for _ in range(number):
            make_facility(unit, category=category)
    for _ in range(inspectors):
        make_inspector(unit, with_user=True)
    if audited:
        make_audited(unit)
    item_list = make_item_list(quarter.year)
    plan = QuarterlyPlan.objects.create(
        **{
            "unit": unit,
            "year": quarter.year,
            "number": quarter.number,
            "status": status,
            "published_at": now if status == PlanStatus.PUBLISHED else None,
            "item_list": item_list,
            "executing_unit": unit,
            "draw_at": now + max((after for *_, after in sources), default=timedelta(days=2)),
            "window_from": now.date() + timedelta(days=4),
            "window_to": quarter.last_day - timedelta(days=5),
            "release_at": datetime(quarter.year, quarter.months[2], 25, 18, tzinfo=database.CHINA),
            "policy_version": policy.on(quarter.first_day).version,
            "created_by": make_planner(unit),
            "created_at": now,
            "saved_at": now,
            **fields,
        }
    )
    for category, points, planned in ((Category.KEY, 2500, 0), (Category.GENERAL, 1000, 0), (Category.SPECIAL, 0, 1)):
        PlanStratum.objects.create(
            plan=plan, category=category, basis_points=points, planned=planned if special else 0, reserved_percent=80
        )
    PlanItem.objects.create(
        plan=plan, item=item_list.items.first(), key=True, general=True, special=True, mode="ONSITE"
    )
    for position, (kind, label, after) in enumerate(sources, 1):
        PlanSource.objects.create(plan=plan, position=position, kind=kind, label=label, due=now + after)
    return plan


def make_prepared_draw(unit: Unit | None = None, *, plan: QuarterlyPlan | None = None, **fields) -> Draw:
    """A draw that waits for its seal."""
    plan = plan or make_published_plan(unit, **fields)
    return draw_actions.prepare_draw(plan=plan, by=make_planner(plan.unit))


def make_sealed_draw(
    unit: Unit | None = None, *, plan: QuarterlyPlan | None = None, values_agreed: bool = False, **fields
) -> Draw:
    """A sealed draw; with `values_agreed` the clock has passed every source and two people have typed alike."""
    draw = make_prepared_draw(unit, plan=plan, **fields)
    draw = draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))
    if values_agreed:
        agree_on_values(draw)
    return draw


def agree_on_values(draw: Draw, **values: str) -> None:
    """Move the clock past every source and let a planner and an approver type the same; `lottery="…"` for another."""
    people = make_planner(draw.unit), make_approver(draw.unit)
    states = source_states(draw)
    latest = max(state.due for state in states)
    if clock.now() < latest:
        move_clock(latest + timedelta(minutes=5))
    for state in states:
        for person in people:
            draw_actions.enter_value(
                draw=draw,
                position=state.position,
                value=values.get(state.kind.lower(), VALUES[state.kind]),
                by=person,
            )


def make_held_draw(unit: Unit | None = None, *, released: bool = False, **fields) -> Draw:
    """A draw with its result; with `released` the clock stands at the time of release and the names are public."""
    draw = make_sealed_draw(unit, values_agreed=True, **fields)
    draw = draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))
    if released:
        move_clock(draw.release_at)
        draw = draw_actions.release_draw(draw=draw)
    return draw
