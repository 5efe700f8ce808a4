"""Every field of a valid bundle is changed once, and the verifier names the fault that the specification gives it (§12).

The other value is always of the right type, so that no check of form stands in for the check that is meant. What is
expected stands in three tables, one for each kind of bundle, column by column in the order of §2; they are read off
§12, where the first check that fails is the one reported:

* a FRAME or ROSTER that no longer has its digest is found before anything is read in it;
* the MANIFEST is what all later documents point at, so what no earlier check (V3–V9) finds is found by the next document
  that carries its digest: SEED, ABORT or, in a sealed bundle, the chain;
* what a RESULT or AMEND merely states (times, approver, reasons) changes its digest: the next AMEND or the slips notice.
"""

import re

import pytest

from plans.draw import ssj1
from tests.draw.samples import (
    DICE,
    GENERAL,
    KEY,
    LOTTERY,
    OTHER_LOTTERY,
    SECRET,
    SPECIAL,
    UNIT,
    amended,
    chain_of,
    hold,
    make_freeze,
    make_inspector,
    make_row,
    make_stratum,
    released,
)

# §2, tag by tag.
_INSP = "ID TEXT TEXT DATE CODES CODES BIT INT INT ISTATE"
_TASKS = {"team": "ID ID IDS", "open": "ID OPEN INT INT INT INT INT INT"}
COLUMNS = {
    "FRAME": {"draw": "DRAWID", "stratum": "CODE CAT", "obj": "ID TEXT CODES MODE INT BIT OSTATE"},
    "ROSTER": {"draw": "DRAWID", "insp": _INSP, "bar": "ID ID BAR"},
    "MANIFEST": {
        "draw": "DRAWID",
        "prev": "INT HEX",
        "frozen": "TIME",
        "release": "TIME",
        "window": "DATE DATE",
        "items": "CODES",
        "cap": "INT",
        "team": "INT",
        "stratum": "STRATUM HEX INT INT YEAR INT INT INT INT INT INT INT",
        "roster": "HEX",
        "commit": "HEX",
        "source": "KIND TEXT TIME",
    },
    "SEED": {"draw": "DRAWID", "manifest": "HEX", "secret": "HEX", "value": "KIND VALUE"},
    "RESULT": {
        "draw": "DRAWID",
        "manifest": "HEX",
        "seed": "HEX",
        "drawn": "TIME",
        "pick": "STRATUM INT ID SLOT HEX",
        "level": "INT",
        **_TASKS,
    },
    "AMEND": {
        "draw": "DRAWID",
        "number": "INT",
        "after": "HEX",
        "at": "TIME",
        "approve": "TEXT TEXT",
        "dropobj": "STRATUM ID DROPOBJ",
        "dropinsp": "ID ID DROPINSP",
        "join": _INSP,
        "addobj": "STRATUM ID SLOT HEX",
        "vacant": "STRATUM INT",
        "level": "INT",
        **_TASKS,
    },
    "ABORT": {
        "draw": "DRAWID",
        "manifest": "HEX",
        "at": "TIME",
        "approve": "TEXT TEXT",
        "reason": "TEXT",
        "secret": "HEX",
        "missing": "INT",
    },
    "SLIPS": {"draw": "DRAWID", "after": "HEX", "slip": "HEX"},
    "CHAIN": {"seq": "INT", "prev": "HEX", "kind": "CKIND", "draw": "DRAWID", "doc": "HEX", "at": "TIME"},
}
OTHER = {
    "STRATUM": {stratum: stratum.replace(UNIT, "210503") for stratum in (KEY, GENERAL, SPECIAL)},
    "CAT": {"key": "general", "general": "special", "special": "key"},
    "CODE": {UNIT: "210503"},
    "MODE": {"onsite": "offsite", "offsite": "onsite"},
    "BIT": {"0": "1", "1": "0"},
    "OSTATE": {"in": "out:HALT", "out:HALT": "in"},
    "ISTATE": {"in": "out:LEAVE", "out:LEAVE": "in"},
    "BAR": {"RECUSE": "ROTATE", "ROTATE": "RECUSE"},
    "KIND": {"LOTTERY": "DIGITS", "DICE": "BEACON"},
    "VALUE": {
        LOTTERY: LOTTERY.replace("80", "79"),
        OTHER_LOTTERY: OTHER_LOTTERY.replace("80", "79"),
        DICE: DICE[::-1],
    },
    "SLOT": {"R": "F", "F": "R"},
    "OPEN": {"FEW": "CAP", "NOLEAD": "FEW", "CAP": "FEW"},
    "DROPOBJ": {"HALT": "CLOSED"},
    "DROPINSP": {"RECUSE": "LEAVE", "LEAVE": "DUTY"},
    "CKIND": {"FREEZE": "RESULT", "RESULT": "AMEND", "AMEND": "RESULT", "SLIPS": "RESULT", "ABORT": "RESULT"},
    "YEAR": {"2026": "2027", "2027": "2028", "-": "2026"},
    "CODES": {"-": "HW", "HW": "-", "RAD": "HW", "HW,RAD": "HW", UNIT: "210503", "A01": "A02"},
}


