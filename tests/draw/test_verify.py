"""Checking a bundle: what passes, and the named error for everything that was touched (SSJ1 §11, §12)."""

import copy
import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.draw import ssj1
from plans.draw.ssj1 import Ssj1Error
from tests.draw.samples import (
    DICE,
    GENERAL,
    KEY,
    LOTTERY,
    OTHER_LOTTERY,
    SECRET,
    amended,
    chain_of,
    hold,
    make_freeze,
    make_inspector,
    make_row,
    make_stratum,
    random_draw,
    random_requests,
    released,
)

AT = "2026-04-15T10:00:00+08:00"


def example():
    """A freeze of two strata, its outcome, one change, and the public bundle."""
    strata = [make_stratum(), make_stratum("general", E=2027, bp=1000)]
    freeze = make_freeze(strata=strata, bars=[ssj1.Bar("A", "K00", "RECUSE"), ssj1.Bar("B", "K01", "ROTATE")])
    outcome = hold(freeze)
    change = amended(freeze, outcome, drop_objects=[ssj1.DropObject(KEY, pick_of(outcome, KEY).id, "HALT")])
    return freeze, outcome, change, released(freeze, outcome, [change])


def pick_of(outcome, stratum):
    return next(pick for pick in outcome.picks if pick.stratum == stratum)


def code_of(bundle):
    return ssj1.verify(bundle).error


def resealed(bundle, **replaced):
    """The bundle with edited documents and a manifest that again points at them."""
    bundle = copy.deepcopy(bundle) | replaced
    manifest = ssj1.parse_manifest(bundle["manifest"])
    strata = [
        line._replace(frame=ssj1.digest(text)) for line, text in zip(manifest.strata, bundle["frames"], strict=True)
    ]
    text = bundle["manifest"].replace(manifest.roster, ssj1.digest(bundle["roster"]))
    for line, new in zip(manifest.strata, strata, strict=True):
        text = text.replace(line.frame, new.frame)
    return bundle | {"manifest": text}


@pytest.mark.clause("一-f")
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_whatever_is_drawn_verifies(number):
    freeze, outcome = random_draw(number)

    report = ssj1.verify(released(freeze, outcome))

    assert (report.ok, report.error, report.where) == (True, "", "")
    assert report.facts.picks == len(outcome.picks) == sum(line.K for line in freeze.quotas.values())


@pytest.mark.clause("七(二)-g")
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_whatever_is_amended_verifies_and_the_order_of_the_requests_does_not_matter(number):
    random = Random(number)
    freeze, outcome = random_draw(number)
    changes = []
    for _ in range(3):
        requests = random_requests(random, released(freeze, outcome, changes))
        if any(requests.values()):
            change = amended(freeze, outcome, changes, **requests)
            shuffled = {name: random.sample(some, len(some)) for name, some in requests.items()}
            assert amended(freeze, outcome, changes, **shuffled) == change
            changes.append(change)

    report = ssj1.verify(released(freeze, outcome, changes))

    assert (report.ok, report.where) == (True, "")


@pytest.mark.promise("P30")
@pytest.mark.clause("七(二)-d")
def test_every_single_changed_character_is_detected():
    _, _, _, bundle = example()
    text = ssj1.bundle_json(bundle)
    random = Random(7)
    for _ in range(400):
        place = random.randrange(len(text))
        other = random.choice('0123456789abcdefABZ-,"\\ {}\ufeff甲\u200b')
        changed = text[:place] + other + text[place + 1 :]
        if changed == text:
            continue
        report = ssj1.verify_json(changed)
        assert not report.ok, (place, text[place - 20 : place + 20], other)
        assert report.error in ssj1.FAULTS and report.sentence and report.advice


def test_a_bundle_says_where_it_was_touched_with_both_digests():
    freeze, _, _, bundle = example()
    bundle["frames"][1] = bundle["frames"][1].replace("K00\t某某公司", "K00\t某某公社")

    report = ssj1.verify(bundle)

    assert report.error == "E_FRAME_DIGEST"
    assert report.sentence == "名单在封存后被改动：210502.key"
    assert report.step == "V6"
    assert freeze.frame_digests[1] in report.where and ssj1.digest(bundle["frames"][1]) in report.where
    assert "市执法队" in report.advice


