from django import forms

from benxi_shuangsuiji.forms import fields


class PositiveEntryForm(forms.Form):
    batch = fields.text("批次或文号", max_length=60)
    on = fields.day("纳入日期")


class PositiveExitForm(forms.Form):
    reason = fields.reason("移出原因")
    on = fields.day("移出日期")
