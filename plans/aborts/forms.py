from django import forms

from benxi_shuangsuiji.forms import fields


class AbortForm(forms.Form):
    """Why a sealed draw cannot be finished (SSJ1 9.2)."""

    missing = forms.TypedMultipleChoiceField(
        label="没有开出的公开随机数来源",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="只列已经到时间的。开奖停售、延期，或者掷骰没有举行的，在这里勾选。",
    )
    reason = fields.text(
        "作废的原因",
        rows=2,
        help_text="批准以后随作废记录永久公开。",
        error_messages={"required": "写明作废的原因"},
    )
    evidence = fields.text(
        "证明材料",
        max_length=300,
        help_text="名称、编号，例如开奖机构的停售公告。",
        error_messages={"required": "写明证明材料的名称、编号"},
    )

    def __init__(self, *args, states, now, **kwargs):
        super().__init__(*args, **kwargs)
        gone = [(state.position, state.label) for state in states if state.due <= now and state.agreed is None]
        if gone:
            self.fields["missing"].choices = gone
        else:
            del self.fields["missing"]


class AbortDecisionForm(forms.Form):
    """Approving with number and typed word, or returning with an opinion."""

    document_no = fields.text("批准文号", max_length=60, sometimes=True, help_text="批准时填写，随作废记录公开。")
    opinion = fields.opinion("不批准的，写明理由。")
    word = fields.text("输入“作废”以确认", max_length=10, sometimes=True, help_text="只在批准时填写。")