def test_the_facts_show_what_a_person_must_compare():
    _, outcome, _, bundle = example()
    facts = ssj1.verify(bundle).facts
    words = "\n".join(facts.lines())

    assert f"快乐8第2026087期（彩票开奖号码）：{LOTTERY}" in words
    assert f"见证人一（现场掷骰）：{DICE}" in words
    assert ssj1.link(bundle["chain"][-1]) == facts.chain_head
    assert facts.chain_head in words
    assert "210502 重点：名录 8 家，参加抽取 8 家（其中本周期未查 8 家），应抽 3 家（其中优先未查 2 家）" in words
    assert "第 1 次变更：2026-04-15T10:00:00+08:00，批准人 李某某，文号 平环审〔2026〕3号" in words
    assert f"企业退出：{pick_of(outcome, KEY).id}（停产停业）" in words
    assert "递补企业" in words


# --- the container (V1)


@pytest.mark.parametrize("bundle", [None, [], "x", 1, {}, {"format": "SSJ1-BUNDLE"}, {"manifest": None}])
def test_what_is_no_bundle_at_all_is_refused(bundle):
    assert code_of(bundle) == "E_FORMAT"


@pytest.mark.parametrize(
    "changed",
    [
        {"format": "SSJ2-BUNDLE"},
        {"manifest": None},
        {"frames": "x"},
        {"frames": [None]},
        {"roster": 1},
        {"roster": None},
        {"seed": None},
        {"result": None},
        {"seed": None, "result": None},
        {"amends": None},
        {"superseded": {}},
        {"superseded": [{}]},
        {"superseded": [{"seed": "", "result": "", "amends": [], "more": ""}]},
        {"superseded": [{"seed": "", "result": "", "amends": [1]}]},
        {"slips": None},
        {"abort": "x"},
        {"chain": None},
        {"more": ""},
    ],
)
def test_a_container_of_another_shape_is_refused(changed):
    assert code_of(example()[3] | changed) == "E_FORMAT"


def test_a_missing_key_is_refused():
    bundle = example()[3]
    del bundle["abort"]

    assert code_of(bundle) == "E_FORMAT"


@pytest.mark.promise("P30")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"{",
        b"NaN",
        b"1e400",
        b"-0",
        b"1.0",
        b"9007199254740993",
        b"9" * 100_000,
        b'{"format": Infinity}',
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"format":"SSJ1-BUNDLE","format":"SSJ1-BUNDLE"}',
        b'"\\ud800"',
        b'{"\\ud800":"\\udfff"}',
    ],
    ids=lambda data: repr(data[:20]),
)
def test_hostile_json_is_refused_without_a_traceback(data):
    assert ssj1.verify_json(data).error == "E_FORMAT"


def test_a_key_written_twice_is_refused_even_with_the_same_content():
    text = ssj1.bundle_json(example()[3])

    assert ssj1.verify_json(text).ok
    assert ssj1.verify_json('{"abort":null,' + text[1:]).error == "E_FORMAT"


def test_a_lone_surrogate_in_a_document_is_refused():
    bundle = example()[3]
    bundle["manifest"] = bundle["manifest"].replace("快乐8", "\ud800")

    assert code_of(json.loads(json.dumps(bundle))) == "E_SYNTAX"


# --- the documents (V2, V3)


def test_a_document_that_cannot_be_read_is_named_by_its_place():
    bundle = example()[3]
    bundle["slips"][0] += "\n"
    report = ssj1.verify(bundle)

    assert (report.error, report.sentence) == ("E_SYNTAX", "第8份文书有不合规范的内容")


@pytest.mark.parametrize("key", ["manifest", "roster", "seed", "result"])
def test_a_document_with_other_line_ends_is_refused(key):
    bundle = example()[3]
    bundle[key] = bundle[key].replace("\n", "\r\n")

    assert code_of(bundle) == "E_SYNTAX"


@pytest.mark.parametrize("key", ["roster", "seed", "result"])
def test_a_document_of_another_draw_is_refused(key):
    bundle = example()[3]
    bundle[key] = bundle[key].replace("210502-2026Q2-01", "210502-2026Q1-01")

    assert code_of(bundle) == "E_DRAW"


