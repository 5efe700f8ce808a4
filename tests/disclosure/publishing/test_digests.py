"""The canonical text of a snapshot, to the byte, and what is no snapshot (PUB1 §1). No database."""

import pytest

from disclosure import digests


@pytest.mark.parametrize(
    "value, text",
    [
        ({"b": 1, "a": None, "a_1": True}, '{"a":null,"a_1":true,"b":1}'),
        ({"a": '引号"、反斜\\、换行\n、\x01、\x7f'}, '{"a":"引号\\"、反斜\\\\、换行\\n、\\u0001、\x7f"}'),
        ({"a": [{"b": []}, -5, 0]}, '{"a":[{"b":[]},-5,0]}'),
        ({"a": ("x", "y")}, '{"a":["x","y"]}'),
        ({"a": "e\u0301"}, '{"a":"\u00e9"}'),
        ({"a": 999_999_999_999_999}, '{"a":999999999999999}'),
    ],
)
def test_a_snapshot_has_one_text(value, text):
    assert digests.canonical(value) == text


@pytest.mark.parametrize(
    "value",
    [
        {"A": 1},
        {"a b": 1},
        {"1a": 1},
        {"a": 0.5},
        {"a": 10**15},
        {"a": "\0"},
        {"a": {1: 2}},
        {"a": b"x"},
        {"a": "\ud800"},
    ],
)
def test_what_the_register_does_not_know_is_refused(value):
    with pytest.raises(ValueError):
        digests.canonical(value)


def test_a_snapshot_is_at_most_thirty_two_deep():
    def nested(depth):
        value = "x"
        for _ in range(depth):
            value = {"a": value}
        return value

    assert digests.canonical(nested(32))
    with pytest.raises(ValueError):
        digests.canonical(nested(33))
