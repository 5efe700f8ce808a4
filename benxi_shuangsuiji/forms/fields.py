"""The fields that forms of every subject are made of: how they look, what they read, how they complain.

What a field says when it is empty or too long comes from `form_words`; words given here differ from those.
"""

from typing import Any

from django import forms

DAY = "%Y-%m-%d"
MOMENT = "%Y-%m-%d %H:%M"
PICKED = "%Y-%m-%dT%H:%M"  # what the picker of a phone sends
EXAMPLE = "2026-07-10"

Choices = list[tuple[Any, Any]]


def box(size: str = "", **attrs: Any) -> forms.TextInput:
    """One line to type in; `size` narrows it (`in-n`: a number)."""
    return forms.TextInput(attrs={"class": f"in {size}".strip(), "autocomplete": "off", **attrs})


def text(
    label: str, *, max_length: int = 200, rows: int = 0, sometimes: bool = False, **kwargs: Any
) -> forms.CharField:
    """Words: one line, or a low box of several rows.

    `sometimes`: the rule asks for them in one case, which the help text names; the label then does not say 选填.
    """
    if "widget" not in kwargs:
        low = {"class": "in in-low", "rows": rows, "maxlength": max_length}
        kwargs["widget"] = forms.Textarea(attrs=low) if rows else box()
    if sometimes:
        kwargs["required"] = False
    field = forms.CharField(label=label, max_length=max_length, **kwargs)
    field.sometimes = sometimes
    return field


def opinion(help_text: str = "退回的写明理由。", label: str = "意见") -> forms.CharField:
    """What whoever decides says: must be written where he does not agree."""
    return text(label, rows=2, sometimes=True, help_text=help_text)


def reason(label: str = "原因") -> forms.CharField:
    return text(label, help_text="写给以后看历史的人，至少 4 个字。")


def number(label: str, **kwargs: Any) -> forms.IntegerField:
    """A number that is no count: a year, a month; beyond its bounds it is as little a number as a word."""
    words = f"{label}填数字"
    wrong = {"invalid": words, "min_value": words, "max_value": words}
    return forms.IntegerField(label=label, widget=box(inputmode="numeric"), error_messages=wrong, **kwargs)


def count(label: str, *, least: int = 0, most: int = 999_999, **kwargs: Any) -> forms.IntegerField:
    widget = box("in-n", inputmode="numeric")
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=widget, **kwargs)


def day(label: str, *, example: str = EXAMPLE, **kwargs: Any) -> forms.DateField:
    """A day that is typed."""
    attrs = {"class": "in", "autocomplete": "off"} | ({"placeholder": example} if example else {})
    return forms.DateField(label=label, input_formats=[DAY], widget=forms.DateInput(format=DAY, attrs=attrs), **kwargs)


def moment(label: str, **kwargs: Any) -> forms.DateTimeField:
    """A moment that is typed, to the minute."""
    widget = forms.DateTimeInput(format=MOMENT, attrs={"class": "in", "autocomplete": "off"})
    return forms.DateTimeField(label=label, input_formats=[MOMENT], widget=widget, **kwargs)


class DayInput(forms.DateInput):
    """The browser's own picker."""

    input_type = "date"

    def __init__(self):
        super().__init__(format=DAY)


class MomentInput(forms.DateTimeInput):
    """Minutes are enough, with the phone's own picker."""

    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format=PICKED)


def picked_day(label: str, **kwargs: Any) -> forms.DateField:
    wrong = {"invalid": f"{label}不是有效日期，按 2026-12-01 的格式填写"}
    return forms.DateField(label=label, input_formats=[DAY], widget=DayInput(), error_messages=wrong, **kwargs)


def picked_moment(label: str, **kwargs: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, input_formats=[PICKED, MOMENT], widget=MomentInput(), **kwargs)


def moment_of_now(label: str) -> forms.DateTimeField:
    """It stands at now: on a page that a phone had kept for a while its script says which now that is."""
    field = picked_moment(label)
    field.widget.attrs["data-moment"] = ""
    return field


def choice(label: str, choices: Choices, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.Select(attrs={"class": "in"}), **kwargs)


def or_all(choices: Choices) -> Choices:
    """The choices of a filter."""
    return [("", "全部"), *choices]


def several(label: str, choices: Choices) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


def file(label: str, *, accept: str = ".pdf", required: bool = True, help_text: str = "") -> forms.FileField:
    """A file to upload; an empty one is taken, so that the rule can say what is wrong with it."""
    return forms.FileField(
        label=label,
        required=required,
        allow_empty_file=True,
        max_length=300,
        help_text=help_text,
        widget=forms.FileInput(attrs={"class": "in", "accept": accept}),
        error_messages={"invalid": f"选择{label}", "max_length": "文件名太长，改短后重新上传"},
    )
