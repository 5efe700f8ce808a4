from datetime import date

from django import forms

from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.workdays.days import Calendar, full_date

from . import rules


class FirstUseForm(forms.Form):
    """Which quarter it begins with, and the document that says so."""

    day = fields.choice("启用日期", [], error_messages={"invalid_choice": "从列表里选一个季度的第一天"})
    document = fields.text("依据文件", help_text="市局决定启用的文件名称和文号")

    def __init__(self, *args, today: date, calendar: Calendar, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].choices = [
            (q.first_day.isoformat(), f"{full_date(q.first_day)}（{q.label}）") for q in rules.quarters(today, calendar)
        ]

    def clean_day(self) -> date:
        return date.fromisoformat(self.cleaned_data["day"])


class FixForm(forms.Form):
    opinion = fields.opinion()
