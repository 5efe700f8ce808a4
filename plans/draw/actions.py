"""What people do with a draw: prepare, seal, type the public values, draw once; and its release (七(二), SSJ1 14)."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from benxi_shuangsuiji import clock, policy, subjects, workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused, refuse_if
from plans.models import (
    ChainEntry,
    Draw,
    DrawDocument,
    DrawRelease,
    DrawStatus,
    Pick,
    QuarterlyPlan,
    Team,
    TeamMember,
    ValueEntry,
)
from registry.facilities import recompute
from registry.models import Facility, Inspector

from . import duties, frames, rules, seal_rules, secrets, ssj1
from .attempts import kept_when_refused
from .values import source_states


@kept_when_refused("核对名单")
@transaction.atomic
def prepare_draw(*, plan: QuarterlyPlan, by: User) -> Draw:
    """Open the draw of a published plan, so that lists and numbers can be checked before sealing (七(四)-3, -4)."""
    plan = QuarterlyPlan.objects.locked(plan.pk, "unit")
    refuse_if(seal_rules.why_not_prepare(plan, by))

    serial = 1 + Draw.objects.filter(unit=plan.unit, year=plan.year, number=plan.number).count()
    draw = Draw.objects.create(
        plan=plan,
        unit=plan.unit,
        draw_id=str(ssj1.DrawId(plan.unit.code, plan.year, plan.number, serial)),
        year=plan.year,
        number=plan.number,
        serial=serial,
        prepared_by=by,
        prepared_at=clock.now(),
        release_at=plan.release_at,
    )
    duties.pass_on(draw, Role.APPROVER, f"封存 {plan.quarter.label}抽查名单")
    trail.record("plans.draw.prepared", by=by, about=draw)
    return draw


@kept_when_refused("封存名单")
@transaction.atomic
def seal_draw(*, draw: Draw, by: User, word: str = seal_rules.SEAL_WORD, registry_reason: str = "") -> Draw:
    """Fix lists, quotas and the sealed random number, before any public value exists (SSJ1 5.1, 14.1).

    Afterwards nobody can change what will be drawn from, so the categories are first those of this very day's grounds
    (六(二)-am). The registries stand still while they are read
    (docs/decisions/0002-freeze-locks.md), and the time is the database's, read under the chain's lock (15 D3).
    A registry that was not audited in time stops nothing, but `registry_reason` is kept with the draw (七(四)-1).
    """
    plan = QuarterlyPlan.objects.locked(draw.plan_id)  # so that nobody takes it back meanwhile
    draw = Draw.objects.locked(draw.pk, "plan", "unit")
    refuse_if(seal_rules.why_not_open_seal(draw, by))
    frames.hold_registries_still()
    day = recompute.recompute_for_seal()
    moment = chain_moment()
    refuse_if(seal_rules.why_not_this_day(day, moment))
    outlook = frames.outlook(draw.plan, moment)
    refuse_if(seal_rules.why_not_seal(draw, by, word=word, outlook=outlook, now=moment))
    audited = seal_rules.audits_of(draw, moment)
    refuse_if(seal_rules.why_not_audited(audited, registry_reason))

    secret = secrets.new_secret()
    try:
        sealed = ssj1.freeze(
            draw=draw.draw_id,
            prev=_chain_head(),
            frozen=written(moment),
            release=written(draw.plan.release_at),
            window=(draw.plan.window_from.isoformat(), draw.plan.window_to.isoformat()),
            items=outlook.items,
            cap=outlook.cap,
            team=draw.plan.team_size,
            strata=outlook.strata(),
            inspectors=outlook.inspectors,
            bars=outlook.bars,
            secret=secret,
            sources=[ssj1.Source(s.kind, s.label, written(s.due)) for s in outlook.sources],
        )
    except ssj1.Ssj1Error as error:
        raise Refused(f"不能封存：{error.sentence}。{error.where}".rstrip("。") + "。") from error
    keep(draw, "MANIFEST", sealed.manifest)
    for number, text in enumerate(sealed.frames):
        keep(draw, "FRAME", text, number)
    keep(draw, "ROSTER", sealed.roster)
    secrets.keep(draw, secret)
    entry = append(draw, "FREEZE", sealed.digest, moment)
    plan.policy_version = policy.on(plan.quarter.first_day).version  # by whose numbers it was sealed (附-b)
    plan.save(update_fields=["policy_version"])
    draw.status, draw.sealed_by = DrawStatus.FROZEN, by
    draw.registry_audits = "；".join(a.short for a in audited)
    draw.registry_reason = registry_reason.strip()[:200] if any(a.too_old for a in audited) else ""
    draw.save(update_fields=["status", "sealed_by", "registry_audits", "registry_reason"])
    draw.refresh_from_db()
    waiting_for = max(outlook.sources, key=lambda s: s.due).label[:60]
    duties.pass_on(draw, Role.PLANNER, f"录入公开随机数，完成 {draw.plan.quarter.label}随机抽取", waiting_for)
    trail.record("plans.draw.sealed", by=by, about=draw, manifest=sealed.digest, chain=entry.link)
    subjects.house().draw_sealed(draw, by)
    return draw


@kept_when_refused("录入公开随机数")
@transaction.atomic
def enter_value(*, draw: Draw, position: int, value: str, by: User) -> ValueEntry:
    """Type one public value, independently of the other person (SSJ1 14.1); two alike are needed, from two people."""
    draw = Draw.objects.locked(draw.pk, "plan", "unit")
    now = clock.now()
    state = next((s for s in source_states(draw) if s.position == position), None)
    refuse_if(rules.why_not_enter(draw, state, by, value=value, now=now))

    entry = ValueEntry.objects.create(draw=draw, position=position, value=value, entered_by=by, entered_at=now)
    trail.record("plans.draw.value_entered", by=by, about=draw, position=position, source=state.label)
    return entry


@kept_when_refused("抽取")
@transaction.atomic
def hold_draw(*, draw: Draw, by: User, late_reason: str = "") -> Draw:
    """Compute the result of a sealed draw, once, and seal it in the chain (七(二), SSJ1 14.1).

    The draw's row is locked first: two presses at one moment give one result and one refusal. What was drawn is a
    function of what was sealed and of the public values; nothing here is chosen. A draw that is held late says why.
    """
    draw = Draw.objects.locked(draw.pk, "plan", "unit")
    now, calendar = clock.now(), workdays.calendar()
    refuse_if(rules.why_not_hold(draw, by, now) or rules.why_not_late(draw, now, calendar, late_reason))
    moment = chain_moment()
    texts = documents(draw)

    values = [state.agreed for state in source_states(draw)]
    outcome = ssj1.hold_draw(
        manifest=texts["MANIFEST"][0],
        frames=texts["FRAME"],
        roster=texts["ROSTER"][0],
        secret=secrets.open_secret(draw),
        values=values,
        drawn=written(moment),
    )
    keep(draw, "SEED", outcome.seed_text)
    keep(draw, "RESULT", outcome.result_text)
    keep(draw, "SLIPS", outcome.slips_text)
    append(draw, "RESULT", outcome.result_digest, moment)
    entry = append(draw, "SLIPS", outcome.slips_digest, moment)
    project(draw, outcome, texts["FRAME"])
    draw.status, draw.held_by = DrawStatus.DRAWN, by
    draw.late_reason = late_reason.strip() if rules.lateness(draw, now, calendar) else ""
    draw.save(update_fields=["status", "held_by", "late_reason"])
    draw.refresh_from_db()
    duties.draw_held(draw, by, moment)
    trail.record(
        "plans.draw.held",
        by=by,
        about=draw,
        result=outcome.result_digest,
        chain=entry.link,
        late_reason=draw.late_reason,
    )
    return draw


@transaction.atomic
def release_draw(*, draw: Draw, by: User | None = None) -> Draw:
    """Open the names of a draw at the time that its manifest announced (SSJ1 14.1, decisions.md 3)."""
    draw = Draw.objects.locked(draw.pk, "plan", "unit")
    now = clock.now()
    refuse_if(rules.why_not_release(draw, now))

    DrawRelease.objects.create(draw=draw, at=now)
    draw.status = DrawStatus.RELEASED
    draw.save(update_fields=["status"])
    draw.refresh_from_db()
    trail.record("plans.draw.released", by=by, about=draw)
    return draw


def release_due(now: datetime) -> list[Draw]:
    """Release every draw whose time has come; safe to run again, and by two workers at once."""
    released = []
    for draw in Draw.objects.filter(status=DrawStatus.DRAWN, release_at__lte=now).order_by("release_at", "pk"):
        try:
            released.append(release_draw(draw=draw))
        except Refused:
            continue  # another worker was faster
    return released


def documents(draw: Draw) -> dict[str, list[str]]:
    """The texts kept of a draw by kind, each in the order of the manifest."""
    texts: dict[str, list[str]] = {}
    for kind, text in draw.documents.order_by("run", "number", "pk").values_list("kind", "text"):
        texts.setdefault(kind, []).append(text)
    return texts


def written(moment: datetime) -> str:
    """A moment as SSJ1 writes it: 2026-07-06T10:00:00+08:00."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


