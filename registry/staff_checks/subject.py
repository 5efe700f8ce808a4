from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="人员名单核对",
    clauses=("五-4e", "六(三)-b"),
    verbs={
        "registry.staff.checked": "核对检查人员名单",
        "registry.staff.signed": "核对结果签字",
    },
)
