from typing import Any

from django import forms

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.forms.words import Rows
from plans.bases import citations
from plans.models import AppliesTo, BankPoint, CheckPoint, InspectionItem, LegalBasis

from . import kinds


class NewListForm(forms.Form):
    """Which list to begin."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="单位", empty_label=None, widget=forms.Select(attrs={"class": "in"})
    )
    year = forms.IntegerField(
        label="年度",
        min_value=2025,
        max_value=2100,
        widget=fields.box(inputmode="numeric"),
        error_messages={"invalid": "年度填四位数字"},
    )
    reason = fields.text("调整原因", sometimes=True, help_text="年中调整已经公开的清单时填写")

    def __init__(self, units, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class KindForm(forms.Form):
    """One more kind behind the eight of 三."""

    label = fields.text("抽查类别", max_length=40, help_text="例如：生态破坏问题整改情况")
    basis = fields.text("依据", help_text="文件全称、文号和条款")


class KindDecisionForm(forms.Form):
    opinion = fields.opinion("不批准的，写明理由。")


class ItemForm(forms.ModelForm):
    category = forms.TypedChoiceField(label="抽查类别", coerce=int)

    class Meta:
        model = InspectionItem
        fields = [
            "code",
            "category",
            "name",
            "content",
            "objects_text",
            "importance",
            "modes",
            "ratio_text",
            "frequency_text",
            "body",
            "power_code",
            "annual_focus",
            "needs_scope",
            "valid_from",
            "note",
            "materials",
        ]
        help_texts = {
            "code": "例如 A01；分局的以 L 开头",
            "materials": "企业要备好的资料，用顿号隔开；检查通知书照此列出",
            "needs_scope": "派去的检查人员要有的专业资格",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "---------"), *kinds.labels().items()]
        for name, field in self.fields.items():
            field.error_messages["required"] = f"填写{field.label}"
            if isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "ck"
                continue
            if name == "content":
                field.widget = forms.Textarea(attrs={"rows": 2})
            field.widget.attrs["class"] = "in in-low" if name == "content" else "in"
        self.fields["valid_from"].widget = forms.DateInput(format=fields.DAY, attrs={"class": "in"})
        self.fields["valid_from"].input_formats = [fields.DAY]

    def clean_code(self):
        return self.cleaned_data["code"].strip().upper()

    def validate_unique(self):
        """Whether the code is free is asked under the list's lock."""


class PointForm(forms.Form):
    """One check point; an empty row is none. `bank` remembers the point of the question bank it was taken from."""

    text = fields.text("检查要点", required=False)
    standard = fields.text("检查标准", required=False, max_length=300)
    basis = fields.text("依据", required=False)
    method = fields.text("检查方法", required=False, max_length=100)
    applies_to = fields.choice("适用于", AppliesTo.choices, required=False)
    bank = forms.ModelChoiceField(BankPoint.objects.all(), required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        if any(cleaned.get(name) for name in ("standard", "basis", "method")) and not cleaned.get("text"):
            self.add_error("text", "写明检查要点，或者清空这一行")
        return cleaned


PointFormSet = forms.formset_factory(PointForm, formset=Rows, extra=2, max_num=30, validate_max=True)


def points_of(item: InspectionItem | None) -> list[dict[str, Any]]:
    if item is None:
        return []
    points = CheckPoint.objects.filter(item=item).order_by("number")
    return list(points.values("text", "standard", "basis", "method", "applies_to", "bank"))


class CiteForm(forms.Form):
    """One basis of an item with the articles it cites; an empty row is none."""

    basis = forms.ModelChoiceField(
        LegalBasis.objects.none(),
        label="法律依据",
        required=False,
        empty_label="（不选）",
        widget=forms.Select(attrs={"class": "in"}),
    )
    articles = fields.text("条款", required=False)

    def __init__(self, *args, bases, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["basis"].queryset = bases
        self.fields["basis"].label_from_instance = lambda basis: basis.cited

    def clean(self):
        cleaned = super().clean()
        basis, labels = cleaned.get("basis"), citations.split_articles(cleaned.get("articles") or "")
        if labels and basis is None and "basis" not in self.errors:
            self.add_error("basis", "选条款所在的依据")
        elif basis:
            known = {article.label: article for article in basis.articles.all()}
            if unknown := [label for label in labels if label not in known]:
                self.add_error("articles", f"{basis}没有登记{unknown[0]}，由牵头部门先在依据库登记")
            else:
                cleaned["cites"] = [(basis, known[label]) for label in labels] or [(basis, None)]
        return cleaned


CiteFormSet = forms.formset_factory(CiteForm, formset=Rows, extra=2, max_num=12, validate_max=True)


def cites_of(item: InspectionItem | None) -> list[dict[str, Any]]:
    """The rows of the form: one for each basis, its articles in one field."""
    rows: dict[int, dict[str, Any]] = {}
    for cite in item.cites.select_related("article") if item else ():
        row = rows.setdefault(cite.basis_id, {"basis": cite.basis_id, "articles": []})
        row["articles"] += [cite.article.label] if cite.article else []
    return [row | {"articles": "、".join(row["articles"])} for row in rows.values()]


def bases_to_cite(item: InspectionItem | None, today):
    """What may be cited: what is in force, and what the item cites already."""
    there = item.cites.values("basis") if item else []
    return (LegalBasis.objects.in_force(today) | LegalBasis.objects.filter(pk__in=there)).distinct()


class FromBankForm(forms.Form):
    bank = forms.ModelMultipleChoiceField(BankPoint.objects.in_use(), label="从题库选要点", required=False)
