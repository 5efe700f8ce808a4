from benxi_shuangsuiji.subject import Subject

from . import duties

SUBJECT = Subject(
    name="更正公开随机数",
    clauses=("七(二)-d", "七(二)-j"),
    verbs={
        "plans.correction.approved": "批准更正公开随机数",
        "plans.correction.asked": "申请更正公开随机数",
        "plans.correction.rejected": "不批准更正公开随机数",
    },
    steps=(duties.DECISION,),
)
