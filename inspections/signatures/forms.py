"""Forms of the signatures: who signs, and what he wrote by hand."""

from django import forms

from benxi_shuangsuiji.forms import fields
from inspections.evidence.device import moment
from inspections.models import Unsigned
from plans.local.forms import read_file

from .marks import Mark, drawn

REGISTERED, SOMEBODY = "registered", "somebody"


class MarkForm(forms.Form):
    """A pad's path and picture, or a photograph of the signed paper; whichever there is becomes the mark."""

    path = forms.CharField(required=False, widget=forms.HiddenInput)
    picture = forms.CharField(required=False, widget=forms.HiddenInput)
    read_at = forms.CharField(required=False, widget=forms.HiddenInput)  # when the page was made that lies before him
    scan = fields.file(
        "签好的打印件", accept=".pdf,.jpg,.jpeg,.png", required=False, help_text="拍照或扫描，最大 10 MB。"
    )

    def clean_scan(self):
        return read_file(self.cleaned_data["scan"])

    def clean(self):
        given = super().clean()
        scan = given.pop("scan", None)
        path, picture = given.pop("path", ""), given.pop("picture", "")
        given["mark"] = Mark(*scan) if scan else drawn(path, picture)
        given["read_at"] = moment(given.pop("read_at", ""))
        return given


class SignatureForm(MarkForm):
    """One of the team signs: nothing but his hand."""


class ResponsibleForm(MarkForm):
    """Whom the registry names, or somebody else with name and position."""

    who = forms.ChoiceField(label="谁在签", choices=[(REGISTERED, ""), (SOMEBODY, "")])
    name = fields.text("姓名", max_length=40, required=False)
    position = fields.text("职务", max_length=80, required=False)

    def __init__(self, *args, registered: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.registered = registered

    def clean(self):
        given = super().clean()
        if given.pop("who", "") == REGISTERED and self.registered:
            given["name"], given["position"] = self.registered, ""
        return given


class RefusalForm(MarkForm):
    because = forms.ChoiceField(
        label="为什么没有签", choices=Unsigned.choices, error_messages={"required": "选择没有签名的原因"}
    )
    words = fields.text("其他原因", required=False)
    seen_by = forms.ChoiceField(label="谁见证", choices=[("witness", ""), ("nobody", "")])
    witness = fields.text("见证人姓名", max_length=40, required=False)
    witness_position = fields.text("见证人单位和职务", max_length=80, required=False)

    def clean(self):
        """Without a witness nothing of one counts; with one he is named."""
        given = super().clean()
        del given["read_at"]
        if given.get("because") != Unsigned.OTHER:
            given["words"] = ""
        if given.pop("seen_by", "") == "nobody":
            given["witness"], given["witness_position"], given["mark"] = "", "", None
        elif not given.get("witness"):
            self.add_error("witness", "填写见证人姓名；没有见证人的，选“没有见证人”")
        return given


class PaperForm(forms.Form):
    """A visit recorded on paper: one scan, whose signatures are on it, and when they signed."""

    scan = fields.file("签好的笔录", accept=".pdf,.jpg,.jpeg,.png", help_text="拍照或扫描，最大 10 MB。")
    name = fields.text(
        "现场负责人", max_length=40, required=False, help_text="纸上没有他的签名的，不填，另外记下拒签。"
    )
    position = fields.text("职务", max_length=80, required=False)
    inspectors = forms.TypedMultipleChoiceField(
        label="纸上签了名的检查人员", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    at = fields.picked_moment("签名时间")

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["inspectors"].choices = [(m.inspector_id, m.inspector.name) for m in members]

    def clean_scan(self):
        return read_file(self.cleaned_data["scan"])
