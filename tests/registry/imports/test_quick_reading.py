"""The quick reading of plain texts never says anything else than the careful one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.imports.cells import plainly, read
from registry.sheets import FACILITY_COLUMNS, INSPECTOR_COLUMNS
from tests.registry.imports.test_checking import READ, WRONG
from tests.registry.workbooks import credit_code

COLUMNS = [*FACILITY_COLUMNS, *INSPECTOR_COLUMNS]
QUICK = [
    c for c in COLUMNS if c.kind in ("text", "name", "person", "trade", "industry", "uscc", "permit", "phone", "date")
]
ODD = [v for _, v, *_ in (*WRONG.values(), *READ.values()) if isinstance(v, str) and v]
TEXTS = st.one_of(
    st.text(min_size=1, max_size=30).filter(lambda t: not t.isspace()),
    st.sampled_from(ODD),
    st.from_regex(r"\A[0-9A-Z]{18}\Z"),
    st.from_regex(r"\A[0-9A-Z]{18}[0-9]{3}[A-Z]\Z"),
    st.from_regex(r"\A[12][0-9]{3}-[0-9]{2}-[0-9]{2}\Z"),
    st.from_regex(r"\A\+?[0-9()\-]{3,24}\Z"),
    st.builds(credit_code),
)


@given(st.sampled_from(QUICK), TEXTS)
def test_what_is_read_quickly_is_what_is_read_carefully(column, text):
    value = plainly(column)(text)
    if value is not None:
        reading = read(text, column)
        assert (reading.value, reading.problem, reading.notes, reading.also) == (value, "", [], {})


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text", "本溪示例有限公司"),
        ("name", "本溪示例有限公司"),
        ("person", "示例甲"),
        ("trade", "炼焦"),
        ("industry", "C2521"),
        ("uscc", "91210504DEM000030E"),
        ("date", "2026-07-01"),
        ("phone", "13912345678"),
    ],
)
def test_common_texts_are_read_quickly(kind, text):
    column = next(c for c in QUICK if c.kind == kind)
    assert plainly(column)(text) == read(text, column).value
