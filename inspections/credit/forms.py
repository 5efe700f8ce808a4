from django import forms

from benxi_shuangsuiji.forms import fields


class PeriodForm(forms.Form):
    """The days on which results became public."""

    first = fields.picked_day("公开日期起")
    last = fields.picked_day("公开日期止")
    unit = forms.CharField(required=False, widget=forms.HiddenInput)
