from django import forms


class ConditionsForm(forms.Form):
    lines = forms.CharField(
        label="许可事项",
        required=False,
        max_length=30_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "in mono"}),
        help_text=(
            "每行一条：类别|要求|限值，从许可证里抄来，也可以从表格里复制三列。"
            "类别写排放口、排放浓度和排放量、污染防治设施、无组织排放、自行监测、环境管理台账、执行报告、信息公开或者其他要求。"
            "删去的一行从今天起不再检查，已经派发的检查不变。"
        ),
    )
