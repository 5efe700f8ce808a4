from django import forms

MOMENT = {"input_formats": ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]}


class MomentInput(forms.DateTimeInput):
    """Minutes are enough, with the phone's own picker."""

    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


def moment_field(label: str, **more) -> forms.DateTimeField:
    wrong = f"{label}按 2026-07-10 09:30 的格式填写"
    return forms.DateTimeField(
        label=label,
        widget=MomentInput(),
        error_messages={"required": f"填写{label}", "invalid": wrong},
        **MOMENT,
        **more,
    )


class Versioned(forms.Form):
    """Carries the version of the check that the form was made from (reliability.md P15)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
