from django import forms

from benxi_shuangsuiji.forms import fields

from . import rules
from .content import Chapter

SAVE, ASK = "save", "ask"


class WordsForm(forms.Form):
    """One field a chapter; what must be written is asked when it goes to be signed."""

    act = forms.ChoiceField(choices=[(SAVE, "保存"), (ASK, "报签")], widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, chapters: tuple[Chapter, ...], **kwargs):
        super().__init__(data, **kwargs)
        is_kept = data is not None and data.get("act") != ASK
        self.keys = [chapter.key for chapter in chapters]
        for chapter in chapters:
            self.fields[chapter.key] = forms.CharField(
                label=chapter.title,
                help_text=chapter.hint,
                required=chapter.asked and not is_kept,
                max_length=rules.MOST_WORDS,
                widget=forms.Textarea(attrs={"class": "in in-low", "rows": 6}),
                error_messages={"required": f"写明{chapter.title}，没有的写“无”"},
            )

    def text(self) -> dict[str, str]:
        return {key: self.cleaned_data.get(key, "") for key in self.keys}

    def fields_shown(self):
        return [self[key] for key in self.keys]


class IssueForm(forms.Form):
    document_no = fields.text("文号", max_length=60, error_messages={"required": "填写文号"})
    opinion = fields.text("意见", rows=2, required=False)
