from datetime import date

from django import forms

from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.forms.several import Files
from inspections.checks.listed import entry_on
from inspections.enterprise.rules import MOST_FILES
from inspections.evidence.rules import MOST_BYTES
from inspections.followups.forms import WithFile
from inspections.models import ActKind, Mode, Rectification, ReportedState, Source
from inspections.targeted import forms as targeted_forms
from inspections.targeted import rules as targeted_rules
from registry import book

_FIELDS = {
    ActKind.EXTEND: ("points", "until"),
    ActKind.AGAIN: ("until",),
    ActKind.HALT: ("on",),
    ActKind.RESUME: ("on",),
}


class AskForm(WithFile):
    """What the team asks for; which fields there are follows from the kind."""

    points = forms.TypedMultipleChoiceField(label="哪几处", coerce=int, widget=forms.CheckboxSelectMultiple)
    until = fields.picked_day("改到哪一天")
    on = fields.picked_day("停产或者复产的日期")
    reason = fields.text("理由和意见", rows=3, max_length=300, help_text="写给作决定的人，不公开。")
    file = fields.file(
        "材料", accept=".pdf,.jpg,.jpeg,.png", required=False, help_text="合同、方案等，PDF、JPG 或 PNG。"
    )

    def __init__(self, *args, rectification: Rectification, kind: str, wish=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["points"].choices = [(p.n, f"第 {p.n} 处　{p.words[:40]}") for p in rectification.points.all()]
        for name in ("points", "until", "on"):
            if name not in _FIELDS.get(kind, ()):
                del self.fields[name]
        self.points = list(rectification.points.all()) if kind == ActKind.AMEND else []
        for p in reversed(self.points):
            words = fields.text(
                f"第 {p.n} 处的问题", rows=3, max_length=2000, initial=p.words, help_text="不用改的，照原文。"
            )
            self.fields = {f"words_{p.n}": words, **self.fields}
        if wish and kind == ActKind.EXTEND:
            self.initial |= {"until": wish.wish_until}

    def clean(self):
        typed = super().clean()
        if self.points:
            typed["said"] = {p.n: typed.pop(f"words_{p.n}", "") for p in self.points}
        return typed


class OpinionForm(forms.Form):
    opinion = fields.opinion("退回、不同意必须写，企业看得到。")


class CheckAgainForm(forms.Form):
    """复查: who goes, until when; the rest is that of the check that ordered the correction."""

    leader = forms.ModelChoiceField(label="组长", queryset=None, empty_label="选择组长")
    members = forms.ModelMultipleChoiceField(label="组员", queryset=None, widget=forms.CheckboxSelectMultiple)
    items = forms.ModelMultipleChoiceField(label="复查的事项", queryset=None, widget=forms.CheckboxSelectMultiple)
    mode = fields.choice("复查方式", Mode.choices)
    onsite_reason = targeted_forms.onsite_reason()
    onsite_reference = targeted_forms.onsite_reference()
    onsite_words = targeted_forms.onsite_words()
    finish_by = fields.picked_day("完成不晚于")

    def __init__(self, *args, rectification: Rectification, today: date, again_by: date, **kwargs):
        super().__init__(*args, **kwargs)
        check = rectification.inspection
        people = book.inspectors_of(check.unit).certified(today).order_by("code")
        self.fields["leader"].queryset = people.filter(can_lead=True)
        self.fields["members"].queryset = people
        for name in ("leader", "members"):
            self.fields[name].label_from_instance = lambda person: f"{person.name}　{person.code}"
        codes = {point.item_code for point in rectification.points.all()}
        offered = targeted_rules.items_offered(check.unit, today)
        mine = offered.filter(code__in=codes) if codes - {""} else offered
        self.fields["items"].queryset = (mine if mine.exists() else offered).order_by("code")
        self.fields["items"].label_from_instance = lambda item: f"{item.code}　{item.name}"
        went = list(check.members.all())
        self.initial |= {
            "leader": next((m.inspector_id for m in went if m.is_leader), None),
            "members": [m.inspector_id for m in went if not m.is_leader],
            "items": list(mine.values_list("pk", flat=True)) if mine is not offered else [],
            "mode": check.mode,
            "finish_by": max(again_by, today),
        }
        if entry_on(check.facility, today):  # it opened with 现场 and 其他, and both were refused afterwards
            targeted_forms.for_a_listed_place(self, Source.REVIEW)


class SeveralFiles(forms.FileField):
    """One that is not taken does not take the others with it; what is too large is not read."""

    def clean(self, data, initial=None):
        return list(data or [])


class ReportForm(forms.Form):
    """整改报告 of the enterprise: for each point how far it is, in words, with photographs; then who hands it in."""

    by_name = forms.CharField(label="经办人", max_length=40, required=False)
    phone = forms.CharField(label="联系电话", max_length=20, required=False)
    wish_until = fields.picked_day("申请延到", required=False)
    wish_because = fields.text("申请延期的理由", rows=3, max_length=300, required=False)

    def __init__(self, *args, rectification: Rectification, draft=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.points = list(rectification.points.all())
        lines = {line.point_id: line for line in draft.lines.prefetch_related("files__file")} if draft else {}
        if draft:
            self.initial |= {n: getattr(draft, n) for n in ("by_name", "phone", "wish_until", "wish_because")}
        for point in self.points:
            line = lines.get(point.pk)
            self.fields[f"state_{point.n}"] = forms.ChoiceField(
                label=f"第 {point.n} 处",
                choices=ReportedState.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=line.state if line else "",
            )
            self.fields[f"words_{point.n}"] = fields.text(
                "怎样改的，什么时候改完", rows=4, max_length=500, required=False, initial=line.words if line else ""
            )
            self.fields[f"files_{point.n}"] = SeveralFiles(
                label="照片和材料",
                required=False,
                widget=Files(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
                help_text=f"JPG、PNG 或 PDF，每一处最多 {MOST_FILES} 个，每个最多 {MOST_BYTES // pictures.MIB} MB。",
            )
        self.kept = {point.n: list(lines[point.pk].files.all()) if point.pk in lines else [] for point in self.points}

    def said(self) -> dict:
        """What `actions.keep_report` takes; `troubles` are the files that are too large to be read."""
        data, files, troubles = self.cleaned_data, {}, []
        for point in self.points:
            files[point.n] = []
            for file in data[f"files_{point.n}"][: MOST_FILES + 1]:
                if refusal := pictures.why_too_large(file.size, MOST_BYTES, f"文件“{file.name}”"):
                    troubles.append(refusal)
                else:
                    files[point.n].append((file.name, file.read()))
        who = {name: data[name] for name in ("by_name", "phone", "wish_until", "wish_because")}
        lines = {p.n: (data[f"state_{p.n}"], data[f"words_{p.n}"]) for p in self.points}
        return {**who, "lines": lines, "files": files, "out": self.out, "troubles": troubles}

    @property
    def out(self) -> list[int]:
        """The files whose box was ticked; which of them may go is for `rules.why_not_take_out` to say."""
        ticked = self.data.getlist("out") if self.is_bound else []
        return [int(pk) for pk in ticked if pk.isascii() and pk.isdecimal() and len(pk) < 19]

    @property
    def groups(self) -> list[dict]:
        """One for each point, as the page shows them."""
        names = ("state", "words", "files")
        return [{"point": p, "kept": self.kept[p.n], **{n: self[f"{n}_{p.n}"] for n in names}} for p in self.points]
