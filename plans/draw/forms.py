"""What is typed on the pages of a draw."""

import re
import unicodedata

from django import forms

from benxi_shuangsuiji.forms import fields
from plans.models import SourceKind

HINTS = {
    SourceKind.LOTTERY: "两位数字，用空格或逗号隔开；双色球、大乐透的前区和后区之间写一个加号",
    SourceKind.DIGITS: "按公布的先后连着写",
    SourceKind.DICE: "按掷出的先后连着写，每次 1 至 6",
    SourceKind.BEACON: "公布的整个十六进制数，0 至 9 和 a 至 f；大小写、空格不影响",
}


def canonical_value(kind: str, typed: str) -> str:
    """Write a typed value as SSJ1 5.3 does, so that 2 和 02、全角和半角 do not make two people differ.

    Lottery numbers are announced in the order of drawing and written here in ascending order; only dice and digits
    have an order of their own. A beacon is lowercase.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if kind == SourceKind.BEACON:
        return re.sub(r"[\s:]", "", text).lower()
    if kind != SourceKind.LOTTERY:
        return re.sub(r"[\s,、，]", "", text)
    groups = []
    for group in text.split("+"):
        numbers = re.split(r"[\s,、，;；]+", group.strip())
        padded = [number.zfill(2) if number.isdigit() else number for number in numbers if number]
        groups.append(",".join(sorted(padded)))
    return "+".join(groups)


class EntryForm(forms.Form):
    """One person's entry for one source."""

    value = fields.text("号码", max_length=400)

    def __init__(self, state, *args, **kwargs):
        self.state = state
        super().__init__(*args, prefix=f"s{state.position}", auto_id=f"id_s{state.position}_%s", **kwargs)
        keys = "text" if state.kind == SourceKind.BEACON else "numeric"
        self.fields["value"].widget.attrs |= {"class": "in mono", "inputmode": keys}
        self.fields["value"].help_text = HINTS[state.kind]

    def clean_value(self):
        return canonical_value(self.state.kind, self.cleaned_data["value"])


class LateHoldForm(forms.Form):
    """Why a draw is held after its day (七(二)-a); asked when 抽取 is pressed, wherever that was."""

    late_reason = fields.text("逾期原因", rows=3, help_text="随抽取公示，记入通报。不写企业的名称和编号。")


class SealForm(forms.Form):
    """The typed word, so that nobody seals by a slip of the hand."""

    word = fields.text("输入“封存”以确认", max_length=10, error_messages={"required": "输入“封存”两个字"})
    reason = fields.text(
        "名录未按期审核，照常封存的原因",
        help_text="原因随抽取记录保存。",
        error_messages={"required": "写明原因，或者由名录专人先审核"},
    )
    field_order = ["reason", "word"]

    def __init__(self, *args, needs_reason: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["reason"]
