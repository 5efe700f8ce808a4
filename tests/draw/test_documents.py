"""Bytes, types, documents and rows: what is accepted and what is refused (SSJ1 §1–§3, §5.3)."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.draw import ssj1
from plans.draw.ssj1 import Ssj1Error
from tests.draw.samples import make_inspector, make_row

ACCEPTED = {
    "INT": ["0", "7", "999999999"],
    "HEX": ["0" * 64, "abcdef0123456789" * 4],
    "CODE": ["A", "210502", "A_-9", "Z" * 32],
    "CODES1": ["A", "A,B", "A01,A_1,B"],
    "CODES": ["-", "A,B"],
    "CAT": ["key", "general", "special"],
    "STRATUM": ["210502.key", "A-B.special"],
    "DRAWID": ["210502-2026Q2-01", "A-1000Q1-00", "Z" * 16 + "-2999Q4-99"],
    "DATE": ["2024-02-29", "1000-01-01", "2999-12-31"],
    "TIME": ["2026-04-06T00:00:00+08:00", "2026-04-06T23:59:59+08:00"],
    "YEAR": ["1000", "2999"],
    "ID": ["BX-0007", "企业", "Ａ", "𠮷" * 64, "a.b:c"],
    "IDS": ["A", "A,B", "B,Ａ,𠮷"],
    "TEXT": ["-", "某某（甲） 乙", "a,b|c", "字" * 200, "甲\u3000乙"],
    "BIT": ["0", "1"],
    "INT?": ["-", "0"],
    "YEAR?": ["-", "2026"],
    "HEX?": ["-"],
    "DRAWID?": ["-", "210502-2026Q2-01"],
}
REFUSED = {
    "INT": ["", "00", "01", "-1", "+1", "1.0", "1e3", "1000000000", "１", " 1", "1\n", "٣"],
    "HEX": ["0" * 63, "0" * 65, "A" * 64, "g" * 64, "0" * 64 + "\n"],
    "CODE": ["", "a", "-A", "_A", "A.B", "Z" * 33, "Ａ"],
    "CODES1": ["", "-", "B,A", "A,A", "A,", ",A", "A, B"],
    "CODES": ["", "B,A", "-,A"],
    "CAT": ["Key", "keys", ""],
    "STRATUM": ["210502", ".key", "210502.Key", "2105.02.key"],
    "DRAWID": ["210502-2026Q5-01", "210502-2026Q2-1", "21-05-2026Q2-01", "Z" * 17 + "-2026Q1-01", "210502-3026Q1-01"],
    "DATE": ["2026-02-29", "2026-13-01", "2026-00-01", "0999-01-01", "3000-01-01", "2026-1-01", "２026-01-01"],
    "TIME": [
        "2026-04-06T24:00:00+08:00",
        "2026-04-06T00:60:00+08:00",
        "2026-04-06T00:00:60+08:00",
        "2026-04-06T00:00:00Z",
        "2026-04-06T00:00:00+00:00",
        "2026-02-30T00:00:00+08:00",
        "2026-04-06 00:00:00+08:00",
    ],
    "YEAR": ["0999", "3000", "26", "20260"],
    "ID": ["", "-", "a b", "a,b", "a|b", "a\u3000", "𠮷" * 65, "a\u200b", "e\u0301", "\ud800", "\U0001fffe", "\ufffd"],
    "IDS": ["", "B,A", "A,A", "A,-", "𠮷,Ａ"],
    "TEXT": ["", " a", "a ", "\u3000a", "a\u3000", "字" * 201, "a\tb", "a\nb", "a\rb", "\ufeffa", "a\u202eb", "\xa0"],
    "BIT": ["2", "", "true"],
    "INT?": ["--", ""],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in ACCEPTED.items() for value in values])
def test_a_field_of_the_type_is_accepted(name, value):
    assert ssj1.is_a(name, value) is True


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values])
def test_any_other_field_is_refused(name, value):
    assert ssj1.is_a(name, value) is False


# As printed in SSJ1 §1.3.
FORBIDDEN = (
    "0000–001F, 007F–00A0, 00AD, 034F, 061C, 115F–1160, 1680, 17B4–17B5, 180B–180F, 2000–200F, 2028–202F, 205F–206F, "
    "3164, D800–DFFF, FDD0–FDEF, FE00–FE0F, FEFF, FFA0, FFF0–FFFF, E0000–E0FFF"
)
RANGES = [[int(text.split("–")[0], 16), int(text.split("–")[-1], 16)] for text in FORBIDDEN.split(", ")]


def is_forbidden(point):
    return any(first <= point <= last for first, last in RANGES) or point & 0xFFFE == 0xFFFE


@given(st.one_of(st.integers(0, 0x10FFFF), st.sampled_from(RANGES).flatmap(lambda r: st.integers(r[0] - 1, r[1] + 1))))
def test_a_character_is_allowed_exactly_if_the_specification_does_not_forbid_it(point):
    text = f"a{chr(max(0, point))}b"
    normal = unicodedata.is_normalized("NFC", text)

    assert ssj1.is_a("TEXT", text) == (normal and not is_forbidden(max(0, point)))
    assert ssj1.is_a("ID", text) == (normal and not is_forbidden(max(0, point)) and text[1:-1] not in " ,|\u3000")


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)))
def test_every_existing_date_is_accepted(day):
    assert ssj1.is_a("DATE", day.isoformat())


GOOD_VALUES = [
    ("LOTTERY", "03,07,11,18,25,30+09"),
    ("LOTTERY", "03,07,11,18,25+02,09"),
    ("LOTTERY", "00,01,02,03,04,99"),
    ("DIGITS", "4071358"),
    ("DIGITS", "0" * 40),
    ("DICE", "3516243512"),
    ("DICE", "6" * 100),
    ("BEACON", "0f" * 16),
    ("BEACON", "0f" * 128),
]
BAD_VALUES = [
    ("LOTTERY", "03,07,11,18,25"),
    ("LOTTERY", "07,03,11,18,25,30"),
    ("LOTTERY", "03,03,11,18,25,30"),
    ("LOTTERY", "3,07,11,18,25,30"),
    ("LOTTERY", "03,07+11,18+25,30"),
    ("LOTTERY", "03,07,11,18,25,30+"),
    ("LOTTERY", ""),
    ("LOTTERY", ",".join(f"{n:02d}" for n in range(61))),
    ("DIGITS", "407135"),
    ("DIGITS", "0" * 41),
    ("DIGITS", "４０７１３５８"),
    ("DICE", "351624351"),
    ("DICE", "3516243517"),
    ("DICE", "6" * 101),
    ("BEACON", "0f" * 15),
    ("BEACON", "0f" * 16 + "0"),
    ("BEACON", "0F" * 16),
    ("COIN", "0101010101"),
]


@pytest.mark.parametrize(("kind", "value"), GOOD_VALUES)
def test_a_well_formed_public_value_is_accepted(kind, value):
    assert ssj1.check_value(kind, value) is True


@pytest.mark.parametrize(("kind", "value"), BAD_VALUES)
def test_an_ill_formed_public_value_is_refused_with_a_reason(kind, value):
    assert ssj1.check_value(kind, value) is False
    assert ssj1.why_not_value(kind, value)


FRAME = ssj1.frame_text("210502-2026Q2-01", "210502", "key", [make_row("B"), make_row("A", scopes=("RAD", "HW"))])


def test_a_frame_is_written_sorted_and_reads_back_the_same():
    assert FRAME == (
        "SSJ1 FRAME\ndraw\t210502-2026Q2-01\nstratum\t210502\tkey\n"
        "obj\tA\t某某公司\tHW,RAD\tonsite\t0\t0\tin\nobj\tB\t某某公司\t-\tonsite\t0\t0\tin\nend\t4\n"
    )
    assert ssj1.parse_frame(FRAME).rows == (make_row("A", scopes=("HW", "RAD")), make_row("B"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        FRAME[:-1],
        FRAME + "\n",
        FRAME + "end\t4\n",
        "\ufeff" + FRAME,
        FRAME.replace("\n", "\r\n"),
        FRAME.replace("SSJ1 FRAME", "SSJ1  FRAME"),
        FRAME.replace("SSJ1", "SSJ2"),
        FRAME.replace("end\t4", "end\t5"),
        FRAME.replace("end\t4", "end\t04"),
        FRAME.replace("end\t4", "end 4"),
        FRAME.replace("draw\t210502-2026Q2-01\n", "").replace("end\t4", "end\t3"),
        FRAME.replace("stratum\t210502\tkey\n", "stratum\t210502\tkey\nstratum\t210502\tkey\n").replace("d\t4", "d\t5"),
        FRAME.replace("\nobj\tA", "\n\nobj\tA").replace("end\t4", "end\t5"),
        FRAME.replace("obj\tA", "object\tA"),
        FRAME.replace("\tin\nend", "\tin\t\nend"),
        FRAME.replace("HW,RAD", "RAD,HW"),
        FRAME.replace("onsite", "on-site"),
        FRAME.replace("某某公司", "某某公司\u2028"),
        "SSJ1 FRAME\nend\t0\n",
    ],
)
def test_a_document_that_is_not_exactly_as_specified_is_refused(text):
    with pytest.raises(Ssj1Error) as refused:
        ssj1.parse_frame(text)

    assert refused.value.code == "E_SYNTAX"


def test_the_refusal_names_line_and_field_but_never_repeats_the_content():
    with pytest.raises(Ssj1Error, match="抽查名单第4行（obj）第2栏的内容不合规范") as refused:
        ssj1.parse_frame(FRAME.replace("A\t某某公司", "A\tevil\u202etxt"))

    assert "evil" not in str(refused.value)


@pytest.mark.parametrize("name", ["a\tb", "a\nb", "x\t-\tonsite\t0\t0\tin\nobj\tB\ty", "x\nend\t3"])
def test_a_writer_lets_nothing_smuggle_in_a_field_or_a_line(name):
    with pytest.raises(Ssj1Error):
        ssj1.frame_text("210502-2026Q2-01", "210502", "key", [make_row("A", name=name)])


@given(
    st.lists(
        st.tuples(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8), st.integers(0, 9), st.booleans()),
        max_size=5,
    )
)
def test_whatever_a_writer_accepts_reads_back_the_same(rows):
    rows = [make_row(id, name=name, times=times, seen=seen) for id, name, times, seen in rows]
    try:
        text = ssj1.frame_text("210502-2026Q2-01", "210502", "key", rows)
    except Ssj1Error:
        return

    assert sorted(ssj1.parse_frame(text).rows) == sorted(rows)


def test_the_other_documents_read_back_what_was_written():
    zero = "0" * 64
    people = (make_inspector("A", cap=3), make_inspector("B", scopes=()))
    bars = (ssj1.Bar("A", "X", "RECUSE"),)
    roster = ssj1.parse_roster(ssj1.roster_text("210502-2026Q2-01", people[::-1], bars))
    abort = ssj1.abort_text(
        draw="210502-2026Q2-01",
        manifest=zero,
        at="2026-04-09T10:00:00+08:00",
        person="李某某",
        document="文号",
        reason="彩票停开",
        secret=None,
        missing=[2, 1],
    )
    old = [ssj1.OldPick("B", 2025, 3, ("A01",)), ssj1.OldPick("A", 2025, 4, ("B03", "A01"))]
    carry = ssj1.parse_carry(ssj1.carry_text("2026-01-01T08:00:00+08:00", old))
    entry = ssj1.parse_chain(ssj1.chain_text(1, zero, "CARRY", None, zero, "2026-01-01T08:00:00+08:00"))

    assert (roster.inspectors, roster.bars) == (people, bars)
    assert ssj1.parse_abort(abort).missing == (1, 2) and ssj1.parse_abort(abort).secret is None
    assert carry.old == (ssj1.OldPick("A", 2025, 4, ("A01", "B03")), ssj1.OldPick("B", 2025, 3, ("A01",)))
    assert (entry.seq, entry.kind, entry.draw) == (1, "CARRY", None)


def test_a_carry_out_of_order_is_refused_and_a_line_twice_is_not():
    old = [ssj1.OldPick("A", 2025, 3, ("A01",))] * 2 + [ssj1.OldPick("B", 2025, 3, ("A01",))]
    text = ssj1.carry_text("2026-01-01T08:00:00+08:00", old)
    lines = text.split("\n")

    assert len(ssj1.parse_carry(text).old) == 3
    with pytest.raises(Ssj1Error, match="没有按顺序"):
        ssj1.parse_carry("\n".join([*lines[:2], lines[4], *lines[2:4], *lines[5:]]))


def test_a_draw_id_falls_into_its_parts_and_back():
    parts = ssj1.DrawId.of("210502-2026Q2-01")

    assert parts == ("210502", 2026, 2, 1)
    assert str(parts) == "210502-2026Q2-01"


def test_counts_leave_out_who_is_closed_or_has_moved_away():
    states = ["in", "out:CLOSED", "out:MOVED", "out:HALT", "in"]
    rows = [make_row(f"o{place}", state=state, seen=place == 4) for place, state in enumerate(states)]

    assert ssj1.counts(rows) == (3, 2, 1)


@pytest.mark.parametrize(
    ("category", "row"),
    [
        ("key", {"times": 1}),
        ("key", {"times": 2, "seen": True}),
        ("general", {"times": 1, "seen": True, "state": "out:CAP"}),
        ("general", {"state": "out:SEEN"}),
        ("special", {"seen": True}),
        ("special", {"times": 5, "state": "out:CAP"}),
        ("special", {"state": "out:SEEN"}),
        ("key", {"state": "out:POSITIVE"}),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(category, row):
    fields = ssj1._row_fields(make_row("X", **row))
    given = {"draw": "210502-2026Q2-01", "unit": "210502", "category": category, "cap": 2, "rows": [fields]}

    assert ssj1.run_vector("frame", given) == {"error": "E_FRAME_RULE"}


@pytest.mark.clause("七(一)4-d")
def test_a_special_object_may_be_drawn_however_often_it_was_checked():
    assert ssj1.why_not_row(make_row("X", times=7), "special", 2) == ""


def test_frame_errors_come_in_their_order():
    twice = [ssj1._row_fields(make_row("X", times=1)), ssj1._row_fields(make_row("X"))]
    given = {"draw": "210502-2026Q2-01", "unit": "210502", "category": "key", "cap": 2, "rows": twice}

    assert ssj1.run_vector("frame", given) == {"error": "E_FRAME_ORDER"}
    assert ssj1.run_vector("frame", given | {"unit": "a"}) == {"error": "E_SYNTAX"}
    assert ssj1.run_vector("frame", given | {"rows": [["X", "a\tb", "-", "onsite", "0", "in"]]}) == {
        "error": "E_SYNTAX"
    }
