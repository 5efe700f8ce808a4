"""Forms of the policy's numbers. They read what was typed; whether it may be done is asked by `policy_changes`."""

from datetime import date

from django import forms

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.policy.changes import CHANGEABLE
from benxi_shuangsuiji.policy.parameters import BINDING_OF, LAW, OWN, PLAN

BINDINGS = (PLAN, LAW, OWN)

DAY = "%Y-%m-%d"


class ProposeForm(forms.Form):
    """One number, its day and its document."""

    parameter = forms.ChoiceField(
        label="参数",
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": "选择参数", "invalid_choice": "从列表里选参数"},
    )
    value = forms.IntegerField(
        label="新的数",
        min_value=1,
        max_value=1231,
        widget=forms.TextInput(attrs={"class": "in", "inputmode": "numeric", "autocomplete": "off"}),
        help_text="只写整数，单位同现在的数；比例写百分数，如 30；月日写四位，如 0115",
        error_messages={
            "required": "填写新的数",
            "invalid": "新的数写整数",
            "min_value": "新的数至少是 1",
            "max_value": "新的数太大，最多 1231",
        },
    )
    effective_from = forms.DateField(
        label="生效日期",
        input_formats=[DAY],
        widget=forms.DateInput(format=DAY, attrs={"class": "in", "autocomplete": "off", "placeholder": ""}),
        help_text="从明天起；参数后写着季度首日、年度首日的，只能填那样的日子",
        error_messages={"required": "填写生效日期", "invalid": "生效日期按“年-月-日”填写，月、日各两位"},
    )
    source_document = forms.CharField(
        label="依据文件",
        max_length=200,
        widget=forms.TextInput(attrs={"class": "in", "autocomplete": "off"}),
        help_text="文件全称、文号和条款",
        error_messages={"required": "填写依据文件", "max_length": "依据文件最多 200 字"},
    )

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        last = policy.line()[-1]
        self.fields["parameter"].choices = [
            (
                binding,
                [
                    (c.path, f"{c.words}：{c.shown(c.value(last))}（{c.clause}，{c.begins.value}起）")
                    for c in CHANGEABLE.values()
                    if BINDING_OF[c.path] == binding
                ],
            )
            for binding in BINDINGS
        ]
        self.fields["effective_from"].widget.attrs["placeholder"] = f"{today.year + 1}-01-01"

    def clean(self):
        data = super().clean()
        if "value" in data and "parameter" in data:
            data["value"] *= CHANGEABLE[data["parameter"]].per
        return data


class DecideForm(forms.Form):
    approve = forms.ChoiceField(
        label="审批",
        choices=[("1", "同意"), ("0", "不同意")],
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": "选择同意或者不同意", "invalid_choice": "从列表里选同意或者不同意"},
    )
    opinion = forms.CharField(
        label="意见",
        max_length=200,
        widget=forms.TextInput(attrs={"class": "in", "autocomplete": "off"}),
        help_text="写给以后看记录的人，至少 4 个字。",
        error_messages={"required": "填写意见", "max_length": "意见最多 200 字"},
    )

    def clean_approve(self):
        return self.cleaned_data["approve"] == "1"
