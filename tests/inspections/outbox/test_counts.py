"""What a page counts of the answers on the phone (七(五)-l)."""

from pathlib import Path

import pytest

COUNTS = Path("static/js/field-counts.js")
PAGE = """
<p data-points="7:NONE_FOUND 8:"><span data-n="FOUND">0</span></p>
<h2 hidden>发现问题 <span>0</span> 点</h2><ul data-found hidden></ul>
"""


@pytest.mark.slow("offline")
@pytest.mark.browser
def test_a_point_that_the_two_have_not_settled_counts_as_the_server_has_it(chromium):
    page = chromium.new_page()
    page.set_content(PAGE)
    page.add_script_tag(content="const Field = { SENT: 'sent', WAITING: 'waiting' };")
    page.add_script_tag(content=COUNTS.read_text(encoding="utf-8"))
    page.evaluate(
        """() => {
          const found = (point, title, more) => ({
            fields: [[`answer_${point}`, "FOUND"], [`words_${point}`, "看到的"]], page: "/field/1/check/1/", what: title, ...more,
          });
          return FieldCounts.draw([
            found(7, "第 1 项 第 1 点　排放去向", { state: "sent", answer: { state: "differs" } }),
            found(8, "第 1 项 第 2 点　运行记录", { state: "waiting", answer: {} }),
          ], "online");
        }"""
    )
    assert page.inner_text("[data-n=FOUND]") == "1"
    assert page.locator("[data-found] b").all_inner_texts() == ["运行记录"]
    page.close()
