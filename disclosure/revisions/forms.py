"""What the officer fills in: why, and the right words in place of the wrong ones (ui-2.md 27)."""

from django import forms

from benxi_shuangsuiji.forms import fields
from disclosure.models import Publication
from inspections.privacy.forms import USUAL
from plans.local.forms import read_file

from . import places
from .models import Act, Ground, Revision
from .places import Place

PREFIX = "place."
KEPT_FILE = "上次附的文件照样附着；另选的代替它。"


class RevisionForm(forms.Form):
    """One request: of a correction the words, of a withdrawal the ground; of both, where clean words follow at once."""

    def __init__(
        self, *args, publication: Publication, act: str, ground: str = "", before: Revision | None = None, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.act = act
        if act != Act.CORRECT:
            self.fields["ground"] = fields.choice(
                "撤下的事由", [("", "选择事由"), *Ground.choices], error_messages={"required": "选择撤下的事由"}
            )
            self.fields["ground"].initial = ground
            self.fields["known_on"] = fields.day(
                "撤销、变更决定的日期", required=False, help_text="决定被撤销或者变更的填写，撤下的时限从这一天起算。"
            )
            self.fields["gone"] = fields.text(
                "要撤下的文字",
                rows=2,
                max_length=500,
                required=False,
                help_text="涉及个人隐私、国家秘密或者商业秘密的填写，一行一处，如姓名、住址。用来核对别处没有留下，不保存，不公开。",
            )
        self.fields["reason"] = fields.text(
            "理由", rows=2, help_text="随更正、撤下一并公开。不写个人信息，不照抄要撤下的文字。"
        )
        self.fields["evidence"] = fields.text("证明材料", max_length=300, help_text="名称、编号，不公开。")
        self.fields["file"] = fields.file(
            "证明材料的文件",
            accept=".pdf,.jpg,.jpeg,.png",
            required=False,
            help_text="扫描件或照片，最大 10 MB，不公开。" + KEPT_FILE * bool(before and before.file_id),
        )
        self.fields["document_no"] = fields.text(
            "文号", max_length=60, required=False, help_text="撤销、变更决定或者更正审批的文号，公开。"
        )
        if act != Act.WITHDRAW:
            for place in places.places_of(publication):
                self.fields[PREFIX + place.key] = _field_of(place)
            if publication.kind == "RESULT":
                self.fields["names_because"] = fields.text(
                    "文字里的姓名为什么要公开",
                    max_length=100,
                    required=False,
                    help_text=f"改成的文字里有姓名才写，不公开。如：{'；'.join(USUAL)}。",
                )
        if before is not None:
            self._begin_with(before)

    def _begin_with(self, before: Revision) -> None:
        """What was sent back is completed, not written anew."""
        for name in ("ground", "known_on", "reason", "evidence", "document_no", "names_because"):
            if name in self.fields:
                self.fields[name].initial = getattr(before, name)
        for key, words in before.changes.items():
            if PREFIX + key in self.fields:
                self.fields[PREFIX + key].initial = words

    def clean_file(self):
        return read_file(self.cleaned_data["file"])

    def clean(self):
        """What the act gets: the words by the key of their place."""
        data = super().clean()
        words = {name.removeprefix(PREFIX): data.pop(name) for name in list(data) if name.startswith(PREFIX)}
        return data | {"act": self.act, "words": {key: _as_text(value) for key, value in words.items()}}


def _field_of(place: Place) -> forms.Field:
    if place.choices:
        field = fields.choice(place.label, list(place.choices), required=place.needed)
    elif place.kind == places.DAY:
        field = fields.day(place.label, required=place.needed)
    elif place.kind == places.NUMBER:
        field = fields.count(place.label)
    else:
        rows = 3 if place.kind == places.TEXT else 0
        field = fields.text(place.label, max_length=2000, rows=rows, required=place.needed)
    field.initial = place.value
    return field


def _as_text(value) -> str:
    return "" if value is None else str(value)


class DecisionForm(forms.Form):
    opinion = fields.text("意见", rows=2, required=False, help_text="不批准、退回补充必须写。随历史留存，不公开。")


class ReadingForm(forms.Form):
    reason = fields.text("查看的理由", help_text="随这次查看记入操作记录，至少 4 个字。")