def test_a_document_in_the_place_of_another_is_refused():
    bundle = example()[3]
    bundle["seed"], bundle["result"] = bundle["result"], bundle["seed"]

    assert code_of(bundle) == "E_SYNTAX"


# --- the freeze (V4–V9)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"cap": 0}, "E_PARAM"),
        ({"cap": 10}, "E_PARAM"),
        ({"team": 1}, "E_PARAM"),
        ({"team": 10}, "E_PARAM"),
        ({"window": ("2026-03-31", "2026-06-25")}, "E_PARAM"),
        ({"window": ("2026-04-10", "2026-07-01")}, "E_PARAM"),
        ({"window": ("2026-06-25", "2026-04-10")}, "E_PARAM"),
        ({"strata": [make_stratum(bp=2499)]}, "E_PARAM"),
        ({"strata": [make_stratum(bp=10001)]}, "E_PARAM"),
        ({"strata": [make_stratum(v=101)]}, "E_PARAM"),
        ({"strata": [make_stratum(E=2027)]}, "E_PARAM"),
        ({"strata": [make_stratum("general", E=2029)]}, "E_PARAM"),
        ({"strata": [make_stratum("general", E=2025)]}, "E_PARAM"),
        ({"strata": [make_stratum("general", E=None)]}, "E_PARAM"),
        ({"strata": [make_stratum(), make_stratum()]}, "E_STRATA"),
        ({"strata": [make_stratum(rows=[make_row("X"), make_row("X")])]}, "E_FRAME_ORDER"),
        ({"strata": [make_stratum(rows=[make_row("X", times=1)])]}, "E_FRAME_RULE"),
        ({"strata": [make_stratum(rows=[make_row("X")]), make_stratum("special", [make_row("X")])]}, "E_DUP_OBJECT"),
        ({"inspectors": [make_inspector("A"), make_inspector("A")]}, "E_ROSTER_ORDER"),
        ({"bars": [ssj1.Bar("A", "X", "RECUSE"), ssj1.Bar("A", "X", "ORDER")]}, "E_ROSTER_ORDER"),
        ({"bars": [ssj1.Bar("Z", "X", "RECUSE")]}, "E_ROSTER_REF"),
        ({"sources": [ssj1.Source("DICE", "见证人一", "2026-04-07T10:00:00+08:00")]}, "E_SOURCE"),
        ({"sources": [ssj1.Source("DIGITS", "甲", "2026-04-07T10:00:00+08:00")] * 2}, "E_SOURCE"),
        ({"sources": [ssj1.Source("DIGITS", "甲", "2026-04-06T16:00:00+08:00")]}, "E_SOURCE_TIME"),
        ({"release": "2026-04-07T21:29:59+08:00"}, "E_SOURCE_TIME"),
        ({"sources": []}, "E_SYNTAX"),
        ({"strata": []}, "E_SYNTAX"),
        ({"items": []}, "E_SYNTAX"),
        ({"draw": "210502-2026Q2-1"}, "E_SYNTAX"),
        ({"draw": "某次抽取"}, "E_SYNTAX"),
        ({"secret": "short"}, "E_SYNTAX"),
    ],
)
def test_a_freeze_that_breaks_a_rule_is_refused(changed, code):
    with pytest.raises(Ssj1Error) as refused:
        make_freeze(**changed)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "changed",
    [
        {"cap": 1},
        {"cap": 9},
        {"team": 9},
        {"window": ("2026-04-01", "2026-06-30")},
        {"window": ("2026-05-01", "2026-05-01")},
        {"strata": [make_stratum(bp=10000, v=100)]},
        {"strata": [make_stratum("general", bp=0, v=0, E=2028)]},
        {"release": "2026-04-07T21:30:00+08:00"},
        {"inspectors": []},
        {"strata": [make_stratum(rows=[])]},
    ],
)
def test_a_freeze_at_the_edge_of_the_rules_is_accepted_drawn_and_verified(changed):
    freeze = make_freeze(**changed)

    assert ssj1.verify(released(freeze, hold(freeze))).ok