def chain_moment() -> datetime:
    """The database clock, to the second, read under the lock that orders the chain (15 D3)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT chain_moment()")
        return timezone.localtime(cursor.fetchone()[0])


def _chain_head() -> tuple[int, str]:
    last = ChainEntry.objects.order_by("-seq").first()
    return (last.seq, last.link) if last else (0, ssj1.GENESIS)


def keep(draw: Draw, kind: str, text: str, number: int = 0, *, run: int = 1) -> DrawDocument:
    return DrawDocument.objects.create(
        draw=draw, kind=kind, run=run, number=number, text=text, digest=ssj1.digest(text)
    )


def append(draw: Draw, kind: str, doc: str, moment: datetime) -> ChainEntry:
    seq, prev = _chain_head()
    text = ssj1.chain_text(seq + 1, prev, kind, draw.draw_id, doc, written(moment))
    return ChainEntry.objects.create(
        seq=seq + 1, prev=prev, link=ssj1.link(text), kind=kind, draw=draw, doc=doc, at=moment, text=text
    )


def project(draw: Draw, outcome: ssj1.Outcome, frame_texts: list[str], *, run: int = 1) -> None:
    """Write the RESULT's picks and teams as rows; the database compares them with the document at commit."""
    add_picks(draw, outcome.picks, frame_texts, run=run)
    add_teams(draw, outcome.tasks, run=run)


