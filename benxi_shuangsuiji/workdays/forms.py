"""Forms of the calendar. They read what was typed; whether it may be done is asked by `rules`."""

from django import forms

from .notice import LONGEST_NOTICE

DAY = "%Y-%m-%d"
EXAMPLE = "元旦：1 月 1 日（周四）至 3 日（周六）放假调休，共 3 天。1 月 4 日（周日）上班。"


def _words(label, *, longest, widget=None, **kwargs):
    return forms.CharField(
        label=label,
        max_length=longest,
        widget=widget or forms.TextInput(attrs={"class": "in", "autocomplete": "off"}),
        error_messages={"required": f"填写{label}", "max_length": f"{label}最多 {longest} 字"},
        **kwargs,
    )


def _date(label):
    return forms.DateField(
        label=label,
        input_formats=[DAY],
        widget=forms.DateInput(format=DAY, attrs={"class": "in", "autocomplete": "off", "placeholder": "2026-11-04"}),
        error_messages={"required": f"填写{label}", "invalid": f"{label}按 2026-11-04 的格式填写"},
    )


class YearForm(forms.Form):
    """The notice of one year."""

    source_document = _words("依据文件", longest=200, help_text="通知全称和文号")
    published_on = _date("公布日期")
    notice = _words(
        "放假安排",
        longest=LONGEST_NOTICE,
        widget=forms.Textarea(attrs={"class": "in", "rows": 9}),
        help_text=f"照通知原文粘贴，每行一个节日，如“{EXAMPLE}”",
    )


class DayForm(forms.Form):
    """One day that differs from the calendar."""

    day = _date("日期")
    is_workday = forms.ChoiceField(
        label="这一天",
        choices=[("0", "休息"), ("1", "上班")],
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": "选择休息还是上班", "invalid_choice": "从列表里选休息或者上班"},
    )
    name = _words("说明", longest=40, help_text="如“全市停工”")
    source_document = _words("依据文件", longest=200, help_text="通知全称和文号")

    def clean_is_workday(self):
        return self.cleaned_data["is_workday"] == "1"


class RestoreForm(forms.Form):
    reason = _words("原因", longest=200, help_text="写给以后看记录的人，至少 4 个字。")
