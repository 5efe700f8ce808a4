"""The whole chain against all bundles (SSJ1 §13): nothing forgotten, nothing invented, nothing repeated."""

import copy
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.draw import ssj1
from tests.draw import samples
from tests.draw.samples import SECRET, UNIT, hold, make_freeze, make_inspector, make_row, make_stratum
from tests.draw.test_vectors import BY_NAME

OBJECTS = {"key": [f"K{n}" for n in range(5)], "general": [f"G{n}" for n in range(6)], "special": ["S0"]}


class Chronicle:
    """Draws of one unit, one after another, each frozen with what the past really was."""

    def __init__(self, carry=()):
        self.chain, self.bundles, self.past, self.events = [], [], [], []
        self.carry = None
        if carry:
            self.carry = ssj1.carry_text("2026-01-01T08:00:00+08:00", carry)
            self.enter("CARRY", None, ssj1.digest(self.carry), "2026-01-01T08:00:00+08:00")
            self.past = [("", old.year, old.quarter, old.items, old.id, "", ()) for old in carry]

    @property
    def head(self):
        return len(self.chain), ssj1.link(self.chain[-1]) if self.chain else ssj1.GENESIS

    def enter(self, kind, draw, doc, at):
        seq, prev = self.head
        self.chain.append(ssj1.chain_text(seq + 1, prev, kind, draw, doc, at))

    def row(self, category, name, quarter, items):
        this_year = [past for past in self.past if past[4] == name and past[1] == 2026]
        times = max(sum(item in past[3] for past in this_year) for item in items)
        cycle = this_year if category == "key" else [past for past in self.past if past[4] == name and past[1] >= 2025]
        seen = category != "special" and bool(cycle)
        state = "in"
        if category != "special":
            if any(past[2] == quarter for past in this_year):
                state = "out:NOW"
            elif times >= 2:
                state = "out:CAP"
        return make_row(name, times=times, seen=seen, state=state)

    def stratum(self, category, quarter, items):
        now = {
            past[4]
            for past in self.past
            if past[0] and past[1:3] == (2026, quarter) and past[5] == f"{UNIT}.{category}"
        }
        rows = [self.row(category, name, quarter, items) for name in OBJECTS[category]]
        return make_stratum(category, rows, E={"key": 2026, "general": 2027, "special": None}[category], P=len(now))

    def base(self, code, quarter):
        return sum(code in past[6] for past in self.past if past[0] and past[1:3] == (2026, quarter))

    def freeze(self, quarter, *, serial=1, items=("A01",), **changed):
        given = {
            "prev": self.head,
            "items": items,
            "strata": [self.stratum(category, quarter, items) for category in OBJECTS],
            "inspectors": [make_inspector(code, base=self.base(code, quarter)) for code in "ABC"],
        }
        freeze = make_freeze(serial=serial, quarter=quarter, **(given | changed))
        manifest = ssj1.parse_manifest(freeze.manifest)
        self.enter("FREEZE", manifest.draw, freeze.digest, manifest.frozen)
        return freeze

    def draw(self, freeze, requests=None, *, sealed=False):
        """Draw what was frozen, change it once if asked to, and keep the bundle."""
        manifest = ssj1.parse_manifest(freeze.manifest)
        when = ssj1.DrawId.of(manifest.draw)
        month = 3 * when.quarter - 2
        drawn = f"2026-{month:02d}-08T09:30:00+08:00"
        outcome = hold(freeze, drawn=drawn)
        changes = []
        if requests:
            at = f"2026-{month:02d}-09T09:30:00+08:00"
            changes.append(samples.amended(freeze, outcome, at=at, **requests(outcome)))
        bundle = samples.released(freeze, outcome, changes)
        self.bundles.append(
            ssj1.make_bundle(manifest=freeze.manifest, frames=freeze.frames) if sealed else bundle | {"chain": []}
        )
        for text in bundle["chain"][1:]:
            entry = ssj1.parse_chain(text)
            self.enter(entry.kind, entry.draw, entry.doc, entry.at)
        run = ssj1._check(bundle).run
        self.past += [
            (manifest.draw, 2026, when.quarter, manifest.items, name, stratum, run.teams.get(name, (None, ()))[1])
            for name, (_, stratum) in ([] if sealed else run.standing.items())
        ]
        return outcome

    def abort(self, freeze, quarter):
        manifest = ssj1.parse_manifest(freeze.manifest)
        at = f"2026-{3 * quarter - 2:02d}-07T22:00:00+08:00"
        abort = ssj1.abort_text(
            draw=manifest.draw,
            manifest=freeze.digest,
            at=at,
            person="李某某",
            document="文号",
            reason="彩票停开",
            secret=SECRET,
            missing=[1],
        )
        self.bundles.append(
            ssj1.make_bundle(manifest=freeze.manifest, frames=freeze.frames, roster=freeze.roster, abort=abort)
        )
        self.enter("ABORT", manifest.draw, ssj1.digest(abort), at)

    def report(self):
        return ssj1.check_history(self.chain, self.bundles, self.carry)


