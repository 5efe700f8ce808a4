"""Forms of the visit: arrival, the points of an item, the result, leaving."""

from django import forms

from benxi_shuangsuiji.forms import fields
from inspections.evidence.forms import as_on_the_housing
from inspections.models import Answer, Mode, Outcome
from plans.amendments.rules import SHUT
from plans.local.forms import read_file
from registry.models import OperatingStatus

from . import rules

LAST, OTHER, NONE = "last", "other", "none"
# What stands as rows of their own; the rest is one tap further (PNG 31a).
MAIN = {"found": (Outcome.ON_SITE_FIXED, Outcome.RECTIFY_ORDERED), "none": (Outcome.NO_ISSUE,)}


class ArrivalForm(forms.Form):
    """到场登记 (七(五)-b, -h); off-site there is nothing to film. Without a time it is the moment of the tap."""

    present = forms.TypedMultipleChoiceField(
        label="到场的人",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "选择到场的人"},
    )
    at = fields.picked_moment("到场时间", required=False)
    recorder = forms.ChoiceField(label="执法记录仪", choices=[(LAST, ""), (OTHER, ""), (NONE, "")], required=False)
    recorder_no = fields.text("记录仪编号", max_length=40, required=False, widget=fields.box(list="recorders"))
    no_recorder_because = fields.text("没有记录仪的原因", required=False)
    contact_person = fields.text("企业联系人", max_length=40, required=False)

    def __init__(self, *args, inspection, members, last_recorder="", recorders=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.last_recorder = last_recorder
        as_on_the_housing(self.fields["recorder_no"], recorders)
        self.fields["present"].choices = [(m.inspector_id, m.inspector.name) for m in members]
        if inspection.mode == Mode.ONSITE:
            del self.fields["contact_person"]
        else:
            self.fields["present"].label, self.fields["at"].label = "参加检查的人", "开始时间"
            del self.fields["recorder"], self.fields["recorder_no"], self.fields["no_recorder_because"]

    def clean(self):
        """One of the three rows, whatever was typed below the others."""
        given = super().clean()
        chosen = given.pop("recorder", None)
        if chosen == LAST:
            given["recorder_no"], given["no_recorder_because"] = self.last_recorder, ""
        elif chosen == OTHER:
            given["no_recorder_because"] = ""
        elif chosen == NONE:
            given["recorder_no"] = ""
        return given


class PointsForm(forms.Form):
    """The points of one item, or any of them: an answer each, and words where a problem was found (七(五)-l)."""

    def __init__(self, *args, points, **kwargs):
        super().__init__(*args, **kwargs)
        self.points = points
        for point in points:
            self.fields[f"answer_{point.pk}"] = forms.ChoiceField(
                choices=Answer.choices, required=False, initial=point.answer
            )
            self.fields[f"words_{point.pk}"] = forms.CharField(
                label="看到了什么",
                max_length=2000,
                required=False,
                initial=point.words,
                widget=forms.Textarea(attrs={"rows": 3, "class": "in", "maxlength": 2000}),
                help_text="写事实，审核后公开，不写姓名和电话",
            )
            self.fields[f"basis_{point.pk}"] = forms.ChoiceField(
                label="依据",
                choices=[(basis, basis) for basis in rules.bases_of(point)],
                required=False,
                initial=point.found_under,
                widget=forms.Select(attrs={"class": "in"}),
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
                "basis": self[f"basis_{p.pk}"],
                "name": f"answer_{p.pk}",
            }
            for p in self.points
        ]


class ResultForm(forms.Form):
    """结果: what came of the check. Only what the outcome needs is taken from the folded lines."""

    outcome = forms.ChoiceField(label="检查结果", choices=Outcome.choices, error_messages={"required": "选择检查结果"})
    rectify_by = fields.picked_day("改正期限", required=False)
    finding = fields.text(
        "检查情况",
        max_length=2000,
        rows=4,
        required=False,
        help_text="发现了什么、在哪里。审核后公开，不写个人姓名和电话。",
    )
    measures = fields.text("现场处理", max_length=400, required=False)
    registry_status = fields.choice(
        "企业现在的情况",
        [(s.value, s.label) for s in (OperatingStatus.OPERATING, *SHUT)],
        required=False,
        help_text="停产的选。名录的变更一并提出，由分管负责人批准。",
    )
    earlier_attempt_on = fields.picked_day(
        "上一次上门的日期", required=False, help_text="无法联系的填：先后上门的日期不同，都没有找到人。"
    )
    file = fields.file("照片或证明材料", accept=".pdf,.jpg,.jpeg,.png", required=False, help_text="最大 10 MB。")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_file(self):
        return read_file(self.cleaned_data["file"])

    def clean(self):
        """The day by which to put it right stands ready on the page, and counts where it is ordered."""
        given = super().clean()
        if given.get("outcome") != Outcome.RECTIFY_ORDERED:
            given["rectify_by"] = None
        if given.get("outcome") not in (Outcome.NOT_OPERATING, Outcome.UNREACHABLE):
            given["registry_status"], given["earlier_attempt_on"], given["file"] = "", None, None
        return given

    def groups(self, found: bool) -> list[dict]:
        """The rows to choose from: those that the answers allow are shown, the others wait for other answers."""
        chosen = self["outcome"].value()

        def rows(outcomes):
            return [{"value": o.value, "label": o.label, "checked": chosen == o.value} for o in outcomes]

        forbidden = {"found": rules.WITHOUT_A_PROBLEM, "none": rules.AFTER_A_PROBLEM}
        return [
            {
                "when": when,
                "shown": found == (when == "found"),
                "main": rows(main),
                "others": rows(o for o in Outcome if o not in forbidden[when] and o not in main),
                "open": any(chosen == o and o not in main and o not in forbidden[when] for o in Outcome),
            }
            for when, main in MAIN.items()
        ]


class AgainForm(ResultForm):
    """A returned record, mended at leisure: with what the enterprise said of it, and refused from an older page."""

    enterprise_opinion = fields.text("被检查单位意见", max_length=500, rows=2, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self):
        given = super().clean()
        given.pop("seen", None)
        return given


class OpinionForm(forms.Form):
    """What the person in charge says of the record, word for word."""

    words = fields.text("现场负责人的意见", max_length=500, rows=4, required=False)


class LeavingForm(forms.Form):
    at = fields.picked_moment("离场时间", required=False)


class AdoptForm(forms.Form):
    """采用平台结果: the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AddendumForm(forms.Form):
    text = fields.text("追加说明", max_length=1000, rows=6, help_text="只能追加，不能改原来的记录。")
