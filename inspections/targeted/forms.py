"""Forms of targeted checks and of their kinds."""

from django import forms
from django.db.models import Q

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.forms import fields
from inspections.campaigns import rules as campaign_rules
from inspections.checks.forms import DecisionForm
from inspections.checks.listed import entry_on
from inspections.models import (
    CapExemption,
    Inspection,
    InspectionStatus,
    Mode,
    OnsiteReason,
    Source,
    TargetedState,
)
from plans.models import DrawStatus
from registry import book
from registry.complaints.tallies import NewComplaint

from . import rules
from .going import A_REASON, ENTERS_LISTED_PLACES

SOURCES = [(s.value, s.label) for s in Source if s != Source.DRAW]


WHERE = {
    "reference_link": "网址，或报刊名称和版面、节目名称。",
    "reference_text": "写清楚到能核对的程度。",
    "original": "本系统里的检查编号；早先的检查填写原案号。",
}


NEW_COMPLAINT = ("number", "day", "channel", "matter")


def _complaint(facility) -> dict[str, forms.Field]:
    """Which complaint of the register about this place; or a new one, entered along with the request (三-b)."""
    known = forms.ModelChoiceField(
        label=rules.ASKED[Source.COMPLAINT]["complaint"],
        queryset=facility.complaints.order_by("-day", "-pk"),
        required=False,
        empty_label="没有登记过，在下面登记",
    )
    known.label_from_instance = lambda complaint: f"{complaint.day:%Y-%m-%d}　{complaint.number}"
    words = fields.text("投诉事项", rows=2, required=False, help_text="反映什么问题。不写投诉人的姓名和电话。")
    return {
        "complaint": known,
        "new_number": fields.text("新的投诉编号", max_length=40, required=False, help_text="信访件或热线工单的编号。"),
        "new_day": fields.picked_day("受理日期", required=False),
        "new_channel": fields.text("来源", max_length=40, required=False, help_text="如“12345 热线”。"),
        "new_matter": words,
    }


class WhomForm(forms.Form):
    """Whom, and from which source; the rest follows from these two."""

    object = forms.CharField(
        label="检查对象",
        max_length=60,
        help_text="名录编号，或名称的一部分。",
        error_messages={"required": "填写名录编号或名称"},
    )
    source = forms.ChoiceField(label="来源", choices=SOURCES)
    unit = forms.CharField(required=False, widget=forms.HiddenInput)


def onsite_reason() -> forms.Field:
    """Of a check that goes to the place though it would do from outside (N-5)."""
    return forms.ChoiceField(
        label="进现场的原因",
        required=False,
        choices=[("", "不选"), *OnsiteReason.choices],
        widget=forms.Select(attrs={"class": "in"}),
        help_text="所选事项都可以不进现场查，仍要进现场的，选一项。",
    )


def onsite_reference() -> forms.Field:
    return fields.text(
        "进现场的编号",
        max_length=60,
        sometimes=True,
        help_text="信访件、线索、交办文件或企业来函的编号；查不清的，写非现场材料的编号。",
    )


def onsite_words() -> forms.Field:
    return forms.CharField(label="进现场的情况", max_length=200, required=False, help_text="原因选“其他”的，写明情况。")


FIRST_FROM_OUTSIDE = "企业在正面清单内，这个来源先按非现场发起。派发以后查不清的，检查小组在这次检查的页面上申请现场检查，从列表里选原因。"


def for_a_listed_place(form: forms.Form, source: Source) -> None:
    """Off-site unless the source itself enters; of the reasons only those that a request may give now, and where to go on.

    The sentence about 其他 is the rule's. A source that neither enters nor is a clue of the data has no reason to give: its check
    begins from outside, and the team asks to enter on the page of the check (七(三)-a, -c).
    """
    enters = source in ENTERS_LISTED_PLACES
    # Whatever a task of the platform says, or the check before it.
    form.initial["mode"] = Mode.ONSITE if enters else Mode.OFFSITE
    reason, paper, words = (form.fields[name] for name in ("onsite_reason", "onsite_reference", "onsite_words"))
    offered = [(r.value, r.label) for r in OnsiteReason if r != OnsiteReason.OTHER] if source in A_REASON else []
    reason.widget.choices = [("", "不选" if enters else "不进现场"), *offered]
    reason.sometimes = words.sometimes = True
    reason.help_text = "企业在正面清单内。进现场的，从列表里选原因，写明编号和情况。"
    words.help_text = "为什么非进现场不可。不写投诉人。"
    if not offered:
        reason.help_text = FIRST_FROM_OUTSIDE
        for field in (paper, words):
            field.widget = forms.HiddenInput()


