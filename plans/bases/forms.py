"""Forms of the library of legal bases and of the question bank."""

from django import forms

from benxi_shuangsuiji.forms import fields
from plans.models import BankPoint, ChangeOfBasis, ItemCategory, LegalBasis

from . import citations, rules


def _long(rows: int, length: int):
    return forms.Textarea(attrs={"class": "in in-low", "rows": rows, "maxlength": length})


class BasisForm(forms.ModelForm):
    """What is known of one document; `articles` adds those that may be cited."""

    articles = fields.text(
        "增加条款", required=False, max_length=400, help_text="例如 第二十四条、第四十二条；几条之间用顿号隔开"
    )

    class Meta:
        model = LegalBasis
        fields = ["title", "document_no", "kind", "issuer", "valid_from", "is_ground", "conflict", "note"]
        help_texts = {
            "title": "不写书名号",
            "document_no": "法律不写文号",
            "valid_from": "例如 2021-03-01；没有核对过就空着",
            "is_ground": "《实施方案》开头写明要落实的文件，印在清单、计划和文书上",
            "conflict": "市局及原市环境保护局的旧文件与《实施方案》不一致的，写在这里；按《实施方案》执行",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["valid_from"] = fields.day(
            "施行日期", required=False, help_text=self.Meta.help_texts["valid_from"], example=""
        )
        for name, field in self.fields.items():
            field.error_messages["required"] = f"填写{field.label}"
            field.widget.attrs["class"] = "ck" if name == "is_ground" else "in"
        self.fields["conflict"].widget = _long(2, 200)

    def clean_title(self):
        return self.cleaned_data["title"].strip()

    def clean_articles(self):
        labels = citations.split_articles(self.cleaned_data["articles"])
        if reason := rules.why_not_articles(labels):
            raise forms.ValidationError(reason.rstrip("。"))
        return labels


class ChangeForm(forms.Form):
    """立、改、废 of one basis."""

    kind = fields.choice("变化", ChangeOfBasis.choices, initial=ChangeOfBasis.AMENDED)
    effective_on = fields.day("施行日期", example="")
    document = fields.text(
        "文件",
        max_length=120,
        help_text="公布这一变化的文件名称或文号",
        error_messages={"required": "写明公布这一变化的文件"},
    )
    summary = fields.text("变化内容", max_length=300, rows=3, error_messages={"required": "写明变化了什么"})
    articles = forms.MultipleChoiceField(
        label="条款",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="修改、废止只涉及几条时选；不选是整部",
    )
    categories = forms.TypedMultipleChoiceField(
        label="涉及的类别",
        required=False,
        coerce=int,
        choices=ItemCategory.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="新制定的时候选：新依据还没有事项引用，选它涉及哪些类别的事项",
    )
    successor = forms.ModelChoiceField(
        LegalBasis.objects.none(),
        label="由哪一部取代",
        required=False,
        empty_label="（不选）",
        widget=forms.Select(attrs={"class": "in"}),
        help_text="“以新代旧”的时候选；新的依据先登记",
    )

    def __init__(self, basis, today, *args, **kwargs):
        super().__init__(*args, **kwargs)
        labels = [article.label for article in basis.articles.all() if article.holds_on(today)]
        self.fields["articles"].choices = [(label, label) for label in labels]
        if not labels:
            del self.fields["articles"]
        others = LegalBasis.objects.filter(valid_to__isnull=True).exclude(pk=basis.pk)
        self.fields["successor"].queryset = others
        self.fields["successor"].label_from_instance = lambda other: other.cited


class UnaffectedForm(forms.Form):
    reason = fields.text(
        "不受影响的理由", max_length=rules.LONGEST_REASON, rows=2, error_messages={"required": "写明不受影响的理由"}
    )


class BankPointForm(forms.ModelForm):
    article_label = fields.text("条款", required=False, max_length=30, help_text="例如 第四十二条；先在依据库登记")

    class Meta:
        model = BankPoint
        fields = ["category", "text", "standard", "method", "applies_to", "basis"]
        help_texts = {"applies_to": "按名录登记的排污许可、污染类型和危险废物判断"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.article:
            self.initial.setdefault("article_label", self.instance.article.label)
        for field in self.fields.values():
            field.error_messages["required"] = f"填写{field.label}"
            field.widget.attrs["class"] = "in"
        self.fields["standard"].widget = _long(2, 300)
        self.fields["basis"].queryset = LegalBasis.objects.filter(valid_to__isnull=True)
        self.fields["basis"].empty_label = "（不选）"
        self.fields["basis"].label_from_instance = lambda basis: basis.cited

    def clean(self):
        cleaned = super().clean()
        basis, label = cleaned.get("basis"), (cleaned.pop("article_label", "") or "").strip()
        cleaned["article"] = None
        if label:
            cleaned["article"] = basis and basis.articles.filter(label=label).first()
            if cleaned["article"] is None:
                self.add_error("article_label", f"{basis or '没有选的依据'}没有登记{label}，先在依据库登记")
        return cleaned

    def validate_unique(self):
        """Whether the same words stand there is asked by the rule."""

    def validate_constraints(self):
        """The same."""
