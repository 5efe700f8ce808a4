from django import forms


class Versioned(forms.Form):
    """Carries the version of the check that the form was made from (reliability.md P15)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