def test_two_witnesses_with_dice_are_enough():
    sources = [ssj1.Source("DICE", f"见证人{n}", "2026-04-07T10:00:00+08:00") for n in range(2)]
    freeze = make_freeze(sources=sources)

    assert len(hold(freeze, values=[DICE, DICE]).picks) == freeze.quotas[KEY].K


def test_frames_in_another_order_or_number_are_refused():
    bundle = example()[3]

    assert code_of(bundle | {"frames": bundle["frames"][::-1]}) == "E_STRATA"
    assert code_of(bundle | {"frames": bundle["frames"][:1]}) == "E_STRATA"
    assert code_of(bundle | {"frames": []}) == "E_STRATA"


def test_a_frame_out_of_order_is_refused():
    bundle = example()[3]
    lines = bundle["frames"][1].split("\n")
    lines[3], lines[4] = lines[4], lines[3]

    assert code_of(resealed(bundle, frames=[bundle["frames"][0], "\n".join(lines)])) == "E_FRAME_ORDER"


def test_an_object_taken_out_after_counting_is_noticed():
    bundle = example()[3]
    frame = bundle["frames"][1].replace("\t0\t0\tin\nend", "\t0\t0\tout:HALT\nend")

    assert code_of(resealed(bundle, frames=[bundle["frames"][0], frame])) == "E_COUNT"


def test_an_object_on_two_lists_is_named():
    bundle = example()[3]
    frame = bundle["frames"][1].replace("K00", "G00")

    report = ssj1.verify(resealed(bundle, frames=[bundle["frames"][0], frame]))

    assert (report.error, report.sentence) == ("E_DUP_OBJECT", "同一企业出现在两份名单：G00")


def test_a_changed_roster_is_refused_and_so_is_one_in_another_order():
    bundle = example()[3]
    lines = bundle["roster"].split("\n")
    lines[2], lines[3] = lines[3], lines[2]

    assert code_of(bundle | {"roster": bundle["roster"].replace("2029", "2028")}) == "E_ROSTER_DIGEST"
    assert code_of(resealed(bundle, roster="\n".join(lines))) == "E_ROSTER_ORDER"
    assert code_of(resealed(bundle, roster=bundle["roster"].replace("bar\tB", "bar\tZ"))) == "E_ROSTER_REF"


@pytest.mark.clause("七(一)1-a")
@pytest.mark.parametrize(("places", "reserved"), [(2, 1), (4, 2), (3, 1), (3, 3)])
def test_a_manifest_with_another_number_of_places_is_refused(places, reserved):
    bundle = example()[3]
    manifest = bundle["manifest"].replace("\t8\t8\t8\t3\t2\n", f"\t8\t8\t8\t{places}\t{reserved}\n")

    assert code_of(bundle | {"manifest": manifest}) == "E_QUOTA"


def test_too_few_drawable_objects_warn_of_the_shortfall():
    rows = [make_row("K1"), make_row("K2", state="out:HALT"), *(make_row(f"L{n}", state="out:LAW") for n in range(4))]
    freeze = make_freeze(strata=[make_stratum(rows=rows)])

    assert freeze.warnings == (f"W_RATIO {KEY}",)
    assert ssj1.verify(released(freeze, hold(freeze))).warning_sentences() == [
        f"可抽的企业太少，本季度应抽家数没有抽足（W_RATIO {KEY}）"
    ]


# --- the run (V10–V12)


def test_another_secret_or_a_seed_for_another_manifest_is_refused():
    freeze, _, _, bundle = example()

    assert code_of(bundle | {"seed": bundle["seed"].replace(SECRET, "5b" * 32)}) == "E_COMMIT"
    assert code_of(bundle | {"seed": bundle["seed"].replace(freeze.digest, "0" * 64)}) == "E_SEED_LINK"
    with pytest.raises(Ssj1Error, match="密封随机数与封存时公布的指纹不符"):
        hold(freeze, secret="5b" * 32)


