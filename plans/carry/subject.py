from benxi_shuangsuiji.subject import Subject

from . import duties

SUBJECT = Subject(
    name="历史抽查结转",
    clauses=("二-a",),
    verbs={
        "plans.carry.approved": "批准历史抽查结转",
        "plans.carry.asked": "提出历史抽查结转",
        "plans.carry.returned": "退回历史抽查结转",
    },
    steps=(duties.DECISION,),
)
