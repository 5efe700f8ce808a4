"""Random inputs of every kind of test vector (SSJ1 16.2), the same for the same number: what two implementations compare."""

import copy
from random import Random

from plans.draw import ssj1
from plans.draw.ssj1 import OldPick, Run
from tests.draw import samples
from tests.draw.samples import SECRET, UNIT, make_freeze, make_inspector, make_stratum
from tests.draw.test_history import Chronicle, one_dropped, rewrite, year

# Letters of one to four bytes, composed and not, and some that are forbidden; UTF-16 orders the last two otherwise.
LETTERS = ["A", "Z", "a", "0", "9", "-", "_", "某", "é", "e\u0301", "Ａ", "\U00020bb7", "\ue000"]
ODD = [
    " ",
    ",",
    "|",
    "\u3000",
    "\u200b",
    "\u00a0",
    "\ufeff",
    "\u2028",
    "\U000e0001",
    "\ufdd0",
    "\t",
    "\n",
    "-",
    "",
    "\ufffe",
]
FIELDS = [
    "0", "7", "07", "999999999", "1000000000", "-", "key", "210502.key", "210502-2026Q2-01", "210502-2026Q5-01", "A,B", "B,A",
    "A,A", "2026-02-29", "2024-02-29", "2026-13-01", "2026-04-06T16:00:00+08:00", "2026-04-06T24:00:00+08:00", "2026", "3026",
    "a" * 64, "A" * 64, "某" * 64, "某" * 65, "\U00020bb7" * 64, "x" * 200, "x" * 201, " x", "x\u3000", "x y", "onsite", "in",
    "out:HALT", "out:LEAVE", "R", "FEW", "RECUSE", "NOTDONE", "5", "CARRY", "1", "２", "٣", "É", "E\u0301",
]  # fmt: skip
VALUES = ["02,05,09,11,17,20,23", "02,05,05,11,17,20", "03,07,11,18,25,30+09", "1,2,3,4,5,6", "4071358", "407135", "3516243512", "351624351", "3516243517", "00ff" * 8, "00ff" * 7, "00FF" * 8, "a,+", "03,07+11,18+25,30", "01,02,03,04,05+06,", "٣٣٣٣٣٣٣٣"]  # fmt: skip


def random_cases(number: int = 1) -> list[tuple[str, dict]]:
    random = Random(number)
    cases = []
    for make, count in MAKERS.items():
        cases += [make(random) for _ in range(count)]
    return cases


def word(random: Random, odd: float = 0.0) -> str:
    letters = [random.choice(LETTERS) for _ in range(random.randint(1, 4))]
    if random.random() < odd:
        letters.insert(random.randrange(len(letters) + 1), random.choice(ODD))
    return "".join(letters)


def names(random: Random, count: int) -> list[str]:
    return sorted({w for w in (word(random) for _ in range(count)) if ssj1.is_a("ID", w)})


def lex(random):
    value = random.choice([*FIELDS, *VALUES, word(random, 0.5), ",".join(names(random, 3)) or "-"])
    return "lex", {"type": random.choice(list(ssj1.TYPES)) + random.choice(("", "", "?")), "value": value}


def value(random):
    return "value", {"kind": random.choice(("LOTTERY", "DIGITS", "DICE", "BEACON")), "value": random.choice(VALUES)}


def ticket(random):
    return "ticket", {"tag": random.choice("TLM"), "seed": "ab" * 32, "a": word(random), "b": word(random)}


def rank(random):
    tickets = [[random.choice(("ab" * 32, "0c" * 32)), word(random)] for _ in range(9)]
    return "rank", {"tickets": tickets}


def quota(random):
    category, N = random.choice(("key", "general", "special")), random.choice((0, 1, 4, 5, 42, 233, 10**6))
    A = random.randint(0, N)
    year = random.choice((2025, 2026, 2027, 2028))
    return "quota", {
        "year": 2026,
        "quarter": random.randint(1, 4),
        "category": category,
        "bp": random.choice((0, 1000, 2500, 3333, 10000)),
        "v": random.randint(0, 100),
        "E": None if category == "special" else year,
        "P": random.choice((0, 0, 3)),
        "plan": random.choice((0, 0, 7, 999999999)),
        "N": N,
        "A": A,
        "U": random.randint(0, A),
    }


def rows_of(random, category, count) -> list[list[str]]:
    rows = [list(ssj1._row_fields(row)) for row in samples.random_rows(random, category, count)]
    for row, name in zip(rows, names(random, len(rows)), strict=False):
        row[0] = f"{row[0]}{name}"
    return rows