def one_dropped(outcome):
    pick = outcome.picks[0]
    return {"drop_objects": [ssj1.DropObject(pick.stratum, pick.id, "NOTDONE")]}


def year(**options):
    """A whole year: a draw a quarter, the second with a change, the third only after an abort."""
    chronicle = Chronicle(**options)
    chronicle.draw(chronicle.freeze(1, items=("A01", "B03")))
    chronicle.draw(chronicle.freeze(2), one_dropped)
    chronicle.abort(chronicle.freeze(3), 3)
    chronicle.draw(chronicle.freeze(3, serial=2, frozen="2026-07-07T23:00:00+08:00", sources=late_sources()))
    chronicle.draw(chronicle.freeze(4, items=("B03",)))
    return chronicle


def late_sources():
    return [
        ssj1.Source("LOTTERY", "快乐8第2026188期", "2026-07-08T09:00:00+08:00"),
        ssj1.Source("DICE", "见证人一", "2026-07-08T08:00:00+08:00"),
    ]


@pytest.mark.clause("一-f")
def test_an_honest_year_passes():
    report = year().report()

    assert (report.ok, report.where) == (True, "")


def test_an_honest_year_with_a_carry_passes():
    old = [ssj1.OldPick("G0", 2025, 3, ("A01",)), ssj1.OldPick("G1", 2024, 3, ("A01",))]
    report = year(carry=old).report()

    assert (report.ok, report.where) == (True, "")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_honest_quarters_pass_however_they_went(number):
    random = Random(number)
    chronicle = Chronicle([ssj1.OldPick(f"G{n}", random.choice((2024, 2025)), 2, ("A01",)) for n in range(3)])
    for quarter in range(1, 5):
        items = random.choice((("A01",), ("B03",), ("A01", "B03")))
        chronicle.draw(chronicle.freeze(quarter, items=items), random.choice((None, one_dropped)))
        if random.random() < 0.4:
            month = 3 * quarter - 2
            again = chronicle.freeze(
                quarter,
                serial=2,
                items=items,
                frozen=f"2026-{month:02d}-10T09:00:00+08:00",
                sources=[ssj1.Source("DIGITS", "某", f"2026-{month:02d}-11T09:00:00+08:00")],
            )
            second = hold(again, values=["4071358"], drawn=f"2026-{month:02d}-12T09:00:00+08:00")
            chronicle.bundles.append(samples.released(again, second) | {"chain": []})
            draw = ssj1.parse_manifest(again.manifest).draw
            chronicle.enter("RESULT", draw, second.result_digest, f"2026-{month:02d}-12T09:00:00+08:00")
            chronicle.enter("SLIPS", draw, second.slips_digest, f"2026-{month:02d}-12T09:00:00+08:00")
            teams = {team.object: (team.leader, *team.members) for team in second.teams}
            chronicle.past += [
                (draw, 2026, quarter, items, pick.id, pick.stratum, teams.get(pick.id, ())) for pick in second.picks
            ]

    report = chronicle.report()

    assert (report.ok, report.where) == (True, "")


def spoiled(change, **options):
    """The error of a year of which one thing was changed."""
    chronicle = year(**options)
    chronicle.chain, chronicle.bundles = copy.deepcopy((chronicle.chain, chronicle.bundles))
    change(chronicle)
    return chronicle.report().error


def rewrite(chronicle, change):
    """Change the entries (kind, draw, doc, at) and link them anew."""
    entries = [ssj1.parse_chain(text) for text in chronicle.chain]
    events = change([(entry.kind, entry.draw, entry.doc, entry.at) for entry in entries])
    chronicle.chain = samples.chain_of((0, ssj1.GENESIS), events)


