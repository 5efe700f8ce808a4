from django import forms

DAY = "%Y-%m-%d"


def _text(**attrs):
    return forms.TextInput(attrs={"class": "in", "autocomplete": "off", **attrs})


def _char(label, *, max_length=200, required=True, **kwargs):
    return forms.CharField(
        label=label,
        max_length=max_length,
        required=required,
        widget=kwargs.pop("widget", None) or _text(),
        error_messages={"required": f"填写{label}", "max_length": f"{label}最多 {max_length} 字"},
        **kwargs,
    )


def _day(label, **kwargs):
    return forms.DateField(
        label=label,
        input_formats=[DAY],
        widget=forms.DateInput(format=DAY, attrs={"class": "in", "autocomplete": "off", "placeholder": "2026-07-10"}),
        error_messages={"required": f"填写{label}", "invalid": f"{label}按 2026-07-10 的格式填写"},
        **kwargs,
    )


def _choice(label, choices, **kwargs):
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": f"选择{label}", "invalid_choice": f"{label}从列表里选"},
        **kwargs,
    )


def _several(label, choices):
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": f"{label}从列表里选"},
    )


def _reason(label="原因"):
    return _char(label, help_text="写给以后看历史的人，至少 4 个字。")


def _all(choices):
    return [("", "全部"), *choices]
