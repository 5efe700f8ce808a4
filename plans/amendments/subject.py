from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="更换",
    clauses=("七(二)-e", "七(二)-f", "七(二)-g"),
    verbs={
        "plans.amendment.approved": "批准更换",
        "plans.amendment.asked": "申请更换",
        "plans.amendment.rejected": "不批准更换",
    },
)
