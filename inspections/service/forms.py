from django import forms

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.forms import fields

from .models import Body

TAKEN, REFUSED, SHOWN = "taken", "refused", "shown"


class DeliveryForm(forms.Form):
    """送达: one of two buttons; of a refusal why and who saw it. Without a time it is the moment of the tap."""

    what = forms.ChoiceField(
        label="送达情况", choices=[(TAKEN, "已出示证件并送达"), (REFUSED, "对方拒收"), (SHOWN, "已出示证件")]
    )
    at = fields.picked_moment("送达时间", required=False)
    refused_because = forms.CharField(
        label="拒收的原因",
        max_length=200,
        required=False,
        help_text="对方怎么说的，如“负责人不在，值班员不收”。",
    )
    witness = forms.CharField(
        label="见证人",
        max_length=80,
        required=False,
        help_text="姓名和单位。没有见证人的，写“无，执法记录仪已记录”。",
    )


class ResultForm(DeliveryForm):
    """检查结果告知: handed over, or sent by post."""

    what = forms.ChoiceField(
        label="送达情况",
        choices=[(TAKEN, "已签收"), (REFUSED, "对方拒收")],
        widget=forms.RadioSelect,
        error_messages={"required": "选择已签收或者对方拒收"},
    )
    at = fields.picked_moment("送达时间")


class BodyForm(forms.Form):
    """行政主体 of the checks of branches."""

    body = fields.choice("行政主体和印章", Body.choices)
    document = forms.CharField(
        label="依据文件",
        max_length=100,
        help_text="文件名称和文号，如“关于……的通知（本环发〔2026〕3号）”。",
        error_messages={"required": "写明依据文件"},
    )
    valid_from = fields.picked_day("起始日", help_text="从这一天起派发的检查，各种文书都按它印。")


class NumberWordForm(forms.Form):
    """字 of a unit's notices."""

    unit = forms.ModelChoiceField(
        label="单位", queryset=Unit.objects.none(), empty_label="选择单位", widget=forms.Select(attrs={"class": "in"})
    )
    word = forms.CharField(
        label="发文字号的字",
        max_length=20,
        help_text="如“本环检通字”，印成 本环检通字〔2026〕第 1 号。",
        error_messages={"required": "写明字"},
    )
    document = forms.CharField(
        label="依据文件", max_length=100, help_text="文件名称和文号。", error_messages={"required": "写明依据文件"}
    )
    valid_from = fields.picked_day("起始日", help_text="从这一天起编号的通知书用这个字，序号接着往下编。")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].label_from_instance = lambda unit: unit.short_name