def add_picks(draw: Draw, drawn: Iterable[ssj1.Pick], frame_texts: list[str], amendment: int = 0, *, run: int) -> None:
    """Rows of drawn objects; a substitute takes the next number of its category."""
    drawn = list(drawn)
    modes = {row.id: row.mode for text in frame_texts for row in ssj1.parse_frame(text).rows}
    facilities = dict(Facility.objects.filter(code__in=[p.id for p in drawn]).values_list("code", "pk"))
    last = Counter(draw.picks.filter(run=run).values_list("category", flat=True))
    rows = []
    for pick in drawn:
        category = pick.stratum.rpartition(".")[2]
        last[category] += 1
        rows.append(
            Pick(
                draw=draw,
                run=run,
                facility_id=facilities[pick.id],
                category=category,
                no=pick.number or last[category],
                slot=pick.slot,
                ticket=pick.ticket,
                mode=modes[pick.id],
                amendment=amendment,
            )
        )
    Pick.objects.bulk_create(rows)


def add_teams(draw: Draw, tasks: Iterable[ssj1.Team | ssj1.Open], amendment: int = 0, *, run: int) -> None:
    """Rows of teams for objects of the draw that stand."""
    tasks = list(tasks)
    pick_of = dict(draw.picks.filter(run=run).values_list("facility__code", "pk"))
    teams = Team.objects.bulk_create(
        Team(pick_id=pick_of[task.object], amendment=amendment, open_reason=task.reason, open_counts=list(task[2:]))
        if isinstance(task, ssj1.Open)
        else Team(pick_id=pick_of[task.object], amendment=amendment)
        for task in tasks
    )
    codes = {code for task in tasks if isinstance(task, ssj1.Team) for code in (task.leader, *task.members)}
    people = dict(Inspector.objects.filter(code__in=codes).values_list("code", "pk"))
    TeamMember.objects.bulk_create(
        TeamMember(team=team, inspector_id=people[code], is_leader=code == task.leader)
        for team, task in zip(teams, tasks, strict=True)
        if isinstance(task, ssj1.Team)
        for code in (task.leader, *task.members)
    )
