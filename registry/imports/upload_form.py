from django import forms

from benxi_shuangsuiji.documents.workbooks.reading import ENDINGS, why_too_large


class UploadForm(forms.Form):
    file = forms.FileField(
        label="表格文件",
        allow_empty_file=True,
        max_length=300,
        help_text="Excel 和 WPS 表格（.xlsx、.xls、.et）、.ods、.csv 或 .txt，最大 30 MB、100,000 行。先核对，确认以后才写入。",
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS), "class": "in"}),
        error_messages={"required": "选择要导入的表格文件", "max_length": "文件名太长，改短后重新上传"},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if refusal := why_too_large(file.size):
            raise forms.ValidationError(refusal)
        return file
