from benxi_shuangsuiji.subject import Subject

from . import duties

SUBJECT = Subject(
    name="参数修改",
    clauses=("附-b",),
    verbs={
        "notices.policy.decided": "审批参数修改",
        "notices.policy.proposed": "提出参数修改",
    },
    steps=(duties.DECISION,),
)
