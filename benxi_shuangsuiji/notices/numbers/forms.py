"""Forms of the policy's numbers. They read what was typed; whether it may be done is asked by `policy_changes`."""

from datetime import date

from django import forms

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.policy.changes import CHANGEABLE
from benxi_shuangsuiji.policy.parameters import BINDING_OF, LAW, OWN, PLAN

BINDINGS = (PLAN, LAW, OWN)


class ProposeForm(forms.Form):
    """One number, its day and its document."""

    parameter = fields.choice("参数", [], error_messages={"invalid_choice": "从列表里选参数"})
    value = forms.IntegerField(
        label="新的数",
        min_value=1,
        max_value=1231,
        widget=fields.box(inputmode="numeric"),
        help_text="只写整数，单位同现在的数；比例写百分数，如 30；月日写四位，如 0115",
        error_messages={
            "invalid": "新的数写整数",
            "min_value": "新的数至少是 1",
            "max_value": "新的数太大，最多 1231",
        },
    )
    effective_from = fields.day(
        "生效日期",
        help_text="从明天起；参数后写着季度首日、年度首日的，只能填那样的日子",
        error_messages={"invalid": "生效日期按“年-月-日”填写，月、日各两位"},
    )
    source_document = fields.text("依据文件", help_text="文件全称、文号和条款")

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        last = policy.line()[-1]
        self.fields["parameter"].choices = [
            (
                binding,
                [
                    (c.path, f"{c.title}：{c.shown(c.value(last))}（{c.clause}，{c.begins.value}起）")
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
    opinion = fields.text("意见", help_text="随历史留存。不批准的写明理由，至少 4 个字。")
