from django import forms
from django.db.models import Q

from benxi_shuangsuiji.forms import fields
from inspections.dispatch import rules
from plans.amendments.lending import lent_inspectors
from plans.local.forms import read_file
from plans.models import OF_OBJECTS, OF_PEOPLE, ChangeReason, Pick
from registry.models import Inspector


def _evidence() -> forms.CharField:
    return forms.CharField(
        label="情况和证明材料",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明情况，以及证明材料的名称、编号。",
        error_messages={"required": "写明情况和证明材料的名称、编号。"},
    )


class ReplacementForm(forms.Form):
    """A request to replace: why, what, whom, and what proves it. Who comes is computed (七(二)-g)."""

    reason = forms.ChoiceField(
        label="原因",
        choices=[
            ("", "选择原因"),
            ("更换检查对象", [(r.value, r.label) for r in OF_OBJECTS]),
            ("更换检查人员", [(r.value, r.label) for r in OF_PEOPLE]),
            ("没有配齐的检查小组", [(ChangeReason.JOIN.value, ChangeReason.JOIN.label)]),
        ],
        error_messages={"required": "选择更换的原因。"},
    )
    picks = forms.ModelMultipleChoiceField(
        label="检查对象",
        queryset=Pick.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="增派检查人员时不选。",
    )
    inspector = forms.ModelChoiceField(
        label="检查人员",
        queryset=Inspector.objects.none(),
        required=False,
        empty_label="不涉及检查人员",
        help_text="企业的原因不选。增派时选本单位的人员，或者市执法队的人员，由市执法队分管负责人批准。",
    )
    evidence = _evidence()
    order_no = forms.CharField(
        label="上级决定的文号",
        max_length=60,
        required=False,
        help_text="只有上级机关书面决定由其直接检查的填写，附件就是这份决定。",
    )
    file = fields.file(
        "证明材料的文件",
        accept=".pdf,.jpg,.jpeg,.png",
        required=False,
        help_text="更换检查对象必须附，扫描件或照片，最大 10 MB。",
    )

    def __init__(self, *args, draw, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["picks"].queryset = rules.replaceable(draw).select_related("facility")
        self.fields["picks"].label_from_instance = lambda pick: (
            f"{pick.get_category_display()}第 {pick.no} 签　{pick.facility.name}"
        )
        units = {draw.unit_id, draw.plan.executing_unit_id}
        people = Q(unit__in=units) | Q(pk__in=draw.picks.valid().values("teams__members__inspector"))
        lent = lent_inspectors(draw).values("pk")
        found = Inspector.objects.filter(people | Q(pk__in=lent)).select_related("unit")
        self.fields["inspector"].queryset = found.distinct().order_by("code")
        self.fields["inspector"].label_from_instance = lambda person: (
            f"{person.name}　{person.code}" + ("" if person.unit_id in units else f"（{person.unit.short_name}）")
        )

    def clean_file(self):
        return read_file(self.cleaned_data["file"])


class OwnReplacementForm(forms.Form):
    """An inspector's request to be taken off one task (四(2), 七(五)-c)."""

    reason = forms.ChoiceField(label="原因", choices=[(r.value, r.label) for r in OF_PEOPLE])
    evidence = _evidence()
