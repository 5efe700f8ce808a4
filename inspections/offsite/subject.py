from benxi_shuangsuiji.subject import Filed, Subject

SUBJECT = Subject(
    name="非现场查看",
    clauses=("七(三)-b", "一-b"),
    verbs={"inspections.look.kept": "登记非现场查看"},
    filed=(Filed("非现场检查记录", 45, "inspections.offsite.filed_papers.records", "七(七)-j", needed=False),),
)
