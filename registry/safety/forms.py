from django import forms

from benxi_shuangsuiji.forms import fields


class SafetyForm(forms.Form):
    """What whoever enters has to know: dangers, protection, who leads the way (七(五)-p)."""

    text = fields.text(
        "安全说明",
        max_length=500,
        rows=4,
        required=False,
        help_text="有什么危险、戴什么防护、由谁带路。不写个人姓名和电话。没有了的，留空保存。",
    )
    told_by = fields.text("由谁说明", max_length=60, help_text="如“企业安全科”“到场所见”。")
    told_on = fields.picked_day("说明的日期")
