from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Finds, Subject

from . import duties, views

SUBJECT = Subject(
    name="统筹指导",
    clauses=("五-1a", "五-2b", "八(一)-a"),
    doors=(
        Door(
            "监督",
            "统筹指导",
            "inspections:coordination-list",
            "send",
            (P.SEE_PROGRESS,),
            place=20,
            count=views.waiting_for_me,
        ),
    ),
    verbs={
        "inspections.coordination.exported": "导出统筹指导台账",
        "inspections.instruction.accepted": "回复已办结",
        "inspections.instruction.answered": "回复督办、指导和协调",
        "inspections.instruction.returned": "退回回复",
        "inspections.instruction.sent": "督办、指导和协调",
    },
    steps=(duties.ANSWER, duties.DECISION),
    finds=(Finds("文书", "统筹指导", "inspections.coordination.finds.instructions", place=46),),
)
