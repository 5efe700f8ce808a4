from django import forms
from django.db.models import Q

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.forms import fields
from registry import book
from registry.models import (
    ConflictKind,
)


class ConflictForm(forms.Form):
    facility = fields.text("企业", help_text="名录编号、信用代码或完整的名称。")
    kind = fields.choice("关系", ConflictKind.choices)
    reason = fields.text("说明", help_text="写清是什么关系，从何时起。")
    evidence = fields.text("证明材料", required=False, help_text="文件名称或文号，如“劳动合同”“户口簿”。")
    valid_to = fields.day("到哪一天为止", required=False)

    def __init__(self, *args, drawing_unit: Unit, **kwargs):
        super().__init__(*args, **kwargs)
        self._unit = drawing_unit

    def clean_facility(self):
        typed = self.cleaned_data["facility"].strip()
        found = list(
            book.facilities_of(self._unit).filter(Q(code=typed) | Q(uscc=typed.upper()) | Q(name=typed)).distinct()[:2]
        )
        if not found:
            raise forms.ValidationError(f"{self._unit.short_name}的名录里没有“{typed[:30]}”。填写完整的名称或编号")
        if len(found) > 1:
            raise forms.ValidationError("有几个对象符合，填写名录编号")
        return found[0]


class YearForm(forms.Form):
    none = forms.ChoiceField(
        label="申报内容",
        choices=[("yes", "无利害关系"), ("no", "有，已全部登记在名下")],
        widget=forms.RadioSelect,
        error_messages={"required": "选一项", "invalid_choice": "选一项"},
    )

    def __init__(self, *args, open_ones: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["none"].initial = "no" if open_ones else None
