from django import forms

from benxi_shuangsuiji.forms import fields
from inspections.models import ReferralKind


class ReferralForm(forms.Form):
    kind = fields.choice("种类", ReferralKind.choices)
    body = fields.text("接收单位", max_length=60)
    matter = fields.text("移送的事项", rows=3, max_length=500)
    basis = fields.text("管辖依据", rows=2, max_length=300, help_text="法律、法规或者职责规定的条款。")
    enclosed = fields.text("随函材料", rows=2, max_length=300, help_text="笔录、照片、监测报告等的名称和份数。")
    found_on = fields.picked_day("发现日期")


class DecisionForm(forms.Form):
    document_no = fields.text("移送函文号", max_length=60, sometimes=True, help_text="批准时填写。")
    opinion = fields.opinion("不移送的写明理由；涉嫌犯罪的写明由哪位正职负责人、哪一天批准。不公开。")


class SendForm(forms.Form):
    at = fields.picked_moment("送出时间")
    way = fields.text("送出方式", max_length=100, help_text="当面、机要、邮寄或者系统，写明单号。")


class ReceiptForm(forms.Form):
    taken = fields.choice("接收单位的意见", [("yes", "受理"), ("no", "不受理")])
    on = fields.picked_day("回执日期")
    number = fields.text("回执文号或签收人", max_length=60)
    words = fields.text("回执的意见", rows=2, max_length=300, sometimes=True, help_text="不受理的，写明理由。")

    def clean_taken(self) -> bool:
        return self.cleaned_data["taken"] == "yes"


class AnswerForm(forms.Form):
    on = fields.picked_day("反馈日期")
    number = fields.text("反馈文号", max_length=60, required=False)
    words = fields.text("处理结果", rows=3, max_length=500, help_text="不公开，公开页只写已经反馈。")
