from django import forms

from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.workdays.days import FIRST_YEAR, LAST_YEAR
from registry.models import Category


class CapForm(forms.Form):
    year = forms.IntegerField(label="年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    category = forms.ChoiceField(label="对象类别", choices=Category.choices)
    max_visits = forms.IntegerField(
        label="每年最多",
        min_value=1,
        max_value=99,
        help_text="次。各单位各种来源的入企检查合并计算。分局的上限不能高于全市上限。",
        error_messages={"required": "填写每年最多几次", "invalid": "每年最多几次是整数"},
    )
    document = forms.CharField(label="依据文件", max_length=100)


class ConsentForm(forms.Form):
    """What the leader writes on a cap or a campaign."""

    opinion = fields.opinion("不同意时写明。")
