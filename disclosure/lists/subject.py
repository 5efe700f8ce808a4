from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="公开的清单和计划",
    clauses=("七(六)-a", "八(二)-a"),
    verbs={
        "disclosure.portal.exported": "导出门户网站公示包",
    },
)
