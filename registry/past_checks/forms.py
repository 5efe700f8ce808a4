from django import forms

from benxi_shuangsuiji.forms import fields


class DecideForm(forms.Form):
    opinion = fields.text("意见", required=False, help_text="退回的写明理由。")
