from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="群众投诉",
    clauses=("六(二)-ag", "三-b"),
    verbs={
        "registry.complaint.checked": "投诉的检查结果",
        "registry.complaint.entered": "登记群众投诉",
        "registry.complaint.rule": "调整反复投诉标准",
    },
)
