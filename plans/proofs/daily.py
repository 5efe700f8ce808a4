"""Everything sealed, computed anew every day, and an alarm when something differs (SSJ1 15 D10).

The database refuses every change of what is sealed. This finds the change of somebody who could switch that off: an owner
of the database, a restored backup, a damaged disk. It says which draw and which check, and never who was drawn.
"""

from dataclasses import dataclass

from django.db import connection, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.refusal import refuse_if
from plans.draw import bundles, ssj1
from plans.models import Carry, ChainEntry, Draw, DrawDocument, DrawStatus, PickDrop, ProofRun, Team

ALARMED = [Role.SUPERVISOR, Role.LEAD_OFFICE, Role.ADMIN_SYSTEM, Role.ADMIN_AUDIT]
# Recomputed where the texts are; a digest that differs is the first thing a damaged or changed row shows.
ASTRAY_DOCUMENT = """
SELECT d.draw_id, x.kind FROM plans_drawdocument x JOIN plans_draw d ON d.id = x.draw_id
WHERE x.digest <> encode(sha256(convert_to(x.text, 'UTF8')), 'hex') ORDER BY x.id LIMIT 1
"""


@dataclass(frozen=True)
class Proof:
    """How much was computed anew; `problem` is one sentence, "" when everything agrees."""

    documents: int
    entries: int
    draws: int
    problem: str = ""


def prove_daily() -> ProofRun | None:
    """Once a day, whenever the worker first can; a second worker's run of the same day is refused by the database."""
    if ProofRun.objects.filter(day=clock.today(), by__isnull=True).exists():
        return None
    return _kept(compute(), None)


def prove_now(*, by: User) -> ProofRun:
    """The same, asked for by a person."""
    refuse_if(why_not_prove(by))
    return _kept(compute(), by)


def why_not_prove(user) -> str:
    return "" if user.units_with(Permission.SEE_LOG) else "由监督员、监督人员或审计管理员核算。"


def last_run() -> ProofRun | None:
    return ProofRun.objects.first()


@transaction.atomic
def _kept(proof: Proof, by: User | None) -> ProofRun:
    now = clock.now()
    run = ProofRun.objects.create(
        day=now.date(),
        at=now,
        documents=proof.documents,
        entries=proof.entries,
        draws=proof.draws,
        problem=proof.problem[:300],
        by=by,
    )
    if run.problem:
        city = Unit.objects.filter(kind=UnitKind.CITY_TEAM).first()
        for role in ALARMED if city else []:
            tell(
                role=role,
                unit=city,
                key=f"proof:{run.pk}",
                title="核算不一致：封存的抽取记录可能被改动",
                body=run.problem,
                url=reverse("plans:proofs"),
            )
    trail.record("plans.proof.computed", by=by, about=run, problem=run.problem, draws=run.draws, entries=run.entries)
    return run


def compute() -> Proof:
    """Compute every digest, the chain, every draw and the whole history anew, on one snapshot of the database."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:  # the outermost transaction, in which nothing was read yet
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        chain = list(ChainEntry.objects.order_by("seq"))
        sealed = list(Draw.objects.filter(frozen_at__isnull=False).select_related("plan").order_by("frozen_at", "pk"))
        return Proof(DrawDocument.objects.count(), len(chain), len(sealed), _first_problem(cursor, chain, sealed))


def proved() -> tuple[str, str]:
    """What everything sealed comes to, and what is wrong with it (`benxi_shuangsuiji.subject:Subject`)."""
    proof, last = compute(), ChainEntry.objects.order_by("-seq").first()
    return f"公示链 {proof.entries} 条，链首 {last.link if last else '无'}；封存的抽取 {proof.draws} 次", proof.problem


def _first_problem(cursor, chain: list[ChainEntry], sealed: list[Draw]) -> str:
    cursor.execute(ASTRAY_DOCUMENT)
    if astray := cursor.fetchone():
        return f"{astray[0]} 的{ssj1.DOCUMENT_NAMES[astray[1]]}与登记的指纹不同。"
    carry = Carry.objects.approved().first()
    known = {*DrawDocument.objects.values_list("digest", flat=True), *([ssj1.digest(carry.text)] if carry else [])}
    for entry in chain:
        if entry.link != ssj1.link(entry.text) or entry.doc not in known:
            return f"公示链第 {entry.seq} 条与它的文书或链环不符。"
    checked = []
    for draw in sealed:
        bundle = _bundle(draw)
        report = ssj1.verify(bundle)
        if not report.ok:
            return f"{draw.draw_id} 重算不一致：{report.sentence}（{report.error}）。"
        if problem := _astray_rows(draw, bundle):
            return problem
        checked.append(bundle)
    report = ssj1.check_history([entry.text for entry in chain], checked, carry and carry.text)
    return "" if report.ok else f"历次抽取前后不符：{report.sentence}（{report.error}）。"


def _bundle(draw: Draw) -> dict:
    """All that is kept of a draw, names included; it does not leave this module."""
    if draw.status in (DrawStatus.DRAWN, DrawStatus.RELEASED):
        return bundles.whole_bundle(draw)
    return bundles.bundle_of(draw, released=False)


def _astray_rows(draw: Draw, bundle: dict) -> str:
    """The rows that tasks and pages are made from must say what the documents say."""
    if bundle["result"] is None:
        return ""
    picks, tasks, drops = set(), {}, set()
    runs = [*bundle["superseded"], {"result": bundle["result"], "amends": bundle["amends"]}]
    for run, texts in enumerate(runs, 1):
        documents = [ssj1.parse_result(texts["result"]), *map(ssj1.parse_amend, texts["amends"])]
        picks |= {(run, p.id, 0, p.ticket) for p in documents[0].picks}
        for number, document in enumerate(documents):
            if number:
                picks |= {(run, p.id, number, p.ticket) for p in document.added}
                drops |= {(run, d.id, number, d.reason) for d in document.drop_objects}
            for task in document.tasks:
                people = (task.leader, *task.members) if isinstance(task, ssj1.Team) else (task.reason,)
                tasks[run, task.object, number] = people
    kept = set(draw.picks.values_list("run", "facility__code", "amendment", "ticket"))
    dropped = set(
        PickDrop.objects.filter(pick__draw=draw).values_list("pick__run", "pick__facility__code", "amendment", "reason")
    )
    teams = {}
    found = Team.objects.filter(pick__draw=draw).select_related("pick__facility")
    for team in found.prefetch_related("members__inspector"):
        members = sorted(team.members.all(), key=lambda m: (not m.is_leader, m.inspector.code.encode()))
        people = (team.open_reason,) if team.open_reason else tuple(m.inspector.code for m in members)
        teams[team.pick.run, team.pick.facility.code, team.amendment] = people
    if (picks, drops, tasks) == (kept, dropped, teams) and len(runs) == draw.run:
        return ""
    return f"{draw.draw_id} 登记的名单与抽取文书不同。"
