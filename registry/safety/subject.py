from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="现场安全说明",
    clauses=("七(五)-p",),
    verbs={"registry.safety.noted": "登记现场安全说明"},
)
