from django import forms

from benxi_shuangsuiji.forms import fields
from plans.local.forms import WEEKDAYS
from plans.models import LotteryGame

from . import schedule


class ScheduleForm(forms.Form):
    """开奖日程 of one game."""

    game = fields.choice("彩票", LotteryGame.choices)
    weekdays = forms.TypedMultipleChoiceField(
        label="开奖日",
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ck"}),
        error_messages={"required": "选出每周的开奖日"},
    )
    drawn_at = forms.TimeField(
        label="开奖时刻",
        input_formats=["%H:%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "in", "autocomplete": "off"}),
        error_messages={"required": "填写开奖时刻", "invalid": "开奖时刻按 21:30 的格式填写"},
    )
    valid_from = fields.day("起始日", help_text="今天或以后", example="")
    base_day = fields.day("起算日", required=False, help_text="任意一期的开奖日，以后的期号从它数起", example="")
    base_issue = fields.count("起算期号", required=False, least=2025001, most=2100999, help_text="例如 2026087")
    source_document = fields.text("依据", help_text="开奖公告的名称和日期")


class BreakForm(forms.Form):
    """休市."""

    game = fields.choice("彩票", [("", "全部彩票"), *LotteryGame.choices], required=False)
    starts_on = fields.day("休市开始", example="")
    ends_on = fields.day("休市结束", help_text=f"一次最多 {schedule.LONGEST_BREAK} 天", example="")
    source_document = fields.text("依据", help_text="休市公告的名称和日期")
