from django import forms

from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.forms.several import Files, FilesField
from inspections.evidence.rules import MOST_BYTES
from inspections.models import LookResult, OffsiteLook

from .models import METHODS
from .rules import MOST_FILES, Seen


class LookForm(forms.Form):
    """One look; of the points those that it showed something of (七(三)-b)."""

    method = fields.choice("方式", [("", "选择方式"), *((m.value, m.label) for m in METHODS)])
    source = fields.text(
        "来源系统", max_length=100, help_text="平台或资料的名称，如“省污染源自动监控平台，废气排口 DA001”。"
    )
    period_from = fields.picked_day("数据时段起")
    period_to = fields.picked_day("数据时段止")
    files = FilesField(
        label="看到的内容",
        most=MOST_FILES,
        each=MOST_BYTES,
        widget=Files(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
        help_text=f"截图或导出的 PDF，最多 {MOST_FILES} 个，每个最多 {MOST_BYTES // pictures.MIB} MB，按指纹保存。",
        error_messages={"required": "附上看到的内容"},
    )
    result = fields.choice("结论", [("", "选择结论"), *LookResult.choices])
    clue = fields.text(
        "线索", max_length=500, rows=3, sometimes=True, help_text="发现线索的写明：什么指标、什么时间、多少。"
    )
    asks_enterprise = forms.BooleanField(
        label="视频连线要企业配合",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "ck"}),
        help_text="要企业配合的，在批准的检查时间里办。",
    )
    instead_of = forms.ModelChoiceField(
        label="更正哪一次",
        queryset=OffsiteLook.objects.none(),
        required=False,
        empty_label="不是更正",
        widget=forms.Select(attrs={"class": "in"}),
    )
    instead_why = fields.text(
        "更正的原因",
        max_length=300,
        rows=2,
        sometimes=True,
        help_text="更正的写明原因。撤销线索的，方式和来源要和那一次相同。",
    )

    def __init__(self, *args, inspection, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["instead_of"].queryset = inspection.looks.standing()
        self.points = list(inspection.answers.order_by("item_code", "number"))
        for point in self.points:
            self.fields[f"seen_{point.pk}"] = fields.text(point.text, max_length=300, rows=2, required=False)

    def groups(self) -> list[dict]:
        """The points by item, each with its field."""
        found: dict[str, dict] = {}
        for point in self.points:
            group = found.setdefault(point.item_code, {"name": point.item_name, "fields": []})
            group["fields"].append(self[f"seen_{point.pk}"])
        return list(found.values())

    def main(self) -> list:
        names = ("method", "source", "period_from", "period_to", "files")
        return [self[name] for name in names]

    def last(self) -> list:
        names = ["result", "clue", "asks_enterprise"]
        return [
            self[name]
            for name in (*names, *(["instead_of", "instead_why"] if self.fields["instead_of"].queryset else []))
        ]

    def clean(self):
        given = super().clean()
        points = {p.pk: given.pop(f"seen_{p.pk}", "") for p in self.points}
        if self.errors:
            return given
        return {"seen": Seen(**given, points={pk: words for pk, words in points.items() if words})}
