"""What is typed when a public value is corrected (SSJ1 9.1, 14.4). They read; the rules decide."""

from django import forms

from benxi_shuangsuiji.forms import fields
from plans.draw.forms import HINTS, canonical_value
from plans.local.forms import read_file
from plans.models import SourceKind


class CorrectionValuesForm(forms.Form):
    """The right value of each source that may be corrected, typed once more by whoever asks or approves (SSJ1 15 D5)."""

    tail = ""

    def __init__(self, *args, states, needed: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.states = states
        for state in states:
            keys = "text" if state.kind == SourceKind.BEACON else "numeric"
            self.fields[f"value_{state.position}"] = fields.text(
                f"{state.label}，公告上的号码",
                max_length=400,
                required=needed,
                widget=fields.box("mono", inputmode=keys),
                help_text=HINTS[state.kind] + self.tail,
                error_messages={"required": "填写公告上的号码"},
            )
        self.order_fields([f"value_{state.position}" for state in states])

    def clean(self):
        """The values by position, written as SSJ1 does; a box that was left empty says nothing."""
        cleaned = super().clean()
        typed = {state: cleaned.pop(f"value_{state.position}", "") for state in self.states}
        cleaned["values"] = {state.position: canonical_value(state.kind, text) for state, text in typed.items() if text}
        return cleaned


class CorrectionForm(CorrectionValuesForm):
    """What was typed wrongly, how that came about, and where the right value stands (SSJ1 9.1)."""

    reason = fields.text(
        "录错的经过",
        rows=2,
        help_text="例如看成了上一期。批准以后立即公开，不写企业名称。",
        error_messages={"required": "写明录错的经过"},
    )
    evidence = fields.text(
        "核对的公告",
        help_text="名称、期号和发布的地方。批准以后立即公开。",
        error_messages={"required": "写明核对的公告"},
    )
    scan = fields.file(
        "公告的扫描件",
        accept=".pdf,.jpg,.jpeg,.png",
        required=False,
        help_text="PDF、JPG 或 PNG，最大 10 MB。",
    )

    def __init__(self, *args, states, **kwargs):
        only_one = len(states) == 1
        self.tail = "" if only_one else "。没有录错的留空"
        super().__init__(*args, states=states, needed=only_one, **kwargs)

    def clean_scan(self):
        return read_file(self.cleaned_data["scan"])


class CorrectionDecisionForm(CorrectionValuesForm):
    """Approving with the value typed once more, number and typed word; or returning, for which an opinion is enough."""

    document_no = fields.text("批准文号", max_length=60, help_text="随更正公开。")
    opinion = fields.opinion("不批准的，写明理由。")
    word = fields.text("输入“更正”以确认", max_length=10, error_messages={"required": "输入“更正”两个字"})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, needed=True, **kwargs)
