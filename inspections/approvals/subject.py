from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Finds, Subject

from . import duties, pages

SUBJECT = Subject(
    name="检查审批",
    clauses=("七(五)-d", "七(五)-q"),
    doors=(
        Door(
            "季度工作",
            "检查审批",
            "inspections:approval-list",
            "check",
            (P.SEE_SEALED, P.APPROVE_CHECK, P.REVIEW_CHECK),
            place=35,
            count=pages.waiting,
        ),
    ),
    verbs={
        "inspections.approval.asked": "检查报批",
        "inspections.approval.approved": "批准检查",
        "inspections.approval.returned": "退回检查审批",
        "inspections.chain.set": "登记检查审批层级",
        "inspections.day.planned": "定计划检查日",
    },
    told={"inspections.approval.asked": "no", "inspections.approval.approved": "no"},
    steps=(duties.DECISION,),
    finds=(Finds("文书", "检查审批", "inspections.approvals.finds.approvals", place=53),),
    names_todos="inspections.approvals.naming.by_name",
)