def another(type_name, value):
    """A different value of the same type."""
    if type_name in OTHER:
        return OTHER[type_name][value]
    if type_name == "INT":
        return "9" if value == "-" else str(int(value) + 1)
    if type_name == "HEX":
        return value[:-1] + ("0" if value[-1] != "0" else "1")
    if type_name == "DRAWID":
        return value[:-1] + str((int(value[-1]) + 1) % 10)
    if type_name == "DATE":
        return value[:-1] + ("0" if value[-1] != "0" else "1")
    if type_name == "TIME":
        return value.replace(":00+", ":01+")
    return value + "改"  # ID, IDS, TEXT


def documents_of(bundle):
    """Every document of a bundle: (where it stands, its name in the tables, its text)."""
    yield ("manifest",), "MANIFEST", bundle["manifest"]
    for n, text in enumerate(bundle["frames"]):
        yield ("frames", n), "FRAME", text
    for n, run in enumerate(bundle["superseded"]):
        yield ("superseded", n, "seed"), "earlier SEED", run["seed"]
        yield ("superseded", n, "result"), "earlier RESULT", run["result"]
        for m, text in enumerate(run["amends"]):
            yield ("superseded", n, "amends", m), "earlier AMEND", text
    for key in ("roster", "seed", "result", "abort"):
        if bundle[key] is not None:
            yield (key,), key.upper(), bundle[key]
    for n, text in enumerate(bundle["amends"]):
        yield ("amends", n), "last AMEND" if n + 1 == len(bundle["amends"]) else "AMEND", text
    for n, text in enumerate(bundle["slips"]):
        yield ("slips", n), "SLIPS", text
    for n, text in enumerate(bundle["chain"]):
        yield ("chain", n), "last CHAIN" if n + 1 == len(bundle["chain"]) else "CHAIN", text


def put(box, place, text):
    """A copy of the bundle with another text in one place."""
    first, *rest = place
    copied = list(box) if isinstance(box, list) else dict(box)
    copied[first] = put(box[first], rest, text) if rest else text
    return copied


def label(name, tag, fields):
    return f"{tag} {fields[0].partition('.')[2]}" if name == "MANIFEST" and tag == "stratum" else tag


def touched(bundle):
    """(document, tag, column, the bundle with that one field changed), for every field."""
    for place, name, text in documents_of(bundle):
        lines = text.split("\n")
        for n, line in enumerate(lines[1:-2], 1):
            tag, *fields = line.split("\t")
            for column, type_name in enumerate(COLUMNS[name.split()[-1]][tag].split()):
                changed = [*fields]
                changed[column] = another(type_name, fields[column])
                new = "\n".join([*lines[:n], "\t".join([tag, *changed]), *lines[n + 1 :]])
                yield name, label(name, tag, fields), column, put(bundle, place, new)


def with_lines(bundle, change):
    """(document, tag, the bundle with that one line treated by `change` and the count at the end put right)."""
    for place, name, text in documents_of(bundle):
        lines = text.split("\n")
        for n, line in enumerate(lines[1:-2], 1):
            tag, *fields = line.split("\t")
            body = [*lines[1:n], *change(line), *lines[n + 1 : -2]]
            new = "\n".join([lines[0], *body, f"end\t{len(body)}", ""])
            yield name, label(name, tag, fields), put(bundle, place, new)


# --- three bundles that between them have every line there is ---------------------------------------------------------