def test_a_chain_that_is_truncated_forked_or_unreadable_is_refused():
    assert spoiled(lambda c: c.chain.pop()) == "E_CHAIN_DOC"
    assert spoiled(lambda c: c.chain.pop(0)) == "E_CHAIN_LINK"
    assert spoiled(lambda c: c.chain.pop(3)) == "E_CHAIN_LINK"
    assert spoiled(lambda c: c.chain.insert(2, c.chain[1])) == "E_CHAIN_LINK"
    assert spoiled(lambda c: c.chain.insert(2, "x")) == "E_SYNTAX"
    assert spoiled(lambda c: c.chain.clear()) == "E_CHAIN_DOC"


def test_a_chain_whose_times_go_back_is_refused():
    assert spoiled(lambda c: rewrite(c, lambda e: [*e[:1], (*e[1][:3], "2026-01-01T00:00:00+08:00"), *e[2:]])) == (
        "E_CHAIN_TIME"
    )


def test_a_draw_that_was_made_and_then_left_out_cannot_disappear():
    assert spoiled(lambda c: c.bundles.pop(0)) == "E_CHAIN_DOC"
    assert spoiled(lambda c: c.bundles.pop(2)) == "E_CHAIN_DOC"


def test_a_bundle_given_twice_or_not_in_the_chain_is_refused():
    def foreign(chronicle):
        freeze = make_freeze()
        chronicle.bundles.append(samples.released(freeze, hold(freeze)))

    assert spoiled(lambda c: c.bundles.append(c.bundles[0])) == "E_CHAIN_DOC"
    assert spoiled(foreign) == "E_CHAIN_DOC"


def test_the_order_of_the_bundles_does_not_matter():
    assert spoiled(lambda c: c.bundles.reverse()) == ""


def test_a_bundle_that_does_not_verify_is_reported_with_its_own_error():
    def touch(chronicle):
        chronicle.bundles[1]["frames"][0] = chronicle.bundles[1]["frames"][0].replace("某某公司", "某某公社")

    chronicle = year()
    touch(chronicle)
    report = chronicle.report()

    assert (report.error, report.where[:7]) == ("E_FRAME_DIGEST", "第2个证据包。")


def test_two_draws_of_one_unit_cannot_be_open_together_but_those_of_two_units_can():
    def frozen_twice(second):
        chronicle = Chronicle()
        frozen = [chronicle.freeze(1), chronicle.freeze(1, draw=second)]
        chronicle.bundles = [ssj1.make_bundle(manifest=f.manifest, frames=f.frames) for f in frozen]
        return chronicle.report()

    assert "还没有完成" in frozen_twice(f"{UNIT}-2026Q1-02").where
    assert frozen_twice("210503-2026Q1-01").ok


@pytest.mark.parametrize("serial", [0, 2, 3])
def test_serial_numbers_are_consecutive(serial):
    chronicle = Chronicle()
    chronicle.draw(chronicle.freeze(1, serial=serial))

    assert chronicle.report().error == "E_CHAIN_DOC"


def test_a_frozen_draw_must_point_at_the_entry_before_it():
    chronicle = Chronicle()
    chronicle.draw(chronicle.freeze(1, prev=(0, "1" * 64)))

    assert chronicle.report().error == "E_CHAIN_DOC"


def test_a_carry_must_be_given_used_and_first():
    old = [ssj1.OldPick("G0", 2025, 3, ("A01",))]

    def drop_carry(chronicle):
        chronicle.carry = None

    def other_carry(chronicle):
        chronicle.carry = chronicle.carry.replace("2025", "2024")

    def unordered(chronicle):
        chronicle.carry = chronicle.carry + "x"

    assert spoiled(drop_carry, carry=old) == "E_CHAIN_DOC"
    assert spoiled(other_carry, carry=old) == "E_CHAIN_DOC"
    assert spoiled(unordered, carry=old) == "E_SYNTAX"
    assert spoiled(lambda c: setattr(c, "carry", ssj1.carry_text("2026-01-01T08:00:00+08:00", old))) == "E_CHAIN_DOC"


