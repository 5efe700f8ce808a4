from django import forms

from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.forms import fields
from inspections.evidence.rules import MOST_BYTES
from inspections.models import PaperKind

from .layouts import DEFAULTS, Layout

SCANS = "application/pdf,image/jpeg,image/png"
MOST_FILES = 40
_DOCUMENT = "{no} 是批准文号。"
NUMBERS = {  # what stands for {no}, where it is not the number of the check
    PaperKind.APPROVAL: "{no} 是审批编号。",
    PaperKind.NOTICE: "{no} 是整个文号，如 本环检通字〔2026〕第 1 号；字在“通知书的文号”里登记。",
    PaperKind.CHANGE: _DOCUMENT,
    PaperKind.RECUSAL: _DOCUMENT,
    PaperKind.SWAP: _DOCUMENT,
}


class LayoutForm(forms.Form):
    """One paper's title, number, fixed sentences, and for each field its place and its name; an empty place leaves it out."""

    title = forms.CharField(label="标题", max_length=60)
    number = forms.CharField(label="编号", max_length=60)
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
        what = NUMBERS.get(PaperKind(kind), "{no} 是检查编号，如 本环检告〔{year}〕{no}。")
        self.fields["number"].help_text = f"{{word}} 是机关代字，{{year}} 是年份，{what}"
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


class ScanForm(forms.Form):
    """One signed paper that comes back; which one it is, its code says."""

    file = fields.file("扫描件", accept=SCANS, help_text="PDF 或照片，一份文书一个文件，最大 10 MB。")
    paper = forms.ChoiceField(
        label="哪一份文书",
        required=False,
        choices=[("", "按二维码识别"), *((kind.value, kind.label) for kind in PaperKind)],
        widget=forms.Select(attrs={"class": "in"}),
        help_text="二维码读不出来时再选。",
    )

    def clean(self):
        typed = super().clean()
        if file := typed.pop("file", None):
            if reason := pictures.why_too_large(file.size, MOST_BYTES, "扫描件"):
                raise forms.ValidationError({"file": reason})  # before it is read
            typed |= {"name": file.name, "content": file.read()}
        return typed


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class _Heap(forms.FileField):
    def clean(self, data, initial=None):
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(_Heap, self).clean(one, initial) for one in files]


class HeapForm(forms.Form):
    """A heap of signed papers at once, of any checks of the unit."""

    files = _Heap(
        label="扫描件",
        allow_empty_file=True,
        max_length=300,
        widget=_SeveralFiles(attrs={"class": "in", "accept": SCANS}),
        help_text=f"可以一次选多个文件，最多 {MOST_FILES} 个，每个最大 10 MB，合计最多 60 MB；一个 PDF 里可以有几份文书。",
        error_messages={"required": "选择扫描件", "invalid": "选择扫描件", "max_length": "文件名太长，改短后重新上传"},
    )

    def clean_files(self):
        files = self.cleaned_data["files"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"一次最多 {MOST_FILES} 个文件，分几次上传。")
        for file in files:
            if reason := pictures.why_too_large(file.size, MOST_BYTES, file.name):
                raise forms.ValidationError(reason)
        return [(file.name, file.read()) for file in files]
