from django import forms


class LateReason(forms.CharField):
    """Marked as required once the working days are over. The rule asks for it: a result sent back needs none."""

    def validate(self, value):
        pass


class PublishDocumentForm(forms.Form):
    """Publish a list, a plan or a summary; of a plan that is late, with the reason."""

    late_reason = LateReason(
        label="逾期原因",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"class": "in", "rows": 3}),
        help_text="会随计划一并公开，记入通报。",
    )

    def __init__(self, *args, late: str, **kwargs):
        super().__init__(*args, **kwargs)
        if late:
            self.fields["late_reason"].required = True
        else:
            del self.fields["late_reason"]


class PublishResultForm(forms.Form):
    """Publish one result, or send it back with what has to change."""

    act = forms.ChoiceField(choices=[("publish", "通过并公开"), ("return", "退回修改")], widget=forms.HiddenInput)
    late_reason = LateReason(
        label="逾期原因",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"class": "in", "rows": 3}),
        help_text="会随结果一并公开。",
    )
    opinion = forms.CharField(
        label="审核意见",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"class": "in", "rows": 3}),
        help_text="退回时必填，写明哪里要改。",
    )

    def __init__(self, *args, late: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["late_reason"].required = late