def rich_freeze():
    strata = [
        make_stratum("general", [make_row("G0"), make_row("G1", scopes=["RAD"])], E=2027, bp=9999),
        make_stratum(
            rows=[
                *(make_row(f"K{n}") for n in range(6)),
                make_row("K6", times=1, seen=True),
                make_row("K7", state="out:HALT"),
            ],
            bp=5000,
        ),
        make_stratum("special", [make_row("S0", mode="offsite")], bp=9999),
    ]
    people = [
        *(make_inspector(code, lead=code in "AB") for code in "ABCDE"),
        make_inspector("F", scopes=("HW", "RAD"), cap=5, base=1),
        make_inspector("G", state="out:LEAVE"),
    ]
    return make_freeze(strata=strata, inspectors=people, bars=[ssj1.Bar("A", "K0", "ROTATE")])


def changes_of(freeze, outcome, days, earlier=()):
    """One change a day: a key object halts, somebody recuses or leaves, somebody joins; at last the special one halts."""
    changes = []
    for number, day in enumerate(days):
        keys = [pick.id for pick in outcome.picks if pick.stratum == KEY]
        staying = next(team for team in outcome.teams if team.object == keys[-1])
        drops = [ssj1.DropObject(KEY, keys[number], "HALT")]
        if number + 1 == len(days):
            drops.append(ssj1.DropObject(SPECIAL, "S0", "HALT"))
        leaving = [staying.leader, *staying.members][number]
        changes.append(
            amended(
                freeze,
                outcome,
                changes,
                earlier,
                at=f"2026-04-{day}T10:00:00+08:00",
                drop_objects=drops,
                drop_inspectors=[ssj1.DropInspector(staying.object, leaving, ("RECUSE", "LEAVE")[number])],
                joins=[make_inspector(f"N{number}", lead=False)],
            )
        )
    return changes


def rich_bundle():
    """Released, once corrected; each run with its changes."""
    freeze = rich_freeze()
    wrong = hold(freeze, values=(OTHER_LOTTERY, DICE))
    first = changes_of(freeze, wrong, [15])
    run = ssj1.Run(wrong.seed_text, wrong.result_text, [change.text for change in first])
    right = hold(freeze, drawn="2026-04-16T09:00:00+08:00", earlier=run)
    earlier = [(wrong, first)]
    return released(freeze, right, changes_of(freeze, right, [17, 18], earlier), earlier)


def aborted_bundle():
    freeze = rich_freeze()
    manifest = ssj1.parse_manifest(freeze.manifest)
    text = ssj1.abort_text(
        draw=manifest.draw,
        manifest=freeze.digest,
        at="2026-04-09T10:00:00+08:00",
        person="李某某",
        document="文号",
        reason="彩票停开",
        secret=SECRET,
        missing=[2],
    )
    events = [
        ("FREEZE", manifest.draw, freeze.digest, manifest.frozen),
        ("ABORT", manifest.draw, ssj1.digest(text), "2026-04-09T10:00:00+08:00"),
    ]
    return ssj1.make_bundle(
        manifest=freeze.manifest,
        frames=freeze.frames,
        roster=freeze.roster,
        abort=text,
        chain=chain_of(manifest.prev, events),
    )


def sealed_bundle():
    """What everybody has between the draw and the release, after one change."""
    freeze = rich_freeze()
    outcome = hold(freeze)
    changes = changes_of(freeze, outcome, [15])
    whole = released(freeze, outcome, changes)
    return whole | {"roster": None, "seed": None, "result": None, "amends": []}


# --- what is expected: one word a column, or one for all ---------------------------------------------------------------

