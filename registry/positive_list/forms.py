from django import forms

from registry.fields import _char, _day, _reason


class PositiveEntryForm(forms.Form):
    batch = _char("批次或文号", max_length=60)
    on = _day("纳入日期")


class PositiveExitForm(forms.Form):
    reason = _reason("移出原因")
    on = _day("移出日期")
