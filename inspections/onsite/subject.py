from benxi_shuangsuiji.subject import Heard, Subject

from . import actions, duties

SUBJECT = Subject(
    name="现场检查审批",
    clauses=("七(三)-a", "七(三)-b", "七(三)-c"),
    verbs={
        "inspections.onsite.approved": "批准现场检查",
        "inspections.onsite.asked": "申请现场检查",
        "inspections.onsite.over": "现场检查申请不再办理",
        "inspections.onsite.returned": "不批准现场检查",
    },
    steps=(duties.DECISION,),
    heard=Heard(check_left=actions.check_left),
)