def lied(quarter, change, **options):
    """The error of two quarters of which the later was frozen with `change` applied to its arguments."""
    chronicle = Chronicle(**options)
    first = chronicle.draw(chronicle.freeze(1))
    strata = [chronicle.stratum(category, quarter, ("A01",)) for category in OBJECTS]
    inspectors = [make_inspector(code, base=chronicle.base(code, quarter)) for code in "ABC"]
    serial = 2 if quarter == 1 else 1
    late = {"frozen": "2026-01-09T09:00:00+08:00"} if quarter == 1 else {}
    if quarter == 1:
        late["sources"] = [ssj1.Source("DIGITS", "某", "2026-01-10T09:00:00+08:00")]
    freeze = chronicle.freeze(
        quarter, serial=serial, **late, **change({"strata": strata, "inspectors": inspectors}, first)
    )
    chronicle.bundles.append(ssj1.make_bundle(manifest=freeze.manifest, frames=freeze.frames, roster=freeze.roster))
    return chronicle.report()


def with_row(given, name, **changed):
    return given | {
        "strata": [
            stratum._replace(rows=[row._replace(**changed) if row.id == name else row for row in stratum.rows])
            for stratum in given["strata"]
        ]
    }


def key_pick(outcome):
    return next(pick.id for pick in outcome.picks if pick.stratum.endswith("key"))


def key_left(outcome):
    drawn = {pick.id for pick in outcome.picks}
    return next(name for name in OBJECTS["key"] if name not in drawn)


@pytest.mark.clause("七(一)4-c")
@pytest.mark.parametrize(
    ("quarter", "change"),
    [
        (2, lambda given, first: with_row(given, key_left(first), seen=True)),
        (2, lambda given, first: with_row(given, key_left(first), times=1, seen=True)),
        (2, lambda given, first: with_row(given, key_pick(first), times=0, seen=False)),
        (2, lambda given, first: with_row(given, key_left(first), state="out:NOW")),
        (1, lambda given, first: with_row(given, key_pick(first), state="in")),
        (2, lambda given, first: given | {"strata": [s._replace(P=s.P + 1) for s in given["strata"]]}),
        (2, lambda given, first: given | {"strata": [s._replace(E=s.E and 2026) for s in given["strata"]]}),
        (2, lambda given, first: given | {"inspectors": [p._replace(base=1) for p in given["inspectors"]]}),
        (1, lambda given, first: given | {"inspectors": [p._replace(base=0) for p in given["inspectors"]]}),
    ],
)
def test_a_freeze_that_lies_about_the_past_is_refused(quarter, change):
    assert lied(quarter, change).error == "E_HISTORY"


@pytest.mark.parametrize("quarter", [1, 2])
def test_a_freeze_that_tells_the_truth_is_not(quarter):
    report = lied(quarter, lambda given, first: given)

    assert (report.error, report.where) == ("", "")


def test_a_sealed_draw_counts_as_having_nothing_standing_and_loads_are_then_not_compared():
    chronicle = Chronicle()
    chronicle.draw(chronicle.freeze(1), sealed=True)
    inspectors = [make_inspector(code, base=4) for code in "ABC"]
    sources = [ssj1.Source("DIGITS", "某", "2026-01-10T09:00:00+08:00")]
    again = chronicle.freeze(1, serial=2, inspectors=inspectors, frozen="2026-01-09T09:00:00+08:00", sources=sources)
    chronicle.bundles.append(ssj1.make_bundle(manifest=again.manifest, frames=again.frames, roster=again.roster))

    report = chronicle.report()

    assert (report.ok, report.where) == (True, "")


def test_a_sealed_draw_cannot_begin_with_anything_but_its_result_or_end_in_an_abort():
    def first_entry(kind):
        chronicle = Chronicle()
        freeze = chronicle.freeze(1)
        chronicle.bundles.append(ssj1.make_bundle(manifest=freeze.manifest, frames=freeze.frames))
        chronicle.enter(kind, f"{UNIT}-2026Q1-01", "0" * 64, "2026-01-08T09:30:00+08:00")
        return chronicle.report().error

    assert first_entry("RESULT") == ""
    assert [first_entry(kind) for kind in ("SLIPS", "AMEND", "ABORT", "CARRY")] == ["E_CHAIN_DOC"] * 4


