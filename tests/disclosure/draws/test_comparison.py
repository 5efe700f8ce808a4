"""The public sees how a sealed list differs from the one before, and nothing that a draw decided."""

import pytest

from disclosure.draws.comparison import differences
from plans.draw.ssj1 import Frame, FrameRow


def frame(category, *rows):
    made = tuple(FrameRow(code, f"厂{code}", (), "onsite", 0, False, state) for code, state in rows)
    return Frame("210504-2026Q3-01", "210504", category, made)


@pytest.mark.clause("六(二)-d")
def test_who_came_who_went_and_whose_category_or_state_moved():
    then = [frame("key", ("A", "in"), ("B", "in"), ("C", "in")), frame("general", ("D", "in"), ("E", "out:HALT"))]
    now = [frame("key", ("A", "out:CLOSED"), ("C", "in"), ("D", "in")), frame("general", ("E", "in"), ("F", "in"))]
    assert [(d.id, d.text) for d in differences(now, then)] == [
        ("A", "重点 → 重点、注销关闭"),
        ("B", "不在名单：原为重点"),
        ("D", "一般 → 重点"),
        ("E", "一般、停产停业 → 一般"),
        ("F", "新进名单：一般"),
    ]


@pytest.mark.parametrize("state", ["out:NOW", "out:CAP", "out:SEEN"])
def test_what_follows_from_a_draw_is_not_compared(state):
    assert differences([frame("key", ("A", state))], [frame("key", ("A", "in"))]) == []
