"""What a unit decides for itself, asked for by its planner and approved by its leader (五-4a, 五-4b, 七(一)2-a)."""

from datetime import date, timedelta

from django.db import transaction

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.pdf import PDF
from benxi_shuangsuiji.forms.decision import State
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.refusal import refuse_if, why_no_opinion
from plans.models import GeneralRatioPolicy, LocalDecision, LocalScheme, UnitPolicy

from . import duties, rules


@transaction.atomic
def ask_for_ratio(
    *, unit: Unit, year: int, valid_from: date, basis_points: int, by: User, **factors
) -> GeneralRatioPolicy:
    """Propose the year's ratio for 一般监管对象 with the five factors of 七(一)2 (A-21)."""
    _begin(GeneralRatioPolicy, unit, by)
    refuse_if(
        rules.why_not_from(valid_from, clock.today())
        or rules.why_not_ratio(unit, year, valid_from, basis_points, factors)
    )
    return _ask(
        GeneralRatioPolicy,
        unit,
        by,
        year=year,
        basis_points=basis_points,
        valid_from=valid_from,
        valid_to=date(year, 12, 31),
        **factors,
    )


@transaction.atomic
def ask_for_choices(*, unit: Unit, valid_from: date, by: User, **choices) -> UnitPolicy:
    """Propose what the unit's plans begin with (五-4a)."""
    _begin(UnitPolicy, unit, by)
    refuse_if(
        rules.why_not_from(valid_from, clock.today())
        or rules.why_not_choices(
            (choices["reserved_key"], choices["reserved_general"]),
            choices["team_size"],
            policy.on(valid_from).min_team_size,
            choices["game"],
            valid_from,
        )
    )
    return _ask(UnitPolicy, unit, by, valid_from=valid_from, **choices)


@transaction.atomic
def ask_for_scheme(
    *, unit: Unit, title: str, document_no: str, issued_on: date, valid_from: date, file: tuple[str, bytes], by: User
) -> LocalScheme:
    """Enter the unit's own 随机抽查方案 as it was issued (五-4b)."""
    _begin(LocalScheme, unit, by)
    refuse_if(
        rules.why_not_scheme(title, document_no, file, issued_on=issued_on, valid_from=valid_from, today=clock.today())
    )
    stored = files.store(name=file[0], content=file[1], content_type=PDF, by=by)
    return _ask(
        LocalScheme,
        unit,
        by,
        title=title.strip(),
        document_no=document_no.strip(),
        issued_on=issued_on,
        valid_from=valid_from,
        file=stored,
    )


@transaction.atomic
def approve_decision(*, decision: LocalDecision, by: User, opinion: str = "") -> LocalDecision:
    return _decide(decision, State.APPROVED, by, opinion)


@transaction.atomic
def return_decision(*, decision: LocalDecision, by: User, opinion: str) -> LocalDecision:
    refuse_if(why_no_opinion(opinion))
    return _decide(decision, State.RETURNED, by, opinion)


def _begin(model: type[LocalDecision], unit: Unit, by: User) -> None:
    Unit.objects.locked(unit.pk)
    refuse_if(rules.why_not_ask(unit, by) or rules.why_another_waits(model, unit))


def _ask(model, unit: Unit, by: User, **fields):
    last = model.objects.filter(unit=unit).order_by("-version").values_list("version", flat=True).first() or 0
    made = model(unit=unit, version=last + 1, asked_by=by, asked_at=clock.now(), **fields)
    refuse_if(rules.why_not_beside(made, model.objects.overlapping(made)))
    made.save()
    duties.asked(made, by)
    trail.record("plans.local.asked", by=by, about=made, kind=model._meta.verbose_name, version=made.version)
    return made


def _take_over(decision: LocalDecision) -> None:
    """From the day asked for, or from today where that has passed; the version before it ends the day before."""
    if rules.begins_late(decision, clock.today()):
        decision.valid_from = clock.today()
    refuse_if(rules.why_not_in_its_year(decision))
    earlier = list(type(decision).objects.overlapping(decision))
    refuse_if(rules.why_not_beside(decision, earlier))
    for other in earlier:
        other.valid_to = decision.valid_from - timedelta(days=1)
        other.save(update_fields=["valid_to"])


def _decide(decision: LocalDecision, state: str, by: User, opinion: str) -> LocalDecision:
    decision = type(decision).objects.locked(decision.pk, "unit")
    refuse_if(rules.why_not_decide(decision, by))

    if state == State.APPROVED:
        _take_over(decision)
    decision.state, decision.decided_by, decision.decided_at = state, by, clock.now()
    decision.opinion = opinion.strip()[:200]
    decision.save()
    name = decision._meta.verbose_name
    words = "已批准" if state == State.APPROVED else "被退回"
    duties.decided(decision, f"{name}{words}", decision.decided_at)
    tell(
        role=Role.PLANNER,
        unit=decision.unit,
        key=f"local:{decision.slug}:{decision.pk}:{state}",
        title=f"{decision.unit}：{name}{words}",
        body=decision.opinion,
        url=decision.get_absolute_url(),
        by=by,
    )
    said = {"kind": name, "version": decision.version, "opinion": decision.opinion}
    if state == State.APPROVED:
        trail.record("plans.local.approved", by=by, about=decision, **said)
    else:
        trail.record("plans.local.returned", by=by, about=decision, **said)
    return decision
