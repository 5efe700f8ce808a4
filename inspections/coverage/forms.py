"""Forms for the reasons of what was not checked; the rows are chosen in the list beside them."""

from django import forms

from inspections.models import GapKind

from .rules import NOTHING_CHOSEN


class ChosenForm(forms.Form):
    """Rows of the list, as the boxes before them say."""

    chosen = forms.TypedMultipleChoiceField(
        label="企业",
        coerce=int,
        error_messages={
            "required": NOTHING_CHOSEN,
            "invalid_choice": "选中的企业已不在名单里。重新打开页面看最新的名单。",
        },
    )

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(line.key, line.facility.code) for line in lines]


class ReasonForm(ChosenForm):
    """The planner writes one reason for one facility or for several."""

    kind = forms.ChoiceField(label="情形", choices=[("", "选择情形"), *GapKind.choices])
    words = forms.CharField(
        label="原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "写明原因"},
    )

    def __init__(self, *args, kinds, **kwargs):
        """`kinds`: those that hold of somebody in the list; None where none is asked."""
        super().__init__(*args, **kwargs)
        if kinds is None:
            del self.fields["kind"]
        else:
            self.fields["kind"].choices = [c for c in self.fields["kind"].choices if not c[0] or c[0] in kinds]


class OpinionForm(ChosenForm):
    """The leader approves reasons or gives them back, with an opinion."""

    opinion = forms.CharField(
        label="意见",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "写明意见"},
    )

    def clean(self):
        """`seen`: by line, the version of the reason that stood on the page."""
        given = super().clean()
        pairs = (pair.partition(":") for pair in self.data.getlist("seen"))
        given["seen"] = {int(key): version for key, _, version in pairs if key.isdecimal()}
        return given
