from benxi_shuangsuiji.subject import Subject

from . import duties

SUBJECT = Subject(
    name="作废抽取",
    clauses=("七(二)-d",),
    verbs={
        "plans.abort.approved": "批准作废抽取",
        "plans.abort.asked": "申请作废抽取",
        "plans.abort.rejected": "不批准作废抽取",
    },
    steps=(duties.DECISION,),
)
