from django import forms


class AcceptForm(forms.Form):
    """Two declarations, each ticked by hand and never preset (七(五)-c, -o)."""

    no_conflict = forms.BooleanField(label="和这家企业没有利害关系", required=False)
    discipline = forms.BooleanField(label="检查前不向任何人透露", required=False)
