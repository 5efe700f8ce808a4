from django import forms

from benxi_shuangsuiji.forms import fields


class ComplaintForm(forms.Form):
    code = fields.text("企业名录编号", max_length=32)
    day = fields.day("受理日期")
    number = fields.text("投诉编号", max_length=40, help_text="信访件或热线工单的编号。不写投诉人的姓名和电话。")
    channel = fields.text("来源", max_length=40, help_text="如“12345 热线”“全国生态环境投诉举报平台”。")
    matter = fields.text("投诉事项", required=False, help_text="反映什么问题。不写投诉人的姓名和电话。")
    verified = forms.BooleanField(label="查实", required=False)


class ComplaintRuleForm(forms.Form):
    least = fields.number("件数", min_value=2, max_value=20, help_text="达到这个件数的，可以列为“群众反复投诉”。")
    months = fields.number("月数", min_value=1, max_value=36, help_text="只计这么多个月内受理的。")
    only_verified = forms.BooleanField(label="只计查实的", required=False)
    valid_from = fields.day("启用日期")
    document = fields.text("批准文件", max_length=100, help_text="名称或文号。")
