from django import forms

from benxi_shuangsuiji.forms import fields
from inspections.models import InspectionStatus, Mode, Outcome
from registry.models import Category


class TaskFilterForm(forms.Form):
    q = fields.text("名称或编号", required=False, max_length=60)
    category = fields.choice("类别", fields.or_all(Category.choices), required=False)
    mode = fields.choice("方式", fields.or_all(Mode.choices), required=False)
    outcome = fields.choice("检查结果", fields.or_all(Outcome.choices), required=False)
    accept = forms.BooleanField(required=False, widget=forms.HiddenInput)
    status = forms.ChoiceField(required=False, choices=[("", ""), *InspectionStatus.choices], widget=forms.HiddenInput)
    unit = forms.CharField(required=False, widget=forms.HiddenInput)
    quarter = forms.CharField(required=False, widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    """What the approving leader writes."""

    document_no = fields.text("批准文号", max_length=60, sometimes=True, help_text="批准时填写；文号随名单公开。")
    opinion = fields.opinion("不批准时写明理由。")
