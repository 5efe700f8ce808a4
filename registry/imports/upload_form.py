from django import forms

from benxi_shuangsuiji.documents.workbooks.reading import MAX_BYTES


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Excel 工作簿（.xlsx）",
        allow_empty_file=True,
        max_length=300,
        help_text="最大 30 MB、100,000 行。先核对，确认以后才写入名录。",
        widget=forms.FileInput(attrs={"accept": ".xlsx", "class": "in"}),
        error_messages={"required": "选择要导入的 .xlsx 文件", "max_length": "文件名太长，改短后重新上传"},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(f"文件有 {file.size // 1024 // 1024} MB，最多 30 MB。拆成几份分别导入。")
        return file
