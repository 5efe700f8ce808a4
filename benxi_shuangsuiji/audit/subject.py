from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Question, Round, Subject

SUBJECT = Subject(
    name="操作记录",
    clauses=("七(五)-n",),
    doors=(Door("监督", "操作记录", "audit:log", "list", (P.SEE_LOG,), place=50),),
    verbs={
        "audit.alarm": "操作记录告警",
        "audit.checked": "校验操作记录",
        "audit.exported": "导出操作记录",
        "row.delete": "数据删除",
        "row.insert": "数据新增",
        "row.update": "数据修改",
    },
    told={"audit.alarm": "words"},
    jobs={"audit_check": "benxi_shuangsuiji.audit.jobs.check"},
    questions=(Question("trail", "操作记录", "benxi_shuangsuiji.audit.health.trail_holds", place=70),),
    rounds=(Round("benxi_shuangsuiji.audit.tasks.look_after", turn=110),),
    proves="benxi_shuangsuiji.audit.trail.proved",
)