# Found before anything is computed, in whatever bundle; `LINK` is what the next document says of another manifest.
SEALED = """
    MANIFEST  draw             DRAW
    MANIFEST  prev             LINK
    MANIFEST  frozen           LINK
    MANIFEST  release          LINK
    MANIFEST  window           LINK
    MANIFEST  items            LINK
    MANIFEST  cap              LINK
    MANIFEST  team             LINK
    MANIFEST  stratum general  STRATA FRAME_DIGEST LINK LINK LINK QUOTA LINK COUNT COUNT COUNT QUOTA QUOTA
    MANIFEST  stratum key      STRATA FRAME_DIGEST QUOTA LINK PARAM QUOTA LINK COUNT COUNT COUNT QUOTA QUOTA
    MANIFEST  stratum special  STRATA FRAME_DIGEST LINK LINK PARAM QUOTA LINK COUNT COUNT COUNT QUOTA QUOTA
    MANIFEST  commit           LINK
    MANIFEST  source           LINK
    FRAME     draw             DRAW
    FRAME     stratum          STRATA
    FRAME     obj              FRAME_DIGEST
    SLIPS     draw             DRAW
    CHAIN       seq            CHAIN_LINK
    CHAIN       prev           CHAIN_LINK
    CHAIN       kind           CHAIN_LINK
    CHAIN       draw           CHAIN_LINK
    CHAIN       doc            CHAIN_LINK
    CHAIN       at             CHAIN_LINK
    last CHAIN  seq            CHAIN_LINK
    last CHAIN  prev           CHAIN_LINK
    last CHAIN  kind           CHAIN_DOC
    last CHAIN  draw           CHAIN_DOC
    last CHAIN  doc            CHAIN_DOC
    last CHAIN  at             CHAIN_DOC
"""
ROSTER = """
    MANIFEST  roster           ROSTER_DIGEST
    ROSTER    draw             DRAW
    ROSTER    insp             ROSTER_DIGEST
    ROSTER    bar              ROSTER_DIGEST
"""
# Of a run; `NEXT` is what follows an AMEND: the next AMEND, or the slips.
RUN = """
    SEED      draw             DRAW
    SEED      manifest         SEED_LINK
    SEED      secret           COMMIT
    SEED      value            VALUE RESULT_LINK
    RESULT    draw             DRAW
    RESULT    manifest         RESULT_LINK
    RESULT    seed             RESULT_LINK
    RESULT    drawn            AMEND_LINK
    RESULT    pick             PICK
    RESULT    level            LEVEL
    RESULT    team             TEAM
    RESULT    open             TEAM
    AMEND     draw             DRAW
    AMEND     number           AMEND_LINK
    AMEND     after            AMEND_LINK
    AMEND     at               NEXT
    AMEND     approve          NEXT
    AMEND     dropobj          AMEND_REQUEST AMEND_REQUEST NEXT
    AMEND     dropinsp         AMEND_REQUEST AMEND_REQUEST REASON
    AMEND     join             AMEND_OUTCOME NEXT NEXT NEXT AMEND_OUTCOME NEXT AMEND_OUTCOME AMEND_OUTCOME NEXT AMEND_OUTCOME
    AMEND     addobj           AMEND_OUTCOME
    AMEND     vacant           AMEND_OUTCOME
    AMEND     level            AMEND_OUTCOME
    AMEND     team             AMEND_OUTCOME
    AMEND     open             AMEND_OUTCOME
"""
RELEASED_SLIPS = """
    SLIPS     after            SLIPS
    SLIPS     slip             SLIPS
"""
ABORTED = """
    ABORT     draw             DRAW
    ABORT     manifest         ABORT_LINK
    ABORT     at               CHAIN_DOC
    ABORT     approve          CHAIN_DOC
    ABORT     reason           CHAIN_DOC
    ABORT     secret           COMMIT
    ABORT     missing          ABORT_MISSING
"""
SEALED_ONLY = """
    MANIFEST  prev             CHAIN_LINK
    MANIFEST  roster           CHAIN_DOC
    SLIPS     after            CHAIN_DOC
    SLIPS     slip             CHAIN_DOC
"""


def table(text, *, prefix="", **words):
    """(document, tag, column) → code."""
    found = {}
    for line in text.strip().splitlines():
        name, tag, codes = re.split(" {2,}", line.strip())
        types = COLUMNS[name.split()[-1]][tag.split()[0]].split()
        codes = codes.split() if " " in codes else [codes] * len(types)
        for column, (_, code) in enumerate(zip(types, codes, strict=True)):
            found[prefix + name, tag, column] = "E_" + words.get(code, code)
    return found


BUNDLES = {
    "released": (
        rich_bundle,
        table(SEALED, LINK="SEED_LINK")
        | table(ROSTER)
        | table(RUN, NEXT="AMEND_LINK", REASON="AMEND_OUTCOME")
        | table(RUN, prefix="earlier ", NEXT="SLIPS", REASON="AMEND_OUTCOME")
        | table(RUN, prefix="last ", NEXT="SLIPS", REASON="SLIPS")
        | table(RELEASED_SLIPS),
    ),
    "aborted": (aborted_bundle, table(SEALED, LINK="ABORT_LINK") | table(ROSTER) | table(ABORTED)),
    "sealed": (sealed_bundle, table(SEALED, LINK="CHAIN_DOC") | table(SEALED_ONLY)),
}


