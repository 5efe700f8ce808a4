from django import forms

from benxi_shuangsuiji.forms import fields
from registry.models import EventKind


class PositiveEntryForm(forms.Form):
    batch = fields.text("批次", max_length=60, help_text="如“2026 年第一批”。")
    document = fields.text("文号", max_length=100, help_text="列入的文件，如“本环发〔2026〕12 号”。")
    reason = fields.reason("纳入理由")


class PositiveExitForm(forms.Form):
    reason = fields.reason("移出原因")
    document = fields.text("文号", max_length=100, required=False)


class ExitDecisionForm(forms.Form):
    opinion = fields.text("意见")


class EventForm(forms.Form):
    code = fields.text("企业名录编号", max_length=32)
    kind = fields.choice("情形", EventKind.choices)
    day = fields.day("发生日期")
    number = fields.text("文号或编号", max_length=60)
    source = fields.text("来源", max_length=100, help_text="如“重点排污单位自动监控平台”。")
