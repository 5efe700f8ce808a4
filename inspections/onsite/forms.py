from django import forms

from benxi_shuangsuiji.forms import fields
from inspections.models import OnsiteReason


class OnsiteForm(forms.Form):
    """Why a place that is checked from outside is to be entered after all (七(三)-a, -c; N-5)."""

    reason = forms.ChoiceField(
        label="原因",
        choices=[("", "选择原因"), *OnsiteReason.choices],
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": "选择改为现场检查的原因。"},
    )
    reference = forms.CharField(
        label="编号",
        max_length=60,
        help_text="信访件、线索或交办文件的编号；查不清的，写非现场材料的编号。",
        error_messages={"required": "填写编号。"},
    )
    words = forms.CharField(
        label="情况",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="为什么非进现场不可。不写投诉人。",
        error_messages={"required": "写明情况。"},
    )

    def __init__(self, *args, reasons=OnsiteReason, **kwargs):
        """`reasons`: those offered; another one of the list gets the sentence of the rule."""
        super().__init__(*args, **kwargs)
        offered = [(reason.value, reason.label) for reason in reasons]
        self.fields["reason"].widget.choices = [("", "选择原因"), *offered]


class OnsiteDecisionForm(forms.Form):
    opinion = fields.opinion("不批准时写明理由。")