@pytest.mark.clause("七(二)-d", "一-f")
@pytest.mark.parametrize("kind", BUNDLES)
def test_every_field_that_is_changed_is_found_with_the_code_of_the_specification(kind):
    make, expected = BUNDLES[kind]
    bundle = make()
    assert ssj1.verify(bundle).ok

    wrong, met = [], set()
    for name, tag, column, changed in touched(bundle):
        met.add((name.split()[-1], tag.split()[0]))
        code = ssj1.verify(changed).error
        if code != expected[name, tag, column]:
            wrong.append((name, tag, column, code))

    assert wrong == []
    whole = {(document, tag) for document, tags in COLUMNS.items() for tag in tags}
    left_out = {"released": {"ABORT"}, "aborted": {"SEED", "RESULT", "AMEND", "SLIPS"}}
    left_out["sealed"] = {"ABORT", "SEED", "RESULT", "AMEND", "ROSTER"}
    assert met == {(document, tag) for document, tag in whole if document not in left_out[kind]}


# A line that is gone or stands twice. What must stand once is a matter of form (V2); the others by their check.
ONCE = "draw prev frozen release window items cap roster commit manifest secret seed drawn level number after at"
ONCE_IN = {
    "MANIFEST": "team",
    "FRAME": "stratum",
    "CHAIN": "seq kind doc",
    "ABORT": "approve reason",
    "AMEND": "approve",
}
MANY = {
    "stratum": "E_STRATA",
    "obj": "E_FRAME_DIGEST",
    "insp": "E_ROSTER_DIGEST",
    "bar": "E_ROSTER_DIGEST",
    "value": "E_VALUE",
    "pick": "E_PICK",
    "team": "E_TEAM",
    "open": "E_TEAM",
}
POINTS_AT_MANIFEST = {"released": "E_SEED_LINK", "aborted": "E_ABORT_LINK", "sealed": "E_CHAIN_DOC"}


def expected_of_line(kind, name, tag, *, twice):
    document, tag = name.split()[-1], tag.split()[0]
    if tag in ONCE_IN.get(document, "").split() or tag in ONCE.split():
        return {"E_SYNTAX"}
    if tag == "source":  # the lottery is needed, the dice beside it are not
        return {"E_SOURCE"} if twice else {"E_SOURCE", POINTS_AT_MANIFEST[kind]}
    if document == "AMEND":
        return {"E_AMEND_REQUEST" if twice and tag in ("dropobj", "dropinsp", "join") else "E_AMEND_OUTCOME"}
    if tag == "missing":
        return {"E_ABORT_MISSING" if twice else "E_ABORT_LATE"}
    if tag == "slip":
        return {"E_SLIPS" if twice or kind == "released" else "E_CHAIN_DOC"}
    return {MANY[tag]}


@pytest.mark.clause("七(二)-d", "一-f")
@pytest.mark.parametrize("twice", [False, True], ids=["gone", "twice"])
@pytest.mark.parametrize("kind", BUNDLES)
def test_every_line_that_is_gone_or_stands_twice_is_found(kind, twice):
    bundle = BUNDLES[kind][0]()

    wrong = []
    for name, tag, changed in with_lines(bundle, lambda line: [line, line] if twice else []):
        code = ssj1.verify(changed).error
        if code not in expected_of_line(kind, name, tag, twice=twice):
            wrong.append((name, tag, code))

    assert wrong == []


@pytest.mark.parametrize("kind", BUNDLES)
def test_every_key_of_the_container_is_needed_and_no_other_is_taken(kind):
    bundle = BUNDLES[kind][0]()

    for box, put_back in (
        (bundle, lambda b: b),
        *((r, lambda b: bundle | {"superseded": [b]}) for r in runs_of(bundle)),
    ):
        for key in box:
            without = {name: value for name, value in box.items() if name != key}
            assert ssj1.verify(put_back(without)).error == "E_FORMAT", key
            assert ssj1.verify(put_back(without | {key.upper(): box[key]})).error == "E_FORMAT", key
            assert ssj1.verify(put_back(box | {key: 7})).error == "E_FORMAT", key


def runs_of(bundle):
    return bundle["superseded"][:1]
