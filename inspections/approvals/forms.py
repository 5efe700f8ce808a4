from datetime import time

from django import forms

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.forms import fields
from inspections.models import CheckApproval

from .days import STEP, hours_on, minutes_words

DURATIONS = [(n, f"约 {minutes_words(n)}") for n in [*range(60, 301, STEP), 360, 480]]


class AskForm(forms.Form):
    """When the team means to go there, for how long, and whether the notice is served beforehand (七(五)-q)."""

    first_day = fields.picked_day("检查时间起")
    last_day = fields.picked_day("检查时间止")
    planned_on = fields.picked_day("计划检查日", help_text="在检查时间里，以后组长可以改，不用重新报批。")
    minutes = forms.TypedChoiceField(
        label="计划用时", coerce=int, choices=DURATIONS, help_text="不影响企业正常生产经营。"
    )
    assistants = fields.text(
        "协助检查人员",
        required=False,
        help_text="没有执法证、随队协助的人，写明姓名、单位和人数。他们不检查，不签名。",
    )
    notice_beforehand = forms.BooleanField(label="提前送达检查通知书", required=False)
    notice_reason = fields.text(
        "提前送达的理由", required=False, help_text="一般到场时送达。提前送达的写明理由，一并审批。"
    )


class DecisionForm(forms.Form):
    opinion = fields.opinion("退回时写明哪里要改。")


class ListForm(DecisionForm):
    """What of a list is decided on now; all of it is ticked, and who decides unticks."""

    rows = forms.ModelMultipleChoiceField(
        label="检查",
        queryset=CheckApproval.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "至少选一件检查。",
            "invalid_choice": "选的检查里有已经审批过的，或者不由本人审批的。下面是等本人审批的。",
        },
    )

    field_order = ("rows", "opinion")

    def __init__(self, *args, waiting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rows"].queryset = waiting


def _hours() -> list[tuple[str, str]]:
    last = hours_on(clock.today())[-1].hour
    hours = (time(n // 60, n % 60) for n in range(8 * 60, last * 60 + 1, STEP))
    return [("", "按当天的安排"), *((f"{hour:%H:%M}", f"{hour:%-H:%M}") for hour in hours)]


class DayForm(forms.Form):
    planned_on = fields.picked_day("计划检查日")
    planned_from = forms.TypedChoiceField(
        label="几点到",
        required=False,
        coerce=time.fromisoformat,
        empty_value=None,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["planned_from"].choices = _hours()


class ChainForm(forms.Form):
    unit = forms.ModelChoiceField(label="单位", queryset=Unit.objects.none(), empty_label="选择单位")
    with_section = forms.TypedChoiceField(
        label="科室负责人",
        choices=[("0", "不经过"), ("1", "先写意见，再报分管负责人")],
        coerce=lambda value: value == "1",
        help_text="科室没有负责人，或者由本人报批、本人去查的，直接报分管负责人。",
    )
    with_bureau = forms.TypedChoiceField(
        label="由谁审批",
        choices=[("0", "本单位分管负责人"), ("1", "本单位分管负责人，再由市局")],
        coerce=lambda value: value == "1",
    )
    document = fields.text("依据文件", max_length=100, help_text="名称或文号。")
    valid_from = fields.day("起始日", help_text="从明天起填写，已经报批的仍按当时的层级。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.drawing()
