from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

from . import duties

SUBJECT = Subject(
    name="本单位规定",
    clauses=("五-4a", "七(一)2-a"),
    doors=(Door("季度工作", "本单位规定", "plans:local-home", "sign", (P.EDIT_PLANS, P.APPROVE_PLANS), place=20),),
    verbs={
        "plans.local.approved": "批准本单位规定",
        "plans.local.asked": "提出本单位规定",
        "plans.local.returned": "退回本单位规定",
    },
    steps=(duties.DECISION,),
)
