from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="随更正调整",
    clauses=("七(二)-d", "七(二)-h"),
    verbs={
        "inspections.corrected": "检查任务随更正调整",
    },
)