def frame(random):
    rows = rows_of(random, "key", random.randrange(9))
    if rows and random.random() < 0.5:
        row = random.choice(rows)
        row[random.randrange(7)] = random.choice([*FIELDS, "offsite", "out:POSITIVE", "out:SEEN", "out:CAP", "3", word(random, 0.4)])  # fmt: skip
    if rows and random.random() < 0.2:
        rows.append(list(rows[0]))
    category = random.choice(("key", "key", "general", "special"))
    return "frame", {"draw": "210502-2026Q2-01", "unit": UNIT, "category": category, "cap": random.choice((1, 2)), "rows": rows}  # fmt: skip


def seed(random):
    values = [[random.choice(("LOTTERY", "DICE")), random.choice(VALUES)] for _ in range(random.randint(0, 3))]
    return "seed", {"draw": "210502-2026Q2-01", "manifest": "ab" * 32, "secret": SECRET, "values": values}


def select(random):
    ids = names(random, random.choice((0, 5, 40)))
    K = random.randint(0, len(ids) + 1)
    return "select", {
        "seed": f"{random.getrandbits(256):064x}",
        "stratum": "210502.key",
        "K": K,
        "u": random.randint(0, K),
        "rows": [[name, random.choice("01")] for name in ids],
        "withdrawn": [name for name in ids if random.random() < 0.2],
    }


def people_of(random, count) -> list[list[str]]:
    return [
        ssj1._inspector_fields(
            make_inspector(
                f"Z{place}{random.choice(LETTERS[7:9])}",
                until=random.choice(("2029-12-31", "2029-12-31", "2029-12-31", "2026-05-01")),
                units=random.choice(((UNIT,), (UNIT, "210503"), ("210503",))),
                scopes=random.choice(((), ("HW",), ("HW", "RAD"))),
                lead=random.random() < 0.4,
                base=random.choice((0, 0, 1, 3)),
                cap=random.choice((None, None, None, 1, 2, 4)),
                state=random.choice(("in", "in", "in", "in", "out:LEAVE")),
            )
        )
        for place in range(count)
    ]


def assign(random):
    objects = [
        {"id": f"o{n}", "unit": random.choice((UNIT, UNIT, "210503")), "scopes": random.choice(([], [], ["HW"], ["HW", "RAD"]))}
        for n in range(random.choice((1, 5, 12, 25)))
    ]  # fmt: skip
    people = people_of(random, random.choice((2, 5, 8, 14)))
    pairs = {(random.choice(people)[0], random.choice(objects)["id"]) for _ in range(random.randrange(2 * len(objects)))}  # fmt: skip
    return "assign", {
        "seed": f"{random.getrandbits(256):064x}",
        "team": random.choice((2, 2, 3)),
        "until": "2026-06-25",
        "objects": objects,
        "inspectors": people,
        "bars": [[*pair, "RECUSE"] for pair in sorted(pairs)],
    }


def draw(random):
    strata = []
    for category in random.sample(("key", "general", "special"), random.randint(1, 3)):
        end = {"key": "2026", "general": str(random.randint(2026, 2028)), "special": "-"}[category]
        strata.append(
            {
                "unit": UNIT,
                "category": category,
                "bp": random.randint(2500, 6000),
                "v": random.randint(0, 100),
                "E": end,
                "P": random.choice((0, 0, 1)),
                "plan": random.choice((0, 0, 3)),
                "rows": rows_of(random, category, random.randrange(14)),
            }
        )
    inspectors = people_of(random, random.randint(0, 8))
    ids = [row[0] for stratum in strata for row in stratum["rows"]]
    pairs = {(random.choice(inspectors)[0], random.choice(ids)) for _ in range(4)} if inspectors and ids else set()
    given = {
        "draw": "210502-2026Q2-01",
        "prev": [7, "1" * 64],
        "frozen": "2026-04-06T16:00:00+08:00",
        "release": "2026-06-25T18:00:00+08:00",
        "window": ["2026-04-10", "2026-06-25"],
        "items": random.sample(("A01", "B03", "C-9"), 2),
        "cap": 2,
        "team": random.choice((2, 2, 3)),
        "strata": strata,
        "inspectors": inspectors,
        "bars": [[*pair, "ROTATE"] for pair in pairs],
        "secret": f"{random.getrandbits(256):064x}",
        "sources": [
            ["LOTTERY", "快乐8第2026087期", "2026-04-07T21:30:00+08:00", samples.LOTTERY],
            ["DICE", "见证人一", "2026-04-07T10:00:00+08:00", "".join(random.choice("123456") for _ in range(10))],
        ],
        "drawn": "2026-04-08T09:30:00+08:00",
    }
    if random.random() < 0.2:
        given |= random.choice(
            (
                {"cap": 0},
                {"team": 10},
                {"window": ["2026-04-10", "2026-07-01"]},
                {"sources": given["sources"][1:]},
                {"drawn": "2026-04-07T21:29:59+08:00"},
                {"release": "2026-04-07T21:29:59+08:00"},
                {"frozen": "2026-04-07T10:00:00+08:00"},
                {"items": []},
            )
        )
    return "draw", given


