from benxi_shuangsuiji.subject import Filed, Subject

SUBJECT = Subject(
    name="调整更换",
    clauses=("七(二)-f", "七(五)-c"),
    verbs={
        "plans.amendment.form_downloaded": "下载更换审批表",
    },
    filed=(Filed("更换审批表", 12, "inspections.replacements.filed_papers.replacements", needed=False),),
    names_todos="inspections.replacements.naming.by_name",
    ends="inspections.replacements.filed_papers.ends",
)
