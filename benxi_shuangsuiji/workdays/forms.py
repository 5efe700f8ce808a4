"""Forms of the calendar. They read what was typed; whether it may be done is asked by `rules`."""

from django import forms

from benxi_shuangsuiji.forms import fields

from .notice import LONGEST_NOTICE

DAY = "2026-11-04"  # as an example
EXAMPLE = "元旦：1 月 1 日（周四）至 3 日（周六）放假调休，共 3 天。1 月 4 日（周日）上班。"


def _date(label: str) -> forms.DateField:
    return fields.day(label, example=DAY, error_messages={"invalid": f"{label}按 {DAY} 的格式填写"})


class YearForm(forms.Form):
    """The notice of one year."""

    source_document = fields.text("依据文件", help_text="通知全称和文号")
    published_on = _date("公布日期")
    notice = fields.text(
        "放假安排",
        max_length=LONGEST_NOTICE,
        widget=forms.Textarea(attrs={"class": "in", "rows": 9}),
        help_text=f"照通知原文粘贴，整篇或者各节日的句子都可以，如“{EXAMPLE}”",
    )


class DayForm(forms.Form):
    """One day that differs from the calendar."""

    day = _date("日期")
    is_workday = fields.choice(
        "这一天",
        [("0", "休息"), ("1", "上班")],
        error_messages={"required": "选择休息还是上班", "invalid_choice": "从列表里选休息或者上班"},
    )
    name = fields.text("说明", max_length=40, help_text="如“全市停工”")
    source_document = fields.text("依据文件", help_text="通知全称和文号")

    def clean_is_workday(self):
        return self.cleaned_data["is_workday"] == "1"


class RestoreForm(forms.Form):
    reason = fields.text("原因", help_text="写给以后看记录的人，至少 4 个字。")