def drawn(random) -> dict:
    """The bundle of a random draw, sometimes with changes, a corrected run, or only its sealed part."""
    freeze, outcome = samples.random_draw(random.getrandbits(30))
    earlier, changes = [], []
    if random.random() < 0.25:
        second = samples.hold(freeze, values=(samples.OTHER_LOTTERY, samples.DICE), drawn="2026-04-12T09:30:00+08:00", earlier=Run(outcome.seed_text, outcome.result_text))  # fmt: skip
        earlier, outcome = [(outcome, [])], second
    bundle = samples.released(freeze, outcome, changes, earlier)
    for day in range(15, 15 + random.randrange(3)):
        requests = samples.random_requests(random, bundle)
        if any(requests.values()):
            changes.append(samples.amended(freeze, outcome, changes, earlier, at=f"2026-04-{day}T10:00:00+08:00", **requests))  # fmt: skip
            bundle = samples.released(freeze, outcome, changes, earlier)
    if random.random() < 0.15:
        shown = random.randrange(len(bundle["slips"]) + 1)
        bundle |= {"roster": None, "seed": None, "result": None, "amends": [], "superseded": []}
        bundle |= {"slips": bundle["slips"][:shown], "chain": bundle["chain"][: 1 + 2 * shown]}
    return bundle


def amend(random):
    bundle = drawn(random)
    if bundle["result"] is None:
        return amend(random)
    requests = samples.random_requests(random, bundle)
    dropobj = [list(drop) for drop in requests["drop_objects"]]
    dropinsp = [list(drop) for drop in requests["drop_inspectors"]]
    if random.random() < 0.25:
        random.choice((dropobj, dropinsp)).append(["210502.key", "nobody", random.choice(("HALT", "LEAVE"))])
    for requested in (dropobj, dropinsp):
        random.shuffle(requested)
    return "amend", {
        "bundle": bundle,
        "at": random.choice(
            ("2026-05-15T10:00:00+08:00", "2026-05-15T10:00:00+08:00", "2026-04-01T10:00:00+08:00", "x")
        ),
        "approve": ["李某某", "平环审〔2026〕3号"],
        "dropobj": dropobj,
        "dropinsp": dropinsp,
        "join": [ssj1._inspector_fields(person) for person in requests["joins"]],
    }


def places(bundle) -> list[tuple]:
    """Where the documents of a bundle stand, each after those whose digests it holds."""
    found = [("frames", n) for n in range(len(bundle["frames"]))]
    found += [("roster",), ("manifest",)]
    for n, run in enumerate(bundle["superseded"]):
        found += [("superseded", n, "seed"), ("superseded", n, "result")]
        found += [("superseded", n, "amends", m) for m in range(len(run["amends"]))]
    found += [("seed",), ("result",)]
    for key in ("amends", "slips"):
        found += [(key, n) for n in range(len(bundle[key]))]
    found += [("abort",), *(("chain", n) for n in range(len(bundle["chain"])))]
    return [place for place in found if read(bundle, place) is not None]


def read(bundle, place):
    for key in place:
        bundle = bundle[key]
    return bundle


def put(bundle, place, text):
    read(bundle, place[:-1])[place[-1]] = text


def relinked(before, after):
    """`after` with every digest that a changed document had replaced by the one it has now, down to the chain."""
    after, new = copy.deepcopy(after), {}
    for place in places(before):
        text = read(after, place)
        for old, digest in new.items():
            text = text.replace(old, digest)
        put(after, place, text)
        old = ssj1.digest(read(before, place))
        if ssj1.digest(text) != old:
            new[old] = ssj1.digest(text)
    return after


def readable(text: str) -> bool:
    kind = text.split("\n")[0].removeprefix("SSJ1 ")
    try:
        return bool(getattr(ssj1, f"parse_{kind.lower()}")(text))
    except (AttributeError, ssj1.Ssj1Error):
        return False


