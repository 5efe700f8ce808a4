from django import forms

from benxi_shuangsuiji.forms import fields
from inspections.models import PaperKind

from .layouts import DEFAULTS, Layout


class LayoutForm(forms.Form):
    """One paper's title, number, fixed sentences, and for each field its place and its name; an empty place leaves it out."""

    title = forms.CharField(label="标题", max_length=60)
    number = forms.CharField(
        label="编号", max_length=60, help_text="{year} 是检查的年份，{no} 是检查编号，如 本环检告〔{year}〕{no}。"
    )
    opening = forms.CharField(
        label="开头的话", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    closing = forms.CharField(
        label="结尾的话", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    document = forms.CharField(label="依据文件", max_length=200)
    valid_from = fields.picked_day("起始日")

    def __init__(self, *args, kind: str, layout: Layout, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        places = {key: n for n, (key, _) in enumerate(layout.fields, 1)}
        names = dict(layout.fields)
        self.keys = [key for key, _ in layout.fields]
        self.keys += [key for key, _ in DEFAULTS[PaperKind(kind)].fields if key not in places]
        default = dict(DEFAULTS[PaperKind(kind)].fields)
        for key in self.keys:
            self.fields[f"place_{key}"] = forms.IntegerField(
                label=f"“{default[key]}”的顺序",
                required=False,
                min_value=1,
                max_value=99,
                initial=places.get(key),
                widget=forms.NumberInput(attrs={"class": "in in-n"}),
            )
            self.fields[f"name_{key}"] = forms.CharField(
                label=f"“{default[key]}”的名称", max_length=30, required=False, initial=names.get(key, default[key])
            )
        for key, label in layout.signers:
            self.fields[f"signer_{key}"] = forms.CharField(label="签名栏", max_length=20, initial=label)
        for name, value in (("title", layout.title), ("number", layout.number)):
            self.fields[name].initial = value
        self.fields["opening"].initial, self.fields["closing"].initial = layout.opening, layout.closing
        self.rows = [(default[key], self[f"place_{key}"], self[f"name_{key}"]) for key in self.keys]
        self.signers = [self[f"signer_{key}"] for key, _ in layout.signers]

    def clean(self):
        """What was typed as one layout, so that the act gets exactly what it keeps."""
        data = super().clean()
        placed = sorted((data[f"place_{key}"], n, key) for n, key in enumerate(self.keys) if data.get(f"place_{key}"))
        signers = [name.removeprefix("signer_") for name in self.fields if name.startswith("signer_")]
        layout = Layout(
            title=data.get("title", ""),
            number=data.get("number", ""),
            opening=data.get("opening", "").strip(),
            closing=data.get("closing", "").strip(),
            fields=tuple((key, data.get(f"name_{key}", "").strip()) for _, _, key in placed),
            signers=tuple((key, data.get(f"signer_{key}", "")) for key in signers),
        )
        return {"layout": layout, "document": data.get("document", ""), "valid_from": data.get("valid_from")}
