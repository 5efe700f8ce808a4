from benxi_shuangsuiji.subject import Subject

from . import duties

SUBJECT = Subject(
    name="更换检查人员",
    clauses=("四(2)-a", "七(五)-c"),
    verbs={
        "inspections.swap.approved": "批准更换检查人员",
        "inspections.swap.asked": "申请更换检查人员",
        "inspections.swap.rejected": "不批准更换检查人员",
    },
    steps=(duties.DECISION,),
)
