from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject
from registry import badges

from . import duties

SUBJECT = Subject(
    name="回避申报",
    clauses=("七(五)-c",),
    doors=(
        Door(
            "名录与清单",
            "回避申报",
            "registry:recusal-list",
            "link",
            (P.EDIT_INSPECTORS, P.APPROVE_REGISTRY, P.FIELD_WORK),
            place=40,
            count=badges.interests_to_decide,
        ),
    ),
    verbs={
        "registry.conflict.approved": "批准回避",
        "registry.conflict.declared": "登记回避",
        "registry.conflict.ended": "终止回避",
        "registry.conflict.returned": "退回回避申报",
        "registry.declaration.approved": "批准年度回避申报",
        "registry.declaration.made": "年度回避申报",
        "registry.declaration.returned": "退回年度回避申报",
    },
    steps=(duties.DECISION, duties.DECLARATION),
)