@pytest.mark.parametrize(
    "values",
    [[LOTTERY], [LOTTERY, DICE, DICE], [LOTTERY, "0000000000"], ["1,2", DICE], [DICE, LOTTERY]],
)
def test_public_values_of_another_number_order_or_form_are_refused(values):
    freeze, outcome, _, bundle = example()
    with pytest.raises(Ssj1Error) as refused:
        hold(freeze, values=values)
    kinds = ["LOTTERY", "DICE", "DICE"]
    lines = [f"value\t{kind}\t{value}\n" for kind, value in zip(kinds, values, strict=False)]
    head = outcome.seed_text[: outcome.seed_text.index("value")]

    assert refused.value.code == "E_VALUE"
    assert code_of(bundle | {"seed": f"{head}{''.join(lines)}end\t{3 + len(lines)}\n"}) == "E_VALUE"


def test_another_public_value_gives_another_seed_and_so_no_longer_fits_the_result():
    _, _, _, bundle = example()

    assert code_of(bundle | {"seed": bundle["seed"].replace(LOTTERY, OTHER_LOTTERY)}) == "E_RESULT_LINK"
    assert code_of(bundle | {"seed": bundle["seed"].replace(f"DICE\t{DICE}", "DICE\t")}) == "E_SYNTAX"


def test_a_draw_before_the_public_value_is_refused():
    freeze, _, _, bundle = example()
    early = "2026-04-07T21:29:59+08:00"
    drawn = bundle["result"].replace("2026-04-08T09:30:00+08:00", early)

    assert code_of(bundle | {"result": drawn}) == "E_RESULT_TIME"
    with pytest.raises(Ssj1Error, match="抽取时间早于随机来源产生时间"):
        hold(freeze, drawn=early)


def test_a_replaced_pick_is_named():
    _, outcome, _, bundle = example()
    pick = pick_of(outcome, KEY)

    report = ssj1.verify(bundle | {"result": bundle["result"].replace(f"\t{pick.id}\t", "\tK99\t", 1)})

    assert (report.error, report.sentence) == ("E_PICK", "中签企业与重算结果不符：K99")
    assert pick.id in report.where


def test_a_missing_pick_is_refused():
    bundle = example()[3]
    lines = bundle["result"].split("\n")
    gone = [line for line in lines if not line.startswith(f"pick\t{KEY}\t3")]
    gone[-2] = f"end\t{len(gone) - 3}"

    assert code_of(bundle | {"result": "\n".join(gone)}) == "E_PICK"


def test_another_level_or_team_is_refused():
    _, outcome, _, bundle = example()
    level = bundle["result"].replace(f"level\t{outcome.level}\n", f"level\t{outcome.level + 1}\n")
    team = outcome.teams[0]
    other = bundle["result"].replace(
        f"team\t{team.object}\t{team.leader}\t", f"team\t{team.object}\t{'A' if team.leader != 'A' else 'B'}\t"
    )

    assert code_of(bundle | {"result": level}) == "E_LEVEL"
    assert code_of(bundle | {"result": other}) == "E_TEAM"


def test_an_amendment_that_does_not_follow_is_refused():
    _, outcome, change, bundle = example()
    pick = pick_of(outcome, KEY).id

    def with_change(old, new):
        return code_of(bundle | {"amends": [change.text.replace(old, new)]})

    assert with_change("number\t1", "number\t2") == "E_AMEND_LINK"
    assert with_change(outcome.result_digest, "0" * 64) == "E_AMEND_LINK"
    assert with_change(AT, "2026-04-08T09:29:59+08:00") == "E_AMEND_TIME"
    assert with_change(f"dropobj\t{KEY}\t{pick}", f"dropobj\t{KEY}\tK99") == "E_AMEND_REQUEST"
    assert with_change(f"dropobj\t{KEY}\t{pick}", f"dropobj\t{GENERAL}\t{pick}") == "E_AMEND_REQUEST"
    assert with_change("HALT", "NOTDONE") == "E_AMEND_OUTCOME"
    assert with_change("level\t", "level\t1") == "E_AMEND_OUTCOME"


def test_an_amendment_without_a_request_is_refused():
    freeze, outcome, _, _ = example()
    empty = (
        f"SSJ1 AMEND\ndraw\t210502-2026Q2-01\nnumber\t1\nafter\t{outcome.result_digest}\nat\t{AT}\n"
        "approve\t李某某\t文号\nlevel\t0\nend\t6\n"
    )

    assert code_of(released(freeze, outcome) | {"amends": [empty]}) == "E_AMEND_REQUEST"
    with pytest.raises(Ssj1Error, match="变更没有任何内容"):
        amended(freeze, outcome)


