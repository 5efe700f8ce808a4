from django import forms

from benxi_shuangsuiji.forms import fields

from .models import LONGEST


class WordsForm(forms.Form):
    words = fields.text(
        "企业说明",
        rows=6,
        max_length=LONGEST,
        help_text=f"最多 {LONGEST} 字，原样公开在检查结果旁边。不写个人信息和商业秘密。",
    )


class TakeBackForm(forms.Form):
    """撤回: nothing to type."""


class LookForm(forms.Form):
    looked = forms.BooleanField(
        label="看过：没有个人信息、商业秘密",
        error_messages={"required": "看过全文，再勾选“没有个人信息、商业秘密”"},
    )

    def clean(self):
        data = super().clean()
        data.pop("looked", None)
        return data


class GiveBackForm(forms.Form):
    because = fields.text("退回的原因", rows=2, help_text="哪里是个人信息或者商业秘密。企业在办理的网页上看得到。")


class DecisionForm(forms.Form):
    opinion = fields.text("意见", rows=2, required=False, help_text="退回必须写。随历史留存，不公开。")