@pytest.mark.parametrize("carry", [1, [], {}])
def test_a_history_of_another_shape_is_refused(carry):
    given = BY_NAME["history-two-quarters"]["input"]

    assert ssj1.check_history(given["chain"], given["bundles"], carry).error == "E_FORMAT"
    assert ssj1.check_history(None, given["bundles"], given["carry"]).error == "E_FORMAT"
    assert ssj1.check_history([1], given["bundles"], given["carry"]).error == "E_FORMAT"
    assert ssj1.check_history(given["chain"], {}, given["carry"]).error == "E_FORMAT"


def test_an_entry_that_differs_from_its_document_in_kind_digest_or_time_is_refused():
    def with_first_result(**changed):
        def change(entries):
            kind, draw, doc, at = entries[1]
            new = {"kind": kind, "draw": draw, "doc": doc, "at": at} | changed
            return [entries[0], tuple(new.values()), *entries[2:]]

        chronicle = Chronicle()
        chronicle.draw(chronicle.freeze(1))
        rewrite(chronicle, change)
        return chronicle.report().error

    assert with_first_result() == ""
    assert with_first_result(doc="0" * 64) == "E_CHAIN_DOC"
    assert with_first_result(kind="AMEND") == "E_CHAIN_DOC"
    assert with_first_result(at="2026-01-08T09:29:59+08:00") == "E_CHAIN_DOC"
    assert with_first_result(draw="210503-2026Q1-01") == "E_CHAIN_DOC"
    assert with_first_result(draw=None) == "E_CHAIN_DOC"


def test_nothing_may_follow_the_last_document_of_a_draw_or_its_abort():
    def followed(chronicle):
        _, draw, doc, at = ssj1_entry(chronicle.chain[-1])
        chronicle.enter("SLIPS", draw, doc, at)
        return chronicle.report().error

    drawn, closed = Chronicle(), Chronicle()
    drawn.draw(drawn.freeze(1))
    closed.abort(closed.freeze(1), 1)

    assert [followed(drawn), followed(closed)] == ["E_CHAIN_DOC", "E_CHAIN_DOC"]


def ssj1_entry(text):
    entry = ssj1.parse_chain(text)
    return entry.kind, entry.draw, entry.doc, entry.at


def frozen_in(chronicle, year, category, end):
    """Freeze and abort a draw of one stratum in the first quarter of a year."""
    freeze = chronicle.freeze(
        1,
        draw=f"{UNIT}-{year}Q1-01",
        frozen=f"{year}-01-06T16:00:00+08:00",
        release=f"{year}-03-25T18:00:00+08:00",
        window=(f"{year}-01-10", f"{year}-03-25"),
        sources=[ssj1.Source("DIGITS", "某", f"{year}-01-07T10:00:00+08:00")],
        strata=[make_stratum(category, E=end)],
    )
    at = f"{year}-01-07T09:00:00+08:00"
    abort = ssj1.abort_text(
        draw=f"{UNIT}-{year}Q1-01",
        manifest=freeze.digest,
        at=at,
        person="李某某",
        document="文号",
        reason="彩票停开",
        secret=SECRET,
    )
    chronicle.bundles.append(
        ssj1.make_bundle(manifest=freeze.manifest, frames=freeze.frames, roster=freeze.roster, abort=abort)
    )
    chronicle.enter("ABORT", f"{UNIT}-{year}Q1-01", ssj1.digest(abort), at)


@pytest.mark.clause("七(一)2-b")
@pytest.mark.parametrize(
    ("first", "year", "allowed"),
    [
        ((2026, 2028), 2027, 2028),
        ((2026, 2027), 2027, 2027),
        ((2026, 2026), 2027, 2029),
        ((2026, 2028), 2029, 2031),
        ((2026, 2026), 2030, 2032),
        ((2026, 2026), 2029, 2029),
    ],
)
def test_the_coverage_cycle_cannot_be_restarted_at_will(first, year, allowed):
    def error(end):
        chronicle = Chronicle()
        frozen_in(chronicle, first[0], "general", first[1])
        frozen_in(chronicle, year, "general", end)
        return chronicle.report().error

    assert {end for end in range(year, year + 3) if error(end) == ""} == {allowed}
    assert {error(end) for end in range(year, year + 3)} == {"", "E_HISTORY"}


def test_key_strata_begin_a_cycle_of_their_own_every_year():
    chronicle = Chronicle()
    frozen_in(chronicle, 2026, "key", 2026)
    frozen_in(chronicle, 2027, "key", 2027)

    assert chronicle.report().ok
