"""Forms of the log of coordination: what is told to whom, the answer, the decision, the filter."""

from django import forms

from benxi_shuangsuiji.forms import fields
from inspections.models import ADDRESSEES, InstructionKind, InstructionState

from . import log

ALL = "all"
NO_NAMES = "不写企业的名称和编号：台账给不知道名单的人看。"


def _words(label: str, most: int, rows: int = 4, **more) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"max_length": f"{label}最多 {most} 字，缩短之后再提交"},
        **more,
    )


class InstructionForm(forms.Form):
    """督办, 指导 or 协调 to one, several or all units."""

    kind = forms.ChoiceField(
        label="种类",
        choices=InstructionKind,
        widget=forms.RadioSelect,
    )
    units = forms.MultipleChoiceField(
        label="单位",
        widget=forms.CheckboxSelectMultiple,
        help_text="每个单位各发一件，各有编号。",
        error_messages={"required": "至少选一个单位"},
    )
    to_role = forms.ChoiceField(label="由谁办理", choices=ADDRESSEES, help_text="计划员和分管负责人都收到消息。")
    title = forms.CharField(
        label="事项",
        max_length=60,
        error_messages={"max_length": "事项最多 60 字，缩短之后再提交"},
    )
    text = _words("内容", 500, help_text=NO_NAMES)
    due = fields.picked_day("办理期限")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.everybody = list(units)
        self.fields["units"].choices = [(ALL, "全部单位"), *((u.code, u.short_name) for u in self.everybody)]

    def request(self) -> dict:
        """The arguments of `send_instructions`, with the units themselves."""
        chosen = self.cleaned_data["units"]
        units = [unit for unit in self.everybody if ALL in chosen or unit.code in chosen]
        return {**self.cleaned_data, "units": units}


class UrgeForm(forms.Form):
    """督办 in the row of what is overdue, filled from the record; whom and about what follows from the row."""

    text = _words("内容", 500, rows=3, help_text="已按记录填好，可以改。")
    due = fields.picked_day("回复期限")


class AnswerForm(forms.Form):
    words = _words("回复", 500, help_text=f"办了什么、结果怎样；没有办完的，写原因和哪一天办完。{NO_NAMES}")


class OpinionForm(forms.Form):
    opinion = _words("审定意见", 200, rows=3)


class LogFilterForm(forms.Form):
    of = fields.choice("单位", [], required=False)
    kind = fields.choice("种类", fields.or_all(log.KINDS), required=False)
    state = fields.choice("状态", fields.or_all(InstructionState.choices), required=False)
    period = fields.choice("期间", [("", "本季度"), ("year", "全年")], required=False)
    quarter = forms.CharField(required=False, widget=forms.HiddenInput)
    unit = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["of"].choices = [("", "全部"), *((u.code, u.short_name) for u in units)]
