"""The fields that forms are made of: how they look, what they read, how they complain."""

from datetime import date

import pytest
from django import forms

from benxi_shuangsuiji.forms import fields


class OneOfEach(forms.Form):
    words = fields.text("名称")
    story = fields.text("经过", max_length=300, rows=2)
    why = fields.reason()
    year = fields.number("年度", min_value=2000, max_value=2099)
    people = fields.count("人数", least=1, most=9)
    on = fields.day("生效日期")
    plain = fields.day("起始日", example="")
    at = fields.moment("抽取时间")
    until = fields.picked_day("办理期限")
    arrived = fields.picked_moment("到达时间")
    kind = fields.choice("情形", [("a", "甲")])
    kinds = fields.several("专业", [("a", "甲")])
    paper = fields.file("方案正文")


RIGHT = {
    "words": "名称", "story": "经过", "why": "原因写明", "year": "2026", "people": "2", "on": "2026-07-10",
    "plain": "2026-07-10", "at": "2026-07-10 09:30", "until": "2026-07-10", "arrived": "2026-07-10T09:30", "kind": "a",
    "kinds": ["a"],
}  # fmt: skip


def test_they_look_as_they_did():
    attrs = {name: field.widget.attrs for name, field in OneOfEach().fields.items()}
    assert attrs["words"] == {"class": "in", "autocomplete": "off", "maxlength": "200"}
    assert attrs["story"] == {"class": "in in-low", "rows": 2, "cols": "40", "maxlength": "300"}
    assert attrs["people"]["class"] == "in in-n" and attrs["people"]["inputmode"] == "numeric"
    assert attrs["on"]["placeholder"] == "2026-07-10" and "placeholder" not in attrs["plain"]
    assert attrs["kind"] == {"class": "in"} and attrs["paper"] == {"class": "in", "accept": ".pdf"}
    assert OneOfEach().fields["until"].widget.input_type == "date"
    assert OneOfEach().fields["arrived"].widget.input_type == "datetime-local"


def test_they_read_what_was_typed():
    form = OneOfEach(RIGHT)
    form.fields["paper"].required = False
    assert form.is_valid(), form.errors
    assert form.cleaned_data["on"] == date(2026, 7, 10) and form.cleaned_data["at"].hour == 9


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("words", "", "填写名称"),
        ("words", "字" * 201, "名称最多 200 字"),
        ("year", "1999", "年度填数字"),
        ("people", "0", "人数不小于 1"),
        ("people", "二", "人数填整数"),
        ("on", "7 月 10 日", "生效日期按 2026-07-10 的格式填写"),
        ("at", "7 月 10 日", "抽取时间按 2026-07-10 09:30 的格式填写"),
        ("until", "7", "办理期限不是有效日期，按 2026-12-01 的格式填写"),
        ("arrived", "7", "到达时间按 2026-07-10 09:30 的格式填写"),
        ("kind", "b", "情形从列表里选"),
        ("kinds", ["b"], "专业从列表里选"),
        ("paper", "", "选择方案正文"),
    ],
)
def test_they_complain_in_our_words(name, typed, words):
    assert OneOfEach({**RIGHT, name: typed}).errors[name] == [words]
