from django import forms

from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.forms import fields
from inspections.evidence.rules import MOST_BYTES
from inspections.models import Taken, Wish

from .standing import File


class ShelfForm(forms.Form):
    """Where the paper lies."""

    box = fields.text("盒号", max_length=40, widget=fields.box("in-s"))
    shelf = fields.text("架位", max_length=60, widget=fields.box("in-s"))


class EnclosureForm(forms.Form):
    """One paper from outside."""

    kind = fields.choice("种类", Taken.choices)
    title = fields.text("题名", max_length=100, required=False, help_text="不填的，用种类的名称。")
    number = fields.text("文号", max_length=60, required=False)
    author = fields.text("出具单位", max_length=80)
    dated = fields.picked_day("文书的日期")
    file = fields.file("文件", accept="application/pdf,image/jpeg,image/png", help_text="PDF 或照片，最大 10 MB。")

    def clean(self):
        typed = super().clean()
        if file := typed.pop("file", None):
            if reason := pictures.why_too_large(file.size, MOST_BYTES, "文件"):
                raise forms.ValidationError({"file": reason})
            typed |= {"name": file.name, "content": file.read()}
        return typed


class SupplementForm(forms.Form):
    reason = fields.reason("为什么补充")


class AskForm(forms.Form):
    """Of a file that lacks a paper, that there is none; of one whose term is over, what becomes of it."""

    reason = fields.reason("理由")

    def __init__(self, *args, file: File, **kwargs):
        super().__init__(*args, **kwargs)
        if file.bound:
            self.fields["wish"] = fields.choice("申请", [(w.value, w.label) for w in (Wish.KEEP, Wish.DESTROY)])
            self.fields["years"] = fields.count(
                "再保管几年", least=1, most=50, required=False, help_text="申请销毁的不填。"
            )
        else:
            names = [line.filed.name for line in file.missing]
            self.fields["paper"] = fields.choice("没有的文书", [(name, name) for name in names])
        self.order_fields(["wish", "paper", "years", "reason"])

    def clean(self):
        typed = super().clean()
        return {"wish": Wish.WITHOUT.value} | typed if "paper" in self.fields else typed


class DecisionForm(forms.Form):
    opinion = fields.opinion("不批准时写明意见。")
