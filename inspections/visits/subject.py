from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject
from inspections.checks import badges

SUBJECT = Subject(
    name="现场检查",
    clauses=("七(五)-b", "七(五)-h", "七(五)-i", "七(五)-l"),
    doors=(
        Door(
            "工作",
            "我的检查",
            "inspections:field-tasks",
            "phone",
            (P.FIELD_WORK,),
            place=40,
            count=badges.my_open_tasks,
        ),
    ),
    verbs={
        "inspections.points.answered": "填写检查点",
        "inspections.points.taken_back": "撤销一次填写的检查点",
        "inspections.record.added_to": "追加说明",
        "inspections.visit.entered": "到现场核实",
        "inspections.visit.finished": "检查结束",
        "inspections.visit.started": "到达现场",
        "inspections.difference.settled": "选定两份不同的答案之一",
        "inspections.items.struck": "没有依据的事项不检查",
    },
)
