"""Forms of reports and of what goes to the province. They read; the rules decide."""

from django import forms

from benxi_shuangsuiji.forms import fields

from . import rules
from .periods import Period

SAVE, SEND = "save", "send"


class ReportForm(forms.Form):
    """One field for each chapter of the period; what must be written is asked when it is sent."""

    act = forms.ChoiceField(choices=[(SAVE, "保存"), (SEND, "报送")], widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, period: Period, **kwargs):
        super().__init__(data, **kwargs)
        is_kept = data is not None and data.get("act") != SEND  # a draft may be unfinished
        for chapter in period.chapters:
            self.fields[chapter.key] = forms.CharField(
                label=chapter.title,
                help_text=chapter.hint,
                required=chapter.asked and not is_kept,
                max_length=rules.MOST_WORDS,
                widget=forms.Textarea(attrs={"class": "in in-low", "rows": 4}),
                error_messages={"required": f"写明{chapter.title}，没有的写“无”"},
            )
        self.chapters = [chapter.key for chapter in period.chapters]

    def text(self) -> dict[str, str]:
        return {key: self.cleaned_data.get(key, "") for key in self.chapters}

    def fields_shown(self):
        return [self[key] for key in self.chapters]


class ReportReturnForm(forms.Form):
    opinion = forms.CharField(
        label="退回原因",
        max_length=200,
        help_text="写明缺什么、怎样补",
        widget=forms.Textarea(attrs={"class": "in in-low", "rows": 3}),
        error_messages={"required": "写明退回原因"},
    )


class ProvincialForm(forms.Form):
    """What is written when the data have been sent."""

    document_no = forms.CharField(
        label="文号",
        max_length=60,
        widget=forms.TextInput(attrs={"class": "in", "autocomplete": "off"}),
        error_messages={"required": "填写报出的文号"},
    )
    sent_on = forms.DateField(
        label="报出日期",
        widget=fields.DayInput(),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "报出日期不是有效日期，按 2026-04-08 的格式填写"},
    )
    note = forms.CharField(
        label="说明",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "in", "autocomplete": "off"}),
        help_text="补报的写明补报什么",
    )


class ColumnsForm(forms.Form):
    """One column a line: the province's heading = our data."""

    columns = forms.CharField(
        label="栏目",
        max_length=4000,
        widget=forms.Textarea(attrs={"class": "in", "rows": 16, "spellcheck": "false"}),
        help_text="每行一栏，按省厅的次序：省厅的栏名 = 本系统的数据。本系统没有的，等号后面空着，导出后手填。",
        error_messages={"required": "至少写一栏"},
    )
    document = forms.CharField(
        label="依据文件",
        max_length=200,
        widget=forms.TextInput(attrs={"class": "in", "autocomplete": "off"}),
        help_text="省厅规定栏目的文件、文号",
        error_messages={"required": "写明依据文件"},
    )
