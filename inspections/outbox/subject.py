from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="手机外勤收件",
    clauses=("七(五)-l", "七(五)-m"),
    verbs={"inspections.outbox.dropped": "去掉手机里没有传上去的一件"},
    told={"inspections.outbox.dropped": "reason"},
)
