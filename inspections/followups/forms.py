from django import forms

from benxi_shuangsuiji.forms import fields


class StateForm(forms.Form):
    """The filter of a list by its states."""

    state = fields.choice("状态", [], required=False)
    unit = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, states, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = fields.or_all(states.choices)


class WithFile(forms.Form):
    """A form with one `file`, read as the act takes it."""

    def clean_file(self) -> tuple[str, bytes] | None:
        file = self.cleaned_data["file"]
        return (file.name, file.read()) if file else None
