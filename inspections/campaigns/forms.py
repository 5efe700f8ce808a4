from django import forms

from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.forms import fields
from registry.models import Category


class CampaignForm(forms.Form):
    """专项检查 as it was approved (N-13)."""

    title = forms.CharField(label="名称", max_length=60)
    document = forms.CharField(label="批准文件", max_length=100, help_text="文件名和文号。")
    approving_body = forms.CharField(
        label="批准机关",
        max_length=60,
        help_text="县级以上政府，或者实行垂直管理的上级部门。",
    )
    legal_basis = forms.CharField(label="依据", max_length=200)
    starts_on = fields.picked_day("开始日期")
    ends_on = fields.picked_day("结束日期", help_text="最长一年。第二天起自动终止，没有开始的检查一并取消。")
    scope = forms.CharField(
        label="范围和内容",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "写明范围和内容"},
    )
    categories = forms.MultipleChoiceField(
        label="对象类别",
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不选就是三类都查。",
    )
    most_checks = forms.IntegerField(
        label="最多检查家数",
        min_value=1,
        max_value=9999,
        error_messages={"invalid": "最多检查家数是整数"},
    )
    from_superior = forms.BooleanField(label="上级部署", required=False, help_text="上级部署的可以不计入入企上限。")

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        if unit.kind != UnitKind.CITY_TEAM:
            del self.fields["from_superior"]  # what came from above is entered once, by the city team