class RaiseForm(forms.Form):
    """The request; the fields of the reference are those of the source (三-b … 三-m)."""

    reason = forms.CharField(
        label="检查事由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "写明检查事由"},
    )
    mode = forms.ChoiceField(label="检查方式", choices=Mode.choices, help_text="书面、数据或非现场能查清的，不进企业。")
    onsite_reason = onsite_reason()
    onsite_reference = onsite_reference()
    onsite_words = onsite_words()
    items = forms.ModelMultipleChoiceField(
        label="检查事项",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一个检查事项"},
    )
    leader = forms.ModelChoiceField(label="组长", queryset=None, empty_label="选择组长")
    members = forms.ModelMultipleChoiceField(
        label="组员",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一名组员"},
    )
    finish_by = fields.picked_day("完成不晚于")
    cap_exemption = forms.ChoiceField(
        label="不计入上限的情形", required=False, choices=[("", "计入上限"), *CapExemption.choices]
    )
    exemption_document = forms.CharField(
        label="情形的文号", max_length=100, required=False, help_text="选了情形才填写。"
    )

    def __init__(self, *args, unit, facility, source, user, day, **kwargs):
        super().__init__(*args, **kwargs)
        least = policy.on(day).min_team_size
        self.fields["members"].help_text = f"连组长至少 {least} 名持有效执法证的人员；有利害关系的应当回避。"
        self.facility, self.source, self.user = facility, source, user
        if entry_on(facility, day):
            for_a_listed_place(self, source)
        asked = rules.ASKED[source].items()
        reference = {name: self._field(name, label, unit, source, day) for name, label in asked if name != "complaint"}
        if source == Source.COMPLAINT:
            reference |= _complaint(facility)
        self.reference_names = list(reference)
        self.fields = {**reference, **self.fields}
        self.fields["items"].queryset = rules.items_offered(unit, day).order_by("code")
        self.fields["items"].label_from_instance = lambda item: f"{item.code}　{item.name}"
        people = book.inspectors_of(unit).certified(day).order_by("code")
        self.fields["leader"].queryset = people.filter(can_lead=True)
        self.fields["members"].queryset = people
        for name in ("leader", "members"):
            self.fields[name].label_from_instance = lambda person: f"{person.name}　{person.code}"

    @staticmethod
    def _field(name, label, unit, source, day):
        optional = source == Source.REVIEW
        if name == "campaign":
            campaigns = campaign_rules.campaigns_for(unit, day)
            return forms.ModelChoiceField(label=label, queryset=campaigns)
        if name == "kind":
            return forms.ModelChoiceField(label=label, queryset=rules.kinds_in_use())
        if name == "reference_on":
            return fields.picked_day(label)
        if name == "reference_at":
            return fields.picked_moment(label)
        wide = {"widget": forms.Textarea(attrs={"rows": 2})} if name == "reference_text" else {}
        most = {"reference_text": 500, "reference_link": 300, "reference_body": 120}.get(name, 80)
        return forms.CharField(
            label=label,
            max_length=most,
            required=not optional,
            help_text=WHERE.get(name, ""),
            **wide,
        )

    def clean_original(self):
        """An earlier check of the same facility; a drawn one only once it is known to all, since the request names it."""
        number = self.cleaned_data["original"].strip()
        if not number:
            return None
        open_to_all = Q(draw__isnull=True) | Q(status=InspectionStatus.PUBLISHED) | Q(draw__status=DrawStatus.RELEASED)
        earlier = Inspection.objects.visible_to(self.user).filter(open_to_all, facility=self.facility)
        found = earlier.filter(no=number, ended_at__isnull=False).first()
        if found is None:
            raise forms.ValidationError("没有这家企业的这次检查。核对编号，或只填原案号。")
        return found

    def clean(self):
        """A complaint of the register, or all of a new one (三-b)."""
        data = super().clean()
        number = (data.get("new_number") or "").strip()
        if self.source == Source.COMPLAINT and number and not data.get("complaint"):
            data["complaint"] = self.facility.complaints.filter(number=number).first()
            if data["complaint"] is None:
                for name in ("new_day", "new_channel", "new_matter"):
                    if not data.get(name) and name not in self.errors:
                        self.add_error(name, "登记新的投诉要填写这一项")
        return data

    def _reference(self, data: dict) -> dict:
        reference = {name: data.pop(name) for name in self.reference_names}
        if self.source != Source.COMPLAINT:
            return reference
        if reference["complaint"] or not reference["new_number"]:
            return {"complaint": reference["complaint"]}
        return {"new": NewComplaint(**{name: reference[f"new_{name}"] for name in NEW_COMPLAINT})}

    def request(self, unit) -> rules.Request:
        """As the action takes it."""
        data = dict(self.cleaned_data)
        reference = self._reference(data)
        about = reference.get("complaint") or reference.get("new")
        if data["cap_exemption"] == CapExemption.COMPLAINT and about and not data["exemption_document"]:
            data["exemption_document"] = about.number  # it rests on the complaint itself (一-e)
        data["members"] = [p for p in data["members"] if p != data["leader"]]
        whom = {"unit": unit, "facility": self.facility, "source": self.source, "reference": reference}
        return rules.Request(**data | whom | {"items": list(data["items"])})


class TargetedFilterForm(forms.Form):
    q = fields.text("名称或编号", required=False, max_length=60)
    status = fields.choice("状态", fields.or_all(TargetedState.choices), required=False)
    source = forms.ChoiceField(required=False, choices=[("", ""), *SOURCES], widget=forms.HiddenInput)
    unit = forms.CharField(required=False, widget=forms.HiddenInput)
    quarter = forms.CharField(required=False, widget=forms.HiddenInput)


class KindForm(forms.Form):
    code = forms.CharField(label="编号", max_length=8)
    label = forms.CharField(label="名称", max_length=40)
    basis = forms.CharField(label="依据", max_length=200)


class TargetedDecisionForm(DecisionForm):
    document_no = fields.text("批准文号", max_length=60, sometimes=True, help_text="批准时填写。")
