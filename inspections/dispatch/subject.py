from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="派发检查任务",
    clauses=("五-4i", "七(二)-h"),
    verbs={
        "inspections.dispatched": "派发检查任务",
    },
)
