"""Draws made up for the tests: plain builders with valid defaults, and random ones from a number."""

from random import Random

from plans.draw import ssj1
from plans.draw.ssj1 import Bar, FrameRow, Inspector, Run, Source, Stratum

SECRET = "5a" * 32
UNIT = "210502"
KEY, GENERAL, SPECIAL = f"{UNIT}.key", f"{UNIT}.general", f"{UNIT}.special"
LOTTERY = "02,05,09,11,17,20,23,28,31,36,40,44,49,52,57,60,66,71,75,80"
OTHER_LOTTERY = "01,05,09,11,17,20,23,28,31,36,40,44,49,52,57,60,66,71,75,80"
DICE = "3516243512"


def make_row(id, *, name="某某公司", scopes=(), mode="onsite", times=0, seen=False, state="in"):
    return FrameRow(id, name, tuple(scopes), mode, times, seen, state)


def make_inspector(code, *, until="2029-12-31", units=(UNIT,), scopes=("HW",), lead=True, base=0, cap=None, state="in"):
    return Inspector(code, code, "0001", until, tuple(units), tuple(scopes), lead, base, cap, state)


def make_stratum(category="key", rows=None, *, bp=2500, v=50, E=2026, P=0, plan=0):
    rows = [make_row(f"{category[0].upper()}{n:02d}") for n in range(8)] if rows is None else rows
    return Stratum(UNIT, category, bp, v, None if category == "special" else E, P, plan, rows)


def make_sources(quarter=2):
    month = 3 * quarter - 2
    return [
        Source("LOTTERY", "快乐8第2026087期", f"2026-{month:02d}-07T21:30:00+08:00"),
        Source("DICE", "见证人一", f"2026-{month:02d}-07T10:00:00+08:00"),
    ]


def make_freeze(*, serial=1, quarter=2, **changed):
    month = 3 * quarter - 2
    given = {
        "draw": f"{UNIT}-2026Q{quarter}-{serial:02d}",
        "prev": (7, "1" * 64),
        "frozen": f"2026-{month:02d}-06T16:00:00+08:00",
        "release": f"2026-{month + 2:02d}-25T18:00:00+08:00",
        "window": (f"2026-{month:02d}-10", f"2026-{month + 2:02d}-25"),
        "items": ["A01"],
        "cap": 2,
        "team": 2,
        "strata": [make_stratum()],
        "inspectors": [make_inspector(code, lead=code in "AB") for code in "ABCD"],
        "bars": [],
        "secret": SECRET,
        "sources": make_sources(quarter),
    }
    return ssj1.freeze(**(given | changed))


def hold(freeze, *, secret=SECRET, values=(LOTTERY, DICE), drawn="2026-04-08T09:30:00+08:00", earlier=None):
    return ssj1.hold_draw(
        manifest=freeze.manifest,
        frames=freeze.frames,
        roster=freeze.roster,
        secret=secret,
        values=values,
        drawn=drawn,
        earlier=earlier,
    )


def chain_of(prev, events):
    """Chain entries for (kind, draw, doc, at), after `prev`."""
    seq, before = prev
    chain = []
    for kind, draw, doc, at in events:
        seq += 1
        chain.append(ssj1.chain_text(seq, before, kind, draw, doc, at))
        before = ssj1.link(chain[-1])
    return chain


def released(freeze, outcome, changes=(), earlier=()):
    """The public bundle of a draw; `earlier`: (outcome, changes) of superseded runs, oldest first."""
    manifest = ssj1.parse_manifest(freeze.manifest)
    events = [("FREEZE", manifest.draw, freeze.digest, manifest.frozen)]
    slips = []
    for run, its_changes in (*earlier, (outcome, changes)):
        at = ssj1.parse_result(run.result_text).drawn
        events += [("RESULT", manifest.draw, run.result_digest, at), ("SLIPS", manifest.draw, run.slips_digest, at)]
        slips.append(run.slips_text)
        for change in its_changes:
            at = change.amend.at
            events += [("AMEND", manifest.draw, change.digest, at), ("SLIPS", manifest.draw, change.slips_digest, at)]
            slips.append(change.slips_text)
    return ssj1.make_bundle(
        manifest=freeze.manifest,
        frames=freeze.frames,
        roster=freeze.roster,
        seed=outcome.seed_text,
        result=outcome.result_text,
        amends=[change.text for change in changes],
        superseded=[
            Run(run.seed_text, run.result_text, [change.text for change in its_changes]) for run, its_changes in earlier
        ],
        slips=slips,
        chain=chain_of(manifest.prev, events),
    )


def amended(freeze, outcome, changes=(), earlier=(), *, at="2026-04-15T10:00:00+08:00", **requests):
    """One change after those of the bundle."""
    return ssj1.amend(
        released(freeze, outcome, changes, earlier), at=at, person="李某某", document="平环审〔2026〕3号", **requests
    )


def random_rows(random: Random, category: str, count: int):
    rows = []
    for number in range(count):
        seen = category != "special" and random.random() < 0.4
        times = random.choice((0, 1)) if seen else 0
        state = random.choice(("in", "in", "in", "in", "out:HALT", "out:CLOSED"))
        scopes = random.choice(((), (), ("HW",), ("HW", "RAD")))
        rows.append(make_row(f"{category[0]}{number}-某", scopes=scopes, times=times, seen=seen, state=state))
    return rows


def random_draw(number: int):
    """A freeze and its outcome, different for every number."""
    random = Random(number)
    strata = [
        make_stratum(
            category,
            random_rows(random, category, random.randrange(12)),
            bp=random.randrange(2500, 6000),
            v=random.randrange(101),
            E=2026 if category == "key" else random.choice((2026, 2027, 2028)),
            P=random.choice((0, 0, 1)),
            plan=random.choice((0, 0, 3)),
        )
        for category in random.sample(("key", "general", "special"), random.randint(1, 3))
    ]
    inspectors = [
        make_inspector(
            f"Z{place}",
            until=random.choice(("2029-12-31", "2029-12-31", "2026-05-01")),
            scopes=random.choice(((), ("HW",), ("HW", "RAD"))),
            lead=random.random() < 0.5,
            base=random.randrange(3),
            cap=random.choice((None, None, 3)),
            state=random.choice(("in", "in", "in", "out:LEAVE")),
        )
        for place in range(random.randrange(9))
    ]
    pairs = {
        (random.choice(inspectors).code, random.choice(stratum.rows).id)
        for stratum in strata
        if inspectors and stratum.rows
    }
    freeze = make_freeze(
        strata=strata,
        inspectors=random.sample(inspectors, len(inspectors)),
        bars=[Bar(*pair, "ROTATE") for pair in pairs],
        team=random.choice((2, 2, 3)),
    )
    return freeze, hold(freeze)


def random_requests(random: Random, bundle):
    """Requests that fit the standing objects of a bundle's last run; empty if nothing stands."""
    run = ssj1._check(bundle).run
    objects, people = [], []
    for name, (_, stratum) in sorted(run.standing.items()):
        if random.random() < 0.3:
            reason = random.choice(("HALT", "RECUSE", "NOTDONE"))
            objects.append(ssj1.DropObject(stratum, name, reason))
        elif name in run.teams and random.random() < 0.4:
            person = random.choice(run.teams[name][1])
            people.append(ssj1.DropInspector(name, person, random.choice(("RECUSE", "LEAVE"))))
    joins = [make_inspector(f"N{random.randrange(10**6)}")] if random.random() < 0.3 else []
    return {"drop_objects": objects, "drop_inspectors": people, "joins": joins}
