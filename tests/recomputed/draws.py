"""The draw itself: counts, quotas, digests, tickets, picks, teams and the chain, from the texts (SSJ1 1, 4, 6–8, 10)."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from . import lines
from .lines import sha256
from .world import Draw, World, rows

LEAST_KEY = 2500  # of ten thousand (七(一)1)
LEAST_TEAM = 2  # 七(五)
OFF_BOOKS = ("out:CLOSED", "out:MOVED")


def quotas(world: World) -> Iterator[str]:
    """N, A, U of every list, and K and u that follow; never below a quarter of 重点 that can be drawn."""
    for draw in world.draws:
        for category, line in draw.strata.items():
            listed = draw.frames[category].values()
            N = sum(row.state not in OFF_BOOKS for row in listed)
            A = sum(row.state == "in" for row in listed)
            U = sum(row.state == "in" and not row.seen for row in listed)
            K, u = places(draw.year, draw.number, category, line, N, A, U)
            if (line.N, line.A, line.U, line.K, line.u) != (N, A, U, K, u):
                yield f"{draw.code} {category}: N A U K u {line.N, line.A, line.U, line.K, line.u}; rows {N, A, U, K, u}"
            if category == "key" and min(A, -(-N * LEAST_KEY // 10_000)) > K + line.P:
                yield f"{draw.code}: {K} of {N} 重点"


def places(year: int, quarter: int, category: str, line, N: int, A: int, U: int) -> tuple[int, int]:
    by_ratio = -(-N * line.bp // 10_000)
    if category == "special":
        return min(A, max(by_ratio - line.P, line.plan, 0)), 0
    left = 4 * (line.E - year) + 5 - quarter
    target = max(by_ratio, -(-(U + line.P) // left))
    K = min(A, max(target - line.P, line.plan, 0))
    return K, min(U, K, max(K * line.v // 100, U - (left - 1) * target, 0))


def documents(world: World) -> Iterator[str]:
    """Every digest is that of its text, and the texts name each other by them."""
    for draw in world.draws:
        for document in draw.documents:
            if sha256(document.text) != document.digest:
                yield f"{draw.code} {document.kind}: digest"
        digests = {document.digest for document in draw.documents}
        named = {line.frame for line in draw.strata.values()} | set(lines.one(draw.manifest, "roster"))
        for text in draw.texts("RESULT"):
            named |= {lines.one(text, "manifest")[0], lines.one(text, "seed")[0]}
        for text in draw.texts("AMEND") + draw.texts("SLIPS"):
            named.add(lines.one(text, "after")[0])
        yield from (f"{draw.code}: no text has the digest {digest}" for digest in named - digests)
        for text in draw.texts("SEED"):
            secret, commit = lines.one(text, "secret")[0], lines.one(draw.manifest, "commit")[0]
            if sha256(f"SSJ1|C|{draw.code}|{secret}") != commit:
                yield f"{draw.code}: the secret is not the one that was sealed"


def chain(world: World) -> Iterator[str]:
    entries = rows("SELECT * FROM plans_chainentry ORDER BY seq")
    for number, entry in enumerate(entries, 1):
        said = {line[0]: line[1] for line in lines.fields(entry.text)}
        told = (entry.seq, entry.prev, entry.kind, entry.doc, entry.link)
        if told != (number, said["prev"], said["kind"], said["doc"], sha256(entry.text)) or int(said["seq"]) != number:
            yield f"chain {entry.seq}: row and text differ"
    yield from (f"chain {b.seq}: does not follow {a.seq}" for a, b in pairwise(entries) if b.prev != a.link)


def picks(world: World) -> Iterator[str]:
    """Whom the seed draws from the lists, again after each amendment; and the rows that the system keeps of it."""
    for draw in world.draws:
        for run in sorted({d.run for d in draw.documents if d.kind == "RESULT"}):
            yield from _run(draw, run)
        kept = rows(
            "SELECT f.code, p.category, p.slot, p.ticket, x.reason FROM plans_pick p JOIN registry_facility f "
            "ON f.id = p.facility_id LEFT JOIN plans_pickdrop x ON x.pick_id = p.id WHERE p.draw_id = %s AND p.run = %s",
            draw.id,
            draw.run,
        )
        mine = {(p.code, p.category, p.slot, p.ticket, p.gone) for p in draw.drawn}
        theirs = {(p.code, p.category, p.slot, p.ticket, p.reason or "") for p in kept}
        yield from (f"{draw.code}: pick {pick} in {'texts' if pick in mine else 'rows'} only" for pick in mine ^ theirs)


def _run(draw: Draw, run: int) -> Iterator[str]:
    (seed_text,), (result,) = draw.texts("SEED", run), draw.texts("RESULT", run)
    seed, withdrawn = sha256(seed_text), {category: set() for category in draw.strata}
    if lines.one(result, "seed")[0] != seed:
        yield f"{draw.code}: seed"
    known = _selected(draw, seed, withdrawn)
    said = [(stratum, code, slot, ticket) for stratum, _, code, slot, ticket in lines.tagged(result, "pick")]
    if set(said) != known or len(said) != len(known):
        yield f"{draw.code} run {run}: RESULT draws {sorted(set(said) ^ known)} otherwise"
    for text in draw.texts("AMEND", run):
        for stratum, code, reason in lines.tagged(text, "dropobj"):
            if reason != "NOTDONE":  # it keeps its place, and nobody takes it
                withdrawn[stratum.rpartition(".")[2]].add(code)
        now = _selected(draw, seed, withdrawn)
        there = {pick[:2] for pick in known}
        added = {pick for pick in now if pick[:2] not in there}
        if {tuple(fields) for fields in lines.tagged(text, "addobj")} != added:
            yield f"{draw.code} AMEND {lines.one(text, 'number')[0]}: another substitute"
        known = now | {pick for pick in known if pick[:2] not in {p[:2] for p in now}}


def _selected(draw: Draw, seed: str, withdrawn: dict[str, set[str]]) -> set[tuple[str, str, str, str]]:
    """(stratum, object, slot, ticket): the first u unseen, then the first of all the others."""
    found = set()
    for category, line in draw.strata.items():
        able = [
            row for row in draw.frames[category].values() if row.state == "in" and row.code not in withdrawn[category]
        ]
        order = sorted((sha256(f"SSJ1|T|{seed}|{line.stratum}|{row.code}"), row.code, row.seen) for row in able)
        reserved = [one for one in order if not one[2]][: line.u]
        free = [one for one in order if one not in reserved][: line.K - len(reserved)]
        found |= {(line.stratum, code, "R", ticket) for ticket, code, _ in reserved}
        found |= {(line.stratum, code, "F", ticket) for ticket, code, _ in free}
    return found


def teams(world: World) -> Iterator[str]:
    """Every team: as many as the plan says, its leader may lead, all certified to the end, in scope, with no interest."""
    for draw in world.draws:
        if not draw.texts("ROSTER"):
            continue
        (roster,) = draw.texts("ROSTER")
        people = {fields[0]: fields for fields in lines.tagged(roster, "insp")}
        bars = {(who, whom) for who, whom, _ in lines.tagged(roster, "bar")}
        for text in draw.texts("AMEND", draw.run):
            people |= {fields[0]: fields for fields in lines.tagged(text, "join")}
        last, size = lines.one(draw.manifest, "window")[1], int(lines.one(draw.manifest, "team")[0])
        if size < LEAST_TEAM:
            yield f"{draw.code}: teams of {size}"
        for pick in draw.drawn:
            if not pick.stands() or pick.open:
                continue
            needed = draw.frames[pick.category][pick.code].scopes
            if len(set(pick.team)) != size or people[pick.team[0]][6] != "1":
                yield f"{draw.code} {pick.code}: {pick.team}"
            for code in pick.team:
                _, _, _, until, units, scopes, _, _, _, state = people[code]
                if until < last or state != "in" or draw.unit not in units.split(","):
                    yield f"{draw.code} {pick.code}: {code} cannot be sent"
                if (needed and not needed <= lines.codes(scopes)) or (code, pick.code) in bars:
                    yield f"{draw.code} {pick.code}: {code} must not be sent there"


def dates(world: World) -> Iterator[str]:
    """What is drawn was sealed before its first public number, and opened at the hour that was announced, not before."""
    for draw in world.draws:
        frozen = datetime.fromisoformat(lines.one(draw.manifest, "frozen")[0])
        sources = [datetime.fromisoformat(fields[2]) for fields in lines.tagged(draw.manifest, "source")]
        if frozen != draw.frozen_at or any(due <= frozen for due in sources):
            yield f"{draw.code}: sealed after a number was known"
        if draw.drawn_at and draw.drawn_at < max(sources):
            yield f"{draw.code}: drawn before its numbers"
        if draw.released_at and draw.released_at < draw.release_at:
            yield f"{draw.code}: opened early"
