"""What the address asks of the matrix."""

from django import forms

from .catalogue import Kind

PARTS = {
    "一": "一　指导思想",
    "二": "二　总体目标",
    "四": "四　基本原则",
    "五": "五　职责分工",
    "六": "六　主要任务",
    "七": "七　组织实施",
    "八": "八　保障措施",
}


class FilterForm(forms.Form):
    """Words of the clause, its part, what is looked at, one unit (`unit` is what the frame of the page carries).

    `rules`: those of which the quarter has something; what is offered counts these and no others.
    """

    q = forms.CharField(label="条款里的字", required=False, max_length=40, strip=True)
    part = forms.ChoiceField(label="方案哪一部分", required=False)
    kind = forms.ChoiceField(label="看什么", required=False)
    of = forms.ChoiceField(label="单位", required=False)

    def __init__(self, *args, units, rules, **kwargs):
        super().__init__(*args, **kwargs)
        parts = {rule.part for rule in rules}
        self.fields["part"].choices = [("", "全部"), *((key, words) for key, words in PARTS.items() if key in parts)]
        counted = ((kind.name.lower(), f"{kind}　{sum(r.kind == kind for r in rules)} 条") for kind in Kind)
        self.fields["kind"].choices = [("", "日期、数字、文书"), *counted]
        self.fields["of"].choices = [("", f"{len(units)} 个单位"), *((u.code, u.short_name) for u in units)]
        for field in self.fields.values():
            field.widget.attrs["class"] = "in"
        self.fields["q"].widget.attrs["placeholder"] = "如 备案、工作日"
