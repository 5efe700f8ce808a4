from django import forms

from benxi_shuangsuiji.forms import fields
from inspections.models import InspectionStatus, Mode, Outcome
from registry.models import Category


class TaskFilterForm(forms.Form):
    q = forms.CharField(label="名称或编号", required=False, max_length=60)
    category = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Category.choices])
    mode = forms.ChoiceField(label="方式", required=False, choices=[("", "全部"), *Mode.choices])
    outcome = forms.ChoiceField(label="检查结果", required=False, choices=[("", "全部"), *Outcome.choices])
    accept = forms.BooleanField(required=False, widget=forms.HiddenInput)
    status = forms.ChoiceField(required=False, choices=[("", ""), *InspectionStatus.choices], widget=forms.HiddenInput)
    unit = forms.CharField(required=False, widget=forms.HiddenInput)
    quarter = forms.CharField(required=False, widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    """What the approving leader writes."""

    document_no = fields.text("批准文号", max_length=60, sometimes=True, help_text="批准时填写；文号随名单公开。")
    opinion = fields.opinion("不批准时写明理由。")
