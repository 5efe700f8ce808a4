from django import forms

from benxi_shuangsuiji.forms import fields
from registry.models import (
    Rating,
)


class RatingForm(forms.Form):
    kind = fields.choice("评价", Rating.choices)
    level = fields.text("等级", max_length=20, help_text="填等级的名称，如“蓝”“B”“引领性”。")
    year = fields.number("年度", min_value=2000, max_value=2099)
    month = fields.number("月份", min_value=1, max_value=12, required=False, help_text="只有信用风险分类填。")
    source = fields.text("来源", help_text="如“2026 年环境信用评价结果通报”。")


class TermForm(forms.Form):
    kind = fields.choice("评价", Rating.choices)
    code = fields.text("代码", max_length=12, help_text="名录里存的字，以后不改。代码相同就是修改那一级。")
    label = fields.text("名称", max_length=12)
    also = fields.text("别名", required=False, help_text="导入表格里可能写的其他叫法，用顿号隔开。")
    rank = fields.number("次序", min_value=1, max_value=99, help_text="1 最好。")
    is_serious = forms.BooleanField(
        label="算严重失信", required=False, help_text="只用于环境信用评价；评为这一级的自动列为特殊。"
    )
    valid_from = fields.day("启用日期")
    valid_to = fields.day("停用日期", required=False)
    reason = fields.reason("理由")

    def clean_also(self):
        return [word.strip()[:12] for word in self.cleaned_data["also"].replace("，", "、").split("、") if word.strip()]
