from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

from . import duties

SUBJECT = Subject(
    name="历史补录",
    clauses=("二-a",),
    doors=(
        Door(
            "名录与清单",
            "历史补录",
            "registry:past-list",
            "clipboard",
            (P.EDIT_FACILITIES, P.APPROVE_REGISTRY),
            place=28,
        ),
    ),
    verbs={
        "registry.past.approved": "批准补录的检查",
        "registry.past.none": "声明没有需要补录的检查",
        "registry.past.returned": "退回补录的检查",
    },
    steps=(duties.DECISION,),
)