def test_visit_slips_that_are_missing_invented_or_swapped_are_refused():
    _, _, _, bundle = example()
    first, second = bundle["slips"]
    lines = first.split("\n")
    invented = "\n".join([*lines[:3], f"slip\t{'0' * 64}", *lines[3:-2], f"end\t{len(lines) - 2}", ""])

    assert code_of(bundle | {"slips": [first]}) == "E_SLIPS"
    assert code_of(bundle | {"slips": [second, first]}) == "E_SLIPS"
    assert code_of(bundle | {"slips": [invented, second]}) == "E_SLIPS"


def test_a_visit_slip_handed_over_is_in_the_published_list():
    _, outcome, _, bundle = example()
    team = outcome.teams[0]
    line = ssj1.slip_string("210502-2026Q2-01", SECRET, team.object, team.leader, team.members)

    assert ssj1.H(line) in ssj1.parse_slips(bundle["slips"][0]).slips


# --- before release, and abort (V12 sealed, V10′)


def sealed_bundle(*, slips=0):
    """The public part before release, with the slips of the RESULT (1) and of a first change (2)."""
    freeze, outcome, change, whole = example()
    return ssj1.make_bundle(
        manifest=freeze.manifest,
        frames=freeze.frames,
        slips=[outcome.slips_text, change.slips_text][:slips],
        chain=whole["chain"][: 1 + 2 * slips],
    )


@pytest.mark.parametrize("slips", [0, 1, 2])
def test_a_sealed_bundle_passes_with_the_warning_that_it_is_sealed(slips):
    report = ssj1.verify(sealed_bundle(slips=slips))

    assert (report.ok, report.warnings) == (True, ("W_SEALED",))
    assert report.facts.values[0][1] is None


def test_a_sealed_bundle_with_its_roster_passes_too():
    freeze, _, _, _ = example()

    assert ssj1.verify(sealed_bundle() | {"roster": freeze.roster}).ok


def test_sealed_slips_out_of_order_or_too_many_are_refused():
    bundle = sealed_bundle(slips=1)
    lines = bundle["slips"][0].split("\n")
    swapped = "\n".join([*lines[:3], lines[4], lines[3], *lines[5:]])
    many = ssj1._write(
        "SLIPS",
        [("draw", "210502-2026Q2-01"), ("after", "0" * 64), *(("slip", f"{n:064x}") for n in range(9))],
    )

    assert code_of(bundle | {"slips": [swapped]}) == "E_SLIPS"
    assert code_of(bundle | {"slips": [many]}) == "E_SLIPS"


def test_a_sealed_chain_must_pair_each_slips_with_its_result_or_change():
    bundle, one = sealed_bundle(slips=2), sealed_bundle(slips=1)

    assert code_of(one | {"chain": one["chain"][:2]}) == "E_CHAIN_DOC"
    assert code_of(one | {"chain": bundle["chain"]}) == "E_CHAIN_DOC"
    assert code_of(bundle | {"chain": one["chain"]}) == "E_CHAIN_DOC"
    assert code_of(bundle | {"slips": bundle["slips"][::-1]}) == "E_CHAIN_DOC"


def aborted(freeze, **changed):
    given = {
        "draw": "210502-2026Q2-01",
        "manifest": freeze.digest,
        "at": "2026-04-09T10:00:00+08:00",
        "person": "李某某",
        "document": "文号",
        "reason": "彩票停开",
        "secret": SECRET,
        "missing": [1],
    } | changed
    abort = ssj1.abort_text(**given)
    manifest = ssj1.parse_manifest(freeze.manifest)
    events = [
        ("FREEZE", manifest.draw, freeze.digest, manifest.frozen),
        ("ABORT", manifest.draw, ssj1.digest(abort), given["at"]),
    ]
    chain = [] if given["at"] < manifest.frozen else chain_of(manifest.prev, events)
    return ssj1.make_bundle(
        manifest=freeze.manifest, frames=freeze.frames, roster=freeze.roster, abort=abort, chain=chain
    )


