"""Forms for the reasons of what was not checked."""

from django import forms

from .models import GapKind


class ReasonForm(forms.Form):
    """The planner names one facility of the list and writes why."""

    of = forms.TypedChoiceField(label="检查对象", coerce=int, error_messages={"required": "选择检查对象"})
    kind = forms.ChoiceField(label="情形", choices=GapKind, error_messages={"required": "选择情形"})
    words = forms.CharField(
        label="原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "写明原因"},
    )

    def __init__(self, *args, lines, with_kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["of"].choices = [("", "选择检查对象"), *_names(lines)]
        if not with_kind:
            del self.fields["kind"]


class ApprovalForm(forms.Form):
    """The leader approves one reason with an opinion."""

    approved = forms.TypedChoiceField(label="原因", coerce=int, error_messages={"required": "选择要批准的原因"})
    opinion = forms.CharField(
        label="意见",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "写明意见"},
    )

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["approved"].choices = [("", "选择检查对象"), *_names(lines)]


def _names(lines):
    return [(line.key, f"{line.facility.name}（{line.facility.code}）") for line in lines]
