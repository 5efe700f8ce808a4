from benxi_shuangsuiji.subject import Subject

from . import duties

SUBJECT = Subject(
    name="接受检查任务",
    clauses=("五-4i", "七(五)-c", "七(五)-o", "七(五)-p"),
    verbs={
        "inspections.accepted": "声明并接受检查任务",
        "inspections.dossier.read": "看过企业情况",
        "inspections.task.read": "看过检查任务",
    },
    steps=(duties.ACCEPTANCE, duties.LEADING, duties.OWN),
    names_todos="inspections.acceptance.naming.by_name",
)