@pytest.mark.parametrize(
    ("changed", "warnings"),
    [
        ({}, ("W_SOURCE_MISSING",)),
        ({"secret": None, "missing": []}, ("W_SECRET_LOST",)),
        ({"secret": None}, ("W_SECRET_LOST", "W_SOURCE_MISSING")),
        ({"at": "2026-04-07T09:00:00+08:00", "missing": []}, ()),
        ({"at": "2026-04-06T16:00:00+08:00", "missing": []}, ()),
        ({"at": "2026-04-07T10:00:00+08:00", "missing": [2]}, ("W_SOURCE_MISSING",)),
    ],
)
def test_an_abort_that_is_allowed_passes(changed, warnings):
    report = ssj1.verify(aborted(make_freeze(), **changed))

    assert (report.ok, report.warnings) == (True, warnings)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"manifest": "0" * 64}, "E_ABORT_LINK"),
        ({"at": "2026-04-06T15:59:59+08:00", "missing": []}, "E_ABORT_TIME"),
        ({"secret": "5b" * 32}, "E_COMMIT"),
        ({"missing": [0]}, "E_ABORT_MISSING"),
        ({"missing": [3]}, "E_ABORT_MISSING"),
        ({"missing": [1, 1]}, "E_ABORT_MISSING"),
        ({"at": "2026-04-07T12:00:00+08:00", "missing": [1]}, "E_ABORT_MISSING"),
        ({"missing": []}, "E_ABORT_LATE"),
        ({"at": "2026-04-07T21:30:00+08:00", "missing": []}, "E_ABORT_LATE"),
    ],
)
def test_an_abort_that_is_not_allowed_is_refused(changed, code):
    assert code_of(aborted(make_freeze(), **changed)) == code


def test_an_aborted_bundle_needs_its_roster():
    assert code_of(aborted(make_freeze()) | {"roster": None}) == "E_FORMAT"


# --- the chain (V13)


def test_a_broken_chain_is_named_by_its_entry():
    bundle = example()[3]
    chain = bundle["chain"]
    dropped = chain[:2] + chain[3:]
    edited = [chain[0].replace("16:00:00", "16:00:01"), *chain[1:]]

    assert code_of(bundle | {"chain": dropped}) == "E_CHAIN_LINK"
    assert code_of(bundle | {"chain": chain[1:]}) == "E_CHAIN_LINK"
    report = ssj1.verify(bundle | {"chain": edited})
    assert (report.error, report.sentence) == ("E_CHAIN_LINK", "公示链断裂：第9条")


def rechained(bundle, change):
    entries = [ssj1.parse_chain(text) for text in bundle["chain"]]
    events = change([(entry.kind, entry.draw, entry.doc, entry.at) for entry in entries])
    prev = ssj1.parse_manifest(bundle["manifest"]).prev
    return bundle | {"chain": chain_of(prev, events)}


def test_a_chain_that_is_whole_but_tells_something_else_is_refused():
    bundle = example()[3]
    other = ("FREEZE", "210503-2026Q2-01", "0" * 64, "2026-04-08T09:30:00+08:00")

    assert code_of(rechained(bundle, lambda e: e)) == ""
    assert code_of(rechained(bundle, lambda e: [*e[:3], other, *e[3:]])) == ""
    assert code_of(rechained(bundle, lambda e: e[:3])) == "E_CHAIN_DOC"
    assert code_of(rechained(bundle, lambda e: [*e, e[-1]])) == "E_CHAIN_DOC"
    assert code_of(rechained(bundle, lambda e: [(*other[:3], e[0][3]), *e])) == "E_CHAIN_DOC"
    assert code_of(rechained(bundle, lambda e: [e[0], (*e[1][:3], e[0][3]), *e[2:]])) == "E_CHAIN_DOC"
    assert code_of(rechained(bundle, lambda e: [e[0], e[2], e[1], *e[3:]])) == "E_CHAIN_DOC"
    assert code_of(rechained(bundle, lambda e: [*e[:-1], (*e[-1][:3], e[0][3])])) == "E_CHAIN_TIME"


def test_without_a_chain_the_report_warns():
    report = ssj1.verify(example()[3] | {"chain": []})

    assert (report.ok, report.warnings) == (True, ("W_NO_CHAIN",))


