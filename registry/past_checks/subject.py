from benxi_shuangsuiji.subject import Subject

from . import duties

SUBJECT = Subject(
    name="历史补录",
    clauses=("二-a",),
    verbs={
        "registry.past.approved": "批准补录的检查",
        "registry.past.none": "声明没有需要补录的检查",
        "registry.past.returned": "退回补录的检查",
    },
    steps=(duties.DECISION,),
)
