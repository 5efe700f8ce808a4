from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="个人信息",
    clauses=("八(二)-c",),
    verbs={"inspections.name.kept": "写明姓名为什么要公开"},
)
