from django import forms

from benxi_shuangsuiji.forms import fields
from inspections.checks.forms import DecisionForm
from inspections.models import Inspection
from plans.models import OF_PEOPLE
from registry.models import Inspector

from . import rules


def _evidence() -> forms.CharField:
    return fields.text("情况和证明材料", rows=3, max_length=300, help_text="写明情况，以及证明材料的名称、编号。")


def _reason() -> forms.ChoiceField:
    return fields.choice("原因", [(reason.value, reason.label) for reason in OF_PEOPLE])


def _people(label: str, **kwargs) -> forms.ModelChoiceField:
    field = forms.ModelChoiceField(label=label, queryset=Inspector.objects.none(), **kwargs)
    field.label_from_instance = lambda person: f"{person.name}　{person.code}"
    return field


class SwapForm(forms.Form):
    """The planner names who leaves, and who comes where he knows it already."""

    reason = _reason()
    leaving = _people("换下的人员", empty_label="选择人员", error_messages={"required": "选择换下的人员。"})
    coming = _people("换上的人员", required=False, empty_label="由分管负责人选")
    evidence = _evidence()

    def __init__(self, *args, inspection: Inspection, **kwargs):
        super().__init__(*args, **kwargs)
        team = Inspector.objects.filter(pk__in=inspection.members.values("inspector"))
        self.fields["leaving"].queryset = team.order_by("code")
        self.fields["coming"].queryset = rules.may_come(inspection)


class SwapDecisionForm(DecisionForm):
    coming = _people("换上的人员", empty_label="选择人员", error_messages={"required": "选择换上的检查人员。"})
    field_order = ["coming", "document_no", "opinion"]

    def __init__(self, *args, inspection: Inspection, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["coming"].queryset = rules.may_come(inspection)
        self.fields["document_no"].help_text = "批准时填写。"
