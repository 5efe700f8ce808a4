from benxi_shuangsuiji.subject import Round, Subject

from . import duties

SUBJECT = Subject(
    name="更正和撤下",
    clauses=("八(二)-c",),
    verbs={
        "disclosure.revision.approved": "批准更正、撤下",
        "disclosure.revision.asked": "申请更正、撤下",
        "disclosure.revision.paper": "下载更正、撤下审批表",
        "disclosure.revision.rejected": "不批准更正、撤下",
        "disclosure.revision.sent_back": "退回更正、撤下申请补充材料",
        "disclosure.revision.taken_back": "撤回更正、撤下申请",
        "disclosure.withdrawn.viewed": "查看已撤下的原文",
    },
    told={"disclosure.withdrawn.viewed": "reason"},
    steps=(duties.WITHDRAWAL, duties.DECISION, duties.TERM),
    rounds=(Round("disclosure.revisions.duties.keep_terms", turn=65),),
    looks=("disclosure.withdrawn.viewed",),
)