# --- correction (§9.1) and the remaining warnings


@pytest.mark.clause("七(二)-d")
def test_a_wrongly_typed_value_is_corrected_in_place_and_stays_visible():
    freeze, wrong, change, _ = example()
    before = ssj1.Run(wrong.seed_text, wrong.result_text, [change.text])
    right = hold(freeze, values=(OTHER_LOTTERY, DICE), drawn="2026-04-16T09:00:00+08:00", earlier=before)
    bundle = released(freeze, right, earlier=[(wrong, [change])])

    report = ssj1.verify(bundle)

    assert (report.ok, report.warnings) == (True, ("W_CORRECTED", "W_LATE_DRAW"))
    assert any(f"被更正的结果：快乐8第2026087期：{LOTTERY}" in line for line in report.facts.lines())


@pytest.mark.clause("七(二)-a", "七(二)-d")
def test_a_late_correction_of_a_punctual_draw_is_not_called_a_late_draw():
    """§12 judges the last run, so the code stays; the words tell which of the two was late."""
    freeze, wrong, change, _ = example()
    before = ssj1.Run(wrong.seed_text, wrong.result_text, [change.text])
    right = hold(freeze, values=(OTHER_LOTTERY, DICE), drawn="2026-06-24T09:00:00+08:00", earlier=before)
    first = ssj1.parse_result(wrong.result_text).drawn

    report = ssj1.verify(released(freeze, right, earlier=[(wrong, [change])]))

    assert report.warning_sentences()[1] == (
        f"更正后的结果晚于本季度首月10日，第一次抽取（{first[:10]}）没有晚（W_LATE_DRAW）"
    )
    assert any(line.startswith(f"抽取时间：{first}　更正后重算：2026-06-24T09") for line in report.facts.lines())
    late = ssj1.verify(released(freeze, hold(freeze, drawn="2026-04-11T00:00:00+08:00")))
    assert late.warning_sentences() == ["抽取晚于本季度首月10日（W_LATE_DRAW）"]


def test_a_correction_must_change_a_value_and_come_later():
    freeze, wrong, change, _ = example()
    before = ssj1.Run(wrong.seed_text, wrong.result_text, [change.text])

    with pytest.raises(Ssj1Error, match="与更正前相同"):
        hold(freeze, drawn="2026-04-16T09:00:00+08:00", earlier=before)
    with pytest.raises(Ssj1Error) as refused:
        hold(freeze, values=(OTHER_LOTTERY, DICE), earlier=before)
    assert refused.value.code == "E_RESULT_TIME"

    same = hold(freeze, drawn="2026-04-16T09:00:00+08:00")
    early = hold(freeze, values=(OTHER_LOTTERY, DICE))
    assert code_of(released(freeze, same, earlier=[(wrong, [change])])) == "E_VALUE"
    assert code_of(released(freeze, early, earlier=[(wrong, [change])]) | {"chain": []}) == "E_RESULT_TIME"


def test_open_objects_vacant_places_and_a_late_draw_are_warned_of():
    freeze = make_freeze(
        strata=[make_stratum(rows=[make_row("K1"), make_row("K2")], bp=10000)], inspectors=[make_inspector("A")]
    )
    outcome = hold(freeze, drawn="2026-04-11T00:00:00+08:00")
    drop = ssj1.DropObject(KEY, outcome.picks[0].id, "CLOSED")
    change = amended(freeze, outcome, drop_objects=[drop])

    report = ssj1.verify(released(freeze, outcome, [change]))

    assert report.warnings == ("W_LATE_DRAW", "W_OPEN", "W_VACANT")
    assert change.amend.vacant == ((KEY, 1),)


@pytest.mark.parametrize(("drawn", "late"), [("2026-04-10T23:59:59+08:00", False), ("2026-04-11T00:00:00+08:00", True)])
@pytest.mark.clause("七(二)-a")
def test_a_draw_is_late_after_the_tenth_of_the_first_month(drawn, late):
    freeze = make_freeze()

    assert ("W_LATE_DRAW" in ssj1.verify(released(freeze, hold(freeze, drawn=drawn))).warnings) is late
