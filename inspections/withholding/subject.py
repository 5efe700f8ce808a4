from benxi_shuangsuiji.subject import Filed, Subject

from . import duties

_HERE = "inspections.withholding.filed_papers"

SUBJECT = Subject(
    name="依法不公开",
    clauses=("二-b",),
    verbs={
        "inspections.withholding.approved": "批准依法不公开",
        "inspections.withholding.asked": "申请依法不公开",
        "inspections.withholding.lifted": "终止依法不公开",
        "inspections.withholding.rejected": "不批准依法不公开",
    },
    steps=(duties.DECISION,),
    filed=(Filed("依法不公开审批表", 182, f"{_HERE}.approvals", "二-b", unless=f"{_HERE}.published", rare=True),),
)
