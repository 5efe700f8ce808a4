from benxi_shuangsuiji.subject import Subject

from . import duties

SUBJECT = Subject(
    name="启用日期",
    clauses=("二-a",),
    verbs={
        "notices.first_use.asked": "提出启用日期",
        "notices.first_use.fixed": "确定启用日期",
        "notices.first_use.returned": "退回启用日期",
    },
    steps=(duties.DECISION,),
)
