from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="许可事项",
    clauses=("三-o3", "七(五)-l"),
    verbs={"registry.permit.conditions": "登记许可事项"},
)
