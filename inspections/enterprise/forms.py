from django import forms

from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.forms import fields
from inspections.evidence.rules import MOST_BYTES

from . import rules


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files or none; their size is asked before they are read."""

    def clean(self, data, initial=None):
        found = [super(FilesField, self).clean(file, initial) for file in data or []]
        for file in found:
            if reason := pictures.why_too_large(file.size, MOST_BYTES, f"文件“{file.name}”"):
                raise forms.ValidationError(reason)
        return [(file.name, file.read()) for file in found[: rules.MOST_FILES + 1]]


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
