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
        help_text="随公开的内容一并公开，记入通报。",
    )

    def __init__(self, *args, late: str, **kwargs):
        super().__init__(*args, **kwargs)
        if late:
            self.fields["late_reason"].required = True
        else:
            del self.fields["late_reason"]


class PublishResultForm(PublishDocumentForm):
    """Publish one result: `shown` is what its page had shown."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)


class AnyOf(forms.MultipleChoiceField):
    """What is ticked; whether it may still be published the act says, of each by itself."""

    def valid_value(self, value):
        return True


class PublishSeveralForm(forms.Form):
    """Publish the results that are ticked."""

    no = AnyOf(
        label="公开的结果",
        widget=forms.MultipleHiddenInput,
        error_messages={"required": "没有打勾，什么也没有公开。"},
    )


class ReturnForm(forms.Form):
    """Send a result back with what has to change."""

    opinion = forms.CharField(
        label="审核意见",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"class": "in", "rows": 3}),
        help_text="写明哪里要改。",
    )
