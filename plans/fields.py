from django import forms

from plans.models import Mode

DAY = "%Y-%m-%d"


MOMENT = "%Y-%m-%d %H:%M"


MODE_CHOICES = [*Mode.choices, ("EITHER", "现场或非现场")]


def _text(size="", **attrs):
    return forms.TextInput(attrs={"class": f"in {size}".strip(), "autocomplete": "off", **attrs})


def _day(label, **kwargs):
    return forms.DateField(
        label=label,
        input_formats=[DAY],
        widget=forms.DateInput(format=DAY, attrs={"class": "in", "autocomplete": "off"}),
        error_messages={"required": f"填写{label}", "invalid": f"{label}按 2026-07-10 的格式填写"},
        **kwargs,
    )


def _moment(label, **kwargs):
    return forms.DateTimeField(
        label=label,
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(format=MOMENT, attrs={"class": "in", "autocomplete": "off"}),
        error_messages={"required": f"填写{label}", "invalid": f"{label}按 2026-07-10 09:30 的格式填写"},
        **kwargs,
    )
