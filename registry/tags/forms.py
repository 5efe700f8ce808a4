from django import forms

from benxi_shuangsuiji.forms import fields


class SavedViewForm(forms.Form):
    name = fields.text("视图名称", max_length=12, help_text="如“危废重点”“今年没查过的”。")
    shared = forms.BooleanField(label="本单位都能用", required=False)


class TagForm(forms.Form):
    name = fields.text("标签", max_length=12, help_text="最多 12 个字，如“秋冬季攻坚”。只在工作台显示，不对外公开。")
    note = fields.text("说明", max_length=100, required=False)
