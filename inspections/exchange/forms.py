from django import forms

from benxi_shuangsuiji.forms import fields
from inspections.models import CodeKind, Side

ACCEPTED, REFUSED = "accepted", "refused"
ANSWERS = [(ACCEPTED, "平台已收下"), (REFUSED, "平台退回")]
OURS, THEIRS = "ours", "theirs"


class ConnectionForm(forms.Form):
    """Whether packages go out, and whose record leads."""

    in_use = forms.BooleanField(label="启用对接", required=False)
    tasks = fields.choice(
        "任务以谁为准", Side.choices, help_text="选移动执法平台的，派发只是建议，平台给了编号才能开始检查。"
    )
    dispatch = fields.choice("派发以谁为准", Side.choices)
    results = fields.choice("检查情况以谁为准", Side.choices)
    key = fields.text(
        "移动执法平台的公钥",
        max_length=200,
        required=False,
        sometimes=True,
        help_text="对方给的 age1 开头的公钥，填了的数据包加密导出。",
    )
    document = fields.text("依据文件", max_length=100, help_text="文件名称和文号。")


class CodeForm(forms.Form):
    kind = fields.choice("种类", CodeKind.choices)
    ours = fields.text("本系统的编号", max_length=40, help_text="没有对照的编号列在下面。")
    theirs = fields.text("移动执法平台的编号", max_length=40)


class PackageForm(forms.Form):
    """A package of the platform."""

    package = fields.file("数据包", accept=".zip", help_text="移动执法平台发来的 zip 文件，一次一个，按包号的次序。")


class AnswerForm(forms.Form):
    """The platform's word, where it came otherwise than as a package."""

    said = forms.ChoiceField(label="平台回复", choices=ANSWERS, widget=forms.RadioSelect)
    reason = fields.text("退回的原因", max_length=200, required=False, sometimes=True, help_text="平台退回时填写。")

    def clean(self):
        data = super().clean()
        data["accepted"] = data.pop("said", None) == ACCEPTED
        return data


class RecordForm(AnswerForm):
    number = forms.RegexField(
        r"^[0-9A-Za-z][0-9A-Za-z._-]*$",
        label="平台编号",
        max_length=40,
        required=False,
        help_text="平台给这次检查的编号。",
        widget=fields.box(),
        error_messages={"invalid": "平台编号只有字母、数字、点和横线。照平台上的抄写"},
    )
    field_order = ("said", "number", "reason")


class NumberForm(RecordForm):
    """The number alone, of a task that the platform has taken."""

    field_order = ("number",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["said"], self.fields["reason"]
        self.fields["number"].required = True

    def clean(self):
        return super().clean() | {"accepted": True, "reason": ""}


class TakeUpForm(forms.Form):
    check = fields.text("本系统的检查编号", max_length=32, help_text="为这件任务发起的针对性检查的编号。")


class DeclineForm(forms.Form):
    reason = fields.text("不接收的原因", max_length=200, rows=2, help_text="随回执告诉平台，不写企业的名称。")


class DifferenceForm(forms.Form):
    said = forms.ChoiceField(
        label="以谁为准", choices=[(OURS, "以本系统为准"), (THEIRS, "以移动执法平台为准")], widget=forms.RadioSelect
    )
    words = fields.text("说明", max_length=200, rows=2, help_text="为什么，另一边由谁改。")

    def clean(self):
        data = super().clean()
        data["ours"] = data.pop("said", None) == OURS
        return data
