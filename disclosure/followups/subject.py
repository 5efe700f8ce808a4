from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="后续处理公示",
    clauses=("八(二)-e", "八(二)-f"),
    verbs={"disclosure.followup.published": "公开后续处理"},
)
