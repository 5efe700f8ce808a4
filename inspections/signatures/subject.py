from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="签名",
    clauses=("七(四)-5",),
    verbs={
        "inspections.signed": "在检查记录上签名",
        "inspections.signing.refused": "记录拒绝签名",
    },
)
