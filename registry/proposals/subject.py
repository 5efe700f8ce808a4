from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject
from registry import badges

SUBJECT = Subject(
    name="名录变更",
    clauses=("六(二)-d", "六(二)-r"),
    doors=(
        Door(
            "名录与清单",
            "名录变更",
            "registry:proposal-list",
            "sign",
            (P.EDIT_FACILITIES, P.APPROVE_REGISTRY, P.DECIDE_POSITIVE_LIST),
            place=20,
            count=badges.proposals_to_decide,
        ),
    ),
    verbs={
        "registry.proposal.approved": "批准名录变更",
        "registry.proposal.batch": "决定成批的名录变更",
        "registry.proposal.made": "提出名录变更",
        "registry.proposal.returned": "退回名录变更",
        "registry.proposal.withdrawn": "撤回名录变更申请",
        "registry.ground.added": "增加类别依据",
        "registry.ground.ended": "取消类别依据",
    },
)
