from benxi_shuangsuiji.subject import Subject

from . import duties

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
)
