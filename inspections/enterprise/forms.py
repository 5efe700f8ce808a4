from django import forms

from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.forms.several import Files, FilesField
from inspections.evidence.rules import MOST_BYTES

from . import rules


class StatementForm(forms.Form):
    """陈述申辩."""

    words = forms.CharField(
        label="内容",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="哪里不对，有什么依据。最多 2,000 字，原样保存。",
        error_messages={"required": "写明内容"},
    )
    files = FilesField(
        label="证明材料",
        most=rules.MOST_FILES,
        each=MOST_BYTES,
        required=False,
        widget=Files(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
        help_text=f"JPG、PNG 或 PDF，最多 {rules.MOST_FILES} 个，每个最多 {MOST_BYTES // pictures.MIB} MB。",
    )
    by_name = forms.CharField(label="经办人", max_length=40, error_messages={"required": "写明经办人的姓名"})
    phone = forms.CharField(label="联系电话", max_length=20, required=False)


class AnswerForm(forms.Form):
    answer = fields.text(
        "答复",
        rows=4,
        max_length=500,
        help_text="怎样复核的，是否采纳，为什么。企业在办理的网页上看得到，不写别人的姓名。",
    )
