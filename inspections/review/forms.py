from django import forms

from inspections.fields import Versioned


class ReviewForm(Versioned):
    opinion = forms.CharField(
        label="审核意见",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="退回时写明哪里要改。",
    )
