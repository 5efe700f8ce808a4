from django import forms

from benxi_shuangsuiji.forms import fields


class DecideForm(forms.Form):
    opinion = fields.opinion()
