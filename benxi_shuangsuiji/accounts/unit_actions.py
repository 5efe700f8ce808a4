"""Units and names changed by data: asked by the system administrator, approved by the grants administrator, carried out on
the day (五, decision 0075). Each act is one transaction and one line of the trail."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices import ending
from benxi_shuangsuiji.notices.telling import notify, tell
from benxi_shuangsuiji.refusal import refuse_if, why_no_opinion, why_not_reason
from benxi_shuangsuiji.workdays.days import Quarter

from . import unit_rules as rules
from .duties import UNITS
from .known_city import known_city
from .models import ChangeKind, CityRecord, Unit, UnitChange, UnitChangeState, UnitKind, User
from .roles import Role

NAMES = ("name", "short_name", "seal_name")


def _locked_city() -> CityRecord:
    """One change at a time, each with what the one before has done."""
    return CityRecord.objects.select_for_update().get(pk=1)


@transaction.atomic
def ask(
    *, kind: str, values: Mapping[str, Any], effective_from: date, document: str, by: User, unit: Unit | None = None
) -> UnitChange:
    """Put a change forward with its document; nothing changes until it is approved and its day has come."""
    _locked_city()
    refuse_if(rules.why_not_ask(by))
    refuse_if(rules.why_not_beside(kind, unit, values.get("code", "")))
    refuse_if(rules.why_not_change(kind, unit, values, effective_from, document, clock.today()))
    refuse_if(rules.why_not_named_beside(kind, values, UnitChange.objects.on_their_way().select_related("unit")))
    change = UnitChange.objects.create(
        kind=kind,
        unit=unit,
        values=dict(values),
        effective_from=effective_from,
        document=document.strip(),
        asked_by=by,
        asked_at=clock.now(),
    )
    trail.record(
        "accounts.unit.asked",
        by=by,
        about=change,
        unit=unit,
        kind=kind,
        effective_from=effective_from,
        document=change.document,
    )
    _ask_for_decision(change, by)
    return change


def _ask_for_decision(change: UnitChange, by: User) -> None:
    """The grants administrator decides, and is told so."""
    title, url = _open_to_do(change)
    duty = UNITS.duties.filter(period=str(change.pk)).first()  # the city team's, while the bureau is told
    day = change.effective_from
    body = f"{by.full_name}提出，{day:%Y-%m-%d} 起，依据 {change.document}。"
    for bureau in Unit.objects.filter(kind=UnitKind.CITY_BUREAU):
        key = f"unit:{change.pk}"
        tell(role=Role.ADMIN_GRANTS, unit=bureau, key=key, title=title, body=body, url=url, by=by, duty=duty)


def _open_to_do(change: UnitChange) -> tuple[str, str]:
    """At the latest on the last day on which it may be approved."""
    day = change.effective_from
    last = day if change.kind == ChangeKind.ADD else day - timedelta(days=1)
    title, url = f"批准{change}"[:120], change.get_absolute_url()
    UNITS.open(
        Unit.objects.city_team(),
        str(change.pk),
        role=Role.ADMIN_GRANTS,
        title=title,
        due=workdays.calendar().fixed(last),
        url=url,
        consequence=f"{last:%Y-%m-%d} 以后不能再批准，退回以后按新的日期重新提出。",
    )
    return title, url


def _open_what_waits() -> None:
    """What was asked for before there were to-dos of it, before an upgrade, becomes one too."""
    for change in UnitChange.objects.pending().select_related("unit"):
        if not UNITS.duties.filter(period=str(change.pk)).exists():
            _open_to_do(change)


def _decided(change: UnitChange) -> None:
    UNITS.close(Unit.objects.city_team(), str(change.pk), "单位和名称的修改已决定或者撤回", clock.now())


@transaction.atomic
def approve(*, change: UnitChange, by: User, opinion: str = "") -> UnitChange:
    """From its day on; what begins today is carried out at once."""
    _locked_city()
    change = UnitChange.objects.locked(change.pk, "unit", fresh_keys=True)
    today = clock.today()
    refuse_if(rules.why_not_decide_change(change, by))
    refuse_if(
        rules.why_not_change(change.kind, change.unit, change.values, change.effective_from, change.document, today)
    )
    refuse_if(
        rules.why_not_named_beside(change.kind, change.values, UnitChange.objects.to_be_done().select_related("unit"))
    )
    change.decide("APPROVED", by=by, at=clock.now(), opinion=opinion)
    _decided(change)
    trail.record("accounts.unit.approved", by=by, about=change, unit=change.unit, opinion=change.opinion)
    _tell_who_asked(change, "已批准", f"{change.effective_from:%Y-%m-%d} 生效。", change.decided_at)
    if change.effective_from <= today:
        _carry_out(change)
    return change


@transaction.atomic
def give_back(*, change: UnitChange, by: User, opinion: str) -> UnitChange:
    change = UnitChange.objects.locked(change.pk, "unit", fresh_keys=True)
    refuse_if(rules.why_not_decide_change(change, by) or why_no_opinion(opinion))
    change.decide("RETURNED", by=by, at=clock.now(), opinion=opinion)
    _decided(change)
    trail.record("accounts.unit.returned", by=by, about=change, unit=change.unit, opinion=change.opinion)
    _tell_who_asked(change, "已退回", f"意见：{change.opinion}", change.decided_at)
    return change


@transaction.atomic
def take_back(*, change: UnitChange, by: User) -> UnitChange:
    """What nobody has decided on is asked for no more; the thing is free for another change."""
    change = UnitChange.objects.locked(change.pk, "unit", fresh_keys=True)
    refuse_if(rules.why_not_take_back(change, by))
    change.decide(UnitChangeState.WITHDRAWN, by=None, at=clock.now())
    _decided(change)
    trail.record("accounts.unit.taken_back", by=by, about=change, unit=change.unit)
    return change


@transaction.atomic
def withdraw(*, change: UnitChange, by: User, reason: str) -> UnitChange:
    """What was approved is not to be done: before its day, or where it waits for what will not come."""
    _locked_city()
    change = UnitChange.objects.locked(change.pk, "unit", fresh_keys=True)
    refuse_if(rules.why_not_withdraw(change, by) or why_not_reason(reason))
    change.state, change.before = UnitChangeState.WITHDRAWN, {"withdrawn": reason.strip()}
    change.save(update_fields=["state", "before"])
    trail.record("accounts.unit.withdrawn", by=by, about=change, unit=change.unit, reason=reason.strip())
    _tell_who_asked(change, "已撤回", f"{by.full_name}撤回：{reason.strip()}", clock.now())
    return change


def carry_out_due() -> int:
    """The worker's round: what was approved and whose day has come. One that something stands in the way of waits, and who
    asked is told once what to do."""
    today, done = clock.today(), 0
    _open_what_waits()
    for pk in list(UnitChange.objects.due(today).values_list("pk", flat=True)):
        with transaction.atomic():
            _locked_city()
            change = UnitChange.objects.locked(pk, "unit", fresh_keys=True)
            if change.done_at or change.state != UnitChangeState.APPROVED:
                continue
            if obstacle := why_it_waits(change):
                if not change.before:
                    change.before = {"waits": obstacle}
                    change.save(update_fields=["before"])
                    trail.record("accounts.unit.waits", by=None, about=change, unit=change.unit, words=obstacle)
                    _tell_who_asked(change, "到期还没有办理", obstacle, clock.now())
                continue
            trail.act_as(None)
            _carry_out(change)
            done += 1
    return done


def why_it_waits(change: UnitChange) -> str:
    """Why an approved change whose day has come is not carried out yet."""
    return rules.why_not_values(change.kind, change.unit, change.values, change.effective_from)


def _carry_out(change: UnitChange) -> None:
    """What was asked for is so from now on; what stood there before is kept with the change."""
    change.done_at = clock.now()
    change.before = {}
    change.save(update_fields=["done_at", "before"])
    does = {ChangeKind.ADD: _add, ChangeKind.RENAME: _rename, ChangeKind.CLOSE: _close}.get(change.kind, _name_city)
    change.before = does(change, _locked_city())
    change.save(update_fields=["before", "unit"])
    trail.record(
        "accounts.unit.changed",
        by=change.decided_by,
        about=change,
        unit=change.unit,
        before=change.before,
        after=change.values,
    )
    transaction.on_commit(known_city.forget)
    known_city.forget()


def _add(change: UnitChange, record: CityRecord) -> dict:
    said, team = change.values, Unit.objects.city_team()
    is_branch = said["kind"] == UnitKind.BRANCH
    parent = team if not is_branch else Unit.objects.get(kind=UnitKind.CITY_BUREAU)
    last = Unit.objects.filter(kind=said["kind"]).order_by("-position").values_list("position", flat=True).first() or 0
    day = clock.today()  # later than it was to be, if something stood in the way
    begins = day if day == Quarter.of(day).first_day else Quarter.of(day).next().first_day
    change.unit = Unit.objects.create(
        code=said["code"],
        kind=said["kind"],
        name=said["name"],
        short_name=said["short_name"],
        division_code=said["division_code"],
        parent=parent,
        position=last + 1,
        begins_on=begins if is_branch else day,
    )
    if is_branch:
        Unit.objects.create(
            code=f"{said['code']}-S",
            kind=UnitKind.COUNTY_SECTION,
            name=rules.name_of_section(said["section"]),
            short_name=said["section"],
            division_code=said["division_code"],
            parent=team,
            serves=change.unit,
            position=20 + last + 1,
            begins_on=begins,
        )
    return {}


def _rename(change: UnitChange, record: CityRecord) -> dict:
    """Until the day on which it is done, which can be later than that from which it was to be: what was issued between bears the
    old name, and days of two changes never cross."""
    unit = change.unit
    before = {name: getattr(unit, name) for name in change.values}
    record.past.append({"unit": unit.code, "until": f"{clock.today()}", "names": {n: getattr(unit, n) for n in NAMES}})
    record.save(update_fields=["past"])
    for name, value in change.values.items():
        setattr(unit, name, value)
    unit.save(update_fields=list(change.values))
    return before


def _close(change: UnitChange, record: CityRecord) -> dict:
    """Its page, its records and its publications stay; it plans and draws no more."""
    for unit in (change.unit, *Unit.objects.filter(serves=change.unit)):
        unit.closed_on = change.effective_from
        unit.save(update_fields=["closed_on"])
    ending.end(change.unit, change.effective_from, clock.now())
    return {"short_name": change.unit.short_name}


def _name_city(change: UnitChange, record: CityRecord) -> dict:
    before = {name: record.facts.get(name, "") for name in change.values}
    if "mark" in change.values and change.values["mark"] != before["mark"]:
        record.past.append({"until": f"{clock.today()}", "mark": before["mark"]})
    record.facts = record.facts | change.values
    record.save(update_fields=["facts", "past"])
    return before


def _tell_who_asked(change: UnitChange, answer: str, body: str, at: datetime) -> None:
    notify(
        user=change.asked_by,
        key=f"unit:{change.pk}:{answer}",
        title=f"{change}{answer}"[:120],
        body=body,
        url=change.get_absolute_url(),
        at=at,
    )
