from django import forms

from benxi_shuangsuiji.forms import fields
from registry.facilities import categories
from registry.models import (
    Category,
    Ground,
)


class GroundForm(forms.Form):
    kind = fields.choice("依据", [])
    evidence = fields.text("证据", help_text="名单、文号、日期或链接，如“2026 年重点排污单位名录”。")
    document = fields.text("文件", max_length=100, required=False)
    year = forms.IntegerField(
        label="年度",
        required=False,
        min_value=2000,
        max_value=2099,
        widget=fields.box(inputmode="numeric"),
        help_text="重点排污单位名录填名录的年度，挂牌督办填督办的年度；到期由系统自动取消。",
        error_messages={
            "invalid": "年度填四位数字，如 2026",
            "min_value": "年度填四位数字，如 2026",
            "max_value": "年度填四位数字，如 2026",
        },
    )
    on = fields.day("生效日期")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rest = [g for g in Ground if g not in categories.DERIVED]
        self.fields["kind"].choices = [
            (Category(makes).label, [(g.value, g.label) for g in rest if g.makes == makes])
            for makes in (Category.KEY, Category.SPECIAL)
        ]


class GroundEndForm(forms.Form):
    on = fields.day("生效日期")
    reason = fields.reason()
    evidence = fields.text("依据", required=False, help_text="如“移出 2026 年重点排污单位名录的通知”。")


class BatchDecisionForm(forms.Form):
    opinion = fields.opinion("退回必须写明意见。")


class OpinionForm(forms.Form):
    opinion = fields.reason("退回意见")
