from django import forms

from benxi_shuangsuiji.forms import fields


class CarryForm(forms.Form):
    document_no = fields.text("文号", max_length=60, help_text="牵头部门办理结转的文件")


class DecideForm(forms.Form):
    opinion = fields.opinion()
