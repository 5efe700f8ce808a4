"""更正与申诉 as it is typed in, without login and cookie; and what who handles it writes (ui-2.md 19)."""

import uuid
from datetime import timedelta

from django import forms
from django.core import signing

from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.forms.several import Files
from disclosure.revisions.forms import RevisionForm

from . import rules
from .models import Demand, Part, Relation

OPEN_FOR = timedelta(hours=12)
EXPIRED = "页面放得太久，再提交一次，填写的内容还在"
_signer = signing.TimestampSigner(salt="disclosure.objections.form")


def new_token() -> str:
    """One form; sent twice it is one request."""
    return _signer.sign(uuid.uuid4().hex)


def key_of(token: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(_signer.unsign(token, max_age=OPEN_FOR))
    except (signing.BadSignature, ValueError):
        return None


class FilesField(forms.FileField):
    """Several files or none; looked at by size and first bytes, and read one by one when they are kept."""

    def __init__(self, **kwargs):
        widget = Files(attrs={"accept": "application/pdf,image/jpeg,image/png", "class": "in"})
        super().__init__(required=False, allow_empty_file=True, max_length=300, widget=widget, **kwargs)

    def clean(self, data, initial=None):
        found = [file for file in data or [] if file]
        if len(found) > rules.MOST_FILES:
            raise forms.ValidationError(f"最多 {rules.MOST_FILES} 份，现在是 {len(found)} 份")
        wrong = []
        for file in found:
            head = file.read(16)
            file.seek(0)
            if file.size > rules.MOST_BYTES or not pictures.kind_of(head):
                wrong.append(rules.why_not_file(file.name, file.size, head))
        if wrong:
            raise forms.ValidationError(wrong)
        return found


def _files() -> FilesField:
    most = rules.MOST_BYTES // pictures.MIB
    return FilesField(
        label="证据材料",
        help_text=f"PDF、JPG 或 PNG，最多 {rules.MOST_FILES} 份，每份不超过 {most} MB。材料不公开，只供核查",
    )


def _words(label: str, empty: str) -> forms.CharField:
    return fields.text(
        label,
        max_length=2000,
        rows=5,
        help_text="最多 2,000 字，不写他人的姓名和电话",
        error_messages={"required": empty},
    )


class ObjectionForm(forms.Form):
    relation = forms.ChoiceField(
        label="与这条公示的关系",
        choices=[choice for choice in Relation.choices if choice[0] != Relation.ENTERPRISE],
        widget=forms.RadioSelect,
        error_messages={"required": "选择与这条公示的关系"},
    )
    # The reader's own name, telephone and address: what his browser knows of them it may fill in (WCAG 1.3.5).
    name = fields.text(
        "姓名或单位名称",
        max_length=60,
        help_text="不公开",
        widget=fields.box(autocomplete="name"),
        error_messages={"required": "写明姓名或单位名称"},
    )
    phone = fields.text(
        "电话",
        max_length=20,
        required=False,
        help_text="电话和邮箱至少写一项",
        widget=fields.box(autocomplete="tel", inputmode="tel"),
    )
    email = forms.EmailField(
        label="邮箱",
        max_length=100,
        required=False,
        help_text="决定同时发到这里",
        widget=forms.EmailInput(attrs={"class": "in", "autocomplete": "email"}),
        error_messages={"invalid": "邮箱写错了，照 name@example.cn 的样子写"},
    )
    demand = forms.ChoiceField(
        label="要求", choices=Demand.choices, widget=forms.RadioSelect, error_messages={"required": "选择要求"}
    )
    part = fields.choice("哪一部分", Part.choices, error_messages={"required": "选择哪一部分"})
    words = _words("应当怎样写，依据是什么", "写明应当怎样写，依据是什么")
    files = _files()

    def __init__(self, *args, identified: bool = False, about: str = "", **kwargs):
        """`about`: with which words it begins, of a roster the line that is meant."""
        super().__init__(*args, **kwargs)
        self.about, self.fields["words"].initial = about, about
        if identified:
            del self.fields["relation"]

    def clean(self):
        data = super().clean()
        if self.about and data.get("words", "").strip() == self.about.strip():
            self.add_error("words", "写明应当怎样写，依据是什么")
        if not data.get("phone") and not data.get("email") and "email" not in self.errors:
            self.add_error("phone", "写一个电话或邮箱，才能答复")
        if self.is_bound and key_of(self.data.get("form", "")) is None:
            raise forms.ValidationError(EXPIRED)
        return data


class MoreForm(forms.Form):
    """补充材料."""

    words = _words("补充什么", "写明补充什么")
    files = _files()


class TakeBackForm(forms.Form):
    """撤回: nothing to type."""


class AskForMoreForm(forms.Form):
    what = fields.text("补正什么", rows=3, help_text="写给申请人，一次写全，不公开。")
    until = fields.picked_day("补正期限", help_text="到这一天，时限暂停。")


class LateForm(forms.Form):
    reason = fields.text("逾期原因", rows=2, help_text="随办理情况公开，不写个人信息。")


def _reason(form: forms.Form) -> None:
    form.fields["reason"].help_text = "核查的情况和为什么，随决定公开。不写申请人，不写个人信息，不照抄要撤下的文字。"
    form.fields["document_no"].label, form.fields["document_no"].help_text = "决定文号", "公开。"


class KeepForm(forms.Form):
    """不更正: why, and the number of the letter."""

    reason = fields.text("理由", rows=3)
    document_no = fields.text("决定文号", max_length=60, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _reason(self)


class ChangeForm(RevisionForm):
    """更正, 撤下: what `disclosure.revisions` is asked for, in the same form."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _reason(self)


class DecisionForm(forms.Form):
    opinion = fields.text("意见", rows=2, required=False, help_text="退回必须写。随历史留存，不公开。")
