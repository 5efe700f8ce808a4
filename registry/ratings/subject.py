from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="评价",
    clauses=("六(二)-b", "六(二)-k", "六(二)-ai"),
    verbs={
        "registry.rating.entered": "登记评价",
        "registry.term.saved": "维护评价等级",
    },
)
