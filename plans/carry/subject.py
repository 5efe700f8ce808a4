from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

SUBJECT = Subject(
    name="历史抽查结转",
    clauses=("二-a",),
    doors=(Door("季度工作", "历史抽查结转", "plans:carry", "link", (P.RECEIVE_PLANS,), place=90),),
    verbs={
        "plans.carry.approved": "批准历史抽查结转",
        "plans.carry.asked": "提出历史抽查结转",
        "plans.carry.returned": "退回历史抽查结转",
    },
)
