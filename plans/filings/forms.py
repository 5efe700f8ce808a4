from django import forms

from benxi_shuangsuiji.forms import fields
from plans.local.forms import read_file


class DrawFilingForm(forms.Form):
    """报市执法队备案."""

    record = fields.file(
        "签字的抽取记录", accept=".pdf,.jpg,.jpeg,.png", required=False, help_text="扫描件，最大 10 MB"
    )
    note = fields.text("说明", rows=2, required=False)

    def clean_record(self):
        return read_file(self.cleaned_data["record"])


class SendAgainForm(forms.Form):
    note = fields.text("补正说明", rows=3, help_text="写明补了什么；计划本身要改的，用“更改已公开的计划”")


class ReturnForm(forms.Form):
    opinion = fields.text("退回原因", rows=3, help_text="写明缺什么、怎样补")


class JusticeForm(forms.Form):
    recipient = fields.text("受理机关", max_length=60)
    document_no = fields.text("报送文号或回执", max_length=60)
    sent_on = fields.day("报送日期", example="")
