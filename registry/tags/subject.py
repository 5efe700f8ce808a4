from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="标签",
    clauses=("六(二)-q",),
    verbs={
        "registry.tag.changed": "修改标签",
        "registry.tag.made": "新建标签",
        "registry.tag.put": "加标签",
        "registry.tag.restored": "恢复标签",
        "registry.tag.retired": "停用标签",
        "registry.tag.taken": "去标签",
        "registry.tag.undone": "撤销批量标签",
    },
)
