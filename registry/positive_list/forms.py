from django import forms

from benxi_shuangsuiji.forms import fields
from registry.models import EventKind


class PositiveEntryForm(forms.Form):
    batch = fields.text("批次或文号", max_length=60)
    on = fields.day("纳入日期")


class PositiveExitForm(forms.Form):
    reason = fields.reason("移出原因")
    on = fields.day("移出日期")


class ExitDecisionForm(forms.Form):
    opinion = fields.text("意见")


class EventForm(forms.Form):
    code = fields.text("企业名录编号", max_length=32)
    kind = fields.choice("情形", EventKind.choices)
    day = fields.day("发生日期")
    number = fields.text("文号或编号", max_length=60)
    source = fields.text("来源", max_length=100, help_text="如“重点排污单位自动监控平台”。")
