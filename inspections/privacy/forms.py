from django import forms

# What a name is usually public for; anything else is written out.
USUAL = ("经营者就是被检查人", "企业名称里的人名", "不是人的姓名")


class KeepForm(forms.Form):
    name = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="公开的理由",
        max_length=100,
        widget=forms.TextInput(attrs={"list": "usual-reasons", "class": "in"}),
        error_messages={"required": "写明为什么要公开"},
    )
