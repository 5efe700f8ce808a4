from django import forms

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.forms import fields
from inspections.followups.forms import WithFile
from inspections.models import CaseActKind, Degree, DiscussionGround, Origin, ReviewGround, Verdict

from .rules import Asked

REVIEW = [("", "不属于应当法制审核的情形"), *ReviewGround.choices]
OF_KIND = {
    CaseActKind.EXTENSION: (),
    CaseActKind.EXCLUDED: ("first_day", "last_day"),
    CaseActKind.REVIEW: ("review_ground",),
    CaseActKind.DISCUSSED: ("first_day", "participants"),
    CaseActKind.VERDICT: ("verdict", "degree", "discussion_ground", "public_words"),
    CaseActKind.ENDING: (),
}
REASON = {
    CaseActKind.EXTENSION: "为什么办不完。第二次延长先集体讨论。",
    CaseActKind.EXCLUDED: "中止、听证、公告、监测、检测、评估、鉴定、认定、送达，写明文书编号。",
    CaseActKind.REVIEW: "案件的主要事实、证据和拟作的决定。",
    CaseActKind.DISCUSSED: "讨论的结论。批准时填写讨论记录的编号。",
    CaseActKind.VERDICT: "认定的事实、证据、依据和裁量理由。不公开。",
    CaseActKind.ENDING: "怎样履行的、日期和凭证编号；没有处罚的，写明无须履行。",
}


def _review() -> forms.ChoiceField:
    return fields.choice(
        "法制审核", REVIEW, required=False, help_text="行政处罚法第五十八条。属于的，审核通过才能决定。"
    )


class CaseForm(forms.Form):
    """立案 put forward."""

    origin = fields.choice("来由", Origin.choices)
    matter = fields.text("案由", max_length=200, help_text="涉嫌的违法行为，如“涉嫌不正常运行水污染防治设施”。")
    basis = fields.text("涉嫌违反的条款", rows=2, max_length=300, help_text="违反的条款和处罚依据的条款。")
    review_ground = _review()


class FilingDecisionForm(forms.Form):
    document_no = fields.text("立案文号", max_length=60, sometimes=True, help_text="批准时填写，随立案情况公开。")
    review_ground = _review()
    opinion = fields.opinion("不予立案时写明理由。")


class ActForm(forms.Form):
    """What is asked for in a case, with the fields that its kind needs."""

    verdict = fields.choice("决定", [("", "选择"), *Verdict.choices])
    degree = fields.choice(
        "失信程度", [("", "不是行政处罚"), *Degree.choices], required=False, help_text="行政处罚才选，决定公示多久。"
    )
    review_ground = fields.choice("应当审核的理由", ReviewGround.choices)
    discussion_ground = fields.choice(
        "集体讨论", [("", "不属于应当集体讨论的情形"), *DiscussionGround.choices], required=False
    )
    participants = fields.text("参加讨论的负责人", max_length=200, help_text="姓名和职务。")
    first_day = fields.picked_day("不计入起")
    last_day = fields.picked_day("不计入止")
    public_words = fields.text(
        "公开的决定内容",
        rows=2,
        max_length=200,
        sometimes=True,
        help_text="决定的种类和内容，公开页照此写，不写姓名和号码。轻微的原则上不公示，确需公示的才填写。",
    )
    reason = fields.text("理由", rows=3, max_length=500)

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in set(self.fields) - {"reason", *OF_KIND[CaseActKind(kind)]}:
            del self.fields[name]
        self.fields["reason"].help_text = REASON[CaseActKind(kind)]
        if kind == CaseActKind.DISCUSSED:
            self.fields["first_day"].label, self.fields["reason"].label = "讨论日期", "结论"
        if kind == CaseActKind.VERDICT:
            most = policy.on(clock.today()).other_law.discussed_from_yuan
            self.fields["discussion_ground"].help_text = f"行政处罚法第五十七条。罚款、没收 {most} 元以上的属于。"

    def asked(self) -> Asked:
        return Asked(kind=self.kind, **self.cleaned_data)


class ActDecisionForm(WithFile):
    document_no = fields.text("文号", max_length=60, sometimes=True, help_text="批准时填写。")
    qualification = fields.text(
        "法制审核人员的资格", max_length=60, required=False, help_text="法律职业资格证号，或者从事法制审核的起始日期。"
    )
    file = fields.file(
        "决定书扫描件", accept=".pdf,.jpg,.jpeg,.png", required=False, help_text="签章的决定书，随案卷归档。"
    )
    opinion = fields.opinion("不批准时写明理由，不公开。")

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        if kind != CaseActKind.REVIEW:
            del self.fields["qualification"]
        if kind == CaseActKind.VERDICT:
            self.fields["document_no"].label = "决定书文号"
        else:
            del self.fields["file"]
