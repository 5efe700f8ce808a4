"""Forms of the visit, the review and the list."""

from django import forms

from benxi_shuangsuiji.forms import fields
from inspections.fields import Versioned
from inspections.models import Answer, InspectionStatus, Mode, OffsiteMeans, Outcome
from plans.amendments.rules import SHUT
from plans.local.forms import read_file
from registry.models import OperatingStatus

from . import rules


class ArrivalForm(Versioned):
    """到场登记 (七(五)-b, -h, -i); off-site there is nobody to show a certificate to."""

    present = forms.TypedMultipleChoiceField(
        label="参加检查的人员",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "选择参加检查的人员"},
    )
    at = fields.picked_moment("到达时间")
    identity_shown_at = fields.picked_moment("出示执法证时间", help_text="先表明身份，说明检查事项和目的。")
    recorder_no = forms.CharField(label="执法记录仪编号", max_length=40)
    contact_person = forms.CharField(label="现场负责人", max_length=40, required=False)

    def __init__(self, *args, inspection, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["present"].choices = [
            (m.inspector_id, f"{m.inspector.name}{'（组长）' if m.is_leader else ''}　执法证 {m.certificate_no}")
            for m in members
        ]
        if inspection.mode != Mode.ONSITE:
            self.fields["at"].label = "开始时间"
            self.fields["contact_person"].label = "企业联系人"
            del self.fields["identity_shown_at"], self.fields["recorder_no"]


class PointsForm(forms.Form):
    """The points of one item: an answer each, and words where a problem was found (七(五)-l)."""

    def __init__(self, *args, points, **kwargs):
        super().__init__(*args, **kwargs)
        self.points = points
        for point in points:
            self.fields[f"answer_{point.pk}"] = forms.ChoiceField(
                choices=Answer.choices, required=False, initial=point.answer
            )
            self.fields[f"words_{point.pk}"] = forms.CharField(
                label="看到了什么",
                max_length=500,
                required=False,
                initial=point.words,
                widget=forms.Textarea(attrs={"rows": 2, "class": "in in-low"}),
            )
            self.fields[f"seen_{point.pk}"] = forms.CharField(required=False, widget=forms.HiddenInput)

    @staticmethod
    def label_of(name: str) -> str:
        """For pages that give back what was typed; the points themselves stand on the page it goes back to."""
        return "看到了什么" if name.startswith("words_") else ""

    def rows(self):
        return [
            {
                "point": p,
                "answer": self[f"answer_{p.pk}"],
                "words": self[f"words_{p.pk}"],
                "name": f"answer_{p.pk}",
            }
            for p in self.points
        ]


class ResultForm(Versioned):
    """结果: only outcomes that the answers allow are offered."""

    outcome = forms.ChoiceField(label="检查结果")
    offsite_means = forms.ChoiceField(
        label="非现场方式",
        choices=[("", "选择方式"), *OffsiteMeans.choices],
        error_messages={"required": "选择非现场检查用的方式"},
    )
    offsite_evidence = forms.CharField(
        label="非现场检查的依据",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="看了什么、哪一段时间、编号，如“废气排口在线监测 7 月 1 日至 9 日小时均值”。",
        error_messages={"required": "写明非现场检查看了什么"},
    )
    finding = forms.CharField(
        label="检查情况",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="发现了什么、在哪里。不写个人姓名和电话。",
    )
    measures = forms.CharField(label="现场处理", max_length=400, required=False)
    rectify_by = fields.picked_day("整改期限", required=False, help_text="只有责令限期改正填写。")
    registry_status = forms.ChoiceField(
        label="企业现在的情况",
        required=False,
        choices=[(s.value, s.label) for s in (OperatingStatus.OPERATING, *SHUT)],
        help_text="只有停产未检查填写。名录的变更一并提出，由分管负责人批准。",
    )
    earlier_attempt_on = fields.picked_day(
        "上一次上门的日期", required=False, help_text="只有无法联系填写：先后上门的日期不同，都没有找到人。"
    )
    file = fields.file(
        "照片或证明材料",
        accept=".pdf,.jpg,.jpeg,.png",
        required=False,
        help_text="停产未检查、无法联系的必须附，最大 10 MB。",
    )
    enterprise_opinion = forms.CharField(label="被检查单位意见", max_length=200, required=False)
    at = fields.picked_moment("结束时间", help_text="公开结果的期限从这一天起算，等待监测结果也不顺延。")

    def __init__(self, *args, inspection, found: bool, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = [o for o in Outcome if o not in (rules.WITHOUT_A_PROBLEM if found else rules.AFTER_A_PROBLEM)]
        choices = [(o.value, o.label) for o in allowed]
        chosen = self.initial.get("outcome") in dict(choices)
        self.fields["outcome"].choices = choices if chosen else [("", "选择检查结果"), *choices]
        if inspection.status == InspectionStatus.RETURNED:
            del self.fields["at"]
        if inspection.mode != Mode.OFFSITE:
            del self.fields["offsite_means"], self.fields["offsite_evidence"]

    def clean_file(self):
        return read_file(self.cleaned_data["file"])
