from django import forms

from benxi_shuangsuiji.accounts.models import Unit

from .models import Grade


class ReportForm(forms.Form):
    """反映有人冒充检查人员; on the page of a visit its unit is known."""

    unit = forms.ModelChoiceField(
        label="在哪里",
        queryset=Unit.objects.none(),
        to_field_name="code",
        empty_label="选择所在的区县",
        error_messages={"required": "选择所在的区县", "invalid_choice": "从列表里选所在的区县"},
    )
    words = forms.CharField(
        label="什么情况",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="来的人叫什么、证号多少、什么时候来、要查什么。记不全也可以反映。",
        error_messages={"required": "写明什么情况"},
    )
    phone = forms.CharField(label="联系电话", max_length=20, required=False, help_text="留了电话，核实以后打电话答复。")

    def __init__(self, *args, of_a_visit: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.drawing()
        if of_a_visit:
            del self.fields["unit"]


class RatingForm(forms.Form):
    """评价: a grade, four facts, a sentence if wished. Nothing is chosen beforehand."""

    FACTS = ("no_certificate", "beyond_list", "disturbed", "money")

    grade = forms.TypedChoiceField(
        label="总的评价",
        choices=Grade.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "选一档再交", "invalid_choice": "选一档再交"},
    )
    no_certificate = forms.BooleanField(label="没有出示执法证", required=False)
    beyond_list = forms.BooleanField(label="查了清单以外的事", required=False)
    disturbed = forms.BooleanField(label="影响正常生产", required=False)
    money = forms.BooleanField(label="收费、推销或者吃请", required=False, help_text="同时转给监督人员")
    words = forms.CharField(
        label="补充的话",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def facts(self):
        return [self[name] for name in self.FACTS]


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="核实和答复",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="怎样核实的，是不是我局派出的，怎样答复的。",
        error_messages={"required": "写明怎样核实、怎样答复的"},
    )


class PhoneForm(forms.Form):
    day = forms.CharField(label="办公电话", max_length=20, error_messages={"required": "填写办公电话"})
    night = forms.CharField(label="夜间、节假日电话", max_length=20, required=False)