def touched(random, text: str) -> str:
    """The document with one thing changed: a character, a field, or a whole line."""
    lines = text.split("\n")
    body = range(1, len(lines) - 2)
    if not body or random.random() < 0.2:
        n = random.randrange(len(text))
        return text[:n] + random.choice("0aZ\t\n某-\u200b") + text[n + 1 :]
    n, other = random.choice(body), random.choice(body)
    fields, what = lines[n].split("\t"), random.random()
    if what < 0.6:
        place = random.randrange(len(fields))
        now = lines[other].split("\t")
        fields[place] = random.choice(
            [now[min(place, len(now) - 1)], random.choice(FIELDS), _next(fields[place]), _next(fields[place])]
        )
        lines[n] = "\t".join(fields)
    elif what < 0.75:
        lines[n], lines[other] = lines[other], lines[n]
    elif what < 0.9:
        del lines[n]
    else:
        lines.insert(n, lines[other])
    return "\n".join([*lines[:-2], f"end\t{len(lines) - 3}", ""])


def _next(field: str) -> str:
    return str(int(field) + 1) if field.isdecimal() and field.isascii() else field[:-1] + "5"


def verify(random):
    bundle = aborted(random) if random.random() < 0.1 else drawn(random)
    what = random.random()
    if what < 0.12:
        return "verify", {"bundle": bundle}
    if what < 0.25:
        changed = copy.deepcopy(bundle)
        key = random.choice(list(changed))
        changed[key] = random.choice((None, [], "x", 1, True, {}, [None], bundle["manifest"], bundle["frames"]))
        if random.random() < 0.2:
            del changed[key]
        return "verify", {"bundle": changed}
    changed = copy.deepcopy(bundle)
    place = random.choice(places(bundle))
    text = touched(random, read(bundle, place))
    for _ in range(12):  # most changes break the form of a document; those that do not reach further
        if random.random() < 0.1 or readable(text):
            break
        text = touched(random, read(bundle, place))
    put(changed, place, text)
    return "verify", {"bundle": relinked(bundle, changed) if random.random() < 0.8 else changed}


def aborted(random) -> dict:
    from tests.draw.test_verify import aborted as abort

    given = random.choice(
        (
            {},
            {"secret": None},
            {"missing": []},
            {"missing": [1, 2]},
            {"missing": [3]},
            {"secret": "0" * 64},
            {"at": "2026-04-06T15:59:59+08:00"},
            {"at": "2026-04-07T10:00:00+08:00", "missing": [2]},
        )
    )
    return abort(make_freeze(), **given)


def history(random):
    carry = (
        [OldPick(f"G{n}", random.choice((2024, 2025)), 3, ("A01",)) for n in range(2)] if random.random() < 0.5 else []
    )
    chronicle = copy.deepcopy(_year(bool(carry)))
    what = random.randrange(7)
    if what == 1:
        del chronicle.chain[random.randrange(len(chronicle.chain))]
    elif what == 2:
        place = random.randrange(len(chronicle.chain))
        chronicle.chain[place] = touched(random, chronicle.chain[place])
    elif what == 3:
        n = random.randrange(len(chronicle.chain))
        rewrite(chronicle, lambda events: events[:n] + events[n + 1 :])
    elif what == 4:
        bundle = random.choice(chronicle.bundles)
        random.choice((chronicle.bundles.append, chronicle.bundles.remove))(bundle)
    elif what == 5:
        chronicle = _lying(random)
    elif what == 6:
        random.shuffle(chronicle.bundles)
    return "history", {"chain": chronicle.chain, "bundles": chronicle.bundles, "carry": chronicle.carry}


_years: dict[bool, Chronicle] = {}


def _year(carry: bool) -> Chronicle:
    if carry not in _years:
        old = [OldPick("G0", 2025, 3, ("A01",)), OldPick("G1", 2024, 3, ("A01",))] if carry else []
        _years[carry] = year(carry=old)
    return _years[carry]


def _lying(random) -> Chronicle:
    """Quarters of which the last states something of the past that is not so, or is so all the same."""
    chronicle = Chronicle()
    chronicle.draw(chronicle.freeze(1), one_dropped if random.random() < 0.5 else None, sealed=random.random() < 0.2)
    given = {}
    which = random.randrange(4)
    if which == 0:
        given["inspectors"] = [make_inspector(code, base=random.randrange(2)) for code in "ABC"]
    elif which == 1:
        given["strata"] = [make_stratum("key", [samples.make_row(f"K{n}", seen=n == 0) for n in range(5)], P=0)]
    elif which == 2:
        given["strata"] = [make_stratum("general", [samples.make_row("G0")], E=random.choice((2026, 2027, 2028)), P=0)]
    chronicle.draw(chronicle.freeze(2, **given))
    return chronicle


MAKERS = {
    lex: 70, value: 40, ticket: 5, rank: 12, quota: 45, frame: 45, seed: 12, select: 35, assign: 50, draw: 40, amend: 35,
    verify: 130, history: 28,
}  # fmt: skip
