"""One fact has one percentage, on pages and on paper; nearly all is not all. Thousands are parted."""

import pytest
from django.template import engines

from benxi_shuangsuiji.shares import percent


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (2, 3, "66.7%"),
        (15, 16, "93.8%"),
        (1, 2, "50%"),
        (1, 16, "6.3%"),
        (9999, 10000, "99.9%"),
        (1, 5000, "0.1%"),
        (0, 7, "0%"),
        (7, 7, "100%"),
        (0, 0, "—"),
    ],
)
def test_half_is_rounded_up_and_neither_all_nor_nothing_is_said_of_a_part(part, whole, said):
    assert percent(part, whole) == said


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0"), (999, "999"), (1389, "1,389"), (100000, "100,000"), (None, "None"), ("", "")]
)
def test_a_figure_on_a_page_parts_its_thousands(number, said):
    assert engines["django"].from_string("{{ n|intcomma }}").render({"n": number}) == said
